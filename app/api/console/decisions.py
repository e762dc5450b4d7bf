"""Judging a decision again, years later: the same comes out, or something was changed."""

from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Out
from app.applications.errors import ConflictOfInterest
from app.core.errors import RoleNotAllowed
from app.identity.errors import TokenRejected
from app.programs.errors import RulesVersionUnknown
from app.review.assessing import digest_of
from app.review.commands import replay_one
from app.review.errors import DecisionNotFound
from app.review.models import Decision
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


@router.post(
    "/{decision_id}/replay",
    operation_id="replay_decision",
    summary="Judge a decision again",
    responses=problems(TokenRejected, DecisionNotFound, ConflictOfInterest, RoleNotAllowed, RulesVersionUnknown),
    openapi_extra=retry_safe(),  # nothing is changed but that the look is on record
)
async def replay(decision_id: UUID, actor: Caseworker, db: Db) -> ReplayOut:
    """By the inputs, numbers and rules it was decided with, which were kept. The county's staff and supervisors; every
    look is recorded."""
    return ReplayOut.of(*await replay_one(db, actor, decision_id))
