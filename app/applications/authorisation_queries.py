"""Authorisations as others than the applicant ask for them; who asks looks beyond the own rows (`db.wider()`)."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.applications.models import GUARDIAN, Authorisation
from app.core.db import ReadSession


async def list_guardians(db: ReadSession, application_id: UUID) -> Mapping[UUID, UUID]:
    """Return who signed as a guardian for members without full capacity, by the member, while that is in force."""
    query = select(Authorisation.member_id, Authorisation.signed_by_member_id).where(
        Authorisation.application_id == application_id,
        Authorisation.method == GUARDIAN,
        Authorisation.withdrawn_at.is_(None),
    )
    return {row.member_id: row.signed_by_member_id for row in await db.execute(query)}
