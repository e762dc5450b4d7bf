"""What recipients said before a reduction or stop: as it is put on record, and as it is shown."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.free_words import Words
from app.api.common.schemas import In, Moment, Out, Paragraph
from app.awards.lifecycle import StopGround
from app.awards.models import Hearing
from app.core.db import ReadSession
from app.programs.declaration import PlainDate


class HearIn(In):
    """What the recipient said, and when, about a reduction or stop that is being considered. `ground`: what the stop
    would rest on; of a reduction null, its ground is that of the proposal. About a stop with the ground `request`, the
    opinion is the household's own declaration; with `death`, of who lived alone, what relatives or the village say."""

    about: Literal["reduce", "stop"]
    ground: Annotated[StopGround | None, Field(strict=False)] = None
    opinion: Paragraph
    heard_on: PlainDate


class HearingOut(Out):
    """A hearing on record. `ground`: of a stop; null of hearings of before grounds were named."""

    id: UUID
    about: str
    ground: str | None
    opinion: Words
    heard_on: date
    heard_by: UUID
    recorded_at: Moment

    @classmethod
    def of(cls, db: ReadSession, hearing: Hearing) -> "HearingOut":
        return cls(
            id=hearing.id,
            about=hearing.about,
            ground=hearing.ground,
            opinion=db.vault.open("award_hearings.opinion", hearing.id, hearing.opinion_sealed),
            heard_on=hearing.heard_on,
            heard_by=hearing.heard_by,
            recorded_at=hearing.recorded_at,
        )
