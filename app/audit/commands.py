"""Writing audit records, in the transaction they tell of."""

from typing import Any
from uuid import UUID

from app.audit.models import AuditRecord
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor


async def record_act(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    *,
    county: str | None = None,
    purpose: str | None = None,
    **detail: Any,
) -> None:
    """Keep that `actor` did `action` to one object. `detail`: codes, ids and counts; no personal data."""
    db.add(
        AuditRecord(
            id=new_id(),
            at=db.clock.now(),
            county=county,
            actor_id=actor.id,
            actor_role=actor.role.value,
            action=action,
            object_type=object_type,
            object_id=object_id,
            purpose=purpose,
            detail=detail,
            trace=db.trace,
        )
    )
    await db.flush()
