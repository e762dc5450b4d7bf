"""The use cases of this stage, one per file."""

from app.status_queries.commands.asking import Answered, Person, PersonAnswer, Receives, ask_status, reread_status
from app.status_queries.commands.registering import (
    NewPartner,
    RegistryAccess,
    actor_of,
    change_partner,
    put_registry_access,
    register_partner,
    rotate_partner_secret,
    secret_fits,
    set_partner_scope,
)

__all__ = [
    "Answered",
    "NewPartner",
    "Person",
    "PersonAnswer",
    "Receives",
    "RegistryAccess",
    "actor_of",
    "ask_status",
    "change_partner",
    "put_registry_access",
    "register_partner",
    "reread_status",
    "rotate_partner_secret",
    "secret_fits",
    "set_partner_scope",
]
