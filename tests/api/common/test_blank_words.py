"""Reasons, opinions and findings go into written notices: what shows nothing is none."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.api.common.schemas import Paragraph
from app.api.console.hearing_schemas import HearIn

_PARAGRAPH = TypeAdapter(Paragraph)
# white space, narrow and ideographic; joiners, marks of direction, a soft hyphen; fillers; controls
_BLANK = [
    " ", "\n\t ", "\u00a0", "\u2003", "\u3000\u3000", "\u2028",
    "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u00ad", "\ufe0f",
    "\u2800", "\u3164", "\u0085",
]  # fmt: skip


@pytest.mark.parametrize("blank", [*_BLANK, "".join(_BLANK)])
def test_what_shows_nothing_is_no_reason(blank):
    with pytest.raises(ValidationError) as refused:
        _PARAGRAPH.validate_python(blank)

    assert [each["type"] for each in refused.value.errors()] == ["string_pattern_mismatch"]


@pytest.mark.parametrize("said", ["好", " 属实。\n", "\u3000\u3000不同意。", "·", "👍", "OK"])
def test_whatever_shows_something_is_taken_as_it_was_written(said):
    assert _PARAGRAPH.validate_python(said) == said


def test_a_recipient_who_was_heard_has_said_something():
    heard = {"about": "reduce", "heard_on": "2026-11-24"}
    with pytest.raises(ValidationError, match="opinion"):
        HearIn.model_validate({**heard, "opinion": "\u3000"})

    assert HearIn.model_validate({**heard, "opinion": "不同意"}).opinion == "不同意"
