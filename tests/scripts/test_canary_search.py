"""A search that finds nothing proves nothing: here it has to find what was hidden in every way it says it knows."""

import base64
import json
import secrets
from urllib.parse import quote

import pytest

from scripts.local.canaries.people import markers, plant
from scripts.local.canaries.search import Search

PEOPLE = plant(3)
KNOWN = markers(PEOPLE)
SEARCH = Search(KNOWN)
FIELDS = {field: marker for marker, field in KNOWN.items()}

CARRIED = {
    "UTF-8": lambda text: text.encode(),
    "UTF-16LE": lambda text: text.encode("utf-16-le"),
    "UTF-16BE": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "hex, odd": lambda text: b"a" + text.encode().hex().encode(),
    "hex, upper": lambda text: text.encode().hex().upper().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, shifted by one": lambda text: base64.b64encode(b"x" + text.encode() + b"yz"),
    "base64, shifted by two": lambda text: base64.b64encode(b"xx" + text.encode() + b"y"),
    "base64, behind letters": lambda text: b"abc" + base64.b64encode(text.encode() + b"---"),
    "base64, for addresses": lambda text: base64.urlsafe_b64encode(b"\xff\xef" + text.encode()),
    "base64 in hex": lambda text: base64.b64encode(text.encode() + b"--").hex().encode(),
}
ESCAPED = {
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": text})).encode(),
    "JSON in hex": lambda text: json.dumps(text).encode().hex().encode(),
    "percent": lambda text: quote(text).encode(),
    "percent in an address": lambda text: f"GET /?name={quote(text)}&x=1".encode(),
    "GB 18030": lambda text: text.encode("gb18030"),
}


@pytest.mark.parametrize("carry", [*CARRIED.values(), *ESCAPED.values()], ids=[*CARRIED, *ESCAPED])
def test_a_name_is_found_however_it_is_carried(carry):
    hidden = secrets.token_bytes(500) + b" " + carry(FIELDS["minor's name"]) + b" " + secrets.token_bytes(500)

    assert "minor's name" in {field for field, _ in SEARCH.find(hidden)}


@pytest.mark.parametrize("field", ["identity number", "minor's number", "phone", "reporter's phone", "account"])
@pytest.mark.parametrize("carry", CARRIED.values(), ids=CARRIED)
def test_a_number_is_found_however_it_is_carried(carry, field):
    hidden = secrets.token_bytes(500) + b" " + carry(FIELDS[field]) + b" " + secrets.token_bytes(500)

    assert field in {found for found, _ in SEARCH.find(hidden)}


def test_every_field_of_every_person_has_a_marker_of_its_own():
    many = plant(1000)

    assert len(markers(many)) == sum(len(person.members) + 14 + 3 for person in many) + 1  # the control


def test_random_bytes_and_the_markers_of_others_are_no_finds():
    stranger = next(marker for marker, field in markers(plant(900)).items() if marker not in KNOWN)

    assert not SEARCH.find(secrets.token_bytes(2_000_000))
    assert not SEARCH.find(stranger.encode())


def test_masked_values_are_no_finds():
    shown = f"测*试 {PEOPLE[0].head.id_number[:4]}**********{PEOPLE[0].head.id_number[-4:]} 190****0000"

    assert not SEARCH.find(shown.encode())
