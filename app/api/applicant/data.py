"""Everything held about me, with why, by which law, from where and until when."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from app.api.common.callers import Applicant, applicant
from app.api.common.deps import Db
from app.api.common.explanations import Language, language_of
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems, wants_english
from app.api.common.schemas import Moment, Out
from app.api.common.step_up import recently_authenticated
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.clock import today
from app.identity.errors import StepUpRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import DATA_COPIES
from app.reference.retention import Kept, Rule, rule_on
from app.retention.catalogue import CATALOGUE, NOT_COPIED
from app.retention.copies import CopiedPart, CopiedRow, copy_everything

router = APIRouter(prefix="/v1/me", tags=["applicant"])


class RetentionOut(Out):
    """How long a class is kept: ISO 8601 `period` from what `starts` names. `local`: the place may have another."""

    kept_as: Kept
    period: Annotated[str, Field(examples=["P3Y"])]
    starts: str
    basis: list[str]
    local: bool

    @classmethod
    def of(cls, kept: Kept, rule: Rule) -> "RetentionOut":
        return cls(
            kept_as=kept,
            period=str(rule.period),
            starts=rule.starts,
            basis=list(rule.basis),
            local=rule.local,
        )


class HeldRowOut(Out):
    """One thing that is held. `kept_until` is the last day it is kept; null while its period has not begun. `data` has
    the members of that category; numbers in clear, for they are yours; `***` stands for what is another adult's."""

    kept_as: Kept
    kept_until: date | None
    data: dict[str, Any]

    @classmethod
    def of(cls, copied: CopiedRow) -> "HeldRowOut":
        return cls(
            kept_as=copied.keeping.kept,
            kept_until=copied.keeping.until,
            data=dict(copied.row.data),
        )


class HeldCategoryOut(Out):
    """One category: why it is held, by which law, from where. `withheld`: members kept back for the sake of others, who
    objected, complained or told something about a neighbour. Not `complete`: only the newest are in this copy."""

    category: str
    title: str
    purpose: str
    legal_basis: list[str]
    source: str
    withheld: list[str]
    complete: bool
    items: list[HeldRowOut]

    @classmethod
    def of(cls, copied: CopiedPart, language: Language) -> "HeldCategoryOut":
        about = CATALOGUE[copied.part.table]
        return cls(
            category=copied.part.table,
            title=about.title.in_language(language),
            purpose=about.purpose.in_language(language),
            legal_basis=list(about.basis),
            source=about.source.in_language(language),
            withheld=list(copied.part.withheld),
            complete=copied.part.complete,
            items=[HeldRowOut.of(row) for row in copied.rows],
        )


class NotCopiedOut(Out):
    """Records that a copy holds nothing of, and why."""

    categories: list[str]
    reason: str


class DataCopyOut(Out):
    """Everything held about the account that is signed in."""

    made_at: Moment
    citizen_id: UUID
    retention: list[RetentionOut]
    categories: list[HeldCategoryOut]
    not_copied: list[NotCopiedOut]


@router.get(
    "/data",
    operation_id="get_my_data",
    summary="Get a copy of everything held about me",
    dependencies=[recently_authenticated(caller=applicant)],
    responses=problems(TokenRejected, StepUpRequired, TooManyRequests),
)
async def get_my_data(actor: Applicant, db: Db, limits: LimitsDep, request: Request) -> DataCopyOut:
    """By category, with purpose, legal basis, source and how long it is kept (个人信息保护法 art. 17, 45). Needs a
    sign-in by code within the last 15 minutes, and can be had five times a day. Files themselves are at the `content`
    of each document; every single look of staff is at `/v1/me/accesses`."""
    await limits.use((DATA_COPIES, str(actor.id)))
    language = language_of(english=wants_english(request))
    parts = await copy_everything(db, actor)
    await record_act(db, actor, "identity.copy_data", "citizen", actor.id, case=Case(None, actor.id))
    on = today(db.clock)
    return DataCopyOut(
        made_at=db.clock.now(),
        citizen_id=actor.id,
        retention=[RetentionOut.of(kept, rule_on(kept, on)) for kept in Kept],
        categories=[HeldCategoryOut.of(part, language) for part in parts],
        not_copied=_not_copied(language),
    )


def _not_copied(language: Language) -> list[NotCopiedOut]:
    by_reason: dict[str, list[str]] = {}
    for table, words in sorted(NOT_COPIED.items()):
        by_reason.setdefault(words.in_language(language), []).append(table)
    return [NotCopiedOut(categories=tables, reason=reason) for reason, tables in by_reason.items()]
