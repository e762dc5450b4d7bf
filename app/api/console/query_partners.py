"""Which systems of other authorities may ask whether somebody receives assistance, and what they asked."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb, ToolsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import DivisionCode, In, Line, Moment, Out, Page
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.errors import PublicKeyUnusable, TokenRejected
from app.reference.errors import DivisionMalformed, OutsideYourDivision
from app.status_queries.commands import (
    NewPartner,
    RegistryAccess,
    change_partner,
    put_registry_access,
    register_partner,
    rotate_partner_secret,
    set_partner_scope,
)
from app.status_queries.errors import PartnerCodeTaken, QueryPartnerNotFound, SenderTaken
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.lifecycle import LIFECYCLE, PartnerAction, PartnerStatus
from app.status_queries.models import QueryPartner, StatusQuery
from app.status_queries.queries import get_partner, list_partners, list_queries
from app.webhooks.errors import UrlNotAllowed

router = Router(prefix="/v1/console", tags=["console: status queries"])

_CHANGING = problems(TokenRejected, QueryPartnerNotFound, StepNotAllowed, RoleNotAllowed)
_PARTNERS, _QUERIES = "query-partners", "status-queries"


Purposes = Annotated[
    list[Annotated[QueryPurpose, Field(strict=False)]],
    Field(min_length=1, max_length=len(QueryPurpose), examples=[["medical_assistance"]]),
]
MostPerDay = Annotated[int, Field(ge=1, le=1_000_000, examples=[10_000])]


class PartnerIn(In):
    """A system of another authority. `code`: what it calls itself in `X-Partner`, for good; `title`: what citizens
    read; `division`: below which the cases lie that it may hear of, the caller's own without it; `most_per_day`: about
    how many persons it may ask in a day."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,31}$", examples=["county_medical_insurance"])]
    title: Annotated[Line, Field(examples=["开远市医疗保障局"])]
    division: Annotated[DivisionCode, Field(examples=["532502000000"])] | None = None
    purposes: Purposes
    most_per_day: MostPerDay = 10_000


class ScopeIn(In):
    """All that a partner may ask for from now on, and about how many persons in a day."""

    purposes: Purposes
    most_per_day: MostPerDay


class PublicKeyIn(In):
    """A public JWK (RFC 7517): `EC` with `P-256`, `x` and `y`, or `OKP` with `Ed25519` and `x`."""

    kty: Literal["EC", "OKP"]
    crv: Literal["P-256", "Ed25519"]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"])]
    y: Annotated[
        str | None, Field(pattern=r"^[A-Za-z0-9_-]{43}$", examples=["x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"])
    ] = None


class RegistryAccessIn(In):
    """`sender_id` and `key_id` as the partner writes them; `callback_url`: below which answers go, none without it."""

    sender_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,98}$", examples=["medical.example"])]
    key_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,98}$", examples=["key-1"])]
    public_key: PublicKeyIn
    callback_url: Annotated[
        str | None,
        Field(
            min_length=8, max_length=500, pattern=r"^https?://[\x21-\x7e]+$", examples=["https://partner.example/dci"]
        ),
    ] = None


class QueryPartnerOut(Out):
    """A partner that may ask: what for, below which division, and whether it is let in."""

    id: UUID
    code: str
    title: str
    division: str
    purposes: list[QueryPurpose]
    most_per_day: int
    sender_id: str | None
    key_id: str | None
    callback_url: str | None
    status: PartnerStatus
    status_since: Moment
    created_at: Moment
    actions: list[PartnerAction]

    @classmethod
    def of(cls, row: QueryPartner, actor: Caseworker) -> "QueryPartnerOut":
        return cls(
            id=row.id,
            code=row.code,
            title=row.title,
            division=row.division,
            purposes=[QueryPurpose(each) for each in row.purposes],
            most_per_day=row.most_per_day,
            sender_id=row.sender_id,
            key_id=row.key_id,
            callback_url=row.callback_url,
            status=row.status,
            status_since=row.status_since,
            created_at=row.created_at,
            actions=list(LIFECYCLE.actions(PartnerStatus(row.status), actor.role)),
        )


class QueryPartnerWithSecretOut(QueryPartnerOut):
    """A partner and the secret it shows as its bearer token. Keep the secret: it is shown only now."""

    secret: str


class AskedOut(Out):
    """One query of a partner: what for, about how many persons, how many of them receive something. Nobody is named."""

    id: UUID
    partner_id: UUID
    asked_at: Moment
    purpose: QueryPurpose
    basis: Basis
    persons: int
    recipients: int

    @classmethod
    def of(cls, row: StatusQuery) -> "AskedOut":
        return cls(**{name: getattr(row, name) for name in AskedOut.model_fields})


@router.get(
    "/query-partners",
    operation_id="list_query_partners",
    summary="List the partners that may ask",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(actor: Caseworker, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[QueryPartnerOut]:
    """Those below the caller's division, newest first; for administrators and supervisors."""
    after = read_id_cursor(db.vault, actor, _PARTNERS, cursor)
    rows = await list_partners(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, _PARTNERS, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[QueryPartnerOut.of(row, actor) for row in rows[:limit]], next=following)


@router.post(
    "/query-partners",
    status_code=201,
    operation_id="register_query_partner",
    summary="Let a partner ask",
    responses=problems(TokenRejected, RoleNotAllowed, OutsideYourDivision, DivisionMalformed, PartnerCodeTaken),
)
async def register(body: PartnerIn, actor: Caseworker, db: Db, response: Response) -> QueryPartnerWithSecretOut:
    """An administrator's step. The answer carries the secret, once."""
    new = NewPartner(body.code, body.title, body.division or actor.division or "", body.purposes, body.most_per_day)
    partner, secret = await register_partner(db, actor, new)
    response.headers["Location"] = f"/v1/console/query-partners/{partner.id}"
    return QueryPartnerWithSecretOut(**QueryPartnerOut.of(partner, actor).model_dump(), secret=secret)


@router.get(
    "/query-partners/{partner_id}",
    operation_id="get_query_partner",
    summary="Read one partner that may ask",
    responses=problems(TokenRejected, QueryPartnerNotFound),
)
async def get(partner_id: UUID, actor: Caseworker, db: ReadDb) -> QueryPartnerOut:
    """What it may ask for, and whether it is let in."""
    return QueryPartnerOut.of(await get_partner(db, actor, partner_id), actor)


@router.post(
    "/query-partners/{partner_id}/disable",
    operation_id="disable_query_partner",
    summary="Let a partner ask no longer",
    responses=_CHANGING,
)
async def disable(partner_id: UUID, actor: Caseworker, db: Db) -> QueryPartnerOut:
    """At once: its next request is refused, whatever it is."""
    return QueryPartnerOut.of(await change_partner(db, actor, partner_id, PartnerAction.DISABLE), actor)


@router.post(
    "/query-partners/{partner_id}/enable",
    operation_id="enable_query_partner",
    summary="Let a partner ask again",
    responses=_CHANGING,
)
async def enable(partner_id: UUID, actor: Caseworker, db: Db) -> QueryPartnerOut:
    """With the secret it had."""
    return QueryPartnerOut.of(await change_partner(db, actor, partner_id, PartnerAction.ENABLE), actor)


@router.post(
    "/query-partners/{partner_id}/rotate-secret",
    operation_id="rotate_query_partner_secret",
    summary="Replace a partner's secret",
    responses=problems(TokenRejected, QueryPartnerNotFound, RoleNotAllowed),
)
async def rotate(partner_id: UUID, actor: Caseworker, db: Db) -> QueryPartnerWithSecretOut:
    """The secret before is good no longer."""
    partner, secret = await rotate_partner_secret(db, actor, partner_id)
    return QueryPartnerWithSecretOut(**QueryPartnerOut.of(partner, actor).model_dump(), secret=secret)


@router.post(
    "/query-partners/{partner_id}/scope",
    operation_id="set_query_partner_scope",
    summary="Say anew what a partner may ask for",
    responses=problems(TokenRejected, QueryPartnerNotFound, RoleNotAllowed),
)
async def set_scope(partner_id: UUID, body: ScopeIn, actor: Caseworker, db: Db) -> QueryPartnerOut:
    """From its next request on; what it asked before stays on record as it was."""
    return QueryPartnerOut.of(await set_partner_scope(db, actor, partner_id, body.purposes, body.most_per_day), actor)


@router.post(
    "/query-partners/{partner_id}/registry-access",
    operation_id="put_query_partner_registry_access",
    summary="Let a partner ask by the DCI standard",
    responses=problems(
        TokenRejected, QueryPartnerNotFound, RoleNotAllowed, PublicKeyUnusable, UrlNotAllowed, SenderTaken
    ),
)
async def put_access(
    partner_id: UUID, body: RegistryAccessIn, actor: Caseworker, db: Db, tools: ToolsDep
) -> QueryPartnerOut:
    """At `/v1/partner/dci/registry`. Given again it replaces key and address: the key before is good no longer."""
    access = RegistryAccess(body.sender_id, body.key_id, body.public_key.model_dump(), body.callback_url)
    sandbox = tools.settings.environment == "sandbox"
    return QueryPartnerOut.of(await put_registry_access(db, actor, partner_id, access, sandbox=sandbox), actor)


@router.get(
    "/status-queries",
    operation_id="list_status_queries",
    summary="List what partners asked",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_asked(
    actor: Caseworker,
    db: ReadDb,
    partner_id: Annotated[UUID | None, Query(description="only those of one partner")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AskedOut]:
    """Newest first; for administrators and supervisors. Whom a query was about stands in the audit (`GET
    /v1/console/audit?object_id=`)."""
    name = f"{_QUERIES}:{partner_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_queries(db, actor, partner_id=partner_id, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[AskedOut.of(row) for row in rows[:limit]], next=following)
