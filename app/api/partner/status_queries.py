"""Whether somebody receives assistance, asked by the systems of other authorities."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from app.api.common.callers import AskingPartner
from app.api.common.deps import Db, ReadDb
from app.api.common.limits import LimitsDep
from app.api.common.months import Month
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import IdNumber, In, Line, Moment, Out, Page
from app.core.months import write_month
from app.identity.errors import TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import STATUS_QUERIES
from app.status_queries.commands import Answered, Person, PersonAnswer, Receives, actor_of, ask_status, reread_status
from app.status_queries.commands.asking import MOST_PERSONS
from app.status_queries.errors import (
    BasisNotOfPurpose,
    PersonsMalformed,
    PurposeNotGranted,
    QuotaSpent,
    StatusQueryNotFound,
)
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.models import StatusQuery
from app.status_queries.queries import list_queries

router = Router(prefix="/v1/partner/status-queries", tags=["partner"])

_LIST = "status-queries"


class PersonIn(In):
    """One person. `reference`: what you call the answer; no name and no number, please."""

    reference: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", examples=["1"])]
    id_number: IdNumber
    name: Line


class StatusQueryIn(In):
    """What you need to know it for, the article you rest on (the one that has this aid given, or art. 42 of the social
    assistance law), and whom you ask about. You were registered for some purposes; others are refused."""

    purpose: Annotated[QueryPurpose, Field(strict=False, examples=["medical_assistance"])]
    basis: Annotated[Basis, Field(strict=False, examples=["social_assistance_law_42"])]
    persons: Annotated[list[PersonIn], Field(min_length=1, max_length=MOST_PERSONS)]


class ReceivesOut(Out):
    """A program the person receives, since which month, and the county that keeps the case."""

    program: str
    since: Month
    county: Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["532529"])]

    @classmethod
    def of(cls, receives: Receives) -> "ReceivesOut":
        return cls(program=receives.program, since=write_month(receives.since), county=receives.county)


class PersonAnswerOut(Out):
    """Not `recipient`: nothing is received, or nobody of this number and name is known; which of them is not told."""

    reference: str
    recipient: bool
    programs: list[ReceivesOut]

    @classmethod
    def of(cls, answer: PersonAnswer) -> "PersonAnswerOut":
        programs = [ReceivesOut.of(each) for each in answer.programs]
        return cls(reference=answer.reference, recipient=bool(programs), programs=programs)


class StatusQueryOut(Out):
    """A query of yours: about how many persons, how many of them receive something."""

    id: UUID
    asked_at: Moment
    purpose: QueryPurpose
    basis: Basis
    persons: int
    recipients: int

    @classmethod
    def of(cls, row: StatusQuery) -> "StatusQueryOut":
        return cls(**{name: getattr(row, name) for name in StatusQueryOut.model_fields})


class AnsweredOut(StatusQueryOut):
    """A query with what was told about each person, in the order of the question, as things were at `asked_at`."""

    results: list[PersonAnswerOut]

    @classmethod
    def told(cls, answered: Answered) -> "AnsweredOut":
        results = [PersonAnswerOut.of(answer) for answer in answered.answers]
        return cls(**StatusQueryOut.of(answered.query).model_dump(), results=results)


@router.post(
    "",
    status_code=201,
    operation_id="ask_status",
    summary="Ask whether persons receive assistance",
    responses=problems(
        TokenRejected, PurposeNotGranted, BasisNotOfPurpose, PersonsMalformed, QuotaSpent, TooManyRequests
    ),
)
async def ask(
    body: StatusQueryIn, partner: AskingPartner, db: Db, limits: LimitsDep, response: Response
) -> AnsweredOut:
    """About up to a hundred persons, answered at once. Number and name both have to be right. Each person can read that
    you asked, and what for. 60 queries a minute, and as many persons a day as you were registered for."""
    await limits.use((STATUS_QUERIES, str(partner.id)))
    answered = await ask_status(
        db,
        partner,
        purpose=body.purpose,
        basis=body.basis,
        persons=[Person(each.reference, each.id_number, each.name) for each in body.persons],
    )
    response.headers["Location"] = f"/v1/partner/status-queries/{answered.query.id}"
    return AnsweredOut.told(answered)


@router.get(
    "",
    operation_id="list_own_status_queries",
    summary="List my queries",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_own(
    partner: AskingPartner, db: ReadDb, limit: Limit = 20, cursor: Cursor = None
) -> Page[StatusQueryOut]:
    """Newest first, without the persons. They are kept for three years."""
    actor = actor_of(partner)
    after = read_id_cursor(db.vault, actor, _LIST, cursor)
    rows = await list_queries(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, _LIST, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[StatusQueryOut.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{query_id}",
    operation_id="get_own_status_query",
    summary="Read a query of mine again",
    responses=problems(TokenRejected, StatusQueryNotFound),
)
async def get(query_id: UUID, partner: AskingPartner, db: Db) -> AnsweredOut:
    """What you were told then; nobody is looked for anew. Whoever was told about can read that you read it again."""
    return AnsweredOut.told(await reread_status(db, partner, query_id))
