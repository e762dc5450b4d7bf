"""What the medical insurance and schools say, beside what was declared; and how much of it staff read."""

from datetime import date

from app.facts import FactKey, Item
from app.reference.commands import LocalParameter, put_parameter
from app.verification.comparison import Difference
from app.verification.masking import mask_content, mask_value
from app.verification.queries import collect_facts, find_current_report, open_report
from tests.builders.applications import COUNTY, build_household
from tests.builders.verification import AS_OF, answer_all, build_agencies, build_opened

CARE = {
    FactKey.MEDICAL_INSURANCE_STATUS: "residents",
    FactKey.MEDICAL_OUT_OF_POCKET_YEAR: 312_050,
    FactKey.CHRONIC_DISEASE: 1,
    FactKey.SERIOUS_DISEASE: 1,
}


async def _verified(database):
    """A household that has declared medical expenses of the spouse alone; the applicant is on file as ill."""
    async with database.unit_of_work() as db:
        row = LocalParameter(
            "procedure", "also_asked", COUNTY, ["medical_insurance"], "测试规程第九条", date(2026, 1, 1)
        )
        await put_parameter(db, row)
        household = await build_household(db)
    spouse = str(household.members[1][0])
    expenses = [{"member": spouse, "kind": "medical", "amount_fen": 50_000, "period": "month"}]
    case = await build_opened(database, household=household, answers={"expenses": expenses})
    agencies = build_agencies()
    agencies.medical_insurance.learn(Item.MEDICAL_INSURANCE, case.number("self"), CARE, AS_OF)
    well = CARE | {FactKey.CHRONIC_DISEASE: 0, FactKey.SERIOUS_DISEASE: 0}
    agencies.medical_insurance.learn(Item.MEDICAL_INSURANCE, case.number("spouse"), well, AS_OF)
    await answer_all(database, agencies, case)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        return case, report, open_report(db, report)


def _told(content, relation: str):
    person = next(each for each in content.members if each.relation == relation)
    entry = next(entry for entry in person.entries if entry.item is Item.MEDICAL_INSURANCE)
    return {field.key: (field.declared, field.found, field.difference) for field in entry.fields}


async def test_what_was_left_to_pay_stands_beside_the_expenses_that_were_declared(database):
    case, report, content = await _verified(database)

    paid = FactKey.MEDICAL_OUT_OF_POCKET_YEAR
    assert report.complete
    assert _told(content, "self")[paid] == (0, 312_050, Difference.NOT_DECLARED)
    assert _told(content, "spouse")[paid] == (600_000, 312_050, Difference.LESS)
    assert _told(content, "child")[paid] == (0, None, Difference.MATCH)
    # More paid, or ill and not mentioned, speaks for the household; expenses without a record do not count against it
    # much.
    assert [(each.member, each.key, each.points) for each in content.score.reasons if each.key in CARE] == [
        (case.member("spouse"), paid, 3)
    ]
    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
    assert not {key for _, key in collected.facts} & CARE.keys(), "no rule looks into it"


async def test_staff_read_of_health_whether_it_differs_and_not_what_it_is(database):
    _, _, content = await _verified(database)

    assert _told(mask_content(content), "self") == {
        FactKey.MEDICAL_INSURANCE_STATUS: (None, "residents", None),
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: ("***", "***", Difference.NOT_DECLARED),
        FactKey.CHRONIC_DISEASE: (None, "***", None),
        FactKey.SERIOUS_DISEASE: ("***", "***", Difference.NOT_DECLARED),
    }


def test_the_name_of_a_school_leads_to_a_child_and_its_stage_does_not():
    assert mask_value(FactKey.SCHOOL_NAME, "测试小学") == "***"
    assert mask_value(FactKey.SCHOOL_STAGE, "primary") == "primary"
