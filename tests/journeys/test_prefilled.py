"""Drafts that registers fill in, by date: few answers typed, no paper brought, nothing asked without a name."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditRecord
from app.facts import Item
from app.reference.commands import LocalParameter, put_parameter
from app.reference.procedure import Mode
from app.sandbox.population import households
from app.verification.jobs import give_away_unasked
from app.verification.models import Check
from app.verification.patience import PATIENCE
from app.verification.prefill import PREFILL
from tests.builders.applications import COUNTY
from tests.builders.files import finish_upload
from tests.journeys import acts

# What the form sets by itself, by the line that somebody opens: only the rest is typed.
_SET_BY_THE_FORM = {"program", "kind", "owner", "member", "period", "count"}


def _place_of(name: str) -> int:
    return next(place for place, family in enumerate(households()) if family.head.name == name)


def _typed(given, before=None) -> int:
    """Count the answers in a body that were not in the draft before; a list said to be empty is one."""
    if isinstance(given, dict):
        return sum(
            _typed(value, (before or {}).get(name)) for name, value in given.items() if name not in _SET_BY_THE_FORM
        )
    if isinstance(given, list):
        return sum(_typed(each) for each in given if each not in (before or ())) if given else int(before != given)
    return int(given != before)


class _Typist:
    """A phone of which every answer typed into it is counted."""

    def __init__(self, phone) -> None:
        self._phone = phone
        self.typed = 0

    async def post(self, path, body):
        self.typed += _typed(body)
        return await self._phone.post(path, body)

    async def put(self, path, body):
        self.typed += _typed(body)
        return await self._phone.put(path, body)

    async def patch(self, path, body):
        self.typed += _typed(body, await self._phone.get(path))
        return await self._phone.patch(path, body)


async def _prefilled(world, family):
    """Sign in, begin, sign; the registers have answered."""
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    signature = {"signer_name": head.name, "signer_id_number": head.id_number}
    asked = await phone.post(f"{url}/prefill", {"signature": signature})
    assert not asked["complete"]
    await world.drain()
    return phone, url


async def test_who_lives_alone_types_eight_answers_and_uploads_nothing(world):
    # 23 November: she signs in by her name, begins, signs, and goes on a moment later.
    family = world.family(_place_of("测试独身甲"))
    head, phone = family.head, world.phone(family)
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    typist = _Typist(phone)
    draft = await typist.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    signature = {"signer_name": head.name, "signer_id_number": head.id_number}
    await phone.post(f"{url}/prefill", {"signature": signature})
    await world.drain()

    told = await phone.get(f"{url}/prefill")
    draft = await phone.get(url)
    [member] = draft["members"]
    assert told["complete"]
    assert {(each["item"], each["status"]) for each in told["questions"]} == {
        ("household_register", "found"),
        ("vehicles", "no_record"),
        ("marriage", "no_record"),
        ("social_insurance", "no_record"),
        ("real_estate", "no_record"),
        ("disability", "found"),
    }
    assert (draft["address"], member["disability"]) == (head.address, {"kind": "physical", "grade": 2})
    assert [(each["pointer"], each["source"]) for each in draft["prefilled"]] == [
        ("/address", "公安机关"),
        (f"/members/{member['id']}/disability", "残疾人联合会"),
    ]

    deposit = {"kind": "deposit", "owner": member["id"], "value_fen": 8_800, "count": 1}
    await typist.patch(url, {"answers": {"property": [deposit], "income": [], "expenses": [], "supporters": []}})
    await typist.put("/v1/payout-account", {"bank_code": "RCC", "account": head.accounts[0].number})
    await typist.post(f"{url}/submit", {"truth_promised": True})
    assert typist.typed == 8

    # The township accepts, without one paper; who was asked for the draft's sake is not asked again.
    await world.drain()
    case = acts.Case(world, family, draft["id"], {"self": member["id"]})
    await acts.accept(case)
    await acts.verify(case)
    asked = Counter(query.item for agency in world.outside.agencies.by_code.values() for query in agency.asked)
    assert {item: times for item, times in asked.items() if times > 1} == {}
    assert await phone.get(f"{url}/report")


async def test_what_has_grown_old_by_the_acceptance_is_asked_again(world):
    # 23 November: the registers answer; it is handed in after 91 days, one more than an answer is fresh for.
    family = world.family(_place_of("测试独身甲"))
    phone, url = await _prefilled(world, family)
    await phone.patch(url, {"answers": {"property": [], "income": [], "expenses": [], "supporters": []}})
    await phone.put("/v1/payout-account", {"bank_code": "RCC", "account": family.head.accounts[0].number})
    await world.on(world.today() + timedelta(days=91))
    await phone.post(f"{url}/submit", {"truth_promised": True})
    await world.drain()
    draft = await phone.get(url)
    case = acts.Case(world, family, draft["id"], {"self": draft["members"][0]["id"]})
    await acts.accept(case)

    asked = Counter(query.item for agency in world.outside.agencies.by_code.values() for query in agency.asked)
    again = {item for item, times in asked.items() if times == 2}
    assert again == PREFILL


async def test_what_registers_tell_is_the_citizens_to_change(world):
    # 23 November: a house, a pension and a car were found; the car was sold, the pension is more by now.
    family = world.family(_place_of("测试退休甲"))
    phone, url = await _prefilled(world, family)
    draft = await phone.get(url)
    [income] = draft["answers"]["income"]
    [dwelling] = draft["answers"]["property"]
    assert (income["detail"], income["amount_fen"], income["period"]) == ("养老金", 286_000, "month")
    assert (dwelling["kind"], dwelling["count"]) == ("dwelling", 1)
    assert {each["pointer"] for each in draft["prefilled"]} == {"/address", "/answers/income/0", "/answers/property/0"}

    await phone.patch(url, {"answers": {"income": [income | {"amount_fen": 290_000}]}, "address": "测试新村 2 号"})
    left = await phone.get(url)
    assert [each["pointer"] for each in left["prefilled"]] == ["/answers/property/0"]
    assert left["answers"]["income"][0]["amount_fen"] == 290_000


async def test_nothing_that_somebody_wrote_is_overwritten(world):
    family = world.family(_place_of("测试退休甲"))
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    await phone.patch(url, {"answers": {"income": [], "property": []}, "address": "测试村 3 号"})
    signature = {"signer_name": head.name, "signer_id_number": head.id_number}
    await phone.post(f"{url}/prefill", {"signature": signature})
    await world.drain()

    kept = await phone.get(url)
    assert (kept["answers"], kept["address"], kept["prefilled"]) == (
        {"income": [], "property": []},
        "测试村 3 号",
        [],
    )


async def test_nobody_but_the_applicant_is_asked_about_whatever_was_signed_for_whom(world):
    # 23 November: names and numbers of others are known to her, of a neighbour and of his child as well as of her own.
    stranger = world.family(_place_of("测试退休甲"))
    phone, url = await _prefilled(world, world.family(0))
    neighbour, child = stranger.head, next(one for one in world.family(1).members if one.relation == "child")
    spouse, ward = "0f0e0d0c-0b0a-4908-8706-050403020100", "0f0e0d0c-0b0a-4908-8706-050403020101"
    for member, relation, person in ((spouse, "spouse", neighbour), (ward, "child", child)):
        body = {"relation": relation, "name": person.name, "id_number": person.id_number}
        await phone.put(f"{url}/members/{member}", body)
        signature = {"signer_name": neighbour.name, "signer_id_number": neighbour.id_number}
        signed = {"member_id": member, "signer_member_id": spouse, **signature}
        await phone.post(f"{url}/authorisations", signed)
    before = await phone.get(url)

    for _ in range(2):
        await phone.post(f"{url}/prefill", {})
        await world.drain()

    questions = (await phone.get(f"{url}/prefill"))["questions"]
    assert len(questions) == 6
    assert not {each["member_id"] for each in questions} & {spouse, ward}
    assert (await phone.get(url))["answers"] == before["answers"]


async def test_somebody_else_put_in_as_the_applicant_is_not_asked_about(world):
    stranger, family = world.family(_place_of("测试退休甲")).head, world.family(0)
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url, member = f"/v1/applications/{draft['id']}", "0f0e0d0c-0b0a-4908-8706-050403020100"
    person = {"relation": "self", "name": stranger.name, "id_number": stranger.id_number}
    await phone.put(f"{url}/members/{member}", person)

    signature = {"signer_name": stranger.name, "signer_id_number": stranger.id_number}
    told = await phone.post(f"{url}/prefill", {"signature": signature})
    await world.drain()

    assert told["questions"] == []
    assert (await phone.get(url))["prefilled"] == []


async def test_a_silent_agency_leaves_its_field_open_and_is_asked_after_acceptance(world):
    # 23 November: real estate is down all day.
    family = world.family(0)
    agency = world.outside.agencies.by_code["natural_resources"]
    agency.fail("timeout")
    phone, url = await _prefilled(world, family)
    for _ in range(8):
        await world.pass_time(timedelta(days=1))
    told = (await phone.get(f"{url}/prefill"))["questions"]
    assert {each["status"] for each in told if each["item"] == "real_estate"} == {"no_answer"}
    assert "property" not in (await phone.get(url))["answers"]
    assert [query.item for query in agency.asked] == [Item.REAL_ESTATE] * len(agency.asked)


async def test_of_a_draft_a_dead_agency_leaves_nothing_to_the_county_and_nobody_waits_for_it(world):
    # 23 November: real estate is down for days, and the county sees on paper to what a silent agency owes.
    family = world.family(_place_of("测试独身甲"))
    agency = world.outside.agencies.by_code["natural_resources"]
    agency.fail("timeout")
    async with world.database.unit_of_work() as db:
        ruled = ("procedure", "agency_silent_rerouted", COUNTY, True, "测试规程第九条", world.today())
        await put_parameter(db, LocalParameter(*ruled))
    phone, url = await _prefilled(world, family)
    told = await phone.get(f"{url}/prefill")
    assert {each["status"] for each in told["questions"] if each["item"] == "real_estate"} == {"waiting"}
    for pause in PATIENCE.pauses:
        await world.pass_time(pause + timedelta(seconds=1))

    # 24 November: everybody knows that it is silent; of her draft nobody has a task.
    county = world.at("county-1")
    assert (await county.get("/v1/console/agencies/natural_resources"))["silent_since"] is not None
    assert (await county.get("/v1/console/tasks", queue="county"))["items"] == []
    assert {step["kind"] for step in (await phone.get(f"{url}/timeline"))["steps"]} <= {"draft"}

    # 28 November: she reads that there was no answer, says herself what she owns, and hands in.
    for _ in range(4):
        await world.pass_time(timedelta(days=1))
    told = await phone.get(f"{url}/prefill")
    assert told["complete"]
    assert {each["status"] for each in told["questions"] if each["item"] == "real_estate"} == {"no_answer"}
    draft = await phone.get(url)
    assert "property" not in draft["answers"]
    owned = {"kind": "dwelling", "owner": draft["members"][0]["id"], "count": 1}
    await phone.patch(url, {"answers": {"property": [owned], "income": [], "expenses": [], "supporters": []}})
    await phone.put("/v1/payout-account", {"bank_code": "RCC", "account": family.head.accounts[0].number})
    await phone.post(f"{url}/submit", {"truth_promised": True})
    await world.drain()
    assert (await county.get("/v1/console/tasks", queue="county"))["items"] == []

    # Accepted, it is asked anew; the agency owes an answer of a case now, which is the county's on paper.
    case = acts.Case(world, family, draft["id"], {"self": draft["members"][0]["id"]})
    await acts.accept(case)
    await acts.verify(case)
    for pause in PATIENCE.pauses:
        await world.pass_time(pause + timedelta(seconds=1))
    [estate] = [check for check in await case.checks() if check["status"] == "awaiting_entry"]
    assert (estate["item"], estate["mode"]) == ("real_estate", "manual")
    assert "manual_entry" in await case.open_steps()
    async with world.database.unit_of_work() as db:
        scan = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    said = {
        "outcome": "none",
        "facts": {},
        "as_of": world.today().isoformat(),
        "note": "窗口查询（测试）",
        "scan": scan,
    }
    await county.post(f"/v1/console/checks/{estate['id']}/manual-answer", said)
    assert (await phone.get(f"{url}/report"))["complete"]


async def test_of_an_agency_without_a_connection_she_reads_at_once_that_there_is_no_answer(world):
    family = world.family(_place_of("测试独身甲"))
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    signature = {"signer_name": head.name, "signer_id_number": head.id_number}
    await phone.post(f"{url}/prefill", {"signature": signature})
    await give_away_unasked(world.database, unconnected={Mode.INTERFACE: {"natural_resources"}})
    await world.drain()

    told = await phone.get(f"{url}/prefill")
    assert told["complete"]
    assert [each["item"] for each in told["questions"] if each["status"] == "no_answer"] == ["real_estate"]
    assert world.outside.agencies.by_code["natural_resources"].asked == []
    assert (await world.at("county-1").get("/v1/console/tasks", queue="county"))["items"] == []


async def test_a_draft_that_is_thrown_away_takes_its_questions_along_and_leaves_the_record(world):
    family = world.family(0)
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    signature = {"signer_name": head.name, "signer_id_number": head.id_number}
    await phone.post(f"{url}/prefill", {"signature": signature})
    await world.drain()
    version = (await phone.get(url))["version"]
    answer = await phone.send("DELETE", url, headers={"If-Match": f'"{version}"'})
    await world.drain()

    assert answer.status_code == 204
    async with world.database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Check)) == 0
        asked = select(func.count()).where(AuditRecord.action == "check.ask").select_from(AuditRecord)
        assert await db.scalar(asked) == 6


@pytest.mark.parametrize(
    ("signature", "refusal"),
    [
        ({"signer_name": "测试别人", "signer_id_number": None}, (422, "signature_mismatch")),
        ({"signer_name": None, "signer_id_number": "539900198001010014"}, (422, "signature_mismatch")),
    ],
)
async def test_a_signature_is_her_own_or_nothing_is_asked(world, signature, refusal):
    family = world.family(0)
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    url = f"/v1/applications/{draft['id']}"
    own = {"signer_name": head.name, "signer_id_number": head.id_number}
    given = {name: value or own[name] for name, value in signature.items()}

    assert await phone.refused("POST", f"{url}/prefill", {"signature": given}) == refusal
    assert (await phone.get(url))["members"] == []
    told = await phone.get(f"{url}/prefill")
    assert (told["questions"], told["complete"]) == ([], False)


async def test_after_it_is_handed_in_no_register_fills_anything(world):
    case = await acts.apply(world, world.family(0))

    assert await case.phone.refused("POST", f"{case.url}/prefill", {}) == (409, "step_not_allowed")


async def test_a_draft_that_registers_filled_in_is_erased_at_its_owners_word(world):
    phone, url = await _prefilled(world, world.family(0))

    assert await phone.post("/v1/me/erasures", {"what": "drafts"}) == {"what": "drafts", "drafts": 1}
    await world.drain()
    assert await phone.refused("GET", url) == (404, "application_not_found")
    async with world.database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Check)) == 0
