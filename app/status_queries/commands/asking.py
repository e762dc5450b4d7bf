"""Asking whether persons receive assistance: looked up in one go, told sparingly, kept for three years.

Whoever is not found, whoever bears another name, and whoever receives nothing are the same answer. It costs the same,
too: of each person one name is opened and compared, of nobody a decoy.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.applications.household import open_name
from app.audit.commands import Look, record_act, record_look, record_looks
from app.audit.purposes import Purpose
from app.audit.subjects import Case
from app.core.age import full_years
from app.core.clock import SHANGHAI, today
from app.core.crypto import GENERAL
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.core.reach import Reach
from app.identity.errors import IdNumberMalformed, NameMalformed, PartnerRejected
from app.identity.numbers import read_id_number, read_name
from app.reference.divisions import scope_of
from app.status_queries.commands.registering import actor_of
from app.status_queries.errors import BasisNotOfPurpose, PersonsMalformed, PurposeNotGranted, QuotaSpent
from app.status_queries.grounds import GROUNDS, Basis, QueryPurpose, rests_on
from app.status_queries.models import QueryPartner, StatusQuery, StatusQueryLine
from app.status_queries.queries import (
    Found,
    add_query,
    find_accounts,
    get_query,
    is_let_in,
    list_granted,
    list_lines,
    list_recipients,
    take_quota,
)

MOST_PERSONS = 100
_ANSWER = "status_query_lines.answer"


@dataclass(frozen=True)
class Person:
    """One person asked about; `reference`: what the partner calls the answer."""

    reference: str
    id_number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True)
class Receives:
    """What a person receives: the program, from which month, by which county; nothing more."""

    program: str
    since: date
    county: str


@dataclass(frozen=True)
class PersonAnswer:
    """What is told about one person; nothing received: or nobody of that number and name is known here."""

    reference: str
    programs: tuple[Receives, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A query and what is told, in the order of the question."""

    query: StatusQuery
    answers: tuple[PersonAnswer, ...]


@dataclass(frozen=True)
class _Sought:
    """A person as he is looked for: number and name in canonical form, and the number's index in both tables."""

    reference: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    member_index: bytes
    citizen_index: bytes


async def ask_status(
    db: WriteSession,
    partner: QueryPartner,
    *,
    purpose: QueryPurpose,
    basis: Basis,
    persons: Sequence[Person],
) -> Answered:
    """Tell which of these persons receive what, of what is kept below the partner's division.

    Raises:
        PurposeNotGranted: the partner is not registered for it.
        BasisNotOfPurpose: it does not rest on this article.
        PersonsMalformed: a number or name is malformed, or a reference given twice; nobody was looked for.
        QuotaSpent: too many persons today.
        PartnerRejected: the partner was disabled meanwhile.
    """
    if purpose not in partner.purposes:
        raise PurposeNotGranted
    if not rests_on(purpose, basis):
        raise BasisNotOfPurpose
    sought = _read(db, persons)
    on = today(db.clock)
    if not await take_quota(db, partner.id, on, len(sought)):
        if not await is_let_in(db, partner.id):
            raise PartnerRejected("partner_secret")
        raise QuotaSpent(retry_after=_seconds_left(db.clock.now(), on))
    told = await _look_up(db, partner, sought, GROUNDS[purpose].from_age, on)
    async with db.wider():
        accounts = await find_accounts(db, {person.citizen_index for person in sought})
    query = _query_of(db, partner, purpose, basis, told)
    answers = tuple(_answer(person, found) for person, found in zip(sought, told, strict=True))
    lines = [
        _line(db, query, position, person, found, answer, accounts.get(person.citizen_index))
        for position, (person, found, answer) in enumerate(zip(sought, told, answers, strict=True))
    ]
    await add_query(db, query, lines)
    await _record(db, partner, query, lines, told)
    return Answered(query, answers)


async def reread_status(db: WriteSession, partner: QueryPartner, query_id: UUID) -> Answered:
    """Show a partner once more what it was told; nobody is looked for anew.

    Raises:
        StatusQueryNotFound: there is no such query of its own.
    """
    actor = actor_of(partner)
    query = await get_query(db, actor, query_id)
    lines = await list_lines(db, query.id)
    shown = {Case(None, line.citizen_id) for line in lines if line.citizen_id is not None and line.recipient}
    await record_look(
        db,
        actor,
        "status_query.read",
        "status_query",
        query.id,
        cases=shown,
        county=query.county,
        purpose=Purpose.RESULT_SHARING,
        **_said(partner, query),
    )
    return Answered(query, tuple(open_answer(db, line) for line in lines))


def open_answer(db: ReadSession, line: StatusQueryLine) -> PersonAnswer:
    """Return what was told about one person."""
    kept = json.loads(db.vault.open(_ANSWER, line.id, line.answer_sealed))
    programs = (
        Receives(each["program"], date.fromisoformat(each["since"]), each["county"]) for each in kept["programs"]
    )
    return PersonAnswer(kept["reference"], tuple(programs))


def _read(db: ReadSession, persons: Sequence[Person]) -> list[_Sought]:
    faults: list[Fault] = []
    sought: list[_Sought] = []
    references: set[str] = set()
    for place, person in enumerate(persons):
        if person.reference in references:
            faults.append(Fault(f"/persons/{place}/reference", "reference_not_unique"))
        references.add(person.reference)
        try:
            number = read_id_number(person.id_number, f"/persons/{place}/id_number").text
        except IdNumberMalformed as malformed:
            faults.extend(malformed.faults)
            number = ""
        try:
            name = read_name(person.name)
        except NameMalformed:
            faults.append(Fault(f"/persons/{place}/name", "name_malformed"))
            name = ""
        sought.append(_sought(db, person.reference, number, name))
    if faults:
        raise PersonsMalformed(faults=tuple(faults))
    return sought


def _sought(db: ReadSession, reference: str, number: str, name: str) -> _Sought:
    indexes = (db.vault.index(f"{table}.id_number", number) for table in ("members", "citizens"))
    return _Sought(reference, number, name, *indexes)


async def _look_up(
    db: WriteSession, partner: QueryPartner, sought: Sequence[_Sought], from_age: int, on: date
) -> list[list[Found]]:
    """Return for each person what he is found in by number, name and age."""
    async with db.wider():  # a household on its way has its claims in the one county, and is paid by the other
        granted = await list_granted(db, {person.member_index for person in sought}, on)
    async with db.reaching(Reach(*scope_of(partner.division))):
        rows = await list_recipients(db, granted, partner.division)
    by_number: dict[bytes, list[Found]] = {}
    for row in rows:
        if full_years(row.birth_date, on) >= from_age:
            by_number.setdefault(row.number, []).append(row)
    decoy_id = new_id()
    decoy = db.vault.seal("members.name", decoy_id, "·", division=GENERAL)
    told = []
    for person in sought:
        found = by_number.get(person.member_index, [])
        # One name is opened for each person, of nobody the decoy's: the time does not tell who is there.
        held = [open_name(db, row.member_id, row.name_sealed, row.name_clear) for row in found] or [
            db.vault.open("members.name", decoy_id, decoy)
        ]
        same = [hmac.compare_digest(read_name(name).encode(), person.name.encode()) for name in held]
        told.append([row for row, is_same in zip(found, same[: len(found)], strict=True) if is_same])
    return told


def _answer(person: _Sought, found: Iterable[Found]) -> PersonAnswer:
    programs = (Receives(row.program, row.since, row.county) for row in found)
    return PersonAnswer(person.reference, tuple(programs))


def _query_of(
    db: WriteSession, partner: QueryPartner, purpose: QueryPurpose, basis: Basis, told: Sequence[Sequence[Found]]
) -> StatusQuery:
    return StatusQuery(
        id=new_id(),
        county=partner.county,
        division=partner.division,
        partner_id=partner.id,
        purpose=purpose,
        basis=basis,
        persons=len(told),
        recipients=sum(1 for found in told if found),
        asked_at=db.clock.now(),
    )


def _line(
    db: WriteSession,
    query: StatusQuery,
    position: int,
    person: _Sought,
    found: Sequence[Found],
    answer: PersonAnswer,
    account: UUID | None,
) -> Mapping[str, Any]:
    row = new_id()
    programs = [
        {"program": each.program, "since": each.since.isoformat(), "county": each.county} for each in answer.programs
    ]
    kept = json.dumps({"reference": answer.reference, "programs": programs}, ensure_ascii=False)
    return {
        "id": row,
        "county": query.county,
        "division": query.division,
        "query_id": query.id,
        "partner_id": query.partner_id,
        "position": position,
        "id_number_index": person.member_index,
        "citizen_id": account,
        "member_id": found[0].member_id if found else None,
        "application_id": found[0].application_id if found else None,
        "purpose": query.purpose,
        "recipient": bool(found),
        "answer_sealed": db.vault.seal(_ANSWER, row, kept, division=GENERAL),
        "asked_at": query.asked_at,
    }


async def _record(
    db: WriteSession,
    partner: QueryPartner,
    query: StatusQuery,
    lines: Sequence[Mapping[str, Any]],
    told: Sequence[Sequence[Found]],
) -> None:
    """Record the query, and each person by himself: he reads of it, and of nobody else in it."""
    actor, said = actor_of(partner), _said(partner, query)
    await record_act(
        db, actor, "status_query.ask", "status_query", query.id, county=query.county, row=query,
        persons=query.persons, recipients=query.recipients, **said,
    )  # fmt: skip
    looks = [
        Look(
            [*(row.case for row in found), *([Case(None, line["citizen_id"])] if line["citizen_id"] else [])],
            {**said, "told": line["recipient"]},
        )
        for line, found in zip(lines, told, strict=True)
    ]
    await record_looks(
        db, actor, "status_query.answer", "status_query", query.id, looks,
        county=query.county, purpose=Purpose.RESULT_SHARING,
    )  # fmt: skip


def _said(partner: QueryPartner, query: StatusQuery) -> dict[str, Any]:
    return {"partner": partner.code, "title": partner.title, "asked_for": query.purpose, "basis": query.basis}


def _seconds_left(now: datetime, on: date) -> int:
    end = datetime.combine(on + timedelta(days=1), time(), SHANGHAI)
    return max(1, int((end - now).total_seconds()))
