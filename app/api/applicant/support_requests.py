"""I am named as somebody's supporter: who asks for what, and what I say to it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.reports import EntryOut
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out, Page
from app.applications.commands import (
    authorise_support_check,
    decline_support_check,
    list_requests,
    withdraw_support_check,
)
from app.applications.errors import MatterEnded, SupportRequestNotFound
from app.applications.household import applicant_name_of
from app.applications.lifecycle import OPEN
from app.applications.supporter_queries import Named
from app.applications.supporters import Consent
from app.core.clock import today
from app.core.db import ReadSession
from app.facts import Item
from app.identity.errors import RealNameRequired, TokenRejected
from app.identity.masks import mask_name
from app.reference.queries import name_place
from app.reference.term_queries import load_procedure
from app.verification.supporter_findings import read_supporters
from app.verification.ways import supporters_items
from app.verification.words import ITEMS

router = Router(prefix="/v1/me/support-requests", tags=["applicant"])

_SIGNED = "signed"


class RequestedItemOut(Out):
    """What an agency would be asked about me."""

    item: Item
    label: str


class SupportRequestOut(Out):
    """Somebody applies for aid and names me as one who owes support by law. `applicant_name` is masked; `place` is
    where the application was made, `purpose` the aid. `items`: what would be asked, about me alone; `found`: what was,
    and what agencies said. `consent`: asked, authorised, declined or withdrawn; `open`: I can still authorise it.

    I need not: declining has no consequence for the applicant but that a person looks at what was declared.
    """

    id: UUID
    applicant_name: str
    division: str
    place: str | None
    purpose: Annotated[str, Field(examples=["living_allowance"])]
    relation: Annotated[str, Field(description="what I am to the applicant, as was said")]
    consent: Consent
    open: bool
    items: list[RequestedItemOut]
    signed_at: Moment | None
    withdrawn_at: Moment | None
    found: list[EntryOut]

    @classmethod
    async def of(cls, db: ReadSession, named: Named) -> "SupportRequestOut":
        application, on = named.application, today(db.clock)
        async with db.wider():  # of another's application, what it says about the reader
            [about] = await read_supporters(db, application, [named.person])
            procedure = await load_procedure(db, application.division, on)
        last = about.signed[-1] if about.signed else None
        return cls(
            id=named.person.id,
            applicant_name=mask_name(applicant_name_of(db, application)),
            division=application.division,
            place=await name_place(db, application.division, on),
            purpose=application.program,
            relation=named.person.relation,
            consent=about.consent,
            open=application.status in OPEN,
            items=[RequestedItemOut(item=item, label=ITEMS[item]) for item in supporters_items(procedure)],
            signed_at=last.signed_at if last else None,
            withdrawn_at=last.withdrawn_at if last else None,
            found=[EntryOut.of(entry) for entry in about.entries],
        )


@router.get(
    "",
    operation_id="list_support_requests",
    summary="See who asks for my authorisation as a supporter",
    responses=problems(TokenRejected, RealNameRequired, CursorRejected),
)
async def list_mine(actor: Applicant, db: ReadDb, limit: Limit = 100, cursor: Cursor = None) -> Page[SupportRequestOut]:
    """What I signed first, then the latest. Found by the name and number that I proved. What was asked about me and
    found is mine to read; the applicant reads only whether it agrees with the form."""
    name = "support-requests"
    position = read_cursor(db.vault, actor, name, cursor)
    after = None
    if position is not None:
        signed, person_id = position.split("|")
        after = (signed == _SIGNED, UUID(person_id))
    rows = await list_requests(db, actor, after=after, limit=limit + 1)
    following = None
    if len(rows) > limit:
        last, has_signed = rows[limit - 1]
        following = write_cursor(db.vault, actor, name, f"{_SIGNED if has_signed else ''}|{last.person.id}")
    return Page(items=[await SupportRequestOut.of(db, each) for each, _ in rows[:limit]], next=following)


@router.post(
    "/{request_id}/authorise",
    operation_id="authorise_support_check",
    summary="Authorise being checked as a supporter",
    responses=problems(TokenRejected, RealNameRequired, SupportRequestNotFound, MatterEnded),
)
async def authorise(request_id: UUID, actor: Applicant, db: Db) -> SupportRequestOut:
    """For this case, of me alone, and until I withdraw it (社会救助法 art. 41). Nobody can do it for me."""
    return await SupportRequestOut.of(db, await authorise_support_check(db, actor, request_id))


@router.post(
    "/{request_id}/decline",
    operation_id="decline_support_check",
    summary="Decline being checked as a supporter",
    responses=problems(TokenRejected, RealNameRequired, SupportRequestNotFound),
)
async def decline(request_id: UUID, actor: Applicant, db: Db) -> SupportRequestOut:
    """Nobody is asked about me; what I gave before is withdrawn."""
    return await SupportRequestOut.of(db, await decline_support_check(db, actor, request_id))


@router.post(
    "/{request_id}/withdraw",
    operation_id="withdraw_support_check",
    summary="Withdraw my authorisation as a supporter",
    responses=problems(TokenRejected, RealNameRequired, SupportRequestNotFound),
)
async def withdraw(request_id: UUID, actor: Applicant, db: Db) -> SupportRequestOut:
    """From now on nobody is asked about me (个人信息保护法 art. 15)."""
    return await SupportRequestOut.of(db, await withdraw_support_check(db, actor, request_id))
