"""Is the process up, and may it be sent traffic."""

from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.api.common.deps import ToolsDep
from app.api.common.problems import problems
from app.api.common.schemas import Out
from app.core.db import Database
from app.core.errors import DomainError, Kind

router = APIRouter(tags=["health"])


class NotReady(DomainError):
    """The database cannot be reached or its schema is not the code's."""

    code = "not_ready"
    kind = Kind.UNAVAILABLE
    title = "Not ready"
    title_zh = "服务尚未就绪"


class SchemaBehindCode(Exception):
    """The database was not migrated to the revision this code needs: run `alembic upgrade head`."""


class HealthOut(Out):
    """Fine."""

    status: str


def newest_revision() -> str | None:
    """Return the revision the code was written for."""
    return ScriptDirectory.from_config(Config("alembic.ini")).get_current_head()


async def schema_is_current(database: Database) -> bool:
    """Say whether the database stands at the code's revision."""
    async with database.reading() as db:
        found = (await db.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
    return found == newest_revision()


async def refuse_outdated_schema(database: Database) -> None:
    """Stop the process from starting over a schema that is not the code's.

    Raises:
        SchemaBehindCode: run the migrations first.
    """
    if not await schema_is_current(database):
        raise SchemaBehindCode


@router.get("/healthz", operation_id="health", summary="Is the process alive")
async def healthz() -> HealthOut:
    """Answers as long as the process runs."""
    return HealthOut(status="ok")


@router.get("/readyz", operation_id="readiness", summary="May it be sent traffic", responses=problems(NotReady))
async def readyz(tools: ToolsDep) -> HealthOut:
    """The database is reachable and its schema current."""
    try:
        current = await schema_is_current(tools.database)
    except (SQLAlchemyError, OSError):
        raise NotReady(retry_after=2) from None
    if not current:
        raise NotReady(retry_after=10)
    return HealthOut(status="ok")
