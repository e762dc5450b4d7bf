"""Findings show their numbers, and cite the law of their day."""

from datetime import date

from app.facts import FactKey
from tests.programs.living_allowance.builders import PROGRAM, assess, case, fact, found, members, parameters


def test_a_yearly_standard_is_compared_by_the_year():
    judged = case(income=[{"member": "m1", "kind": "business", "amount_fen": 454_999, "period": "year"}])

    finding = found(assess(judged, parameters(amount_fen=455_000, period="year")), "income_below_standard")

    assert "人均每年 4549.99 元，低于当地标准每年 4550.00 元" in PROGRAM.explain(finding, "zh").message
    assert finding.distance is not None
    assert finding.distance.as_json() == {
        "unit": "fen_per_head_month",
        "rounded": 0,
        "numerator": "1",
        "denominator": "12",
    }


def test_the_sum_is_shown():
    assessment = assess(case(income=[{"member": "m1", "kind": "wage", "amount_fen": 30_050, "period": "month"}]))

    words = PROGRAM.explain(found(assessment, "amount_worked_out"), "zh")

    assert words.message == "当地标准每月 641.00 元，家庭 1 人，月收入合计 300.50 元，按差额计算每月 340.50 元。"


def test_what_would_change_it_names_the_sum():
    judged = case(members({}, {}), income=[{"member": "m1", "kind": "wage", "amount_fen": 200_000, "period": "month"}])

    finding = found(assess(judged), "income_below_standard")

    assert "减少超过 718.00 元" in PROGRAM.explain(finding, "zh").would_change


def test_a_balance_above_the_declared_one_is_shown_with_both_values_and_its_source():
    judged = case(
        property=[{"kind": "deposit", "owner": "m1", "value_fen": 100}],
        verified={("m1", FactKey.DEPOSIT_BALANCE): fact(FactKey.DEPOSIT_BALANCE, 500_000, as_of=date(2026, 11, 1))},
    )

    (difference,) = found(assess(judged), "property_declared_in_full").inputs["differences"]

    assert difference == {
        "member": "m1",
        "kind": "deposit",
        "measure": "fen",
        "declared": 100,
        "found": 500_000,
        "source": "banking",
        "as_of": "2026-11-01",
    }


def test_the_new_law_is_cited_from_its_first_day():
    before = found(assess(case(), parameters(date(2026, 6, 30))), "income_below_standard").law
    after = found(assess(case(), parameters(date(2026, 7, 1))), "income_below_standard").law

    measures = (
        "最低生活保障审核确认办法（民发〔2021〕57号）第十二条",
        "最低生活保障审核确认办法（民发〔2021〕57号）第十三条",
    )
    assert before == ("社会救助暂行办法（国务院令第649号）第九条", *measures)
    assert after == ("社会救助法第十八条第一款", *measures)
