"""What the household reads: how it was assessed, what was decided."""

from app.review.commands import refuse
from app.review.grounds import RefusalGround
from tests.builders.review import AMOUNT, build_office, build_verified, opine, visit


async def test_the_applicant_reads_each_rule_with_its_law_and_numbers(database, sign_in):
    office, case = await build_office(database), await build_verified(database)
    client = await sign_in(case.applicant)
    early = await client.get(f"/v1/applications/{case.id}/assessment")
    assert (early.status_code, early.json()["code"]) == (404, "assessment_not_found")

    await visit(database, case, office)
    await opine(database, case, office)

    answer = (await client.get(f"/v1/applications/{case.id}/assessment")).json()
    assert (answer["outcome"], answer["monthly_amount_fen"], answer["currency"]) == ("likely_eligible", AMOUNT, "CNY")
    assert (answer["counted_members"], answer["per_capita_income_fen"]) == (3, 0)
    assert all(finding["title"] and finding["message"] for finding in answer["findings"])
    assert all(finding["law"] for finding in answer["findings"] if finding["weight"] != "note")


async def test_the_applicant_reads_a_refusal_with_reasons_law_and_remedies(database, sign_in):
    office, case = await build_office(database), await build_verified(database)
    client = await sign_in(case.applicant)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)
    early = await client.get(f"/v1/applications/{case.id}/decision")
    assert (early.status_code, early.json()["code"]) == (404, "decision_not_found")

    reason = "长子已另行居住满两年，与申报不符。"
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=[reason], ground=RefusalGround.MEMBERS_DIFFER)

    answer = (await client.get(f"/v1/applications/{case.id}/decision")).json()
    assert (answer["outcome"], answer["monthly_amount_fen"], answer["first_month"]) == ("refused", 0, None)
    assert answer["reasons"] == [reason]
    assert [(r["within"], r["unit"]) for r in answer["remedies"]] == [(60, "day"), (6, "month")]
    assert "60日" in answer["remedies"][0]["text"]
    assert len(answer["digest"]) == 64
    assert str(office.confirmer.id) not in str(answer)


async def test_somebody_elses_assessment_is_not_found(database, phone):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    for what in ("assessment", "decision"):
        answer = await phone.get(f"/v1/applications/{case.id}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")
