"""Prepares what is asked: accepted applications, posted notices, complete drafts; then writes the plan.

A program of its own, run by the supervisor: it needs the product's settings.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from app.applications.household import applicant_name_of
from app.applications.queries import get_application
from app.core.clock import SystemClock, today
from app.core.crypto import make_vault
from app.core.db import Database, WriteSession, make_engine
from app.core.ids import new_id
from app.core.reach import EVERYTHING
from app.identity.actors import SYSTEM, Role
from app.identity.keys import KeyRing, load_key_ring
from app.identity.tokens import issue_access_token
from app.keys.loading import open_vault
from app.notices.lifecycle import Kind, Status
from app.notices.models import Notice
from app.settings import load_settings
from scripts.local.bench.copies import Copier, insert_rows, read_template
from scripts.local.bench.household import VILLAGE, Home, make_accepted, make_draft
from scripts.local.bench.plan import Ask, Case, Side, write_cases

PHONES = 16  # that look after their applications
NOTICES = 6  # in the village
_BATCH = 100
_FLOOR_READ, _FLOOR_LIST = "/floor/timeline/{}", "/floor/notices/{}"


@dataclass(frozen=True)
class Draft:
    """A draft that can be handed in."""

    application_id: UUID
    child_id: UUID
    token: str


async def prepare(database: Database, keys: KeyRing, drafts: int) -> list[Case]:
    """Fill the database and return what is to be asked; half of `drafts` is for the floor."""
    async with database.unit_of_work() as db:
        homes = [await make_accepted(db, keys, serial) for serial in range(PHONES)]
        for home in homes[:NOTICES]:
            await _post(db, home)
    made = await _make_drafts(database, keys, drafts)
    return [*_reads(homes), _submission(made[: drafts // 2], made[drafts // 2 :])]


async def _prepare_installation(plan: Path, drafts: int) -> None:
    settings = load_settings()
    engine = make_engine(settings.database_url, 2)
    clock = SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(engine, clock, vault, reach=EVERYTHING)
    try:
        await open_vault(database)
        cases = await prepare(database, load_key_ring(settings.token_key_file), drafts)
        await _analyse(settings.database_url)
    finally:
        await engine.dispose()
    write_cases(plan, cases)


async def _analyse(database_url: str) -> None:
    """Let PostgreSQL know what it holds, as in any installation that has run for a minute."""
    owner = make_engine(database_url, 1, role=None)
    async with owner.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))
    await owner.dispose()


async def _post(db: WriteSession, home: Home) -> None:
    application = await get_application(db, SYSTEM, home.application_id)
    row = new_id()
    name = applicant_name_of(db, application)
    db.add(
        Notice(
            id=row,
            county=application.county,
            division=application.division,
            application_id=application.id,
            kind=Kind.AWARD,
            round=0,
            program=application.program,
            applicant_name_sealed=db.vault.seal("notices.applicant_name", row, name, division=application.county),
            members_count=3,
            monthly_amount_fen=123_400,
            status=Status.POSTED,
            posted_on=today(db.clock),
            ends_on=None,
            ends_provisional=False,
            posted_at=db.clock.now(),
        )
    )


async def _make_drafts(database: Database, keys: KeyRing, count: int) -> list[Draft]:
    async with database.unit_of_work() as db:
        home = await make_draft(db, keys, PHONES)
        template = await read_template(db, home)
    copier, made = Copier(database.vault, template), list[Draft]()
    child = next(row["id"] for _, row in template if row.get("relation") == "child")
    assert home.actor.session is not None
    for start in range(0, count, _BATCH):
        batch = []
        for serial in range(start, min(start + _BATCH, count)):
            rows, ids = copier.copy(PHONES + 1 + serial)
            batch.append(rows)
            who, session = ids[home.actor.id], ids[home.actor.session]
            token = issue_access_token(keys, who, Role.APPLICANT, session, database.clock.now())
            made.append(Draft(ids[home.application_id], ids[child], token))
        async with database.unit_of_work() as db:
            await insert_rows(db, batch)
    return made


def _reads(homes: Sequence[Home]) -> list[Case]:
    timelines = [f"/v1/applications/{home.application_id}/timeline" for home in homes]
    least = Side([Ask("GET", _FLOOR_READ.format(home.application_id)) for home in homes], 200)
    asks = [Ask("GET", path, token=home.token) for path, home in zip(timelines, homes, strict=True)]
    known = [Ask("GET", path, token=home.token, again=True) for path, home in zip(timelines, homes, strict=True)]
    notices = [Ask("GET", f"/v1/public/notices?division={VILLAGE}")]
    return [
        Case("status look-up", 0.5, least, Side(asks, 200)),
        Case("status look-up, unchanged", 0.7, least, Side(known, 304)),
        Case("notices of a village", 0.5, Side([Ask("GET", _FLOOR_LIST.format(VILLAGE))], 200), Side(notices, 200)),
    ]


def _submission(for_floor: Sequence[Draft], for_ours: Sequence[Draft]) -> Case:
    bodies = [json.dumps({"child_id": str(draft.child_id)}) for draft in for_floor]
    least = [
        Ask("POST", f"/floor/applications/{draft.application_id}/submit", body=body)
        for draft, body in zip(for_floor, bodies, strict=True)
    ]
    ours = [
        Ask(
            "POST",
            f"/v1/applications/{draft.application_id}/submit",
            token=draft.token,
            body='{"truth_promised": true}',
            key=f"bench-{draft.application_id}",
        )
        for draft in for_ours
    ]
    return Case("submission", 0.25, Side(least, 200, once=True), Side(ours, 200, once=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="prepare", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--drafts", type=int, required=True)
    options = parser.parse_args(sys.argv[1:])
    asyncio.run(_prepare_installation(options.plan, options.drafts))
