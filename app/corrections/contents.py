"""The words of a request, opened."""

from app.core.db import ReadSession
from app.corrections.models import CorrectionRequest


def wrong_of(db: ReadSession, request: CorrectionRequest) -> str:
    """Return what the citizen says is wrong."""
    return db.vault.open("correction_requests.wrong", request.id, request.wrong_sealed)


def right_of(db: ReadSession, request: CorrectionRequest) -> str:
    """Return what the citizen says would be right."""
    return db.vault.open("correction_requests.right", request.id, request.right_sealed)


def reason_of(db: ReadSession, request: CorrectionRequest) -> str | None:
    """Return why it was refused."""
    sealed = request.reason_sealed
    return db.vault.open("correction_requests.reason", request.id, sealed) if sealed else None
