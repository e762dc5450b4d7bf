"""Webhook endpoints of a division: who hears of what, what arrived, and sending again."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb, ToolsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import GIVEN, NOT_GIVEN, DivisionCode, Id, In, Instant, Line, Moment, Out, Page
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.errors import TokenRejected
from app.reference.errors import DivisionMalformed, OutsideYourDivision
from app.webhooks.commands import add_endpoint, redeliver, remove_endpoint, resume_endpoint, rotate_secret
from app.webhooks.errors import EndpointNotFound, EventNotFound, EventTypeUnknown, RangeTooLarge, UrlNotAllowed
from app.webhooks.lifecycle import ENDPOINT, DeliveryStatus, EndpointAction, EndpointStatus
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.webhooks.queries import get_endpoint, list_deliveries, list_endpoints

router = Router(prefix="/v1/console/webhook-endpoints", tags=["console: webhooks"])

_CHANGING = problems(TokenRejected, EndpointNotFound, StepNotAllowed, RoleNotAllowed)
EventType = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=64)]


class EndpointIn(In):
    """An https address, and what it is to hear: the events of `division` (a county or what stands above; the caller's
    own without it), of these types (all without any)."""

    url: Annotated[
        str,
        Field(
            min_length=8,
            max_length=500,
            pattern=r"^https?://[\x21-\x7e]+$",
            examples=["https://partner.example/hooks/dibao"],
        ),
    ]
    division: DivisionCode | None = None
    event_types: Annotated[list[EventType], Field(max_length=50, default_factory=list)]
    description: Line


class RotateIn(In):
    """For how many hours the previous secret signs beside the new one."""

    keep_previous_hours: Annotated[int, Field(ge=0, le=168)] = 24


_ONE_EVENT: JsonDict = {"event_ids": ["0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"]}
_BY_ID: JsonDict = {
    "required": ["event_ids"],
    "properties": {"event_ids": GIVEN, "since": NOT_GIVEN, "until": NOT_GIVEN},
}
_BY_RANGE: JsonDict = {
    "required": ["since", "until"],
    "properties": {"event_ids": NOT_GIVEN, "since": GIVEN, "until": GIVEN},
}


class RedeliverIn(In):
    """Either events by id, or everything that happened from `since` to before `until`; at most 1000 at once."""

    event_ids: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    since: Instant | None = None
    until: Instant | None = None

    model_config = ConfigDict(json_schema_extra={"anyOf": [_BY_ID, _BY_RANGE], "examples": [_ONE_EVENT]})

    @model_validator(mode="after")
    def _one_way(self) -> "RedeliverIn":
        by_range = self.since is not None and self.until is not None
        if (self.event_ids is not None) == by_range or (self.since is None) != (self.until is None):
            raise ValueError("give event_ids, or since and until")
        return self


class EndpointOut(Out):
    """An endpoint. Paused: its schedule of attempts was spent; disabled: it answered 410. `resume` brings it back."""

    id: UUID
    url: str
    division: str
    event_types: list[str]
    description: str
    status: EndpointStatus
    status_reason: str | None
    status_since: Moment
    previous_secret_until: Moment | None
    created_at: Moment
    actions: list[EndpointAction]

    @classmethod
    def of(cls, row: WebhookEndpoint, actor: Caseworker) -> "EndpointOut":
        """Shape an endpoint."""
        return cls(
            id=row.id,
            url=row.url,
            division=row.division,
            event_types=row.event_types,
            description=row.description,
            status=row.status,
            status_reason=row.status_reason,
            status_since=row.status_since,
            previous_secret_until=row.previous_secret_until,
            created_at=row.created_at,
            actions=list(ENDPOINT.actions(EndpointStatus(row.status), actor.role)),
        )


class EndpointWithSecretOut(EndpointOut):
    """An endpoint and its signing secret (Standard Webhooks 1.0). Keep the secret: it is shown only now."""

    secret: str


class AttemptOut(Out):
    """One try. Without `ended_at` it was cut off: whether it arrived is not known."""

    number: int
    started_at: Moment
    ended_at: Moment | None
    status_code: int | None
    error: str | None

    @classmethod
    def of(cls, row: WebhookAttempt) -> "AttemptOut":
        """Shape one try."""
        return cls(
            number=row.number,
            started_at=row.started_at,
            ended_at=row.ended_at,
            status_code=row.status_code,
            error=row.error,
        )


class DeliveryOut(Out):
    """One event on its way to this endpoint, with its tries."""

    id: UUID
    event_id: UUID
    event_type: str
    status: DeliveryStatus
    created_at: Moment
    next_attempt_at: Moment | None
    delivered_at: Moment | None
    attempts: list[AttemptOut]

    @classmethod
    def of(cls, row: WebhookDelivery) -> "DeliveryOut":
        """Shape one delivery."""
        return cls(
            id=row.id,
            event_id=row.event_id,
            event_type=row.event_type,
            status=row.status,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at if row.status == DeliveryStatus.PENDING else None,
            delivered_at=row.delivered_at,
            attempts=[AttemptOut.of(attempt) for attempt in row.log],
        )


class RedeliveredOut(Out):
    """How many events are on their way again."""

    count: int


@router.get(
    "",
    operation_id="list_webhook_endpoints",
    summary="List webhook endpoints",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(actor: Caseworker, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[EndpointOut]:
    """Those below the caller's division, newest first; for administrators and supervisors."""
    after = read_id_cursor(db.vault, actor, "webhook-endpoints", cursor)
    rows = await list_endpoints(db, actor, after=after, limit=limit + 1)
    more = len(rows) > limit
    following = write_cursor(db.vault, actor, "webhook-endpoints", str(rows[limit - 1].id)) if more else None
    return Page(items=[EndpointOut.of(row, actor) for row in rows[:limit]], next=following)


@router.post(
    "",
    status_code=201,
    operation_id="add_webhook_endpoint",
    summary="Subscribe an address to events",
    responses=problems(
        TokenRejected, RoleNotAllowed, OutsideYourDivision, DivisionMalformed, UrlNotAllowed, EventTypeUnknown
    ),
)
async def add(
    body: EndpointIn, actor: Caseworker, db: Db, tools: ToolsDep, response: Response
) -> EndpointWithSecretOut:
    """An administrator's step. The answer carries the signing secret, once."""
    endpoint, secret = await add_endpoint(
        db,
        actor,
        url=body.url,
        division=body.division or actor.division or "",
        event_types=body.event_types,
        description=body.description,
        sandbox=tools.settings.environment == "sandbox",
    )
    response.headers["Location"] = f"/v1/console/webhook-endpoints/{endpoint.id}"
    return EndpointWithSecretOut(**EndpointOut.of(endpoint, actor).model_dump(), secret=secret)


@router.get(
    "/{endpoint_id}",
    operation_id="get_webhook_endpoint",
    summary="Read one webhook endpoint",
    responses=problems(TokenRejected, EndpointNotFound),
)
async def get(endpoint_id: UUID, actor: Caseworker, db: ReadDb) -> EndpointOut:
    """Where it stands, and since when."""
    return EndpointOut.of(await get_endpoint(db, actor, endpoint_id), actor)


@router.delete(
    "/{endpoint_id}",
    status_code=204,
    operation_id="remove_webhook_endpoint",
    summary="Remove a webhook endpoint",
    responses=problems(TokenRejected, EndpointNotFound, RoleNotAllowed),
)
async def remove(endpoint_id: UUID, actor: Caseworker, db: Db) -> None:
    """Nothing more is sent there."""
    await remove_endpoint(db, actor, endpoint_id)


@router.get(
    "/{endpoint_id}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="List what was sent to an endpoint",
    responses=problems(TokenRejected, EndpointNotFound, CursorRejected),
)
async def deliveries(
    endpoint_id: UUID,
    actor: Caseworker,
    db: ReadDb,
    status: Annotated[DeliveryStatus | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DeliveryOut]:
    """Each event with every try, newest first."""
    endpoint = await get_endpoint(db, actor, endpoint_id)
    name = f"webhook-deliveries:{endpoint_id}:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_deliveries(db, endpoint.id, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[DeliveryOut.of(row) for row in rows[:limit]], next=following)


@router.post(
    "/{endpoint_id}/redeliver",
    status_code=202,
    operation_id="redeliver_webhook_events",
    summary="Send events again",
    responses=problems(TokenRejected, EndpointNotFound, StepNotAllowed, RoleNotAllowed, EventNotFound, RangeTooLarge),
)
async def send_again(endpoint_id: UUID, body: RedeliverIn, actor: Caseworker, db: Db) -> RedeliveredOut:
    """By id or by time, whether or not they arrived before; also what happened while the endpoint was paused."""
    count = await redeliver(db, actor, endpoint_id, event_ids=body.event_ids, since=body.since, until=body.until)
    return RedeliveredOut(count=count)


@router.post(
    "/{endpoint_id}/rotate-secret",
    operation_id="rotate_webhook_secret",
    summary="Replace the signing secret",
    responses=_CHANGING,
)
async def rotate(endpoint_id: UUID, body: RotateIn, actor: Caseworker, db: Db) -> EndpointWithSecretOut:
    """Both secrets sign until the old one ends, so that the receiver can change over without losing anything."""
    keep = timedelta(hours=body.keep_previous_hours)
    endpoint, secret = await rotate_secret(db, actor, endpoint_id, keep_previous=keep)
    return EndpointWithSecretOut(**EndpointOut.of(endpoint, actor).model_dump(), secret=secret)


@router.post(
    "/{endpoint_id}/resume",
    operation_id="resume_webhook_endpoint",
    summary="Send to a paused or disabled endpoint again",
    responses=_CHANGING,
)
async def resume(endpoint_id: UUID, actor: Caseworker, db: Db) -> EndpointOut:
    """What waited goes out now; what happened meanwhile comes by `redeliver` with a range of time."""
    return EndpointOut.of(await resume_endpoint(db, actor, endpoint_id), actor)
