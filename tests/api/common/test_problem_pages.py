"""Every refusal has a page that says what it means and what to do, in Chinese and in English."""

import re

from app.api.common.fault_words import WORDS
from app.api.common.problem_pages import every_refusal
from app.api.common.problems import PROTOCOL_PROBLEMS


async def test_every_refusal_has_a_page_that_says_in_both_languages_what_to_do(anyone):
    codes = {*every_refusal(), *(code for code, _, _ in PROTOCOL_PROBLEMS.values())}
    assert len(codes) > 100

    for code in sorted(codes):
        page = await anyone.get(f"/problems/{code}")
        assert page.status_code == 200, code
        paragraphs = re.findall(r"<p(?: lang=\"en\")?>(.*?)</p>", page.text)
        assert [text for text in paragraphs if re.search("[\u4e00-\u9fff]", text)], code
        assert "{" not in page.text.partition("<body")[2].partition(">")[2], code


async def test_the_page_of_what_is_not_valid_lists_every_code_that_a_field_can_be_told(anyone):
    page = (await anyone.get("/problems/input_invalid")).text

    listed = re.findall(r"<tr><td><code>(.*?)</code>", page)
    assert len(listed) == len(set(listed))
    assert {key.partition(".")[0] for key in WORDS if not key.startswith("err.")} <= set(listed)
    assert "err.encryption.invalid" in listed


async def test_a_code_that_is_none_has_no_page(anyone):
    assert (await anyone.get("/problems/<b>")).status_code == 404
