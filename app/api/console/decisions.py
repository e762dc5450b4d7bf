"""Decisions judged again, years later: the same comes out, or something was changed. And those of townships, for the
county that supervises them."""

from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Fen, Out, Page
from app.applications.errors import ConflictOfInterest
from app.applications.queries import list_cases
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed
from app.identity.errors import TokenRejected
from app.programs.errors import RulesVersionUnknown
from app.review.assessing import digest_of
from app.review.commands import replay_one
from app.review.errors import DecisionUnknown
from app.review.models import Decision
from app.review.queries import list_delegated
from app.review.replay import Replay

router = Router(prefix="/v1/console/decisions", tags=["console: review"])


class ReplayOut(Out):
    """Whether a decision stands as it was made.

    `identical`: the record still has its digest, the rules give the same bytes from the same inputs and numbers, and
    the decision's row says what was decided. `differences`: JSON Pointers into `assessment` and `decision`, the first
    fifty; empty where they agree though the record has another digest: then its inputs were changed.
    """

    decision_id: UUID
    number: str
    program: str
    identical: bool
    record_has_its_digest: bool
    stored_digest: str = Field(description="SHA-256 of the assessment as stored, in canonical form")
    replayed_digest: str = Field(description="SHA-256 of the assessment as it came out now")
    differences: list[str]

    @classmethod
    def of(cls, decision: Decision, replay: Replay) -> "ReplayOut":
        """Shape what came out."""
        return cls(
            decision_id=decision.id,
            number=decision.number,
            program=decision.program,
            identical=replay.same,
            record_has_its_digest=replay.digest_fits,
            stored_digest=digest_of(replay.stored),
            replayed_digest=digest_of(replay.again),
            differences=replay.places(),
        )


class DelegatedOut(Out):
    """What a township has decided by itself; nobody is named."""

    decision_id: UUID
    number: str
    application_id: UUID
    division: str
    program: str
    outcome: str
    monthly_amount_fen: Fen
    members_counted: int
    decided_on: str

    @classmethod
    def of(cls, row: Decision) -> "DelegatedOut":
        return cls(
            decision_id=row.id,
            number=row.number,
            application_id=row.application_id,
            division=row.division,
            program=row.program,
            outcome=row.outcome,
            monthly_amount_fen=row.monthly_amount_fen,
            members_counted=row.members_counted,
            decided_on=row.decided_on.isoformat(),
        )


@router.get(
    "/delegated",
    operation_id="list_delegated_decisions",
    summary="List what townships decided by themselves",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_delegated_decisions(
    actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None
) -> Page[DelegatedOut]:
    """For the county, which supervises where the power to confirm lies with the township, newest first. That the caller
    saw them is recorded."""
    after = read_id_cursor(db.vault, actor, "delegated-decisions", cursor)
    rows = await list_delegated(db, actor, after=after, limit=limit + 1)
    following = (
        write_cursor(db.vault, actor, "delegated-decisions", str(rows[limit - 1].id)) if len(rows) > limit else None
    )
    shown = rows[:limit]
    if shown:
        cases = await list_cases(db, [row.application_id for row in shown])
        await record_look(db, actor, "decision.delegated", "decisions", cases=cases, count=len(shown))
    return Page(items=[DelegatedOut.of(row) for row in shown], next=following)


@router.post(
    "/{decision_id}/replay",
    operation_id="replay_decision",
    summary="Judge a decision again",
    responses=problems(TokenRejected, DecisionUnknown, ConflictOfInterest, RoleNotAllowed, RulesVersionUnknown),
    openapi_extra=retry_safe(),  # nothing is changed but that the look is on record
)
async def replay(decision_id: UUID, actor: Caseworker, db: Db) -> ReplayOut:
    """By the inputs, numbers and rules it was decided with, which were kept. The county's staff and supervisors; every
    look is recorded."""
    return ReplayOut.of(*await replay_one(db, actor, decision_id))
