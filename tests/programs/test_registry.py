"""The house rules of programs: registered, speaking both languages, pure."""

from pathlib import Path

import pytest

import app.programs
from app.programs.errors import ProgramUnknown
from app.programs.registry import PROGRAMS, get_program

_ROOT = Path(app.programs.__file__).parent


def test_every_folder_is_registered_under_its_own_name():
    folders = {path.parent.name for path in _ROOT.glob("*/program.py")}

    assert folders == set(PROGRAMS)


def test_an_unknown_code_is_refused():
    with pytest.raises(ProgramUnknown):
        get_program("free_lunch")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_every_text_speaks_both_languages(program):
    assert all(text.zh and text.en for text in program.texts.texts.values())
    assert program.title.zh
    assert program.title.en
