"""Judging a stored case again: the same bytes come out, or something is wrong."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.core.db import ReadSession
from app.programs.canonical import canonical_bytes
from app.programs.declaration import pointer
from app.programs.registry import get_program
from app.review.assessing import digest_of
from app.review.decisions import open_decision, row_of
from app.review.models import Decision

_MOST_PLACES = 50
_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Replay:
    """What was stored, what came out now, and whether the stored record is the one that was decided on.

    `row`: what the row of the decision tells now, beside what was decided, by name; it is what letters and lists show.
    """

    stored: bytes
    again: bytes
    digest_fits: bool
    decided: Mapping[str, Any]
    row: Mapping[str, Any]

    @property
    def same(self) -> bool:
        """Say whether the decision stands as it was made, to the byte."""
        return self.digest_fits and self.stored == self.again and self.decided == self.row

    def places(self) -> list[str]:
        """Name where they differ, at most the first fifty places, as JSON Pointers into assessment and decision."""
        judged = _differences(json.loads(self.stored), json.loads(self.again), ("assessment",))
        told = _differences(self.decided, self.row, ("decision",))
        return [pointer(path) for path in islice((*judged, *told), _MOST_PLACES)]


def replay_body(program_code: str, body: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return the stored judgement and the one made now from the same case and numbers, as canonical bytes.

    The rules are those of the version it was judged under.

    Raises:
        RulesVersionUnknown: those rules are not here any more.
    """
    stored = body["assessment"]
    again = get_program(program_code).replay(body["case"], body["parameters"], stored["rules_version"])
    return canonical_bytes(stored), canonical_bytes(again.as_json())


def replay_decision(db: ReadSession, decision: Decision) -> Replay:
    """Judge the case of a decision again, by the numbers it was decided with.

    Raises:
        RulesVersionUnknown: the rules it was decided under are not here any more.
        ValueErased: it went with the case's file.
    """
    body = open_decision(db, decision)
    stored, again = replay_body(decision.program, body)
    row = json.loads(canonical_bytes(row_of(decision)))
    return Replay(
        stored=stored,
        again=again,
        digest_fits=digest_of(canonical_bytes(body)) == decision.digest,
        decided={name: body["decision"].get(name) for name in row},
        row=row,
    )


def _differences(one: Any, other: Any, path: _Path) -> Iterator[_Path]:
    """Go through the innermost places at which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if name in one and name in other:
                yield from _differences(one[name], other[name], (*path, name))
            else:
                yield (*path, name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, (*path, place))
    elif one != other:
        yield path
