"""Decisions of every earlier version of the rules, kept with their digests, are judged again to the byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.programs.canonical import canonical_bytes
from app.programs.registry import PROGRAMS, get_program

_FILES = sorted(Path(__file__).parent.glob("*/decisions/rules_*.json"))
_KEPT = [
    (file.parent.parent.name, int(file.stem.removeprefix("rules_")), decided)
    for file in _FILES
    for decided in json.loads(file.read_text("utf-8"))
]


@pytest.mark.parametrize(
    ("program", "version", "decided"), _KEPT, ids=[f"{name}-{version}-{kept['name']}" for name, version, kept in _KEPT]
)
def test_a_decision_replays_to_the_bytes_of_its_version(program: str, version: int, decided: dict[str, Any]) -> None:
    again = get_program(program).replay(decided["case"], decided["parameters"], version)

    assert hashlib.sha256(canonical_bytes(again.as_json())).hexdigest() == decided["sha256"]


def test_decisions_of_every_earlier_version_are_kept() -> None:
    kept = {(program, version) for program, version, _ in _KEPT}

    earlier = {
        (program.code, version)
        for program in PROGRAMS.values()
        for version in program.replays
        if version < program.rules_version
    }
    assert earlier == kept
