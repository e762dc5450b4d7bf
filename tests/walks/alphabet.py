"""Everything anybody may try, and how much it leads on: the letters walks are spelled with."""

from collections.abc import Iterable, Sequence
from itertools import product

from tests.walks.matters import Walk
from tests.walks.model import Act
from tests.walks.people import MOVES, STAFF

_CITIZENS = ("citizen", "neighbour")
_OFFICE = tuple(person.name for person in STAFF)
_MATES = ("handler-1", "handler-2", "reviewer-2", "helper", "county-1", "county-3", "confirmer-2", "finance-1")
_PAYING = tuple(name for name in _OFFICE if not name.startswith(("far", "next")))  # these have payrolls of their own
_VISITING = (
    "handler-1",
    "handler-2",
    "reviewer-1",
    "reviewer-2",
    "county-1",
    "county-2",
    "county-3",
    "confirmer-2",
    "helper",
    "admin",
)
_DECLARING = ("handler-3", "county-2", "confirmer-2")
_WAYS = ("home", "neighbour", "letter", "phone_video")
_VISITS = tuple(product(_MATES, _WAYS, ("today",), ("head",))) + tuple(
    (mate, "home", *rest)
    for mate in _MATES
    for rest in (("yesterday", "head"), ("before", "head"), ("tomorrow", "head"), ("today", "nobody"))
)
_WHICH = (("latest",), ("first",))
_SENDING = tuple(product(_MATES, ("latest", "first"), ("today",))) + tuple(
    (mate, "latest", day) for mate in _MATES for day in ("before", "tomorrow")
)
_MONTHS = (("last",), ("this",), ("next",))
_NOTHING = ((),)
_WORLD = ("world",)

_TABLE: Sequence[tuple[str, Sequence[str], Iterable[tuple[str, ...]]]] = (
    ("edit", _CITIZENS, _NOTHING),
    ("submit", _CITIZENS, (("promised",), ("unpromised",))),
    ("discard", _CITIZENS, _NOTHING),
    ("supplement", _CITIZENS, (("promised",), ("unpromised",))),
    ("withdraw", _CITIZENS, _NOTHING),
    ("apply_again", ("citizen",), _NOTHING),
    ("accept", _OFFICE, (("plain",), ("relative",))),
    ("give_back", _OFFICE, _NOTHING),
    ("redirect", _OFFICE, (("other",), ("own",))),
    ("extend", _OFFICE, _NOTHING),
    ("terminate", _OFFICE, _NOTHING),
    ("visit", _VISITING, _VISITS),
    ("county_visit", _VISITING, _VISITS),
    ("appraisal", _OFFICE, (("many",), ("few",))),
    ("write_letter", _VISITING, (("fitting",), ("unfitting",))),
    ("send_letter", _VISITING, _SENDING),
    ("answer_letter", _VISITING, tuple(product(("latest", "first"), ("fitting", "unfitting")))),
    ("set_letter_aside", _VISITING, _WHICH),
    ("banks", _WORLD, _NOTHING),
    ("object_result", _CITIZENS, _NOTHING),
    ("accept_result", _CITIZENS, _NOTHING),
    ("recheck", _OFFICE, (("same",), ("cleared",))),
    ("opinion", _OFFICE, (("favour",), ("against", "grounded"), ("against", "bare"), ("favour", "unposted"))),
    ("object_notice", ("villager",), _NOTHING),
    ("send_back", _OFFICE, _NOTHING),
    ("confirm", _OFFICE, _NOTHING),
    ("refuse", _OFFICE, (("grounded",), ("bare",))),
    ("deliver", _OFFICE, _NOTHING),
    ("ask_person", _CITIZENS, _NOTHING),
    ("answer_person", _OFFICE, _NOTHING),
    ("complain", ("villager",), tuple(product(("complaint", "report", "inquiry"), ("named", "nameless")))),
    ("assign", _OFFICE, tuple((name,) for name in ("handler-1", "handler-3", "county-1", "county-3", "reviewer-1"))),
    ("conclude", _OFFICE, (("answer",), ("uphold",), ("dismiss",))),
    ("declare", _DECLARING, _NOTHING),
    ("move", _WORLD, tuple((name,) for name in MOVES)),
    ("suspend", _OFFICE, _NOTHING),
    ("resume", _OFFICE, _NOTHING),
    ("hear", _OFFICE, _NOTHING),
    ("stop", _OFFICE, _MONTHS),
    ("build", _PAYING, (*_MONTHS, ("after",))),
    ("hand_in", _OFFICE, _WHICH),
    ("approve", _OFFICE, _WHICH),
    ("reject", _OFFICE, _WHICH),
    ("release", _OFFICE, _WHICH),
    ("bank_pays", _WORLD, _WHICH),
    ("close_books", _OFFICE, _WHICH),
    ("wait", _WORLD, tuple((what,) for what in ("late", "due", "1", "2", "5", "12", "month", "decision"))),
)
ALPHABET = tuple(Act(name, who, how) for name, people, hows in _TABLE for who in people for how in hows)
NAMES = tuple(name for name, _, _ in _TABLE)

# How much an act leads on, against 1 for what only could be done as well. What ends a matter early is rare: a walk that
# always ended in its first days would never see the money.
_ENDS = ("withdraw", "terminate", "discard", "redirect")
_PLAIN = frozenset(
    {
        "role_not_allowed",
        "step_not_allowed",
        "application_not_found",
        "award_not_found",
        "payroll_not_found",
        "complaint_not_found",
    }
)
_GRAVE = frozenset(
    {
        "same_person_not_allowed",
        "county_visit_missing",
        "re_survey_missing",
        "evidence_awaited",
        "notice_running",
        "human_review_open",
        "opinion_against_rules",
        "refusal_ungrounded",
        "one_time_notice_given",
        "payroll_already_built",
        "payroll_outdated",
        "hearing_required",
    }
)
_ASIDE = frozenset({"wait", "assign", "conclude", "move", "declare", "complain"})  # also possible when all is over
_PULLS = {
    "submit": 12,
    "accept": 8,
    "supplement": 8,
    "banks": 10,
    "accept_result": 4,
    "object_result": 5,
    "recheck": 8,
    "opinion": 12,
    "object_notice": 4,
    "appraisal": 5,
    "county_visit": 3,
    "write_letter": 4,
    "send_letter": 9,
    "answer_letter": 5,
    "set_letter_aside": 2,
    "confirm": 9,
    "refuse": 1,
    "deliver": 3,
    "answer_person": 7,
    "assign": 2,
    "conclude": 4,
    "build": 7,
    "hand_in": 8,
    "approve": 8,
    "release": 8,
    "bank_pays": 6,
    "close_books": 4,
    "resume": 5,
    "stop": 2,
    "wait": 2,
    "move": 0.4,
    "declare": 0.2,
    "complain": 0.4,
}


def allowed(model: Walk) -> dict[str, list[Act]]:
    """Return what ought to succeed now, by name of the act."""
    found: dict[str, list[Act]] = {}
    for act in ALPHABET:
        if model.can(act) and not model.judge(act):
            found.setdefault(act.name, []).append(act)
    return found


def pull(model: Walk, name: str) -> float:
    """Return how much an act that ought to succeed leads on now."""
    if name == "visit":
        return 10 if not model.home_visited or (model.is_open("re_survey") and not model.surveyed_again) else 1
    if name == "county_visit" and model.visit_owed:
        return 12
    if name == "wait" and model.is_open("notice"):
        return 14
    if name == "wait" and model.is_open("evidence_letter"):
        return 5
    if name == "move" and model.state("review") == "with_county":
        return 8 if _promotable(model) else 0.4  # somebody who took part comes to decide
    if name == "wait" and model.steps and {s.waits_for for s in model.steps} == {"applicant"}:
        return 6
    if name == "bank_pays" and all(status == "paid" for p in model.payrolls for status in p.lines.values()):
        return 1
    return _PULLS.get(name, 1)


def tempting(model: Walk) -> dict[tuple[str, str], list[Act]]:
    """Return what all but ought to succeed, by the one thing that speaks against it and by name: a door left
    open is found there.

    Wrong posts and times are left out, for those are tried enough by whoever tries anything.
    """
    found: dict[tuple[str, str], list[Act]] = {}
    for act in ALPHABET:
        reasons = model.judge(act) if model.can(act) else frozenset()
        if len(reasons) == 1 and not reasons & _PLAIN:
            found.setdefault((min(reasons), act.name), []).append(act)
    return found


def temptation(reason: str, name: str) -> int:
    """Return how much it matters that a reason stands in the way of an act."""
    if name in ("confirm", "refuse", "approve", "release"):
        return 24
    return 8 if reason in _GRAVE else 1


def leads_on(possible: Iterable[str]) -> bool:
    """Say whether anything of what is possible leads on."""
    return any(name in _PULLS and name not in _ASIDE for name in possible)


def ends(name: str) -> bool:
    """Say whether an act ends the matter without a decision."""
    return name in _ENDS


def _promotable(model: Walk) -> set[str]:
    took_part = {who for who, _, _ in model.took_part}
    return {name for name, post in MOVES.items() if name in took_part and model.posts[name] is not post}


def worth(model: Walk, acts: Sequence[Act]) -> list[Act]:
    """Leave out variants that would only make all walks alike: most opinions ought to be favourable, and so on."""
    if acts[0].name == "move":
        return [act for act in acts if act.how[0] in _promotable(model)] or list(acts)
    plain = [act for act in acts if not set(act.how) & {"relative", "against", "neighbour", "letter"}]
    return plain or list(acts)
