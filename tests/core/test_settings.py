"""The partners file: what is wrong in it is named, with the partner, before anything starts."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import PartnersFileWrong, Settings


def read(folder: Path, entry: dict[str, Any]) -> object:
    path = folder / "partners.json"
    path.write_text(json.dumps({"tax": entry}))
    return Settings.model_construct(partners_file=path).partners()["tax"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"base_url": "https://agency.test", "max_byte": 4096}, "tax: max_byte: Unexpected"),
        ({"base_url": "https://agency.test", "deadline": "5"}, "tax: deadline"),
        ({"base_url": "https://agency.test", "deadline": 60}, "tax: deadline"),
        ({"secret": "ours"}, "tax: .*base_url"),
    ],
)
def test_what_is_wrong_in_the_partners_file_is_said_with_the_partner(tmp_path: Path, entry: dict[str, Any], said: str):
    with pytest.raises(PartnersFileWrong, match=said):
        read(tmp_path, entry)


def test_what_is_wrong_is_named_without_its_value(tmp_path: Path):
    with pytest.raises(PartnersFileWrong) as refused:
        read(tmp_path, {"base_url": "https://agency.test", "secrets": "of-the-sandbox", "inbound_key": 417})

    assert not any(value in str(refused.value) for value in ("of-the-sandbox", "417"))


def test_what_a_connection_may_say_is_read(tmp_path: Path):
    connection = read(tmp_path, {"base_url": "https://agency.test", "secret": "ours", "deadline": 2.5})

    assert (connection.base_url, connection.deadline) == ("https://agency.test", 2.5)
