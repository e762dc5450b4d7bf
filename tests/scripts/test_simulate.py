"""A changed standard or parameter: who would get more, less, something at all, and what the county would pay."""

import json
import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.awards.commands import open_award_of
from app.notices.jobs import end_notices
from app.programs.assessment import Outcome
from app.programs.living_allowance.program import LivingAllowance
from app.reference.commands import LocalParameter, put_parameter
from app.reference.queries import list_parameters, resolve_standard
from app.review.book import read_book
from app.review.commands import confirm, refuse
from app.review.grounds import RefusalGround
from app.review.numbers import standard_of, value_of
from scripts.local.narration import Refusal
from scripts.local.processes import Stop
from scripts.local.simulate.book import Day, Numbering
from scripts.local.simulate.caseload import count_county
from scripts.local.simulate.change import Change, read_change
from scripts.local.simulate.command import published_day, simulate
from scripts.local.simulate.households import Household, count
from scripts.local.simulate.population import CHUNK, chunks_of, draw_chunk
from scripts.local.simulate.report import table_of
from scripts.local.simulate.running import Task, run_parts, synthetic_parts
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.review import AMOUNT, build_office, build_verified, opine, visit
from tests.programs.builders import build_case

ON, YUNNAN = date(2026, 11, 23), "530000000000"
PROGRAM = LivingAllowance()
_FEW = ("--synthetic", "400", "--on", "2026-11-23", "--processes", "1")


def changed(**given) -> Change:
    return Change.model_validate(given)


def standard(amount_fen: int, **given):
    return {"area": YUNNAN, "area_class": "urban", "amount_fen": amount_fen, "period": "month", **given}


def household(income_fen: int, decided=None) -> Household:
    line = {"member": "m1", "kind": "wage", "amount_fen": income_fen, "period": "month"}
    return Household("532529", build_case(PROGRAM, income=[line]), decided)


def counted(change: Change, *households: Household):
    book = published_day(ON)
    return count(households, Numbering(book, book.changed(change)))


def test_a_higher_standard_has_winners_and_newly_eligible_and_costs_what_they_get():
    county = counted(changed(standards=[standard(70_000)]), household(10_000), household(65_000), household(90_000)).of(
        "532529"
    )

    assert (county.households, county.more, county.newly, county.without) == (3, 1, 1, 1)
    assert (county.less, county.lost, county.unchanged) == (0, 0, 0)
    assert (county.before_fen, county.after_fen) == (54_100, 60_000 + 5_000)


def test_a_lower_one_has_losers_and_lost():
    county = counted(changed(standards=[standard(50_000)]), household(10_000), household(60_000)).of("532529")

    assert (county.less, county.lost) == (1, 1)
    assert (county.before_fen, county.after_fen) == (54_100 + 4_100, 40_000)


def test_a_change_elsewhere_leaves_a_place_as_it_is():
    county = counted(changed(standards=[standard(99_000, area="530600000000")]), household(10_000)).of("532529")

    assert (county.unchanged, county.before_fen) == (1, county.after_fen)


def test_a_place_s_own_standard_comes_before_that_of_the_province():
    own = standard(90_000, area="530102000000")  # the county of the household's village

    county = counted(changed(standards=[own, standard(70_000)]), household(10_000)).of("532529")

    assert county.after_fen == 80_000


def test_a_changed_parameter_decides_as_it_does_in_a_case():
    supplement = [
        {"area": YUNNAN, "name": "supplement.all", "value": {"for": "elderly", "from_age": 18, "fen": 5_000}},
        {"area": YUNNAN, "name": "supplement_stacking", "value": "sum"},
    ]

    county = counted(changed(parameters=supplement), household(10_000)).of("532529")

    assert (county.more, county.after_fen - county.before_fen) == (1, 5_000)


def test_what_the_rules_leave_to_a_person_counts_where_the_county_granted_it():
    owns = build_case(PROGRAM, property=[{"kind": "vehicle", "owner": "m1"}])

    tally = counted(changed(standards=[standard(70_000)]), Household("a", owns, "granted"), Household("b", owns))

    assert (tally.of("a").before_fen, tally.of("a").after_fen, tally.of("a").open) == (64_100, 70_000, 0)
    assert (tally.of("b").after_fen, tally.of("b").open) == (0, 1)


def test_who_was_refused_for_his_income_may_become_eligible_and_who_was_for_something_else_does_not():
    county = counted(
        changed(standards=[standard(70_000)]), household(65_000, "refused"), household(10_000, "refused")
    ).of("532529")

    assert (county.newly, county.without) == (1, 1)
    assert (county.before_fen, county.after_fen) == (0, 5_000)


def test_made_up_households_are_the_same_for_the_same_seed_and_of_all_sorts():
    once, again = [list(draw_chunk(3, 2, 300, ON)) for _ in range(2)]
    numbering = Numbering(published_day(ON), published_day(ON))
    outcomes = {
        PROGRAM.assess(each.case, numbering.of(each.case.division, each.case.area_class).before.parameters, ON).outcome
        for each in once
    }

    assert once == again
    assert once != list(draw_chunk(4, 2, 300, ON))
    assert outcomes == set(Outcome)


def test_the_sums_do_not_depend_on_how_the_work_is_shared():
    book = published_day(ON)
    task = Task(book, book.changed(changed(standards=[standard(70_000)])))

    alone = run_parts(task, synthetic_parts(1, 2 * CHUNK + 500, ON), 1)
    shared = run_parts(task, synthetic_parts(1, 2 * CHUNK + 500, ON), 2)

    assert chunks_of(2 * CHUNK + 500) == [(0, CHUNK), (1, CHUNK), (2, 500)]
    assert shared == alone
    assert alone.total().households == 2 * CHUNK + 500


@pytest.fixture
def change_file(tmp_path: Path) -> Path:
    path = tmp_path / "change.yaml"
    path.write_text(f'standards:\n  - {{area: "{YUNNAN}", area_class: rural, amount_fen: 520000, period: year}}\n')
    return path


def test_the_command_shows_a_table_and_writes_picture_list_and_data(change_file, tmp_path, capsys):
    files = {name: tmp_path / f"out.{name}" for name in ("svg", "csv", "json")}
    options = [each for name, path in files.items() for each in (f"--{name}", str(path))]

    code = simulate([str(change_file), *_FEW, *options], Stop())

    shown, data = capsys.readouterr().out, json.loads(files["json"].read_text())
    assert code == 0
    assert "400 households judged twice" in shown
    assert data["total"]["households"] == 400
    assert data["total"]["after_fen"] > data["total"]["before_fen"] > 0
    assert sum(county["more"] for county in data["counties"]) == data["total"]["more"]
    assert len(files["csv"].read_text().splitlines()) == 1 + len(data["counties"])
    picture = ElementTree.parse(files["svg"]).getroot()
    bars = [each for each in picture.iter("{http://www.w3.org/2000/svg}rect") if each.get("height") == "10"]
    assert len(bars) == 2 * len(data["counties"])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("standards: [", "no YAML"),
        ("{}", "changes nothing"),
        ("standard: []", "/standard"),
        ("standards: [{area: 53, area_class: rural, amount_fen: 1, period: year}]", "/standards/0/area"),
        ('parameters: [{area: "530000000000", name: edge_ratio}]', "/parameters/0/value"),
    ],
)
def test_a_change_that_is_not_of_the_form_is_refused_by_name(tmp_path, content, why):
    path = tmp_path / "change.yaml"
    path.write_text(content)

    with pytest.raises(Refusal, match=why):
        read_change(path)


def test_a_value_that_the_rules_cannot_read_is_refused(tmp_path):
    path = tmp_path / "change.yaml"
    path.write_text(f'parameters: [{{area: "{YUNNAN}", name: edge_ratioo, value: "2"}}]')

    with pytest.raises(Refusal, match="edge_ratioo"):
        simulate([str(path), *_FEW], Stop())


async def test_the_numbers_of_a_place_are_those_that_a_case_is_judged_by(database):
    values = {YUNNAN: "2", "532500000000": "7/4", "530600000000": "3"}
    async with database.unit_of_work() as db:
        for area, ratio in values.items():
            await put_parameter(
                db, LocalParameter("living_allowance", "edge_ratio", area, ratio, "测试规定", date(2026, 1, 1))
            )

    async with database.reading() as db:
        book = Day(ON, await read_book(db, PROGRAM))
        numbers = Numbering(book, book)
        for division, area_class in ((VILLAGE, "rural"), (VILLAGE, "urban"), ("530622001203", "rural")):
            found = numbers.of(division, area_class).before.parameters
            row = await resolve_standard(db, "living_allowance", division, area_class, ON)
            local = {each.name: value_of(each) for each in await list_parameters(db, PROGRAM.code, division, ON)}
            assert found.standard == standard_of(row)
            assert found.values["edge_ratio"] == local["edge_ratio"]


async def test_the_caseload_is_what_is_in_force_and_what_was_refused_within_a_year(database, clock):
    office = await build_office(database)
    for outcome in ("granted", "refused"):
        case = await build_verified(database)
        await visit(database, case, office)
        await opine(database, case, office)
        clock.advance(timedelta(days=8))
        await end_notices(database)
        async with database.unit_of_work() as db:
            if outcome == "refused":
                await refuse(
                    db,
                    office.confirmer,
                    case.id,
                    reasons=["家庭财产状况不符合规定。"],
                    ground=RefusalGround.PROPERTY_DIFFERS,
                )
            else:
                decision = await confirm(db, office.confirmer, case.id)
                await open_award_of(db, case.id, decision.id)
    on = clock.now().date()

    async with database.reading() as db:
        book = Day(on, await read_book(db, PROGRAM))
    higher = Numbering(book, book.changed(changed(standards=[standard(600_000, area_class="rural", period="year")])))
    now = await count_county(database, COUNTY[:6], on, higher)
    later = await count_county(database, COUNTY[:6], on + timedelta(days=400), higher)

    county = now.of("532529")
    assert (county.households, county.more, county.without) == (2, 1, 1)
    assert (county.before_fen, county.after_fen) == (AMOUNT, 150_000)
    assert later.of("532529").households == 1
    assert (await count_county(database, "530622", on, higher)).counties == {}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ({"area_class": "rural", "amount_fen": 520_000, "period": "year"}, "standards"),
        ({"name": "edge_ratio", "value": "2"}, "parameters"),
    ],
)
def test_what_is_drafted_at_the_console_can_be_tried_first(tmp_path, number, kind):
    document = {"number": "1", "title": "通知", "issuer": "测试民政厅", "published_on": "2026-11-01"}
    shared = {"program": "living_allowance", "area": "530000000000", "valid_from": "2026-07-01", "valid_to": None}
    path = tmp_path / "draft.json"
    path.write_text(json.dumps({**shared, **number, "note": "", "document": document}), encoding="utf-8")

    change = read_change(path)

    (line,) = getattr(change, kind)
    assert (line.area, len(change.standards) + len(change.parameters)) == ("530000000000", 1)


def test_the_table_accounts_for_every_household():
    change = changed(standards=[standard(70_000)])

    shown = table_of(counted(change, household(10_000), household(65_000), household(90_000)), {}).splitlines()

    row = dict(zip(shown[0].split()[1:9], map(int, shown[-1].split()[1:9]), strict=True))
    assert row["without"] == 1
    assert row["households"] == sum(row[name] for name in ("more", "less", "same", "newly", "lost", "without"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("edge_ration", "did you mean edge_ratio?"),
        ("amount_methods", "did you mean amount_method or amount_tiers?"),
        ("suplement.elderly", "did you mean supplement.elderly?"),
        ("membership", "did you mean membership.<code>?"),
        ("property.", "did you mean property.<code> or property_exempt.<code>?"),
        ("zzz", "there are amount_method, "),
    ],
)
@pytest.mark.parametrize("value", ["2", None])
def test_a_misspelt_parameter_is_refused_by_its_name_with_those_it_may_have_meant(tmp_path, capsys, name, hint, value):
    path = tmp_path / "change.yaml"
    path.write_text(json.dumps({"parameters": [{"area": YUNNAN, "name": name, "value": value}]}), encoding="utf-8")

    with pytest.raises(Refusal) as refusal:
        simulate([str(path), *_FEW], Stop())

    assert f"The rules know no parameter '{name}'; {hint}" in str(refusal.value)
    assert "{" not in str(refusal.value)
    assert not capsys.readouterr().out


def test_a_value_that_no_rule_can_read_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "change.yaml"
    path.write_text(json.dumps({"parameters": [{"area": YUNNAN, "name": "edge_ratio", "value": "much"}]}), "utf-8")

    with pytest.raises(Refusal) as refusal:
        simulate([str(path), *_FEW], Stop())

    assert str(refusal.value) == (
        "These numbers cannot be used. A regional parameter cannot be used (unreadable: edge_ratio)."
    )
