"""Keeping how an attempt went, beside what came of it: for the picture of the agencies."""

from app.core.db import WriteSession
from app.core.ids import new_id
from app.facts import Answer
from app.partners.base import Acknowledged, PartnerUnavailable
from app.verification.agency_models import CheckAttempt
from app.verification.commands.claiming import Claimed


def keep_attempt(
    db: WriteSession, claimed: Claimed, took: float, came: Answer | Acknowledged | PartnerUnavailable | str
) -> None:
    """Keep one attempt that was made. `took`: seconds; `came`: what the agency said, or why that is nothing."""
    db.add(
        CheckAttempt(
            id=new_id(),
            county=claimed.county,
            division=claimed.division,
            application_id=claimed.application_id,
            check_id=claimed.query.reference,
            partner=claimed.partner,
            item=claimed.query.item,
            asked_at=claimed.at,
            took_ms=round(took * 1000),
            outcome=_outcome(came),
        )
    )


def _outcome(came: Answer | Acknowledged | PartnerUnavailable | str) -> str:
    if isinstance(came, str):
        return came
    if isinstance(came, PartnerUnavailable):
        return came.reason
    return came.outcome.value if isinstance(came, Answer) else "taken"
