"""What the agencies that answer by file have in common: a file is taken once by its serial, and answered minutes later.

The answers are ready after ten minutes of the installation's clock, or after as many real seconds as banks take,
whichever comes first; then the agency calls back to say so.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.core.clock import legal_date
from app.sandbox.faults import STRUCK, Kind
from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.world import World

LARGEST = 2 * 1024 * 1024
_ANNOUNCED_AT = "/v1/partner/check-files"
_MINUTES = timedelta(minutes=10)


class FileRefused(Exception):
    """The file of questions is not one."""


@dataclass(frozen=True)
class Question:
    """One person asked about."""

    reference: str
    id_number: str
    name: str


@dataclass(frozen=True)
class Line:
    """One person answered about: the end of the identity number, and what there is, in amounts and in words; `failed`:
    nobody could look."""

    reference: str
    end: str
    amounts: tuple[int, ...]
    failed: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerFile:
    """A file of answers before it is written."""

    serial: str
    number: int
    day: date
    lines: tuple[Line, ...]
    count: int
    total: int


@dataclass(frozen=True)
class Desk:
    """How one agency reads, looks up and writes. `read` raises FileRefused."""

    world: World
    code: str
    item: str
    media_type: str
    read: Callable[[str, bytes], Sequence[Question]]
    holds: Callable[[Person], tuple[int, ...]]
    write: Callable[[AnswerFile], bytes]
    sign: Callable[[bytes], dict[str, str]] = lambda _: {}
    tells: Callable[[Person], tuple[str, ...]] = lambda _: ()

    def take(self, serial: str, body: bytes) -> Response:
        """Take a file of questions, once."""
        try:
            questions = self.read(serial, body)
        except FileRefused as refused:
            return JSONResponse({"error": str(refused)}, 422)
        digest = hashlib.sha256(body).hexdigest()
        store = self.world.store
        with store.together():
            known = store.find_file(self.code, serial)
            if known is not None and known["digest"] != digest:
                return JSONResponse({"error": "the serial stands for another file"}, 409)
            for question in questions:
                store.count_question(self.code, question.reference, self.item)
            if known is None:
                due = self.world.answer_time()
                store.add_file(self.code, serial, digest, body, self.world.clock.now().isoformat(), due)
                store.add_callback(self.code, _ANNOUNCED_AT, json.dumps({"serial": serial}).encode(), due)
        return JSONResponse({"taken": len(questions)}, 202)

    def give(self, request: Request, serial: str, number: int) -> Response:
        """Give a file of answers, or say that there is none yet."""
        known = self.world.store.find_file(self.code, serial)
        if known is None:
            return JSONResponse({"error": "no such file"}, 404)
        taken_at, struck = datetime.fromisoformat(known["taken_at"]), request.scope.get(STRUCK, set())
        ready = time.time() >= known["due"] or self.world.clock.now() >= taken_at + _MINUTES
        if not ready or (number != 1 and Kind.OLD_FILE not in struck):
            return Response(status_code=204)
        lines = tuple(self._line(question) for question in self.read(serial, known["body"]))
        total = sum(sum(line.amounts) for line in lines)
        file = AnswerFile(serial, 1, legal_date(taken_at) - timedelta(days=1), lines, len(lines), total)
        body = self.write(_spoilt(file, struck))
        return Response(body, media_type=self.media_type, headers=self.sign(body))

    def _line(self, question: Question) -> Line:
        person = find(question.id_number)
        same = person is not None and person.name == question.name
        if person is None or not same:
            return Line(question.reference, question.id_number[-6:], ())
        return Line(question.reference, question.id_number[-6:], self.holds(person), words=self.tells(person))


def _spoilt(file: AnswerFile, struck: set[Kind]) -> AnswerFile:
    """Let a file be wrong in the ways ordered."""
    lines = list(file.lines)
    if Kind.BAD_LINES in struck:
        lines[0] = replace(lines[0], amounts=(), failed=True)
        file = replace(file, lines=tuple(lines), total=sum(sum(line.amounts) for line in lines))
    if Kind.SLIPPED_ROWS in struck:
        slipped = lines[1:] + lines[:1]
        pairs = zip(lines, slipped, strict=True)
        file = replace(file, lines=tuple(replace(other, reference=line.reference) for line, other in pairs))
    if Kind.WRONG_TOTALS in struck:
        file = replace(file, total=file.total + 1)
    return file
