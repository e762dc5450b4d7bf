"""What has to be true of verification once it is done, looked up in the database and at the sandbox's own notes.

Nothing here is believed because the product says so: who is who comes from the registers themselves, what was asked
from the agencies' side, and each claim is about every single row.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.applications.models import Authorisation
from app.audit.models import AuditRecord
from app.audit.purposes import ASKED
from app.core.clock import legal_date
from app.core.db import Database, ReadSession
from app.facts import Item, Outcome
from app.partners.calling.care import Care
from app.partners.exchange import Limits
from app.programs.registry import get_program
from app.verification.agency_models import CheckAttempt
from app.verification.lifecycle import OPEN, Status
from app.verification.models import Check, HouseholdReport
from app.verification.queries import collect_facts, facts_found, open_report
from app.verification.report import Entry
from tests.partners.expected import expected
from tests.support.verification_trial.cases import TrialCase

ITEMS = [item for item in Item if item in get_program("living_allowance").needs]
_CARE = Care()
_GRACE = Limits().deadline + 1  # seconds: an exchange that began before the withdrawal may still be on its way


@dataclass(frozen=True)
class Seen:
    """A question as its agency noted it; `last_at` in the machine's time."""

    agency: str
    reference: str
    item: str
    about: str
    authorisation: str
    times: int
    last_at: float


@dataclass
class Rows:
    """Everything there is, read once. Withdrawals are told by whoever made them, in the machine's time."""

    cases: Sequence[TrialCase]
    withdrawn: Mapping[UUID, float]  # by member
    checks: dict[UUID, Check] = field(default_factory=dict)
    attempts: Sequence[CheckAttempt] = ()
    authorisations: dict[UUID, Authorisation] = field(default_factory=dict)
    reports: dict[UUID, HouseholdReport] = field(default_factory=dict)  # current ones, by application
    on_record: dict[UUID, AuditRecord] = field(default_factory=dict)  # that it was asked, by check
    seen: Sequence[Seen] = ()
    jobs: Sequence[Any] = ()

    def number_of(self, check: Check) -> str:
        """Return the identity number of whom a check is about, as the registers have it."""
        return next(case.members[check.member_id].id_number for case in self.cases if case.id == check.application_id)


async def find_faults(
    database: Database, sandbox_file: Path, cases: Sequence[TrialCase], withdrawn: Mapping[UUID, float]
) -> tuple[Rows, Counter[str], list[str]]:
    """Return what there is, how many faults of each kind there are, and a few of them in words."""
    async with database.reading() as db:
        rows = await _read(db, sandbox_file, cases, withdrawn)
        found = [*_reports(db, rows), *_authorised(rows), *_at_the_agencies(rows), *_asked_once(rows)]
        found += [fault async for fault in _silence(db, rows)]
        found += list(_truth(db, rows))
    kinds = Counter(kind for kind, _ in found)
    return rows, kinds, [f"{kind}: {what}" for kind, what in found[:20]]


async def _read(
    db: ReadSession, sandbox_file: Path, cases: Sequence[TrialCase], withdrawn: Mapping[UUID, float]
) -> Rows:
    rows = Rows(cases, withdrawn)
    rows.checks = {row.id: row for row in await db.scalars(select(Check))}
    rows.attempts = (await db.scalars(select(CheckAttempt))).all()
    rows.authorisations = {row.id: row for row in await db.scalars(select(Authorisation))}
    current = select(HouseholdReport).where(HouseholdReport.superseded_at.is_(None))
    rows.reports = {row.application_id: row for row in await db.scalars(current)}
    asked = select(AuditRecord).where(AuditRecord.action == ASKED).order_by(AuditRecord.id.desc())
    rows.on_record = {row.object_id: row for row in await db.scalars(asked)}
    rows.jobs = (await db.execute(text("SELECT entrypoint, status::text FROM pgqueuer"))).all()
    columns = "agency, reference, item, about, authorisation, times, last_at"
    with sqlite3.connect(f"file:{sandbox_file}?mode=ro", uri=True) as notes:
        rows.seen = [Seen(*row) for row in notes.execute(f"SELECT {columns} FROM asked WHERE agency <> 'paying_bank'")]
    return rows


Fault = tuple[str, str]


def _reports(db: ReadSession, rows: Rows) -> Iterator[Fault]:
    """Every household has its report, and nothing is left that somebody waits for."""
    for job in rows.jobs:
        yield "job left behind", f"{job.entrypoint} {job.status}"
    for check in rows.checks.values():
        if check.status in OPEN:
            yield "check left open", f"{check.id} {check.partner} {check.status}"
    for case in rows.cases:
        if case.id not in rows.reports:
            yield "no report", str(case.id)
            continue
        content = open_report(db, rows.reports[case.id])
        there = Counter((person.member, entry.item) for person, entry in content.entries())
        if there != Counter((member, item) for member in case.members for item in ITEMS):
            yield "report not whole", str(case.id)


async def _silence(db: ReadSession, rows: Rows) -> Any:
    """No answer is never "no record": neither in the report, nor in what decisions are made from."""
    checks = _by_place(rows)
    for case in rows.cases:
        if case.id not in rows.reports:
            continue
        for person, entry in open_report(db, rows.reports[case.id]).entries():
            check = checks.get((person.member, entry.item))
            if check is None or check.status != Status.ANSWERED:
                if not _is_silent(entry):
                    yield "silence told as an answer", f"{case.id} {entry.item} {entry.outcome}"
            elif entry.outcome != check.outcome:
                yield "report says otherwise than the agency", f"{check.id} {entry.outcome} {check.outcome}"
        collected = await collect_facts(db, case.id)
        places = [(member, item) for member in case.members for item in ITEMS]
        silent = {(str(m), item) for m, item in places if not _is_answered(checks.get((m, item)))}
        if collected.unavailable != silent:
            yield "silence told as an answer", f"{case.id} {sorted(silent ^ collected.unavailable)}"


def _by_place(rows: Rows) -> dict[tuple[UUID, Item], Check]:
    latest = sorted(rows.checks.values(), key=lambda check: check.round)
    return {(check.member_id, Item(check.item)): check for check in latest}


def _is_answered(check: Check | None) -> bool:
    return check is not None and check.status == Status.ANSWERED


def _is_silent(entry: Entry) -> bool:
    said = any(each.found is not None or each.difference not in (None, "unknown") for each in entry.fields)
    return entry.outcome == "unavailable" and not said


def _truth(db: ReadSession, rows: Rows) -> Iterator[Fault]:
    """Every answer is what the register says of that person, to the last value, and "no record" true."""
    people = {member: person for case in rows.cases for member, person in case.members.items()}
    for check in rows.checks.values():
        if check.status != Status.ANSWERED or check.answered_at is None:
            continue
        truth = expected(people[check.member_id], Item(check.item), legal_date(check.answered_at)) or {}
        told = {key: fact.value for key, fact in facts_found(db, check).items()}
        if check.outcome == Outcome.NONE and truth:
            yield "none, though there is a record", f"{check.id} {check.partner} {check.item}"
        elif told != truth:
            yield "not what the register says", f"{check.id} {check.partner} {check.item}"


def _authorised(rows: Rows) -> Iterator[Fault]:
    """Every attempt has a check, an authorisation of that person in force at that moment, and stands on record."""
    for attempt in rows.attempts:
        check = rows.checks.get(attempt.check_id)
        if check is None or (check.application_id, check.partner, check.item) != (
            attempt.application_id,
            attempt.partner,
            attempt.item,
        ):
            yield "attempt without its check", str(attempt.id)
            continue
        ground, record = rows.authorisations.get(check.authorisation_id), rows.on_record.get(check.id)
        if (
            ground is None
            or (ground.application_id, ground.member_id) != (check.application_id, check.member_id)
            or ground.signed_at > attempt.asked_at
            or (ground.withdrawn_at is not None and ground.withdrawn_at < attempt.asked_at)
        ):
            yield "attempt without authorisation", f"{check.id} {attempt.asked_at}"
        if (
            record is None
            or record.at > attempt.asked_at
            or record.detail["authorisation"] != str(check.authorisation_id)
        ):
            yield "attempt not on record", str(check.id)


def _at_the_agencies(rows: Rows) -> Iterator[Fault]:
    """What the agencies noted are our checks, about those people, on those grounds, and no more often than counted."""
    known = {str(check.id): check for check in rows.checks.values()}
    people = {member: person for case in rows.cases for member, person in case.members.items()}
    for seen in rows.seen:
        check = known.get(seen.reference)
        if check is None or (seen.agency, seen.about, seen.authorisation) != (
            check.partner,
            people[check.member_id].id_number,
            str(check.authorisation_id),
        ):
            yield "asked without ground", f"{seen.agency} {seen.reference}"
            continue
        if seen.times > check.attempts * _CARE.tries:
            yield "asked more often than counted", f"{check.id} {seen.times} {check.attempts}"
        if seen.last_at > rows.withdrawn.get(check.member_id, float("inf")) + _GRACE:
            yield "asked after the withdrawal", f"{seen.agency} {seen.reference}"
    noted = {seen.reference for seen in rows.seen}
    for reference, check in known.items():
        if check.status == Status.ANSWERED and reference not in noted:
            yield "answer that nobody gave", reference


def _asked_once(rows: Rows) -> Iterator[Fault]:
    """Nobody is asked about for the same under two references; a repeat under one is a retry, and known as such."""
    references: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for seen in rows.seen:
        references[seen.agency, seen.item, seen.about].add(seen.reference)
    for (agency, item, _), asked in references.items():
        if len(asked) > 1:
            yield "asked twice", f"{agency} {item} {sorted(asked)}"
