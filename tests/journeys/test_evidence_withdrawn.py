"""Letters for evidence over Spring Festival 2027: unsent, not awaited, answered late; ended with what they rest on."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from tests.journeys import acts
from tests.support.callers import Phone

_WHY = "村委会春节期间无人办公，已由邻里访问核实。（测试）"


def _letter(case: acts.Case, relation: str, kind: str, *asked: str) -> dict[str, Any]:
    addressee = {"kind": kind, "form": "organisation", "name": f"测试单位{kind}", "address": "测试镇测试路1号"}
    return {"member_id": case.members[relation], "addressee": addressee, "asked": list(asked)}


async def test_letters_end_with_what_they_rest_on_and_an_answer_is_taken_in_however_late(world):
    # Monday, 25 January 2027: accepted. A letter asks nobody of the household, and nobody what is not his to know.
    await world.on(date(2027, 1, 25))
    family = world.family(0)
    case = await acts.apply(world, family)
    await acts.accept(case)
    await acts.verify(case)
    township, letters = world.at("township-1"), f"{case.console}/evidence-letters"
    to_school = _letter(case, "child", "school", "enrolment")
    to_employer = _letter(case, "spouse", "employer", "wages")
    to_father = {"addressee": to_school["addressee"] | {"form": "person", "name": family.head.name}}
    for unfit in (to_school | to_father, to_school | {"asked": ["wages"]}):
        assert await township.refused("POST", letters, unfit) == (422, "evidence_letter_not_fitting")
    assert (await township.get(letters))["items"] == []

    async def write(asked: dict[str, Any], *, sent: bool) -> str:
        written = await township.post(letters, asked)
        if sent:
            on = {"sent_on": world.today().isoformat(), "way": "post"}
            await township.post(f"{letters}/{written['id']}/send", on | {"investigators": [second]})
        return f"{letters}/{written['id']}"

    async def status(*places: str) -> list[str]:
        found = {each["id"]: each["status"] for each in (await township.get(letters))["items"]}
        return [found[place.rpartition("/")[2]] for place in places]

    # One is written and never sent, on a reason that says something; it is nothing that could be sent later.
    second, reason = world.at("township-2").username, {"reason": _WHY}
    never = await write(_letter(case, "self", "village_committee", "residence"), sent=False)
    assert await township.refused("POST", f"{never}/set-aside", {"reason": "。。。。。。。。。。。。"}) == (
        422,
        "evidence_reason_missing",
    )
    assert await status(never) == ["written"]
    tomorrow = {"sent_on": "2027-01-26", "way": "post", "investigators": [second]}
    assert await township.refused("POST", f"{never}/send", tomorrow) == (422, "survey_date_invalid")
    await township.post(f"{never}/set-aside", reason)
    assert await township.refused("POST", f"{never}/send", tomorrow) == (409, "step_not_allowed")
    nowhere = await township.refused("POST", f"{letters}/{uuid4()}/set-aside", reason)
    assert nowhere == (404, "evidence_letter_not_found")

    # Three are sent; the last of their days lies beyond the festival, whose days off nobody has announced yet.
    employer, school = await write(to_employer, sent=True), await write(to_school, sent=True)
    committee = await write(_letter(case, "self", "village_committee", "land_and_livestock"), sent=True)
    by = {each["answer_by"] for each in (await township.get(letters))["items"] if each["status"] == "sent"}
    assert min(by) == max(by) > "2027-02-11"

    # Thursday, 4 February, the day before the festival: nobody is at the employer's, and it is not waited for.
    await world.on(date(2027, 2, 4))
    await township.post(f"{employer}/set-aside", {"reason": "用人单位已放假停工，改由邻里访问核实。（测试）"})
    assert await status(never, employer, school, committee) == ["discarded", "not_awaited", "sent", "sent"]

    # Monday, 15 February: it answers all the same. What was asked has one answer each, of a day that was.
    await world.on(date(2027, 2, 15))
    said = {"received_on": "2027-02-15", "answers": [{"question": "wages", "finding": "confirmed"}]}
    other = {"answers": [{"question": "employment", "finding": "confirmed"}]}
    for unfit in (said | other, said | {"received_on": "2027-02-16"}):
        assert await township.refused("POST", f"{employer}/answer", unfit) == (422, "evidence_answer_not_fitting")
    assert await status(employer) == ["not_awaited"]
    await township.post(f"{employer}/answer", said)
    assert await township.refused("GET", f"{employer}/scan") == (404, "evidence_scan_not_found")

    # Monday, 1 March: the others are unanswered. The committee is not waited for any longer; the mother's work is asked
    # about once more, by a letter that is sent and one that lies on the table.
    await world.on(date(2027, 3, 1))
    assert await status(employer, school, committee) == ["answered", "unanswered", "unanswered"]
    await township.post(f"{committee}/set-aside", reason)
    sent, written = await write(to_employer, sent=True), await write(to_employer, sent=False)

    # 2 March: she takes back her own authorisation, which nobody else can. Nobody is asked about her any more.
    await world.on(date(2027, 3, 2))
    spouse = next(person for person in family.members if person.relation == "spouse")
    hers = await _phone_of(world, family, spouse)
    (signed,) = (await hers.get("/v1/me/authorisations"))["items"]
    withdraw = f"/v1/me/authorisations/{signed['id']}/withdraw"
    assert await case.phone.refused("POST", withdraw) == (404, "authorisation_not_found")
    assert await status(sent, written) == ["sent", "written"]
    await hers.post(withdraw)
    await world.drain()
    assert await status(employer, school, committee) == ["answered", "unanswered", "not_awaited"]
    assert await status(sent, written) == ["cancelled", "cancelled"]
    assert await township.refused("POST", letters, to_employer) == (409, "authorisation_missing")
    assert len((await township.get(letters))["items"]) == 6

    # 3 March: the household takes its application back, and what still might be answered ends with it.
    await world.on(date(2027, 3, 3))
    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()
    assert await status(employer, school, committee) == ["answered", "cancelled", "cancelled"]
    late = {"received_on": "2027-03-03", "answers": [{"question": "enrolment", "finding": "confirmed"}]}
    assert await township.refused("POST", f"{school}/answer", late) == (409, "step_not_allowed")


async def _phone_of(world, family, person) -> Phone:
    """Return the telephone of a member who has one of her own, and has proved who she is."""
    alone = replace(family, members=(replace(person, relation="self"),))
    phone = Phone(world.http, alone, world.outside.sms, world.drain)
    await phone.post("/v1/auth/identity-verifications", {"name": person.name, "id_number": person.id_number})
    return phone
