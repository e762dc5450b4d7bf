"""Following an objection: what became of it, and nothing of the household."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.applications.clocks import StepKind
from app.applications.models import Application, ApplicationStep
from app.applications.queries import get_application, list_steps
from app.core.clock import legal_date
from app.core.db import Database
from app.core.ids import number_is_valid
from app.identity.actors import SYSTEM
from app.notices.errors import ObjectionNotFound
from app.notices.models import Objection
from app.notices.queries import find_objection, get_notice


class Stage(StrEnum):
    """How far what was objected to has come (D57 art. 19)."""

    LOOKING_AGAIN = "looking_again"  # the household is surveyed again, or appraised
    LOOKED_AGAIN = "looked_again"  # a new opinion was given; the case has not come to its end
    ENDED = "ended"


@dataclass(frozen=True)
class Followed:
    """What an objector is told.

    `due_on`: until when the township has to have looked again, `due_basis` what says so; `looked_on`: when it had.
    `ended_on`: when the case came to its end, and not how: what was granted is posted, a refusal is nobody's business.
    """

    number: str
    made_at: datetime
    stage: Stage
    due_on: date | None
    due_provisional: bool
    due_basis: str | None
    looked_on: date | None
    ended_on: date | None


async def look_up_objection(database: Database, number: str, code: str) -> Followed:
    """Return what became of the objection whose number and code these are. An unknown number and a wrong code answer
    the same.

    Raises:
        ObjectionNotFound: they do not belong together, or the case's file is gone.
    """
    plain, secret = number.strip().upper(), code.strip().upper()
    if not number_is_valid(plain):
        raise ObjectionNotFound
    async with database.reading() as db:
        objection = await find_objection(db, plain)
        given = db.vault.index("objections.code", secret)
        if not hmac.compare_digest(objection.code_index if objection else b"", given) or objection is None:
            raise ObjectionNotFound
        notice = await get_notice(db, objection.notice_id)
        application = await get_application(db, SYSTEM, notice.application_id)
        steps = await list_steps(db, application.id)
    looking = next((step for step in steps if _answers(step, objection)), None)
    return _told(objection, application, looking)


def _answers(step: ApplicationStep, objection: Objection) -> bool:
    """Say whether the township looked again in this step because of the objection, alone or among others."""
    return step.kind == StepKind.RE_SURVEY and (step.closed_at is None or step.closed_at >= objection.made_at)


def _told(objection: Objection, application: Application, looking: ApplicationStep | None) -> Followed:
    looked_at = looking.closed_at if looking else None
    if application.ended_at is not None:
        stage = Stage.ENDED
    else:
        stage = Stage.LOOKED_AGAIN if looked_at else Stage.LOOKING_AGAIN
    return Followed(
        number=objection.number,
        made_at=objection.made_at,
        stage=stage,
        due_on=looking.due_on if looking else None,
        due_provisional=looking is not None and looking.provisional,
        due_basis=looking.basis if looking else None,
        looked_on=legal_date(looked_at) if looked_at else None,
        ended_on=legal_date(application.ended_at) if application.ended_at else None,
    )
