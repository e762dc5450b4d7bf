"""Judging a stored case again: the same bytes come out, or something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.db import ReadSession
from app.programs.canonical import canonical_bytes
from app.programs.registry import get_program
from app.review.assessing import digest_of
from app.review.decisions import open_decision
from app.review.models import Decision


@dataclass(frozen=True)
class Replay:
    """What was stored, what came out now, and whether the stored record is the one that was decided on."""

    stored: bytes
    again: bytes
    digest_fits: bool

    @property
    def same(self) -> bool:
        """Say whether the decision stands as it was made, to the byte."""
        return self.digest_fits and self.stored == self.again


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
    """Judge the case of a decision again, by the numbers it was decided with."""
    body = open_decision(db, decision)
    stored, again = replay_body(decision.program, body)
    return Replay(stored, again, digest_of(canonical_bytes(body)) == decision.digest)
