"""The anonymous self-check: what it says, in which words, and that nothing of it stays anywhere."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
import structlog

from app.core.db import Base
from app.limits.policies import SELF_CHECKS_CALLER
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.standards import build_in_force, parameter_draft, standard_draft

CHECK = "/v1/public/eligibility-checks"
SELF = {"ref": "m1", "relation": "self", "birth_date": "1980-05-06"}
CHILD = {"ref": "m2", "relation": "child", "birth_date": "2015-09-01", "student": True}
WAGE = {"member": "m1", "kind": "wage", "amount_fen": 30_000, "period": "month"}
SELF_CARE = dict.fromkeys(("eats", "dresses", "gets_out_of_bed", "uses_the_toilet", "walks_indoors", "bathes"), True)


@pytest.fixture
def narrow(app):
    """The tools of a real installation: quotas are not widened."""
    tools = app.state.tools
    app.state.tools = replace(tools, settings=tools.settings.model_copy(update={"limit_factor": 1}))
    return app.state.tools


def asked(**given):
    return {
        "program": "living_allowance",
        "division": VILLAGE,
        "area_class": "urban",
        "on": "2026-11-23",
        "members": [SELF, CHILD],
        **given,
    }


def finding(answer, rule):
    (found,) = [each for each in answer.json()["findings"] if each["rule"] == rule]
    return found


def faults(answer):
    return {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


@pytest.mark.parametrize(("language", "words"), [("zh", "在监狱内服刑"), ("en", "in prison")])
async def test_who_does_not_count_is_told_why_in_words(anyone, language, words):
    members = [SELF, {"ref": "m2", "relation": "spouse", "birth_date": "1980-01-01", "situation": "in_prison"}]

    answer = await anyone.post(CHECK, json=asked(members=members), headers={"Accept-Language": language})

    spouse = answer.json()["members"][1]
    assert (spouse["counted"], spouse["reason"], spouse["reason_words"]) == (False, "in_prison", words)


async def test_a_household_below_the_standard_reads_the_amount_and_how_it_came_about(anyone):
    answer = await anyone.post(CHECK, json=asked(income=[WAGE]))

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["outcome"], shown["another_program"]) == ("likely_eligible", None)
    assert (shown["monthly_amount_fen"], shown["currency"]) == (98_200, "CNY")  # (641 − 150) × 2
    assert (shown["per_capita_income_fen"], shown["counted_members"]) == (15_000, 2)
    rule = finding(answer, "income_below_standard")
    assert rule["met"] is True
    assert rule["numbers"]["standard_fen"] == 64_100
    assert rule["distance"]["rounded"] == 49_100
    assert rule["law"]
    assert rule["would_change"] is None


@pytest.mark.parametrize(
    ("language", "says", "change"),
    [
        ("zh", "每月差额合计不足半分钱，四舍五入后为 0.00 元", "减少 0.01 元"),
        ("en", "by less than half a fen a month in all", "fell by 0.01 yuan"),
    ],
)
async def test_who_is_below_the_standard_by_nothing_that_could_be_paid_reads_so_and_where_to_turn(
    anyone, language, says, change
):
    yearly = {**WAGE, "amount_fen": 64_100 * 2 * 12 - 5, "period": "year"}

    answer = await anyone.post(CHECK, json=asked(income=[yearly]), headers={"Accept-Language": language})

    shown, rule = answer.json(), finding(answer, "something_to_pay")
    assert (shown["outcome"], shown["another_program"], shown["monthly_amount_fen"]) == (
        "another_program",
        "edge_family",
        0,
    )
    assert rule["met"] is False
    assert says in rule["message"]
    assert change in rule["would_change"]
    assert (rule["distance"]["numerator"], rule["distance"]["denominator"]) == ("-1", "12")  # 5 fen a year, not 6


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("zh", "每月差额合计 1.00 元，但按当地取整办法舍去后没有金额"),
        ("en", "by 1.00 yuan a month in all, yet the rounding of the place leaves nothing of it"),
    ],
)
async def test_a_rounding_that_leaves_nothing_is_told_and_is_for_a_person(anyone, database, language, says):
    async with database.unit_of_work() as db:
        await build_in_force(db, parameter_draft("rounding", {"to_fen": 1_000, "mode": "down"}))
    income = [{**WAGE, "amount_fen": 64_100 * 2 - 100}]

    answer = await anyone.post(CHECK, json=asked(income=income), headers={"Accept-Language": language})

    assert (answer.json()["outcome"], answer.json()["monthly_amount_fen"]) == ("needs_person", 0)
    assert says in finding(answer, "something_to_pay")["message"]


async def test_who_lies_above_reads_by_how_much_and_what_would_change_it(anyone):
    rich = {**WAGE, "amount_fen": 500_000}

    answer = await anyone.post(CHECK, json=asked(income=[rich]), headers={"Accept-Language": "en"})

    rule = finding(answer, "income_below_standard")
    assert answer.json()["outcome"] == "likely_not_eligible"
    assert answer.json()["monthly_amount_fen"] == 0
    assert rule["distance"]["rounded"] == 64_100 - 250_000
    assert rule["would_change"]
    assert rule["message"].isascii()


async def test_a_household_in_the_edge_band_is_told_where_to_ask(anyone):
    between = {**WAGE, "amount_fen": 140_000}

    answer = await anyone.post(CHECK, json=asked(income=[between]))

    assert (answer.json()["outcome"], answer.json()["another_program"]) == ("another_program", "edge_family")
    assert answer.json()["monthly_amount_fen"] == 0


async def test_what_the_place_has_no_limit_for_is_left_to_a_person(anyone):
    answer = await anyone.post(CHECK, json=asked(property=[{"kind": "vehicle", "owner": "m1"}]))

    assert answer.json()["outcome"] == "needs_person"
    assert finding(answer, "property_has_a_limit")["met"] is None


async def test_the_place_s_own_rules_decide(anyone, database):
    async with database.unit_of_work() as db:
        await put_parameter(
            db,
            LocalParameter(
                program="living_allowance",
                name="property.vehicle",
                area=COUNTY,
                value={"kinds": ["vehicle"], "count": 0},
                legal_basis="测试县规定第一条",
                valid_from=date(2026, 1, 1),
            ),
        )

    answer = await anyone.post(CHECK, json=asked(property=[{"kind": "vehicle", "owner": "m1"}]))

    rule = finding(answer, "property_within_count_limit")
    assert answer.json()["outcome"] == "likely_not_eligible"
    assert (rule["met"], rule["law"][0]) == (False, "测试县规定第一条")


async def test_words_are_chinese_unless_english_is_asked_for(anyone):
    chinese = await anyone.post(CHECK, json=asked())
    english = await anyone.post(CHECK, json=asked(), headers={"Accept-Language": "en"})

    assert not finding(chinese, "income_below_standard")["title"].isascii()
    assert finding(english, "income_below_standard")["title"].isascii()


@pytest.mark.parametrize(
    ("program", "people", "extra"),
    [
        ("edge_family", [SELF, CHILD], {}),
        ("destitute_support", [{**SELF, "birth_date": "1950-05-06", "can_work": False}], {"self_care": SELF_CARE}),
        ("rigid_expense_family", [SELF, CHILD], {"complicated": False}),
        ("temporary_aid", [SELF, CHILD], {"kind": "emergency", "cause": "fire", "needed_fen": 500_000}),
    ],
)
async def test_every_program_can_be_asked_with_its_own_answers(anyone, program, people, extra):
    answer = await anyone.post(CHECK, json=asked(program=program, members=people, extra=extra))

    assert (answer.status_code, answer.json()["program"]) == (200, program)
    assert answer.json()["findings"]


async def test_temporary_aid_names_the_sum_it_pays_once(anyone):
    fire = {"kind": "emergency", "cause": "fire", "needed_fen": 500_000}

    once = await anyone.post(CHECK, json=asked(program="temporary_aid", extra=fire))
    monthly = await anyone.post(CHECK, json=asked())

    assert once.json()["one_off_amount_fen"] is not None
    assert monthly.json()["one_off_amount_fen"] is None


async def test_a_program_s_own_answers_are_refused_where_they_stand(anyone):
    known = await anyone.post(CHECK, json=asked(program="temporary_aid", extra={"cause": "rain", "pets": 1}))
    of_another = await anyone.post(CHECK, json=asked(extra={"self_care": SELF_CARE}))
    line = await anyone.post(CHECK, json=asked(income=[{**WAGE, "member": "m9"}]))

    assert {answer.json()["code"] for answer in (known, of_another, line)} == {"answers_not_valid"}
    assert faults(known) == {
        ("/extra/kind", "missing"),
        ("/extra/cause", "literal_error"),
        ("/extra/needed_fen", "missing"),
        ("/extra/pets", "extra_forbidden"),
    }
    assert faults(of_another) == {("/extra/self_care", "extra_forbidden")}
    assert faults(line) == {("/income/0/member", "member_unknown")}


async def test_a_list_may_say_more_in_extra_but_not_twice(anyone):
    alone = {**SELF, "birth_date": "1950-05-06", "can_work": False}
    supporter = {"ref": "s1", "relation": "child"}
    destitute = asked(program="destitute_support", members=[alone])

    more = await anyone.post(CHECK, json={**destitute, "extra": {"supporters": [{**supporter, "status": "destitute"}]}})
    plain = await anyone.post(CHECK, json={**destitute, "supporters": [supporter]})
    twice = await anyone.post(
        CHECK, json={**destitute, "supporters": [supporter], "extra": {"supporters": [supporter]}}
    )

    assert (more.status_code, plain.status_code) == (200, 200)
    assert faults(twice) == {("/extra/supporters", "given_twice")}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"members": []}, "/members"),
        ({"members": [SELF] * 51}, "/members"),
        ({"members": [{**SELF, "name": "测试甲"}]}, "/members/0/name"),
        ({"income": [{**WAGE, "amount_fen": -1}]}, "/income/0/amount_fen"),
        ({"income": [WAGE] * 201}, "/income"),
        ({"area_class": "city"}, "/area_class"),
        ({"on": "20261123"}, "/on"),
        ({"phone": "19000000001"}, "/phone"),
    ],
)
async def test_what_does_not_fit_is_named(anyone, wrong, pointer):
    answer = await anyone.post(CHECK, json=asked(**wrong))

    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")
    assert pointer in {at for at, _ in faults(answer)}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"program": "price_subsidy"}, "program_unknown"),
        ({"division": "532529999999"}, "division_unknown"),
        ({"division": "110101001001"}, "division_unknown"),
        ({"on": "2019-12-31"}, "standard_missing"),
        ({"on": "2021-06-30"}, "rules_not_in_force"),
        ({"on": "2014-06-30", "members": [SELF]}, "standard_missing"),
        ({"members": [{**SELF, "relation": "child"}]}, "answers_not_valid"),
    ],
)
async def test_what_cannot_be_judged_is_a_problem_with_a_name(anyone, wrong, code):
    answer = await anyone.post(CHECK, json=asked(**wrong))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_nobody_is_born_after_the_day_that_is_judged(anyone):
    answer = await anyone.post(CHECK, json=asked(members=[SELF, {**CHILD, "birth_date": "2026-11-24"}]))

    assert faults(answer) == {("/members/1/birth_date", "in_future")}
    assert answer.json()["errors"][0]["detail"] == "日期不能晚于测算之日"


async def test_without_a_day_it_is_today(anyone):
    body = asked()
    del body["on"]

    answer = await anyone.post(CHECK, json=body)

    assert answer.json()["judged_on"] == "2026-11-23"


async def test_no_table_and_no_log_holds_anything_of_it(anyone, owner_connection):
    before = await _sizes(owner_connection)

    with structlog.testing.capture_logs() as logs:
        right = await anyone.post(CHECK, json=asked(income=[{**WAGE, "amount_fen": 31_337}]))
        wrong = await anyone.post(CHECK, json=asked(income=[{**WAGE, "amount_fen": 31_337, "member": "m9"}]))

    assert (right.status_code, wrong.status_code) == (200, 422)
    assert right.headers["cache-control"] == "no-store"
    assert await _sizes(owner_connection) == before
    written = json.dumps(logs, default=str)
    assert not [word for word in ("31337", "1980-05-06", "m9", "wage") if word in written]


async def test_no_key_is_needed_and_the_same_question_gets_the_same_answer(anyone):
    answers = [await anyone.post(CHECK, json=asked(income=[WAGE]), headers={"Idempotency-Key": ""}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_an_address_may_ask_so_often_and_no_more(anyone, narrow, monkeypatch):
    address, moment = "127.0.0.1", 1000.0
    monkeypatch.setattr("app.api.common.limits.time", SimpleNamespace(monotonic=lambda: moment))  # nothing refills
    for _ in range(SELF_CHECKS_CALLER.quota - 1):
        narrow.buckets.use(SELF_CHECKS_CALLER, address, SELF_CHECKS_CALLER.quota, moment)

    last, refused = [await anyone.post(CHECK, json=asked()) for _ in range(2)]

    assert (last.status_code, refused.status_code) == (200, 429)
    assert last.headers["ratelimit-policy"] == '"self_checks_caller";q=600;w=60'
    assert int(refused.headers["retry-after"]) <= SELF_CHECKS_CALLER.window


async def _sizes(owner):
    return {name: await owner.fetchval(f"SELECT count(*) FROM {name}") for name in sorted(Base.metadata.tables)}


@pytest.mark.parametrize("area_class", ["urban", "rural"])
async def test_destitute_support_is_paid_by_the_published_base_in_town_and_country(anyone, area_class):
    alone = {**SELF, "birth_date": "1950-05-06", "can_work": False}
    declared = asked(program="destitute_support", members=[alone], area_class=area_class)

    answer = await anyone.post(CHECK, json=declared)

    assert answer.json()["monthly_amount_fen"] == 83_600
    assert "836.00" in finding(answer, "base_published")["message"]


async def test_care_of_the_destitute_is_paid_as_it_was_published_for_their_tier(anyone):
    alone = {**SELF, "birth_date": "1950-05-06", "can_work": False}
    extra = {"self_care": {**SELF_CARE, "bathes": False}}

    answer = await anyone.post(CHECK, json=asked(program="destitute_support", members=[alone], extra=extra))

    assert answer.json()["monthly_amount_fen"] == 83_600 + 41_800
    assert "照料护理标准 418.00 元" in finding(answer, "support_worked_out")["message"]


async def test_what_is_open_about_care_is_said_and_nothing_else(anyone):
    alone = {**SELF, "birth_date": "1950-05-06", "can_work": False}

    answer = await anyone.post(CHECK, json=asked(program="destitute_support", members=[alone]))

    message = finding(answer, "care_open")["message"]
    assert "836.00 元，为基本生活标准；尚未评估生活自理能力" in message


@pytest.mark.parametrize("area_class", ["urban", "rural"])
async def test_a_base_below_the_floor_is_lifted_and_the_finding_says_so(anyone, database, area_class):
    async with database.unit_of_work() as db:
        await build_in_force(db, standard_draft(name="urban", value={"amount_fen": 70_000, "period": "month"}))
    alone = {**SELF, "birth_date": "1950-05-06", "can_work": False}
    declared = asked(program="destitute_support", members=[alone], area_class=area_class)

    answer = await anyone.post(CHECK, json=declared)

    told = finding(answer, "base_below_floor")
    assert answer.json()["monthly_amount_fen"] == 91_000
    assert "每月 836.00 元，低于当地城市最低生活保障标准每月 700.00 元的 1.3 倍" in told["message"]
    assert "国发〔2016〕14号" in "".join(told["law"])


@pytest.mark.parametrize(("region", "words"), [({"fen": 100_000}, "超过规定的上限"), (None, "当地尚未规定上限")])
async def test_whether_aid_has_a_ceiling_here_is_said_as_it_is(anyone, database, region, words):
    if region is not None:
        async with database.unit_of_work() as db:
            await build_in_force(db, parameter_draft("ceiling", region, program="temporary_aid"))
    fire = {"kind": "emergency", "cause": "fire", "needed_fen": 500_000}

    answer = await anyone.post(CHECK, json=asked(program="temporary_aid", extra=fire))

    message = finding(answer, "within_ceiling")["message"]
    assert words in message
    assert ("超过" in message) is (region is not None)


async def test_a_place_that_is_none_is_pointed_at_with_the_day_that_was_asked(anyone):
    answer = await anyone.post(CHECK, json=asked(division="532529999999", on="2020-01-01"))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "division_unknown")
    assert "2020-01-01" in problem["detail"]
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/division", "division_not_known")]
