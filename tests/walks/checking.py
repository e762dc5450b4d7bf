"""What has to hold after every step, and how a walk says that it did not."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import httpx

from tests.walks.matters import Walk
from tests.walks.model import Act

# How an answer says what kind of refusal it is; whatever is not named here conflicts with how things stand (409).
STATUS = {
    **dict.fromkeys(("role_not_allowed", "conflict_of_interest", "same_person_not_allowed"), 403),
    **dict.fromkeys(("only_builder_may_submit", "not_assigned_to_you"), 403),
    **dict.fromkeys(("application_not_found", "award_not_found", "payroll_not_found", "complaint_not_found"), 404),
    **dict.fromkeys(("decision_not_found", "assessment_not_found"), 404),
    **dict.fromkeys(("application_incomplete", "place_not_elsewhere", "two_investigators_required"), 422),
    **dict.fromkeys(("investigator_not_allowed", "household_signature_missing", "survey_date_invalid"), 422),
    **dict.fromkeys(("remote_survey_not_allowed", "appraisal_quorum_missing", "opinion_against_rules"), 422),
    **dict.fromkeys(("notice_not_skippable", "month_not_payable", "nothing_to_pay", "last_month_out_of_range"), 422),
    "refusal_ungrounded": 422,
    **dict.fromkeys(("evidence_letter_not_fitting", "evidence_answer_not_fitting", "assignee_not_suitable"), 422),
}
_TIMELINE = ("status", "steps", "decide_by", "waiting_for", "next_due_on", "paused_because", "overdue", "next")
_RANK = {"draft": 0, "submitted": 1, "supplement_requested": 1, "accepted": 2}  # all other states are the end
_TOOK_PART = frozenset(
    {
        "review.opinion",
        "review.visit",
        "review.appraisal",
        "evidence_letter.write",
        "evidence_letter.answer",
        "evidence_letter.set_aside",
    }
)


class Strayed(AssertionError):
    """What happened is not what ought to have; the story so far is told with it."""

    def __init__(self, story: Sequence[str], what: str) -> None:
        super().__init__("\n".join([*story, "", what]))


def check_answer(story: Sequence[str], act: Act, reasons: Set[str], answer: httpx.Response | None) -> str:
    """Compare an answer with what the model said of the act; return the code of its refusal."""
    if answer is None:
        return ""
    if answer.is_success:
        if reasons:
            raise Strayed(story, f"not refused, though {sorted(reasons)}: {answer.status_code} {answer.text[:300]}")
        return ""
    if not reasons:
        raise Strayed(story, f"refused, though nothing speaks against it: {answer.status_code} {answer.text[:300]}")
    code = str(answer.json().get("code"))
    if code not in reasons or answer.status_code != STATUS.get(code, 409):
        raise Strayed(story, f"refused with {answer.status_code} {code}, and not for {sorted(reasons)}")
    return code


def check_unchanged(story: Sequence[str], before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """See that a refusal left everything as it was."""
    changed = sorted(name for name in before if before[name] != after[name])
    if changed:
        raise Strayed(story, f"refused, and all the same something changed in {changed}")


def check_sight(
    story: Sequence[str],
    model: Walk,
    seen: Mapping[str, Any],
    record: Sequence[Mapping[str, Any]],
    signed: Set[str],
    names: Mapping[str, str],
) -> None:
    """Compare all that is seen with what the model says, and look whether the laws of any state are kept."""
    differences = list(_differences(model, seen))
    differences += [f"{level} was not told of step {number}" for number, level in sorted(_untold(model, seen))]
    differences += _broken_laws(seen, record, signed, names)
    if differences:
        raise Strayed(story, "\n".join(differences))


def _differences(model: Walk, seen: Mapping[str, Any]) -> list[str]:
    expected = model.expected()
    differences = [
        f"{what}: seen {seen[what]!r}, expected {expected[what]!r}"
        for what in expected
        if what in seen and seen[what] != expected[what]
    ]
    timeline = seen.get("timeline")
    if timeline is not None:
        differences += [
            f"the timeline's {what}: seen {timeline[what]!r}, expected {expected[what]!r}"
            for what in _TIMELINE
            if timeline[what] != expected[what]
        ]
    return differences


def _untold(model: Walk, seen: Mapping[str, Any]) -> set[tuple[int, str]]:
    """Return the delays known before this step that were not told; a step closed meanwhile need not be."""
    still_open = {step.number for step in model.steps}
    return {(number, level) for number, level in model.told - seen["told"] if number in still_open}


def _broken_laws(
    seen: Mapping[str, Any], record: Sequence[Mapping[str, Any]], signed: Set[str], names: Mapping[str, str]
) -> list[str]:
    return [*_four_eyes(record, signed, names), *_money(seen), *_never_backwards(record)]


def _four_eyes(record: Sequence[Mapping[str, Any]], signed: Set[str], names: Mapping[str, str]) -> list[str]:
    """Who decided took no part before; who built, approved and released a payroll are three persons."""
    broken, took_part = [], set(signed)
    hands: dict[str, dict[str, str]] = {}
    for act in record:
        who = names.get(act["who"], "somebody else")
        if act["action"] in _TOOK_PART:
            took_part.add(who)
        elif act["action"] == "review.decide" and who in took_part:
            broken.append(f"{who} decided, and had taken part")
        elif act["action"].startswith("payroll.") and act["action"] in (
            "payroll.build",
            "payroll.approve",
            "payroll.release",
        ):
            hands.setdefault(act["object"], {})[act["action"]] = who
    broken += [f"one person twice in a payroll: {of}" for of in hands.values() if len(set(of.values())) < len(of)]
    decided = [act for act in record if act["action"] == "review.decide"]
    return broken + (["decided twice"] if len(decided) > 1 else [])


def _money(seen: Mapping[str, Any]) -> list[str]:
    months = [month for month, _, _ in seen["lines"]]
    broken = ["a month has more than one line"] if len(set(months)) < len(months) else []
    if seen["lines"] and not seen["award"]:
        broken.append("money without an award")
    if len(seen["amounts"]) > 1:
        broken.append(f"a line is not of the amount that was decided: {seen['amounts']}")
    return broken + (["an award without a decision"] if seen["award"] and seen["status"] != "approved" else [])


def _never_backwards(record: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was decided or ended is followed by no act of the procedure."""
    ends = ("review.decide", "application.withdraw", "application.terminate", "application.redirect")
    over, broken = False, []
    for act in record:
        if over and act["action"].startswith(("review.", "application.")):
            broken.append(f"{act['action']} after the end")
        over = over or act["action"] in ends
    return broken
