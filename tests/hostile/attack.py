"""Which case goes to which operation, how it becomes a request, and what every answer must be."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI

from app.core.strict_json import JsonRefused, read_strict_json
from tests.hostile.asgi import Answer, Hang, Request, ask
from tests.hostile.contract import Operation, frames
from tests.hostile.corpus import Case, Slot, corpus
from tests.hostile.world import World
from tests.support.calling_back import signature_of

EACH_CASE = 3  # operations at least
EACH_OPERATION = 100  # cases at least
_HOME = {Slot.BODY: "takes_json", Slot.VALUE: "takes_json", Slot.PATH: "path_names", Slot.PARAM: "query_names"}
_REPLACED = frozenset({b"content-length", b"host"})


@dataclass(frozen=True)
class Shot:
    """One case at one place of one operation, by one person."""

    operation: Operation
    case: Case
    place: int
    turn: int  # decides who asks

    def __str__(self) -> str:
        return f"{self.operation.verb} {self.operation.path} · {self.case.slot}:{self.case.name} @{self.place}"


def sample(operations: Sequence[Operation]) -> dict[str, list[Shot]]:
    """Return a part of the whole product, by operation: each case three times, each operation a hundred times."""
    chosen: dict[str, list[Shot]] = {operation.id: [] for operation in operations}
    for number, case in enumerate(corpus()):
        homes = _homes(case, operations)
        for turn in range(EACH_CASE):
            operation = homes[(number * EACH_CASE + turn) % len(homes)]
            chosen[operation.id].append(Shot(operation, case, number // 7 + turn, number + turn))
    for place, operation in enumerate(operations):
        shots, number = chosen[operation.id], place * 37
        while len(shots) < EACH_OPERATION:
            case = corpus()[number % len(corpus())]
            if operation in _homes(case, operations):
                shots.append(Shot(operation, case, number, number))
            number += 41
    return chosen


def everything(operations: Sequence[Operation]) -> Iterator[Shot]:
    """Return the whole product: every case at every place of every operation."""
    for operation in operations:
        for number, case in enumerate(corpus()):
            for place in range(_count_places(operation, case.slot)):
                yield Shot(operation, case, place, number + place)


def _count_places(operation: Operation, slot: Slot) -> int:
    """Count where in a request to this operation a case can stand; what takes no body has no place for a value."""
    if slot is Slot.VALUE:
        return len(frames(operation.good_body({}))) if operation.takes_json else 0
    return {Slot.PATH: len(operation.path_names), Slot.PARAM: len(operation.query_names)}.get(slot, 1)


def _homes(case: Case, operations: Sequence[Operation]) -> Sequence[Operation]:
    home = _HOME.get(case.slot)
    return [each for each in operations if getattr(each, home)] if home else operations


async def fire(app: FastAPI, world: World, shot: Shot) -> tuple[int, str | None]:
    """Send one shot; return the status and what is wrong with the answer, None when nothing is."""
    request = await aim(world, shot)
    try:
        answer = await ask(app, request)
    except Hang:
        return 0, f"{shot}: no answer in time"
    if shot.operation.id == "sign_out" and answer.status < 400:
        world.bearers.clear()
    wrong = fault_of(shot.case, answer)
    text = f"{shot}: {wrong}; asked {str(request)[:600]}; answered {answer.body[:300]!r}"
    return answer.status, text if wrong else None


def fault_of(case: Case, answer: Answer) -> str | None:
    """Return what is wrong with an answer to hostile input."""
    if answer.status >= 500 and not (answer.status == 503 and answer.header(b"retry-after").isdigit()):
        return f"status {answer.status}"
    if any(set(b"\r\n\0") & set(name + value) for name, value in answer.headers):
        return "a header line was broken"
    if answer.status >= 400:
        return _fault_of_refusal(answer)
    if answer.status >= 300 and answer.status != 304:
        return f"status {answer.status}: it sends the caller elsewhere"
    if case.refused:
        return f"status {answer.status} for what is wrong in itself"
    return None


def _fault_of_refusal(answer: Answer) -> str | None:
    if answer.header(b"content-type") != b"application/problem+json":
        return f"status {answer.status} is no problem document"
    # Who asks for packed answers gets a long list of faults packed.
    packed = answer.header(b"content-encoding") == b"gzip"
    try:
        problem = read_strict_json(gzip.decompress(answer.body) if packed else answer.body)
    except JsonRefused as refusal:
        return f"the problem document is not strict JSON ({refusal.code})"
    if not problem.get("code") or not problem.get("title") or problem.get("status") != answer.status:
        return "the problem document is not complete"
    return None


async def aim(world: World, shot: Shot) -> Request:
    """Build the request of a shot."""
    operation, case = shot.operation, shot.case
    headers = dict(await world.headers_of(_who(world, shot)))
    body = b""
    if operation.verb == "POST":
        headers[b"idempotency-key"] = hashlib.sha256(str(shot).encode()).hexdigest().encode()
    if operation.needs_match:
        headers[b"if-match"] = b'"%d"' % (shot.turn % 4)
    if operation.media_type:
        headers[b"content-type"] = operation.media_type.encode()
        body = b"part" if not operation.takes_json else _json_body(world, shot)
    if case.slot is Slot.BODY:
        headers.pop(b"content-type", None)
        headers.update(_labelled(operation, case))
        body = case.raw
    if b"x-partner" in headers:  # behind the signature there is more to be broken than before it
        headers |= signature_of(headers[b"x-partner"].decode(), operation.path, body)
    lines = list(headers.items())
    if case.slot is Slot.HEADER:
        names = {name for name, _ in case.headers}
        lines = [line for line in lines if line[0] not in names] + list(case.headers)
    if not any(name in _REPLACED for name, _ in case.headers):
        lines += [(b"content-length", str(len(body)).encode()), (b"host", b"test")]
    return Request(operation.verb, _path(world, shot), _query(shot), tuple(lines), body)


def _who(world: World, shot: Shot) -> str:
    if shot.turn % 10 < 7:
        return world.caller(shot.operation)
    return ("nobody", "other", "stranger", "banking", "applicant")[shot.turn % 5]


def _labelled(operation: Operation, case: Case) -> dict[bytes, bytes]:
    """Return the case's headers; plain JSON gets the name that JSON has with this operation."""
    headers = dict(case.headers)
    if headers.get(b"content-type") == b"application/json" and operation.media_type:
        headers[b"content-type"] = operation.media_type.encode()
    return headers


def _json_body(world: World, shot: Shot) -> bytes:
    good, around = world.bodies_of(shot.operation)
    if shot.case.slot is not Slot.VALUE:
        return good
    before, after = around[shot.place % len(around)]
    return before + shot.case.raw + after


def _path(world: World, shot: Shot) -> bytes:
    names = shot.operation.path_names
    path = shot.operation.path
    target = names[shot.place % len(names)] if names and shot.case.slot is Slot.PATH else None
    for name in names:
        if name != target:
            path = path.replace("{" + name + "}", quote(world.id_of(shot.operation, name)))
    raw = path.encode()
    if target:
        return raw.replace(b"{" + target.encode() + b"}", shot.case.raw)
    return raw + b"/" + shot.case.raw if shot.case.slot is Slot.PATH else raw


def _query(shot: Shot) -> bytes:
    good = shot.operation.good_query().encode()
    if shot.case.slot is Slot.QUERY:
        return b"&".join(filter(None, (good, shot.case.raw)))
    if shot.case.slot is not Slot.PARAM:
        return good
    names = shot.operation.query_names or ["no_such_parameter"]
    name = names[shot.place % len(names)].encode()
    kept = [pair for pair in good.split(b"&") if pair and not pair.startswith(name + b"=")]
    return b"&".join([*kept, name + b"=" + shot.case.raw])
