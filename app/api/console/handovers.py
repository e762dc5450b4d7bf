"""Hand-overs at the desks of two counties: propose, release; accept, confirm; decline or withdraw."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Fen, In, Moment, Out, Page, Paragraph
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.awards.errors import AwardNotFound
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.months import write_month
from app.handovers import commands
from app.handovers.commands import Move
from app.handovers.commands.records import actions_of
from app.handovers.errors import HandoverBlocked, HandoverInvalid, HandoverNotFound, HandoverOpen, OtherCountysStep
from app.handovers.file import CaseConclusions, open_file
from app.handovers.lifecycle import OPEN, READERS, Action, DeclineReason, Ground, Source, Status
from app.handovers.models import Handover
from app.handovers.queries import Wanted, get_handover, list_handovers
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.programs.declaration import PlainDate

router = Router(prefix="/v1/console", tags=["console: awards"])

_ACTING = (
    TokenRejected, HandoverNotFound, ConflictOfInterest, OtherCountysStep, StepNotAllowed, RoleNotAllowed,
)  # fmt: skip
_Division = Annotated[str, Field(pattern=r"^[1-9][0-9]{11}$", examples=["530622001000"])]


class MoveIn(In):
    """Where the household went and when, why it is another county's, and how that was learnt. `to_division`: the
    township there; `moved_on`: the day of the move, at most three years ago or three months ahead."""

    to_division: _Division
    moved_on: PlainDate
    ground: Annotated[Ground, Field(strict=False, examples=["relocation"])]
    source: Annotated[Source, Field(strict=False, examples=["report"])]
    reason: Paragraph


class AcceptIn(In):
    """The village of the township in which the household lives now."""

    village: Annotated[str, Field(pattern=r"^[1-9][0-9]{11}$", examples=["530622001201"])]


class DeclineIn(In):
    """Why the county does not go on with the award."""

    reason: Annotated[DeclineReason, Field(strict=False, examples=["does_not_live_here"])]
    words: Paragraph


class HandoverSummary(Out):
    """A line of the list. `due_on`: by when the other county is to say whether it goes on, the year's working days not
    all announced where `due_provisional`; `overdue`: it has not."""

    id: UUID
    award_id: UUID
    program: str
    county: str
    division: str
    to_county: str
    to_division: str
    status: Status
    ground: Ground
    moved_on: PlainDate
    released_at: Moment | None
    due_on: PlainDate | None
    due_provisional: bool
    overdue: bool
    actions: list[Action]

    @classmethod
    def shown_to(cls, db: ReadSession, actor: Actor, row: Handover) -> "HandoverSummary":
        """Shape it for a desk."""
        waits = row.status in OPEN and row.due_on is not None
        return cls(
            id=row.id,
            award_id=row.award_id,
            program=row.program,
            county=row.county,
            division=row.division,
            to_county=row.to_county,
            to_division=row.to_division,
            status=Status(row.status),
            ground=Ground(row.ground),
            moved_on=row.moved_on,
            released_at=row.released_at,
            due_on=row.due_on,
            due_provisional=row.due_provisional,
            overdue=waits and row.due_on is not None and row.due_on < today(db.clock),
            actions=actions_of(actor, row),
        )


class FilePersonOut(Out):
    """One of the household, masked. `benefits`: the award is for this person, too."""

    relation: str
    name: str
    birth_year: int
    benefits: bool


class FileFindingOut(Out):
    """One condition of the grant, and whether it was met; null: a person settled it."""

    rule: str
    met: bool | None


class CaseConclusionsOut(Out):
    """What the case came to, as it was when it was released."""

    application_number: str | None
    decision_number: str
    decided_on: PlainDate
    area_class: str
    members_counted: int
    members: list[FilePersonOut]
    monthly_amount_fen: Fen
    from_month: str
    judged_on: PlainDate
    findings: list[FileFindingOut]

    @classmethod
    def of(cls, told: CaseConclusions) -> "CaseConclusionsOut":
        """Shape what the other county is told."""
        return cls(**{**told.model_dump(), "from_month": write_month(told.from_month)})


class HandoverOut(HandoverSummary):
    """A hand-over. Once completed, `last_month` is the last one that the first county pays, `first_month` the first of
    the other one, whose award is `new_award_id`: it is read there, by who works there."""

    application_id: UUID
    source: Source
    reason: Words
    village: str | None
    file: CaseConclusionsOut | None
    proposed_at: Moment
    accepted_at: Moment | None
    decline_reason: DeclineReason | None
    decline_words: Words | None
    ended_at: Moment | None
    last_month: str | None
    first_month: str | None
    new_award_id: UUID | None

    @classmethod
    def of(cls, db: ReadSession, actor: Actor, row: Handover) -> "HandoverOut":
        """Shape it whole for a desk of either county."""
        told, words = open_file(db, row), row.decline_words_sealed
        return cls(
            **HandoverSummary.shown_to(db, actor, row).model_dump(),
            application_id=row.application_id,
            source=Source(row.source),
            reason=db.vault.open("handovers.reason", row.id, row.reason_sealed),
            village=row.village,
            file=CaseConclusionsOut.of(told) if told else None,
            proposed_at=row.proposed_at,
            accepted_at=row.accepted_at,
            decline_reason=DeclineReason(row.decline_reason) if row.decline_reason else None,
            decline_words=db.vault.open("handovers.decline_words", row.id, words) if words else None,
            ended_at=row.ended_at,
            last_month=write_month(row.last_month) if row.last_month else None,
            first_month=write_month(row.first_month) if row.first_month else None,
            new_award_id=row.new_award_id,
        )


@router.get(
    "/handovers",
    operation_id="list_handovers",
    summary="List hand-overs of my county and to it",
    responses=problems(TokenRejected, CursorRejected, RoleNotAllowed),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    status: Annotated[Status | None, Query()] = None,
    to_us: Annotated[bool | None, Query(description="true: those to my division alone; false: those from it")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[HandoverSummary]:
    """Newest first, those from below one's division, and those to it once they were released; without the cases of
    one's close relatives. With `to_us=true&status=released`: what waits for my county to say whether it goes on."""
    _require_reader(actor)
    name = f"console-handovers:{status}:{to_us}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_handovers(db, actor, Wanted(status, to_us), after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        cases = [row.case for row in shown]
        await record_look(db, actor, "handover.list", "handover", cases=cases, count=len(cases))
    return Page(items=[HandoverSummary.shown_to(db, actor, row) for row in shown], next=following)


@router.get(
    "/handovers/{handover_id}",
    operation_id="get_handover",
    summary="Read a hand-over",
    responses=problems(TokenRejected, HandoverNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def get(handover_id: UUID, actor: Caseworker, db: Db) -> HandoverOut:
    """What the other county is told of the case: its conclusions, people masked; nothing any more once it declined or
    the first one took it back. Every look is recorded."""
    row = await get_handover(db, actor, handover_id)
    _require_reader(actor)
    await record_look(db, actor, "handover.read", "handover", row.id, cases=[row.case])
    return HandoverOut.of(db, actor, row)


@router.post(
    "/awards/{award_id}/handovers",
    status_code=201,
    operation_id="propose_handover",
    summary="Propose that another county goes on with an award",
    responses=problems(
        TokenRejected, AwardNotFound, ConflictOfInterest, RoleNotAllowed, HandoverOpen, HandoverInvalid, HandoverBlocked
    ),
)
async def propose(award_id: UUID, body: MoveIn, actor: Caseworker, db: Db) -> HandoverOut:
    """The household is paid as ever until the other county has confirmed. Refused while something about the award waits
    for the county that pays; money that is to come back stays with it and is no hindrance."""
    move = Move(body.to_division, body.moved_on, body.ground, body.source, body.reason)
    return HandoverOut.of(db, actor, await commands.propose_handover(db, actor, award_id, move))


@router.post(
    "/handovers/{handover_id}/release",
    operation_id="release_handover",
    summary="Ask the other county to go on",
    responses=problems(*_ACTING, SamePersonNotAllowed, HandoverBlocked),
)
async def release(handover_id: UUID, actor: Caseworker, db: Db) -> HandoverOut:
    """By another person than who proposed it. The other county gets what the case came to, and its clock begins."""
    return HandoverOut.of(db, actor, await commands.release_handover(db, actor, handover_id))


@router.post(
    "/handovers/{handover_id}/accept",
    operation_id="accept_handover",
    summary="Go on with another county's award",
    responses=problems(*_ACTING, HandoverInvalid),
)
async def accept(handover_id: UUID, body: AcceptIn, actor: Caseworker, db: Db) -> HandoverOut:
    """Say in which village the household lives; another person confirms."""
    return HandoverOut.of(db, actor, await commands.accept_handover(db, actor, handover_id, village=body.village))


@router.post(
    "/handovers/{handover_id}/confirm",
    operation_id="confirm_handover",
    summary="Confirm that the county goes on",
    responses=problems(*_ACTING, SamePersonNotAllowed, HandoverBlocked),
)
async def confirm(handover_id: UUID, actor: Caseworker, db: Db) -> HandoverOut:
    """From the first month that the other county has not prepared, no earlier than the next; refused while that lies
    beyond the month after next. The household is judged by the numbers of its new place: more is due at once; less, or
    nothing, waits for a person, who hears it first."""
    return HandoverOut.of(db, actor, await commands.confirm_handover(db, actor, handover_id))


@router.post(
    "/handovers/{handover_id}/decline",
    operation_id="decline_handover",
    summary="Say that the county does not go on",
    responses=problems(*_ACTING),
)
async def decline(handover_id: UUID, body: DeclineIn, actor: Caseworker, db: Db) -> HandoverOut:
    """With a reason from the list. The first county pays as ever, and may propose anew."""
    row = await commands.decline_handover(db, actor, handover_id, reason=body.reason, words=body.words)
    return HandoverOut.of(db, actor, row)


@router.post(
    "/handovers/{handover_id}/withdraw",
    operation_id="withdraw_handover",
    summary="Take back a hand-over",
    responses=problems(*_ACTING),
)
async def withdraw(handover_id: UUID, actor: Caseworker, db: Db) -> HandoverOut:
    """By the county that pays, until the other one has confirmed."""
    return HandoverOut.of(db, actor, await commands.withdraw_handover(db, actor, handover_id))


def _require_reader(actor: Actor) -> None:
    if actor.role not in READERS:
        raise RoleNotAllowed
