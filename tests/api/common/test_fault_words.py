"""What is wrong with a field is told in the caller's language, whoever found it: pydantic, our rules, the protocol."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from app.api.common.fault_words import WORDS, words_for
from app.core.errors import Fault
from tests.builders.applications import build_draft, build_household

APP = Path(__file__).parents[3] / "app"
ENGLISH = {"Accept-Language": "en"}
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SAYING = {"Fault": 1, "Refused": 1, "JsonRefused": 0, "_fault": 2}  # who says it → where its code stands
_PASSED_ON = {
    "api/common/intake.py",
    "api/common/problems.py",
    "programs/declaration.py",
    "api/public/eligibility_checks.py",
}


def _said() -> Iterator[tuple[str, ast.Call, int]]:
    """Every place of the product where a fault is said: file, call, and which argument is the code."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING:
                yield str(path.relative_to(APP)), node, _SAYING[node.func.id]


def _texts(argument: ast.expr) -> set[str]:
    """The texts an argument may be: itself, or both arms of a condition."""
    arms = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return {arm.value for arm in arms if isinstance(arm, ast.Constant) and isinstance(arm.value, str)}


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_every_fault_that_is_said_has_words():
    places = [place for place in _said() if not place[0].startswith("sandbox/")]
    assert len(places) > 40
    for file, call, at in places:
        codes = _texts(call.args[at])
        assert codes or file in _PASSED_ON, f"{file}:{call.lineno} says a code that cannot be looked up"
        abouts = _texts(call.args[at + 1]) if len(call.args) > at + 1 else {""}
        for key in {f"{code}.{about}" if about else code for code in codes for about in abouts}:
            assert key in WORDS, f"{file}:{call.lineno} has no words"
            given = {keyword.arg for keyword in call.keywords}
            assert _placeholders(WORDS[key][0]) == given, (
                f"{file}:{call.lineno} gives other numbers than its words name"
            )


@pytest.mark.parametrize("key", sorted(WORDS))
def test_words_are_chinese_and_english(key: str):
    chinese, english = WORDS[key]

    assert _CHINESE.search(chinese)
    assert not _CHINESE.search(english)
    assert english.isascii()
    assert _placeholders(chinese) == _placeholders(english)


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_whatever_pydantic_finds_is_told_in_words_of_ours(kind: str):
    fault = Fault("/x", kind)

    assert _CHINESE.search(words_for(fault, english=False))
    assert words_for(fault, english=True) != kind.replace("_", " ")


@pytest.mark.parametrize(
    ("content", "label", "code"),
    [
        (b"{", "application/json", "syntax"),
        (b'{"phone": 1.5}', "application/json", "number"),
        (b"{}", "text/plain", "content_type"),
        (b" " * 300_000, "application/json", "too_long"),
    ],
)
async def test_what_the_protocol_refuses_is_told_in_both(anyone, content: bytes, label: str, code: str):
    sent = {"Content-Type": label}

    assert await _told_in_both(anyone, "POST", "/v1/auth/otp", content=content, headers=sent) == [("", code)]


async def test_a_malformed_id_in_the_address_is_told_in_both(phone):
    faults = await _told_in_both(phone, "GET", "/v1/applications/5")

    assert faults == [("/path/application_id", "spelling")]


async def test_a_minors_missing_authorisation_says_that_the_guardian_signs(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    child = next(member_id for member_id, details in household.members if details.relation == "child")
    applicant = household.members[0][0]
    await phone.delete(f"/v1/applications/{draft.id}/authorisations/{applicant}")

    url = f"/v1/applications/{draft.id}/submit"
    answer = await phone.post(url, json={"truth_promised": True}, headers=ENGLISH)

    words = {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}
    assert "guardian" in words[f"/members/{child}"]
    assert "guardian" not in words[f"/members/{applicant}"]
    await _told_in_both(phone, "POST", url, json={"truth_promised": False})


async def test_a_conflict_and_an_answer_that_does_not_fit_are_told_in_both(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    url = f"/v1/applications/{draft.id}"
    sent = {"Content-Type": "application/merge-patch+json", "If-Match": (await phone.get(url)).headers["etag"]}
    await phone.patch(url, json={"address": "测试村2号"}, headers=sent)

    assert await _told_in_both(phone, "PATCH", url, json={"address": "测试村3号"}, headers=sent) == [
        ("/address", "edited_elsewhere")
    ]
    wrong = {"answers": {"income": [{"member": "a", "kind": "none", "amount_fen": -1, "period": "month"}]}}
    assert len(await _told_in_both(phone, "PATCH", url, json=wrong, headers=sent)) == 2


async def _told_in_both(client, method: str, url: str, *, headers=None, **body) -> list[tuple[str, str]]:
    """Ask in Chinese and in English; return what both name as wrong."""
    chinese = await client.request(method, url, headers=headers, **body)
    english = await client.request(method, url, headers={**(headers or {}), **ENGLISH}, **body)
    told = [(fault["pointer"], fault["code"]) for fault in chinese.json()["errors"]]
    assert told
    assert told == [(fault["pointer"], fault["code"]) for fault in english.json()["errors"]]
    assert all(_CHINESE.search(fault["detail"]) for fault in chinese.json()["errors"])
    assert all(fault["detail"].isascii() for fault in english.json()["errors"])
    return told
