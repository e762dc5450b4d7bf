"""What this stage holds about a citizen: that another authority asked about him, and what it was told."""

from sqlalchemy import or_

from app.core.held import Holding
from app.status_queries.models import StatusQueryLine

HELD = (
    Holding(
        StatusQueryLine,
        lambda who: or_(
            StatusQueryLine.citizen_id == who.citizen,
            StatusQueryLine.member_id.in_(who.memberships | who.wards),
        ),
        without=frozenset({"county", "division", "position", "application_id"}),
        since="asked_at",
    ),
)
