"""How a catalogue fills its words: only with what they name, and every other sign stands as it is."""

import pytest

from app.programs.texts import Catalogue, Text

_CATALOGUE = Catalogue(
    {
        "plain": Text(zh="百分之百 100%", en="100% {{sure}}"),
        "filled": Text(zh="{kinds}共 {held} 元，占 50%，{reason}", en="{kinds}: {held} yuan, 50%, {reason}"),
        "kinds.deposit": Text(zh="存款", en="deposits"),
        "reason.old": Text(zh="年满60周岁", en="60 or older"),
    }
)
_VALUES = {"kinds": ["deposit", "boat"], "held_fen": -105, "reason": "old", "unused": {"deep": [1]}}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "存款、boat共 -1.05 元，占 50%，年满60周岁"), ("en", "deposits, boat: -1.05 yuan, 50%, 60 or older")],
)
def test_amounts_codes_and_lists_are_written_as_people_read_them(language, words):
    assert _CATALOGUE.render("filled", language, _VALUES) == words


def test_a_text_without_places_stands_as_it_is():
    assert _CATALOGUE.render("plain", "zh") == "百分之百 100%"
    assert _CATALOGUE.render("plain", "en", _VALUES) == "100% {sure}"


def test_a_value_that_is_missing_is_no_blank():
    with pytest.raises(KeyError):
        _CATALOGUE.render("filled", "zh", {"kinds": []})
