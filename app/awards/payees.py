"""Whom an award is paid to: sealed in its row, as it was when the award was opened."""

from app.applications.payees import payee_index
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession


def put_payee(db: WriteSession, award: Award, name: str) -> None:
    """Keep whom an award is paid to."""
    award.payee_name_sealed = db.vault.seal("awards.payee_name", award.id, name, division=award.county)
    award.payee_name_index, award.payee_name_clear = payee_index(db.vault, award.beneficiary_id, name), None


def payee_of(db: ReadSession, award: Award) -> str:
    """Return whom an award is paid to; nothing once its period of keeping was over."""
    if award.payee_name_sealed is None:
        return award.payee_name_clear or ""
    return db.vault.open("awards.payee_name", award.id, award.payee_name_sealed)
