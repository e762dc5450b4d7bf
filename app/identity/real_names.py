"""The name that public security confirmed, sealed on the citizen's account."""

from app.core.crypto import GENERAL, Vault
from app.core.db import WriteSession
from app.identity.models import Citizen


def put_real_name(db: WriteSession, citizen: Citizen, name: str) -> None:
    """Keep a name; the same again changes nothing."""
    if real_name_of(db.vault, citizen) == name and citizen.name_sealed is not None:
        return
    citizen.name_sealed = db.vault.seal("citizens.name", citizen.id, name, division=GENERAL)
    citizen.name_clear = None


def real_name_of(vault: Vault, citizen: Citizen) -> str | None:
    """Return a citizen's proved name; None before it is proved."""
    if citizen.name_sealed is None:
        return citizen.name_clear
    return vault.open("citizens.name", citizen.id, citizen.name_sealed)
