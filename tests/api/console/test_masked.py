"""What a household entered appears in no answer of the console: everything is read, and the whole text looked through.

What is shown instead is each mask's business (tests/identity/test_masks.py); a look at one field in clear is an
operation of its own (test_unmaskings.py).
"""

import json
from datetime import date

import pytest

from app.api.console.application_schemas import mask_answers
from app.facts import Answer, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.letters.contents import open_letter
from app.letters.disputed import found_told, mask_found
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from app.verification.commands import (
    Disputed,
    GivenAnswer,
    open_application_checks,
    raise_dispute,
    record_answer,
)
from app.verification.dispute_models import ReportDispute
from app.verification.masking import MASKS
from tests.api.console.conftest import IN_WORDS, WRITTEN
from tests.api.console.test_looks import RECORDED, SHOWS_NOBODY
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.letters import build_letter
from tests.builders.people import build_staff
from tests.builders.review import build_accepted_case, verify
from tests.builders.verification import Case, checks_of, enter
from tests.verification.batches.cases import set_for_place

CASE = "/applications/{application_id}"
# A finding says what its rule rests on: sums of the household by kind, of nobody in it.
REASONED = {f"{CASE}/assessment", f"{CASE}/review"}
# A paper as it was handed in cannot be masked, a letter to be handed over must not be; that somebody looked at it is on
# record. An export is for one person.
EXPORT = "/exports/{export_id}/file"
FILES = {path for path in RECORDED if path.endswith(("/content", "/scan"))} | {EXPORT}


async def _answers(client, ids) -> dict[str, str]:
    found = {}
    # Of what shows nobody, whether it is there does not matter.
    places = {
        "endpoint_id": ids["award_id"],
        "batch_id": ids["award_id"],
        "partner_id": ids["award_id"],
        "code": "tax",
        **ids,
    }
    for path in sorted((set(RECORDED) | SHOWS_NOBODY) - FILES):
        answer = await client.get("/v1/console" + path.format(**places))
        if answer.status_code == 200:
            found[path] = answer.text
    return found


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.SUPERVISOR, COUNTY),
        (Role.COUNTY_HANDLER, COUNTY),
        (Role.COUNTY_CONFIRMER, COUNTY),
        (Role.FINANCE, COUNTY),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP),
        (Role.TOWNSHIP_REVIEWER, TOWNSHIP),
        (Role.VILLAGE_HELPER, TOWNSHIP),
    ],
)
async def test_nothing_a_household_entered_is_shown_whole_to_any_post(seen, staff, role, division):
    answers = await _answers(await staff(role, division), seen.ids)

    shown = {(path, what) for path, text in answers.items() for what, secret in seen.secrets.items() if secret in text}
    assert shown - {(path, "what is paid for") for path in REASONED} == set()
    if role is Role.SUPERVISOR:
        assert set(RECORDED) - FILES <= answers.keys(), "it has seen everything there is to see"


async def test_an_export_shows_nobody_whole_unless_that_was_approved(seen, sign_in):
    client = await sign_in(seen.supervisor)

    text = (await client.get("/v1/console" + EXPORT.format(**seen.ids))).text

    assert "测*甲" in text
    assert {what for what, secret in seen.secrets.items() if secret in text} == set()


async def test_what_is_masked_still_shows_that_it_is_there(seen, sign_in):
    client = await sign_in(seen.supervisor)

    case = (await client.get(f"/v1/console/applications/{seen.case.id}")).json()
    [notice] = (await client.get("/v1/console/notices")).json()["items"]
    report = (await client.get(f"/v1/console/applications/{seen.case.id}/report")).json()
    conflicts = (await client.get("/v1/console/conflicts")).json()["items"]

    assert (case["applicant_name"], case["address"]) == ("测**甲", "嘎他村委会***")
    assert [(m["name"], m["birth_year"], m["health"]) for m in case["members"]] == [
        ("测**甲", 1979, None),
        ("测**乙", 1981, "***"),
    ]
    assert case["members"][0]["id_number_masked"].startswith("5399******")
    assert (case["answers"]["income"][0]["detail"], case["answers"]["expenses"][0]["kind"]) == ("***", "***")
    assert (notice["objections"][0]["name"], notice["objections"][0]["phone"]) == ("测**庚", "190****0001")
    fields = {each["key"]: each for item in report["members"][0]["items"] for each in item["fields"]}
    assert (fields["registered_name"]["found"], fields["registered_name"]["difference"]) == ("测**甲", "match")
    assert fields["birth_date"]["found"] == "1979-**-**"
    assert {row["who"] for row in conflicts} == {"***", None}


async def test_what_people_wrote_is_read_without_the_numbers_in_it(seen, sign_in):
    client = await sign_in(seen.supervisor)

    complaint = (await client.get(f"/v1/console/complaints/{seen.ids['complaint_id']}")).json()
    [notice] = (await client.get("/v1/console/notices")).json()["items"]
    correction = (await client.get(f"/v1/console/corrections/{seen.ids['correction_id']}")).json()

    number = f"5399******{WRITTEN[-4:]}"
    assert complaint["text"] == f"请核查{number}，卡号****8903。"
    assert notice["objections"][0]["statement"] == f"不属实，见{number}、****8903，可询190****0003"
    assert correction["right"] == f"证号应为{number}"


async def test_a_letter_for_evidence_names_nobody_at_the_desk(seen, sign_in):
    client = await sign_in(seen.supervisor)

    letter = (await client.get(f"/v1/console/letters/{seen.ids['evidence_print_id']}")).json()["content"]
    [asked] = (await client.get(f"/v1/console/applications/{seen.case.id}/evidence-letters")).json()["items"]

    assert (letter["addressee"], letter["check_code"], letter["application_number"]) == ("测**厂", "***", None)
    assert letter["before"][1].startswith("所涉人员：测**甲（")
    assert letter["points"][1:] == ["其他情况", "该人员是否在你处务工。"]
    assert (asked["addressee"]["name"], asked["addressee"]["address"]) == ("测**厂", "***")
    assert asked["remarks"] == f"见5399******{WRITTEN[-4:]}、****8903，可询190****0003"


# What an agency found of each field that the report masks, and how its letter writes it.
FOUND = {
    FactKey.REGISTERED_NAME: (Item.HOUSEHOLD_REGISTER, "测试鸟别名", "测试鸟别名"),
    FactKey.BIRTH_DATE: (Item.HOUSEHOLD_REGISTER, date(1970, 7, 8), "1970-07-08"),
    FactKey.HUKOU_HOUSEHOLD: (Item.HOUSEHOLD_REGISTER, "H770077", "H770077"),
    FactKey.HUKOU_ADDRESS: (Item.HOUSEHOLD_REGISTER, "测试鸟巷7号", "测试鸟巷7号"),
    FactKey.DISABILITY_KIND: (Item.DISABILITY, "physical", "肢体残疾"),
    FactKey.CHRONIC_DISEASE: (Item.MEDICAL_INSURANCE, 1, "：是"),
    FactKey.SERIOUS_DISEASE: (Item.MEDICAL_INSURANCE, 1, "：是"),
    FactKey.MEDICAL_OUT_OF_POCKET_YEAR: (Item.MEDICAL_INSURANCE, 778_800, "7788.00"),
    FactKey.SCHOOL_NAME: (Item.EDUCATION, "测试鸟小学", "测试鸟小学"),
}


async def _disputed(database, key) -> tuple[Case, Letter, ReportDispute]:
    """A case of whom an agency found something, the dispute of it, and the letter about that."""
    await set_for_place(database, "also_asked", ["medical_insurance", "education"])
    item, found, _ = FOUND[key]
    case = await build_accepted_case(database)
    await verify(database, case, {("self", item): {key: found}})
    async with database.unit_of_work() as db:
        said = Disputed(case.member("self"), item, key, "不是这样。（测试）")
        dispute = await raise_dispute(db, case.applicant, case.id, said)
    return case, await build_letter(database, Occasion(Kind.CORRECTION, case.id, dispute.id)), dispute


def test_each_field_that_the_report_masks_is_tried_in_a_letter():
    assert set(FOUND) == set(MASKS)


@pytest.mark.parametrize("key", FOUND)
async def test_a_letter_to_an_agency_shows_the_desk_of_a_field_what_the_report_shows(database, staff, key):
    case, letter, _ = await _disputed(database, key)
    client, written = await staff(Role.SUPERVISOR, COUNTY), FOUND[key][2]

    told = await client.get(f"/v1/console/letters/{letter.id}")
    report = (await client.get(f"/v1/console/applications/{case.id}/report")).json()

    fields = {each["key"]: each for item in report["members"][0]["items"] for each in item["fields"]}
    point = told.json()["content"]["points"][1]
    assert point.endswith(f"：{fields[key]['found']}")
    assert written not in told.text
    assert "*" not in told.json()["content"]["addressee"], "an agency is no person"
    async with database.reading() as db:
        assert written in open_letter(db, letter)["points"][1], "printed it is whole"


@pytest.mark.parametrize("key", FOUND)
async def test_so_it_does_of_letters_that_were_issued_before_they_kept_which_field_they_are_about(database, key):
    _, letter, _ = await _disputed(database, key)

    async with database.reading() as db:
        body = open_letter(db, letter)
        kept = await found_told(db, letter, body)
        known = await found_told(db, letter, {name: body[name] for name in body if name != "disputed"})

    written, points = FOUND[key][2], body["points"]
    assert mask_found(points, kept) == mask_found(points, known) != points
    in_other_words = [points[0], f"贵单位的结果是{written}。", points[2]]
    assert mask_found(in_other_words, known) == [points[0], "***", points[2]]


async def test_a_letter_about_what_an_agency_said_on_paper_shows_the_desk_no_whole_number(database, staff):
    await set_for_place(database, "check_mode.vehicles", "manual")
    case = await build_accepted_case(database)
    async with database.unit_of_work() as db:
        await open_application_checks(db, case.id)
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    checks = await checks_of(database, case)
    for (member, item), check in checks.items():
        async with database.unit_of_work() as db:
            if item is Item.VEHICLES:
                mine = member == case.member("self")
                outcome, facts = (Outcome.HIT, {"vehicle_count": 1}) if mine else (Outcome.NONE, {})
                await enter(db, county, check.id, GivenAnswer(outcome, facts, date(2026, 11, 20), "书面复函（测试）"))
            else:
                await record_answer(db, SYSTEM, check.id, Answer.none())
    async with database.unit_of_work() as db:
        said = Disputed(case.member("self"), Item.VEHICLES, FactKey.VEHICLE_COUNT, "不是这样。（测试）")
        dispute = await raise_dispute(db, case.applicant, case.id, said)
    letter = await build_letter(database, Occasion(Kind.CORRECTION, case.id, dispute.id))
    client, number = await staff(Role.SUPERVISOR, COUNTY), case.number("self")

    told = await client.get(f"/v1/console/letters/{letter.id}")

    assert number not in told.text
    async with database.reading() as db:
        body = open_letter(db, letter)
    assert body["before"][1] == f"所涉人员：测试甲（身份证件号码{number}），已依法授权核对。"
    assert body["points"][1] == "贵单位书面提供的结果（2026年11月20日）：1 辆"
    assert str(dispute.check_id) not in json.dumps(body)


async def test_who_wrote_it_reads_it_as_it_was_written(seen, sign_in):
    phone, desk = await sign_in(seen.case.applicant), await sign_in(seen.supervisor)
    await desk.get(f"/v1/console/corrections/{seen.ids['correction_id']}")

    [own] = (await phone.get("/v1/me/corrections")).json()["items"]

    assert own["right"] == f"证号应为{WRITTEN}"


async def test_the_citizen_sees_her_own_household_as_she_entered_it(seen, sign_in):
    phone = await sign_in(seen.case.applicant)

    own = (await phone.get(f"/v1/applications/{seen.case.id}")).json()

    assert (own["applicant_name"], own["address"]) == ("测试鸟号甲", "测试村一组1号")
    assert own["members"][1]["disability"] == {"kind": "mental", "grade": 2}
    assert own["answers"]["income"][0]["detail"] == "测试鸟工"


@pytest.mark.parametrize(
    ("object_type", "which", "field", "value"),
    [
        ("objection", "objection_id", "reporter_name", "测试鸟庚"),
        ("objection", "objection_id", "reporter_phone", "19000660001"),
        ("award", "award_id", "name", "测试甲"),
        ("pay_line", "line_id", "name", "测试甲"),
        ("pay_line", "line_id", "account", "9900001"),
        ("conflict", "conflict_id", "named_person", "测试鸟官某"),
        ("member", "member_id", "registered_name", "测试鸟号甲"),
        ("objection", "objection_id", "words", f'{{"statement": "不属实，见{WRITTEN}、{IN_WORDS}'),
        ("complaint", "complaint_id", "words", f'{{"text": "请核查{WRITTEN}，卡号{IN_WORDS}。"'),
        ("correction", "correction_id", "words", f'{{"wrong": "登记为有劳动能力。", "right": "证号应为{WRITTEN}"'),
        ("dispute", "dispute_id", "words", '{"statement": '),
        ("application", "application_id", "words", '{"visits": [{"id": '),
        ("award", "award_id", "words", '{"hearings": []'),
        ("evidence_letter", "evidence_letter_id", "name", "测试鸟厂"),
        ("evidence_letter", "evidence_letter_id", "address", "测试鸟路9号"),
    ],
)
async def test_what_is_masked_opens_one_by_one(seen, sign_in, object_type, which, field, value):
    client = await sign_in(seen.supervisor)
    rows = (await client.get("/v1/console/conflicts")).json()["items"]
    lines = (await client.get(f"/v1/console/payrolls/{seen.ids['payroll_id']}/lines")).json()["items"]
    ids = {
        **seen.ids,
        "conflict_id": next(row["id"] for row in rows if row["who"]),
        "line_id": lines[0]["id"],
        "member_id": seen.case.member("self"),
    }
    body = {"object_type": object_type, "object_id": str(ids[which]), "field": field}

    answer = await client.post("/v1/console/unmaskings", json={**body, "purpose": "supervision", "reason": "抽查"})

    assert answer.status_code == 200
    assert answer.json()["value"].startswith(value)


async def test_who_complained_opens_to_its_handler_and_to_nobody_else(seen, sign_in, staff):
    body = {
        "object_type": "complaint",
        "object_id": str(seen.ids["complaint_id"]),
        "field": "reporter_phone",
        "purpose": "complaint_handling",
        "reason": "回访",
    }
    clients = {
        "handler": await sign_in(seen.handler),
        "colleague": await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP),
        "supervisor": await sign_in(seen.supervisor),
    }

    answers = {name: await client.post("/v1/console/unmaskings", json=body) for name, client in clients.items()}

    assert answers["handler"].json()["value"] == "19000660002"
    assert {name: answers[name].json()["code"] for name in ("colleague", "supervisor")} == {
        "colleague": "complaint_not_found",
        "supervisor": "role_not_allowed",
    }


@pytest.mark.parametrize(
    ("ground", "shown"),
    [
        ("severe_disability", "***"),
        ("serious_illness", "***"),
        ("special_difficulty", "special_difficulty"),
        ("adult_without_work", "adult_without_work"),
    ],
)
def test_who_applies_alone_is_shown_and_the_ground_unless_it_tells_of_health(ground, shown):
    answers = {"income": [], "alone": {"member": "of-one", "ground": ground}}

    assert mask_answers(answers) == {"income": [], "alone": {"member": "of-one", "ground": shown}}
