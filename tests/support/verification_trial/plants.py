"""What must never be, planted by the database's owner and in the agencies' notes: to see that the look-up finds it."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid4

import asyncpg

from app.core.db import Database
from app.core.ids import new_id
from app.facts import FactKey, Item
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import facts_found
from app.verification.values import write_facts
from tests.support.verification_trial.audit import Rows

PLANTED: Mapping[str, int] = MappingProxyType(
    {
        "none, though there is a record": 1,
        "report says otherwise than the agency": 1,  # the same answer, which the report has as it was
        "not what the register says": 1,
        "silence told as an answer": 1,
        "no report": 1,
        "attempt without authorisation": 1,
        "attempt not on record": 1,  # the same attempt
        "asked without ground": 1,
        "asked twice": 1,  # the same question
        "asked more often than counted": 1,
        "asked after the withdrawal": 1,
        "answer that nobody gave": 1,
    }
)

_ATTEMPT = """
    INSERT INTO check_attempts
        (id, county, division, application_id, check_id, partner, item, asked_at, took_ms, outcome)
    SELECT $1, c.county, c.division, c.application_id, c.id, c.partner, c.item, a.signed_at - interval '1 day', 1,
        'none'
    FROM checks c JOIN authorisations a ON a.id = c.authorisation_id WHERE c.id = $2
"""
_WRONG_NONE = "UPDATE checks SET outcome = 'none', facts_sealed = NULL WHERE id = $1"
_SILENT = "UPDATE checks SET status = 'unavailable', outcome = NULL, answered_at = NULL WHERE id = $1"
_NO_REPORT = "UPDATE household_reports SET superseded_at = issued_at WHERE application_id = $1"


async def plant(
    owner: asyncpg.Connection, seen: Database, sandbox_file: Path, rows: Rows, withdrawn: dict[UUID, float]
) -> None:
    """Plant each of `PLANTED`, each on a row of its own."""
    kept = rows.cases[0].id  # whose report goes; of this case nothing else is touched
    answered = [
        check for check in rows.checks.values() if check.status == Status.ANSWERED and check.application_id != kept
    ]
    noted = [check for check in answered if check.partner != "banking" and check.member_id not in withdrawn]
    hits = iter([check for check in noted if check.outcome == "hit"])
    nones = iter([check for check in noted if check.outcome == "none"])
    await owner.execute(_NO_REPORT, kept)
    await owner.execute(_WRONG_NONE, next(hits).id)
    await owner.execute(_SILENT, next(nones).id)
    await owner.execute(_ATTEMPT, new_id(), next(nones).id)
    await _tell_otherwise(owner, seen, next(check for check in hits if check.item == Item.HOUSEHOLD_REGISTER))
    with sqlite3.connect(sandbox_file) as notes:
        notes.execute("DELETE FROM asked WHERE reference = ?", (str(next(hits).id),))
        notes.execute("UPDATE asked SET times = times + 1000 WHERE reference = ?", (str(next(nones).id),))
        late = next(nones)
        withdrawn[late.member_id] = time.time() + 1000
        notes.execute("UPDATE asked SET last_at = ? WHERE reference = ?", (time.time() + 2000, str(late.id)))
        copied = "SELECT agency, ?, item, about, authorisation, 1, last_at FROM asked WHERE reference = ?"
        notes.execute(f"INSERT INTO asked {copied}", (str(uuid4()), str(next(nones).id)))


async def _tell_otherwise(owner: asyncpg.Connection, seen: Database, check: Check) -> None:
    async with seen.reading() as db:
        facts = facts_found(db, check)
        told = facts[FactKey.HUKOU_HOUSEHOLD]
        facts[FactKey.HUKOU_HOUSEHOLD] = type(told)(told.key, "H999999", told.source, told.as_of)
        sealed = db.vault.seal("checks.facts", check.id, write_facts(facts), division=check.county)
    await owner.execute("UPDATE checks SET facts_sealed = $1 WHERE id = $2", sealed, check.id)
