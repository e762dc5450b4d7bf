"""The service guide: for every program, in both languages, with the limits that deadlines are computed with."""

import pytest

from app.api.common.progress import STEP_TITLES
from app.applications.clocks import LIMITS
from app.programs.registry import PROGRAMS
from app.programs.service_items import read_service_item


async def test_every_program_has_its_guide_in_both_languages(anyone):
    answer = await anyone.get("/v1/public/service-items")

    items = answer.json()["items"]
    assert answer.status_code == 200
    assert [item["program"] for item in items] == list(PROGRAMS)
    for item in items:
        assert item["basis"]
        assert item["conditions"]
        assert item["materials"]
        for words in _words(item):
            assert words["zh"]
            assert words["en"]


async def test_the_limits_are_those_of_the_clocks(anyone):
    (item, *_) = (await anyone.get("/v1/public/service-items")).json()["items"]

    limits = {limit["step"]: (limit["days"], limit["unit"]) for limit in item["time_limits"]}
    assert limits["notice"] == (7, "calendar_days")
    assert limits["confirmation"] == (10, "working_days")
    assert limits["decision"] == (30, "working_days")
    assert limits["decision_extended"] == (45, "working_days")


async def test_only_what_can_be_applied_for_here_shows_the_limits_of_our_clocks(anyone):
    items = (await anyone.get("/v1/public/service-items")).json()["items"]

    assert {item["program"] for item in items if item["open_for_applications"]} == {"living_allowance"}
    assert all(bool(item["time_limits"]) is item["open_for_applications"] for item in items)


@pytest.mark.parametrize("kind", LIMITS)
def test_every_step_has_a_title(kind):
    assert STEP_TITLES[kind]


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_agencies_can_confirm_is_asked_for(program):
    codes = {material.code for material in read_service_item(program).materials}

    assert not codes & {"household_register", "marriage_certificate", "vehicle_registration", "real_estate_certificate"}


def _words(node):
    if isinstance(node, dict):
        if set(node) == {"zh", "en"}:
            yield node
        else:
            for value in node.values():
                yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)


async def test_one_guide_is_read_alone(anyone):
    answer = await anyone.get("/v1/public/service-items", params={"program": "living_allowance"})

    assert [item["program"] for item in answer.json()["items"]] == ["living_allowance"]


async def test_a_program_there_is_not_has_no_guide(anyone):
    answer = await anyone.get("/v1/public/service-items", params={"program": "dragon_aid"})

    assert (answer.status_code, answer.json()["code"]) == (422, "program_unknown")
