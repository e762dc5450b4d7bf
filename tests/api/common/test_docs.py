"""The interactive docs open in a network without the internet."""

import re

import pytest


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_the_docs_load_nothing_from_outside(anyone, page):
    html = (await anyone.get(page)).text

    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", html)
    assert loaded
    assert not [address for address in loaded if "//" in address.removeprefix("http://test")]
    for address in loaded:
        assert (await anyone.get(address)).status_code == 200, address


async def test_an_address_without_anything_is_a_problem_too(anyone):
    answer = await anyone.get("/nowhere")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "no_such_address"


async def test_a_method_that_is_not_there_names_those_that_are(anyone):
    answer = await anyone.delete("/v1/auth/otp")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "OPTIONS, POST"


async def test_what_is_wrong_with_a_field_is_said_in_the_callers_language(anyone):
    chinese = await anyone.post("/v1/auth/otp", json={})
    english = await anyone.post("/v1/auth/otp", json={}, headers={"Accept-Language": "en"})

    assert chinese.json()["errors"] == [{"pointer": "/phone", "code": "missing", "detail": "缺少此项"}]
    assert english.json()["errors"][0]["detail"] == "this is missing"
