"""Is the process up, and may it be sent traffic."""

from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError

from app.api.common.deps import ToolsDep
from app.api.common.problems import problems
from app.api.common.schemas import Out
from app.core.errors import DomainError, Kind
from app.core.starting import schema_is_current
from app.events.queries import count_unattended_jobs

_UNATTENDED_AFTER = timedelta(minutes=10)

router = APIRouter(tags=["health"])


class NotReady(DomainError):
    """The database cannot be reached or its schema is not the code's."""

    code = "not_ready"
    kind = Kind.UNAVAILABLE
    title = "Not ready"
    title_zh = "服务尚未就绪"


class HealthOut(Out):
    """Fine."""

    status: str


class ReadyOut(HealthOut):
    """Fine. `unattended_jobs`: how many jobs of the background process have been due for ten minutes and more without
    anybody taking them up (a thousand are as many as more): no worker runs, too few do, or none knows their kind, which
    its log then names. Requests are served all the same."""

    unattended_jobs: int


@router.get("/healthz", operation_id="health", summary="Is the process alive")
async def healthz() -> HealthOut:
    """Answers as long as the process runs."""
    return HealthOut(status="ok")


@router.get("/readyz", operation_id="readiness", summary="May it be sent traffic", responses=problems(NotReady))
async def readyz(tools: ToolsDep) -> ReadyOut:
    """The database is reachable and its schema current."""
    try:
        current = await schema_is_current(tools.database)
        async with tools.database.reading() as db:
            unattended = await count_unattended_jobs(db, _UNATTENDED_AFTER) if current else 0
    except (SQLAlchemyError, OSError):
        raise NotReady(retry_after=2) from None
    if not current:
        raise NotReady(retry_after=10)
    return ReadyOut(status="ok", unattended_jobs=unattended)
