"""What a refusal says beyond its title is told in the caller's language, and completely."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app.api.common.detail_words import SENTENCES
from app.api.common.problem_pages import every_refusal
from app.core.errors import DomainError
from tests.builders.applications import build_draft, build_household

APP = Path(__file__).parents[3] / "app"
_CHINESE = re.compile("[\u4e00-\u9fff]")
_OWN = {"faults", "retry_after", "extra"}  # what every refusal takes beside the values of its sentence
_REFUSALS = {refusal.__name__ for refusal in every_refusal().values()}
_BY_CODE = {
    "Unfit": "app/files: says its sentence from another process",
    "PartnerRejected": "app/identity: has the code and the page of TokenRejected",
}


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def _said() -> Iterator[tuple[str, ast.Call]]:
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            by_name = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if by_name and node.func.id in _REFUSALS | _BY_CODE.keys():
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def test_every_sentence_that_a_refusal_names_is_there_and_filled():
    named = set()
    for place, call in _said():
        [sentence] = call.args
        if not isinstance(sentence, ast.Constant):
            assert place.startswith("files/"), f"{place} names a sentence that cannot be looked up"
            continue
        assert isinstance(sentence.value, str)
        given = {keyword.arg for keyword in call.keywords} - _OWN
        assert _placeholders(SENTENCES[sentence.value][0]) == given, place
        named.add(sentence.value)
    of_files = {key for key in SENTENCES if key.startswith(("pdf_", "file_"))}
    assert named | of_files == SENTENCES.keys()


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_sentences_are_chinese_and_english(key: str):
    chinese, english = SENTENCES[key]

    assert _CHINESE.search(chinese)
    assert not _CHINESE.search(english)
    assert _placeholders(chinese) == _placeholders(english)


def test_no_value_of_a_sentence_is_named_like_what_every_refusal_takes():
    assert not {name for words, _ in SENTENCES.values() for name in _placeholders(words)} & {*_OWN, "detail", "self"}
    assert DomainError("step_now", action="submit", status="draft").values == {"action": "submit", "status": "draft"}


async def test_a_step_that_is_not_possible_is_explained_in_both_languages(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    url = f"/v1/applications/{draft.id}/supplement"

    promise = {"truth_promised": True}

    chinese = await phone.post(url, json=promise)
    english = await phone.post(url, json=promise, headers={"Accept-Language": "en"})

    assert {chinese.json()["code"], english.json()["code"]} == {"step_not_allowed"}
    assert _CHINESE.search(chinese.json()["detail"])
    assert not _CHINESE.search(english.json()["detail"])
