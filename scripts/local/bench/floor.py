"""The floor: the least that could do the same. Bare FastAPI routes over bare asyncpg, nothing checked, nobody known.

A read is one `fetchrow` by primary key and a response model as large as the product's answer. A submission is one
transaction that writes the same rows into the same tables, each by one plain statement, and a response model again.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel

from app.core.ids import new_id
from app.settings import load_settings

# Characters that bring an answer to the product's size; scripts/bench prints both sizes.
_LIKE_TIMELINE, _LIKE_NOTICES, _LIKE_APPLICATION = 620, 1750, 1900

_READ = "SELECT id, number, status, division, version, created_at, submitted_at FROM applications WHERE id = $1"
_LIST = "SELECT code, name, level, valid_from FROM divisions WHERE code = $1"
_SUBMIT = """UPDATE applications SET status = 'submitted', number = $2, lookup_code = $3, submitted_at = $4,
    version = version + 1 WHERE id = $1 RETURNING county, applicant_id"""
_CLAIM = "INSERT INTO claims (kind, key, application_id, county) VALUES ($1, $2, $3, $4)"
_STEP = """INSERT INTO application_steps (id, county, application_id, position, kind, responsible, opened_at, due_on,
    provisional, basis) VALUES ($1, $2, $3, 1, 'acceptance', 'township', $4, $5, false, '本地办理时限')"""
_SIGN = """INSERT INTO authorisations (id, county, application_id, member_id, signed_by_member_id, text_version, method,
    signed_at) VALUES ($1, $2, $3, $4, $4, '2026-1', 'electronic', $5)"""
_AUDIT = """INSERT INTO audit_records (id, at, county, actor_id, actor_role, action, object_type, object_id, detail,
    trace) VALUES ($1, $2, $3, $4, 'applicant', 'application.submit', 'application', $5, '{}', $6)"""
_EVENT = """INSERT INTO events (id, type, subject, sequence, county, occurred_at, data)
    VALUES ($1, 'application.submitted', $2, 1, $3, $4, $5)"""
_JOB = "INSERT INTO pgqueuer (priority, status, entrypoint, payload) VALUES (0, 'queued', 'dispatch_event', $1)"
_JOB_LOG = "INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) VALUES (1, 'queued', 'dispatch_event', 0)"
_ANSWER = """INSERT INTO kept_answers (scope, id, request, status, answer_sealed, kept_at)
    VALUES ($1, $2, $3, 200, $4, $5)"""


class TimelineOut(BaseModel):
    """As large as the product's timeline."""

    id: UUID
    number: str
    status: str
    division: str
    version: int
    created_at: datetime
    submitted_at: datetime
    rest: str


class NoticesOut(BaseModel):
    """As large as the product's page of notices."""

    code: str
    name: str
    level: str
    valid_from: date
    rest: str


class ApplicationOut(BaseModel):
    """As large as the product's application."""

    id: UUID
    number: str
    county: str
    submitted_at: datetime
    rest: str


class SubmitIn(BaseModel):
    """Whose authorisation is added; the product finds out by itself."""

    child_id: UUID


@asynccontextmanager
async def _pool(app: FastAPI) -> AsyncIterator[None]:
    settings = load_settings()
    size = settings.pool_size
    # As the owner, whom no rule on rows concerns: the floor does not ask who sees what.
    async with asyncpg.create_pool(settings.database_url, min_size=size, max_size=size) as pool:
        app.state.pool = pool
        yield


def create_app() -> FastAPI:
    """Build the floor from the same environment as the product (uvicorn's factory)."""
    app = FastAPI(lifespan=_pool)
    app.get("/floor/timeline/{application_id}")(timeline)
    app.get("/floor/notices/{division}")(notices)
    app.post("/floor/applications/{application_id}/submit")(submit)
    return app


async def timeline(application_id: UUID, request: Request) -> TimelineOut:
    row = await request.app.state.pool.fetchrow(_READ, application_id)
    return TimelineOut(**row, rest="x" * _LIKE_TIMELINE)


async def notices(division: str, request: Request) -> NoticesOut:
    row = await request.app.state.pool.fetchrow(_LIST, division)
    return NoticesOut(**row, rest="x" * _LIKE_NOTICES)


async def submit(application_id: UUID, body: SubmitIn, request: Request) -> ApplicationOut:
    now, number, event = datetime.now(UTC), f"DB{uuid4().hex[:24]}", new_id()
    async with request.app.state.pool.acquire() as db, db.transaction():
        county, applicant = await db.fetchrow(_SUBMIT, application_id, number, number[:8], now)
        claims = [("member:living_allowance", uuid4().bytes * 2, application_id, county) for _ in range(3)]
        await db.executemany(_CLAIM, claims)
        await db.execute(_SIGN, new_id(), county, application_id, body.child_id, now)
        await db.execute(_STEP, new_id(), county, application_id, now, now.date())
        await db.execute(_AUDIT, new_id(), now, county, applicant, application_id, uuid4().hex)
        data = json.dumps({"applicant_id": str(applicant)})
        await db.execute(_EVENT, event, application_id, county, now, data)
        await db.execute(_JOB, json.dumps({"event": str(event)}).encode())
        await db.execute(_JOB_LOG)
        kept = b"x" * (_LIKE_APPLICATION + 300)
        await db.execute(_ANSWER, uuid4().bytes * 2, new_id(), uuid4().bytes * 2, kept, now)
    return ApplicationOut(
        id=application_id, number=number, county=county, submitted_at=now, rest="x" * _LIKE_APPLICATION
    )
