"""The signed states of the audit's tree, open to all: who keeps them can prove later that nothing was rewritten.

Nothing personal: sizes, hashes and signatures. A citizens' group, an auditor or another authority fetches them from
time to time; `scripts/verify-evidence` holds an export of the records against them.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from app.api.common.deps import ReadDb
from app.api.common.evidence import CheckpointOut, Hash, Size, write_proof
from app.api.common.limits import limited
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Moment, Out, Page
from app.audit.errors import CheckpointNotFound
from app.audit.models import AuditKey
from app.audit.proofs import prove_consistency
from app.audit.queries import find_last_checkpoint, get_checkpoint, list_checkpoints, list_keys
from app.limits.errors import TooManyRequests
from app.limits.policies import EVIDENCE_CALLER

router = APIRouter(prefix="/v1/public", tags=["public"], dependencies=[limited(EVIDENCE_CALLER)])

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=5"


class AuditKeyOut(Out):
    """A key that signs, or once signed, checkpoints. `verifier_key` is its usual form for signed notes:
    name+id+base64."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    verifier_key: Annotated[str, Field(max_length=200)]
    since: Moment

    @classmethod
    def of(cls, row: AuditKey) -> "AuditKeyOut":
        return cls(id=row.id, verifier_key=row.verifier_key, since=row.since)


class ConsistencyProofOut(Out):
    """That the tree of `second` leaves begins with the tree of `first` leaves (RFC 6962, 2.1.2)."""

    first: CheckpointOut
    second: CheckpointOut
    proof: Annotated[list[Hash], Field(max_length=64)]


@router.get(
    "/audit-checkpoints",
    operation_id="list_audit_checkpoints",
    summary="List the signed states of the audit",
    responses=problems(CursorRejected, TooManyRequests),
)
async def list_all(
    db: ReadDb,
    response: Response,
    after: Annotated[Size, Query(description="only states of more leaves than this")] = 0,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CheckpointOut]:
    """The smallest first. Who keeps them asks for those after the last one kept."""
    response.headers["Cache-Control"] = _FOR_NOW
    name = f"audit-checkpoints:{after}"
    position = read_cursor(db.vault, None, name, cursor)
    rows = await list_checkpoints(db, after=int(position) if position else after, limit=limit + 1)
    following = write_cursor(db.vault, None, name, str(rows[limit - 1].size)) if len(rows) > limit else None
    return Page(items=[CheckpointOut.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/audit-checkpoints/latest",
    operation_id="get_latest_audit_checkpoint",
    summary="Read the latest signed state of the audit",
    responses=problems(CheckpointNotFound, TooManyRequests),
)
async def get_latest(db: ReadDb, response: Response) -> CheckpointOut:
    """At most a few seconds old where anything happened; none before the first record was sealed."""
    response.headers["Cache-Control"] = _FOR_NOW
    found = await find_last_checkpoint(db)
    if found is None:
        raise CheckpointNotFound
    return CheckpointOut.of(found)


@router.get(
    "/audit-checkpoints/{size}",
    operation_id="get_audit_checkpoint",
    summary="Read one signed state of the audit",
    responses=problems(CheckpointNotFound, TooManyRequests),
)
async def get(
    size: Annotated[int, Path(ge=0, le=10**15, description="how many leaves")], db: ReadDb, response: Response
) -> CheckpointOut:
    """It never changes."""
    found = await get_checkpoint(db, size)
    response.headers["Cache-Control"] = _FOR_EVER
    return CheckpointOut.of(found)


@router.get(
    "/audit-keys",
    operation_id="list_audit_keys",
    summary="List the keys that sign the audit's states",
    responses=problems(TooManyRequests),
)
async def list_all_keys(db: ReadDb, response: Response) -> Page[AuditKeyOut]:
    """The present one first. Keep it: a key fetched only when something is doubted proves little."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return Page(items=[AuditKeyOut.of(row) for row in await list_keys(db)], next=None)


@router.get(
    "/audit-consistency-proofs",
    operation_id="get_audit_consistency_proof",
    summary="Prove that a later state only added to an earlier one",
    responses=problems(CheckpointNotFound, TooManyRequests),
)
async def get_consistency_proof(
    db: ReadDb,
    response: Response,
    first: Annotated[Size, Query(description="size of the earlier state")],
    second: Annotated[Size, Query(description="size of the later state")],
) -> ConsistencyProofOut:
    """For two signed states; in whichever order they are named."""
    earlier = await get_checkpoint(db, min(first, second))
    later = await get_checkpoint(db, max(first, second))
    response.headers["Cache-Control"] = _FOR_EVER
    return ConsistencyProofOut(
        first=CheckpointOut.of(earlier),
        second=CheckpointOut.of(later),
        proof=write_proof(await prove_consistency(db, earlier.size, later.size)),
    )
