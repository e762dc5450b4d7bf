"""Wrong order, wrong role, someone else's record: at every station of an application, over every operation on it.

The tables say what may be done; everything else is tried, refused with a problem document, and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.journeys import acts
from tests.journeys.acts import Case
from tests.support.dump import differences, dump

HANDLER, REVIEWER, COUNTY, CONFIRMER = "township-1", "reviewer", "county-1", "confirmer"
POSTS = ("village", HANDLER, REVIEWER, COUNTY, CONFIRMER, "finance", "supervisor", "admin")

# Every operation of the console on an application, and whose it is.
CONSOLE: Mapping[str, tuple[str, ...]] = {
    "accept": (HANDLER,),
    "return": (HANDLER,),
    "redirect": (HANDLER,),
    "extend": (HANDLER, COUNTY),
    "terminate": (HANDLER, COUNTY),
    "visits": (HANDLER, REVIEWER),
    "evidence-letters": (HANDLER, REVIEWER),
    "appraisals": (HANDLER, REVIEWER),
    "opinion": (REVIEWER,),
    "county-visits": (COUNTY, CONFIRMER),
    "confirm": (CONFIRMER,),
    "refuse": (CONFIRMER,),
    "send-back": (COUNTY, CONFIRMER),
    "decision-deliveries": (HANDLER,),
    "revisit": (CONFIRMER,),
    "conflicts": (COUNTY, "supervisor"),
}
_ALWAYS = frozenset({"extend", "terminate", "conflicts"})
POSSIBLE: Mapping[str, frozenset[str]] = {
    "draft": frozenset(),
    "submitted": frozenset({"accept", "return", "redirect", "conflicts"}),
    "supplement_requested": frozenset({"terminate", "conflicts"}),
    "surveying": _ALWAYS | {"visits", "evidence-letters", "opinion"},
    "on_notice": _ALWAYS,
    "re_surveying": _ALWAYS | {"visits", "evidence-letters", "appraisals", "opinion"},
    "with_county": _ALWAYS | {"county-visits", "confirm", "refuse", "send-back"},
    "approved": frozenset({"decision-deliveries", "conflicts"}),
    "refused": frozenset({"decision-deliveries"}),
    "withdrawn": frozenset(),
    "terminated": frozenset(),
}
# What the household itself may do; writing means the draft, its members and papers.
OWN: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"write", "submit", "discard"}),
    "submitted": frozenset({"withdraw"}),
    "supplement_requested": frozenset({"write", "supplement", "withdraw"}),
    "surveying": frozenset({"withdraw"}),
    "on_notice": frozenset({"withdraw"}),
    "re_surveying": frozenset({"withdraw"}),
    "with_county": frozenset({"withdraw"}),
}
_REFUSALS = (403, 404, 409)


@dataclass(frozen=True)
class Attempt:
    """One request of the household."""

    action: str
    method: str
    path: str
    body: Any = None


def _bodies(case: Case) -> dict[str, Any]:
    """Return a body for each operation that would do, were it the right time and the right person."""
    today = case.world.today().isoformat()
    quorum = {"township_staff": 1, "village_officials": 2, "informed_members": 1, "representatives": 8}
    return {
        "accept": {},
        "return": {"missing": ["户口簿"]},
        "redirect": {"to": "530102001000", "reason": "户籍在他处。（测试）"},
        "extend": {"reason": "hard_survey"},
        "terminate": {"reason": "拒不配合。（测试）"},
        "visits": acts.visit_of(case, [case.world.at("township-2").username]),
        "evidence-letters": {
            "member_id": case.members["self"],
            "addressee": {
                "kind": "village_committee",
                "form": "organisation",
                "name": "测试村委会",
                "address": "测试镇测试路1号",
            },
            "asked": ["land_and_livestock"],
        },
        "appraisals": {"held_on": today, **quorum, "supports": True, "conclusion": "情况属实。（测试）"},
        "opinion": {"favourable": True, "statement": "同意。（测试）", "reasons": {}},
        "county-visits": acts.visit_of(case, [case.world.at("county-2").username]),
        "confirm": {},
        "refuse": {"reasons": ["不符合条件。（测试）"]},
        "send-back": {"reason": "请补充调查。（测试）"},
        "revisit": {"outcome": "apply_again"},
        "decision-deliveries": {"way": "post", "delivered_on": today},
        "conflicts": {"member_id": case.members["self"], "relation": "sibling", "staff_id": str(uuid4())},
    }


def _attempts(case: Case) -> list[Attempt]:
    head = case.family.head
    promise = {"truth_promised": True}
    signature = {"member_id": case.members["self"], "signer_name": head.name, "signer_id_number": head.id_number}
    member = {"relation": "self", "name": head.name, "id_number": head.id_number}
    return [
        Attempt("write", "PATCH", case.url, {"address": "测试村民小组 3 号"}),
        Attempt("write", "PUT", f"{case.url}/members/{case.members['self']}", member),
        Attempt("write", "DELETE", f"{case.url}/members/{case.members['child']}"),
        Attempt("write", "POST", f"{case.url}/authorisations", signature),
        Attempt("submit", "POST", f"{case.url}/submit", promise),
        Attempt("supplement", "POST", f"{case.url}/supplement", promise),
        Attempt("withdraw", "POST", f"{case.url}/withdraw"),
        Attempt("discard", "DELETE", case.url),
    ]


async def attack(case: Case, station: str, intruder: Case) -> None:
    """Try everything that must not work here, and see that nothing moved.

    An operation that is possible here is tried by every other post; one that is not, by those it belongs to.
    """
    await _sign_everybody_in(case, intruder)
    before = await dump(case.world.database_url)
    for operation, owners in CONSOLE.items():
        url, body = f"{case.console}/{operation}", _bodies(case)[operation]
        now = operation in POSSIBLE[station]
        for post in [post for post in POSTS if post not in owners] if now else owners:
            status, code = await case.world.at(post).refused("POST", url, body)
            assert status in _REFUSALS, (station, operation, post, status, code)
        elsewhere = await case.world.stranger(owners[0]).refused("POST", url, body)
        assert elsewhere == (404, "application_not_found"), (station, operation)
    neighbour = case.world.staff["next-township-1"]
    assert await neighbour.refused("POST", f"{case.console}/accept", {}) == (404, "application_not_found")
    await _attack_by_phone(case, station, intruder)
    assert differences(before, await dump(case.world.database_url)) == {}, station


async def _attack_by_phone(case: Case, station: str, intruder: Case) -> None:
    etag = {"If-Match": (await case.phone.send("GET", case.url)).headers["ETag"]}
    for attempt in _attempts(case):
        options = {"json": attempt.body, "headers": etag if attempt.method != "POST" else {}}
        foreign = await intruder.phone.send(attempt.method, attempt.path, **options)
        assert (foreign.status_code, foreign.json()["code"]) == (404, "application_not_found"), attempt
        if attempt.action not in OWN.get(station, frozenset()):
            own = await case.phone.send(attempt.method, attempt.path, **options)
            assert own.status_code in _REFUSALS, (station, attempt, own.text)
    for audience, path in ((case.phone, f"{case.console}/accept"), (case.world.at(HANDLER), f"{case.url}/withdraw")):
        assert await audience.refused("POST", path, {}) == (403, "audience_not_allowed")
    assert await case.world.anyone.refused("POST", f"{case.console}/accept", {}) == (401, "token_rejected")


async def _sign_everybody_in(case: Case, intruder: Case) -> None:
    """Have tokens that live through the attack, so that no sign-in is among what changed."""
    for phone in (case.phone, intruder.phone):
        await phone.get("/v1/me")
    for console in (*map(case.world.at, POSTS), *map(case.world.stranger, POSTS), case.world.staff["next-township-1"]):
        await console.send("GET", "/v1/console/applications")
    await case.world.drain()


async def test_from_draft_to_award_nobody_does_what_is_not_his_or_not_yet(world):
    intruder = await acts.apply(world, world.family(44))
    case = await acts.begin(world, world.family(0))
    await attack(case, "draft", intruder)

    await acts.submit(case)
    await attack(case, "submitted", intruder)

    await world.at(HANDLER).post(f"{case.console}/return", {"missing": ["户口簿"]})
    await attack(case, "supplement_requested", intruder)

    await case.phone.post(f"{case.url}/supplement", {"truth_promised": True})
    await acts.accept(case)
    await attack(case, "surveying", intruder)

    await acts.verify(case)
    await acts.visit(case)
    await acts.opine(case)
    await attack(case, "on_notice", intruder)

    [notice] = await case.notices("opinion")
    await world.anyone.post(f"/v1/public/notices/{notice['id']}/objections", {"statement": "有异议。（测试）"})
    await attack(case, "re_surveying", intruder)

    await world.on(date(2026, 11, 25))
    await acts.visit(case, world.at("township-3"), world.at("township-4"))
    await acts.opine(case)
    await attack(case, "with_county", intruder)

    await world.on(date(2026, 12, 1))  # the seven days of the notice are over
    await acts.confirm(case)
    await attack(case, "approved", intruder)


async def test_where_a_matter_has_ended_nobody_goes_on_with_it(world):
    intruder = await acts.apply(world, world.family(44))
    case = await acts.apply(world, world.family(0))
    await case.phone.post(f"{case.url}/withdraw")
    await attack(case, "withdrawn", intruder)

    case = await acts.apply(world, case.family)
    await acts.accept(case)
    await world.at(HANDLER).post(f"{case.console}/terminate", {"reason": "拒不配合。（测试）"})
    await world.drain()
    await attack(case, "terminated", intruder)

    await world.pass_time(timedelta(days=1))
    case = await acts.reach_the_opinion(world, case.family)
    await acts.opine(case, favourable=False, ground="members_differ")
    told = {"ground": "members_differ", "reasons": ["长子已另行居住满两年，与申报不符。（测试）"]}
    await world.at(CONFIRMER).post(f"{case.console}/refuse", told)
    await world.drain()
    await attack(case, "refused", intruder)


async def test_what_cannot_be_so_is_refused_at_the_door(world):
    case = await acts.begin(world, world.family(0))
    unsigned = await acts.begin_without_signatures(world, world.family(44))
    await world.drain()
    before = await dump(world.database_url)

    phone, promise = case.phone, {"truth_promised": True}
    nowhere = {"program": "living_allowance", "division": "532529999999"}
    assert await phone.refused("POST", "/v1/applications", nowhere) == (422, "division_unknown")
    nothing = {"program": "dragon_aid", "division": case.family.division}
    assert (await phone.refused("POST", "/v1/applications", nothing))[0] in (404, 422)
    member = {"relation": "parent", "name": "测试老人", "id_number": "539900195001010011"}
    refused = await phone.refused("PUT", f"{case.url}/members/{uuid4()}", member)
    assert refused == (422, "id_number_malformed")
    answer = await unsigned.phone.send("POST", f"{unsigned.url}/submit", json=promise)
    assert (answer.status_code, answer.json()["code"]) == (422, "application_incomplete")
    named = {fault["pointer"] for fault in answer.json()["errors"] if fault["code"] == "authorisation_missing"}
    assert named == {f"/members/{member}" for member in unsigned.members.values()}

    assert differences(before, await dump(world.database_url)) == {}


def test_the_table_names_every_operation_on_an_application(assembled):
    prefix = "/v1/console/applications/{application_id}/"
    paths = assembled.openapi()["paths"].items()
    there_are = {path.removeprefix(prefix) for path, item in paths if path.startswith(prefix) and "post" in item}
    # Operations on something within an application are tried in wrong hands where that something is made.
    assert {operation for operation in there_are if "{" not in operation} == set(CONSOLE)
