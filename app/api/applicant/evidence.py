"""Everything done on my case, with proof; and who looked at my data, and why."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.evidence import CheckpointOut, Hash, Size, write_proof
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Moment, Out, Page
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.audit.leaves import NO_OBJECT, leaf_text
from app.audit.models import AuditRecord
from app.audit.proofs import prove_inclusion
from app.audit.purposes import ASKED, TOLD, UNMASK
from app.audit.queries import find_last_checkpoint, list_on_case
from app.identity.actors import Role
from app.identity.errors import TokenRejected
from app.verification.own_accesses import list_own_accesses

router = APIRouter(prefix="/v1", tags=["applicant"])

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EvidenceOut(Out):
    """One act or look on the case: by which role at which level, why, to what. Nobody is named.

    `leaf` is the text whose bytes are hashed into the tree (RFC 6962); it repeats the members above and binds the rest
    of the record by a digest. `pending`: not sealed yet, or not at `checkpoint`; then there is no `position` and no
    `inclusion_proof`, and a moment later there will be.
    """

    id: UUID
    at: Moment
    action: str
    look: bool
    actor_role: str
    actor_level: str | None
    purpose: str | None
    object_type: str
    object_id: UUID | None
    object_version: int | None
    before_digest: _Digest | None
    after_digest: _Digest | None
    leaf: Annotated[str, Field(max_length=2000)]
    pending: bool
    position: Size | None
    inclusion_proof: Annotated[list[Hash], Field(max_length=64)] | None

    @classmethod
    def of(cls, row: AuditRecord, position: int | None, proof: Sequence[bytes] | None) -> "EvidenceOut":
        return cls(
            id=row.id,
            at=row.at,
            action=row.action,
            look=row.look,
            actor_role=row.actor_role,
            actor_level=row.actor_level,
            purpose=row.purpose,
            object_type=row.object_type,
            object_id=_object(row),
            object_version=row.object_version,
            before_digest=row.before_digest.hex() if row.before_digest else None,
            after_digest=row.after_digest.hex() if row.after_digest else None,
            leaf=leaf_text(row),
            pending=proof is None,
            position=position if proof is not None else None,
            inclusion_proof=None if proof is None else write_proof(proof),
        )


class EvidencePage(Page[EvidenceOut]):
    """A page of what was done on a case, and the signed state that its proofs lead to; null before there is one."""

    checkpoint: CheckpointOut | None


class AccessOut(Out):
    """A look at my data: by which role, of which division, to see what, why, and when. `application_id` where a case
    of mine was looked at by itself, null where it was one of several in a list. `field`: the one field that was shown
    in clear; null where all was masked, or it was a whole file. `agency`, `item`, `member_id`: what of whom an agency
    was asked (action `check.ask`). `partner`: the authority that asked whether I receive assistance (actions
    `status_query.…`), `asked_for` what it needs to know it for; not `told` where nothing is received or the name it
    gave is not mine. `sealed`: it cannot be taken back."""

    id: UUID
    at: Moment
    action: str
    actor_role: str
    actor_level: str | None
    actor_division: str | None
    purpose: str | None
    application_id: UUID | None
    field: str | None
    agency: str | None
    item: str | None
    member_id: UUID | None
    partner: str | None
    asked_for: str | None
    told: bool | None
    sealed: bool

    @classmethod
    def of(cls, row: AuditRecord, position: int | None) -> "AccessOut":
        only = row.applications[0] if len(row.applications) == len(row.citizens) == 1 else None
        by_partner = row.actor_role == Role.PARTNER and row.action.startswith(TOLD)
        return cls(
            id=row.id,
            at=row.at,
            action=row.action,
            actor_role=row.actor_role,
            actor_level=row.actor_level,
            actor_division=row.actor_division,
            purpose=row.purpose,
            application_id=only,
            field=row.action.removeprefix(UNMASK) if row.action.startswith(UNMASK) else None,
            agency=row.detail["partner"] if row.action == ASKED else None,
            item=row.detail["item"] if row.action == ASKED else None,
            member_id=row.detail["member"] if row.action == ASKED else None,
            partner=row.detail["title"] if by_partner else None,
            asked_for=row.detail["asked_for"] if by_partner else None,
            told=row.detail.get("told", True) if by_partner else None,
            sealed=position is not None,
        )


@router.get(
    "/applications/{application_id}/evidence",
    operation_id="list_evidence",
    summary="See everything done on my case, with proof",
    responses=problems(TokenRejected, ApplicationNotFound, CursorRejected),
)
async def list_all(
    application_id: UUID, actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None
) -> EvidencePage:
    """Newest first: what I, staff, agencies and the system did on it, and who looked at it. Kept with `checkpoint`, an
    answer can be verified without us (`scripts/verify-evidence`), today and in years."""
    application = await get_application(db, actor, application_id)
    name = f"evidence:{application_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    checkpoint = await find_last_checkpoint(db)
    rows = await list_on_case(db, application.id, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1][0].id)) if len(rows) > limit else None
    size = checkpoint.size if checkpoint else 0
    places = [position for _, position in rows[:limit] if position is not None and position < size]
    proofs = await prove_inclusion(db, places, size)
    return EvidencePage(
        items=[
            EvidenceOut.of(row, position, None if position is None else proofs.get(position))
            for row, position in rows[:limit]
        ],
        next=following,
        checkpoint=CheckpointOut.of(checkpoint) if checkpoint else None,
    )


@router.get(
    "/me/accesses",
    operation_id="list_my_accesses",
    summary="See who looked at my data, and why",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_accesses(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[AccessOut]:
    """Newest first: every time staff were shown my data, alone, in a list, by a search or in an export, and every time
    an agency was asked about my household, or another authority asked about me. Listed in another's household I find,
    by the name and number that I proved, what was asked about me and who read its file or report, also from before I
    had an account. My own looks are not kept."""
    after = read_id_cursor(db.vault, actor, "accesses", cursor)
    rows = await list_own_accesses(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "accesses", str(rows[limit - 1][0].id)) if len(rows) > limit else None
    return Page(items=[AccessOut.of(row, position) for row, position in rows[:limit]], next=following)


def _object(row: AuditRecord) -> UUID | None:
    return None if row.object_id == NO_OBJECT else row.object_id
