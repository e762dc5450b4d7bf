"""Letting a partner ask, and ending it."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.commands import record_act
from app.core.crypto import Vault
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.reference.divisions import covers
from app.reference.errors import OutsideYourDivision
from app.status_queries.errors import PartnerCodeTaken
from app.status_queries.grounds import QueryPurpose
from app.status_queries.lifecycle import LIFECYCLE, PartnerAction, PartnerStatus
from app.status_queries.models import QueryPartner
from app.status_queries.queries import find_partner_of_code, get_partner

_SHOWN = "query_partners.secret"
_NOBODYS = bytes(32)


@dataclass(frozen=True)
class NewPartner:
    """Who is to be let in. `most_per_day`: about how many persons it may ask in a day."""

    code: str
    title: str
    division: str
    purposes: Collection[QueryPurpose]
    most_per_day: int


async def register_partner(db: WriteSession, actor: Actor, new: NewPartner) -> tuple[QueryPartner, str]:
    """Let a system of another authority ask; returns it and its secret, shown once.

    Raises:
        RoleNotAllowed: not an administrator.
        OutsideYourDivision: the division is not theirs.
        PartnerCodeTaken: there is one of this code.
    """
    if actor.role is not Role.ADMINISTRATOR or actor.division is None:
        raise RoleNotAllowed
    if not covers(actor.division, new.division):
        raise OutsideYourDivision
    async with db.wider():
        taken = await find_partner_of_code(db, new.code)
    if taken is not None:
        raise PartnerCodeTaken
    secret = _new_secret()
    partner = QueryPartner(
        id=new_id(),
        county=new.division[:6],
        division=new.division,
        code=new.code,
        title=new.title,
        purposes=sorted(set(new.purposes)),
        secret_index=db.vault.index(_SHOWN, secret),
        most_per_day=new.most_per_day,
        counted=0,
        status=PartnerStatus.ACTIVE,
        status_since=db.clock.now(),
        created_by=actor.id,
        created_at=db.clock.now(),
    )
    db.add(partner)
    await db.flush()
    await _record(db, actor, "query_partner.register", partner, purposes=partner.purposes)
    return partner, secret


async def change_partner(db: WriteSession, actor: Actor, partner_id: UUID, action: PartnerAction) -> QueryPartner:
    """Disable a partner, which ends its access at once, or enable it again.

    Raises:
        QueryPartnerNotFound: there is none, or it is not theirs.
        StepNotAllowed, RoleNotAllowed: it is so already, or the actor is not an administrator.
    """
    partner = await get_partner(db, actor, partner_id, lock=True)
    step = LIFECYCLE.step(partner.status, action, actor.role)
    partner.status, partner.status_since = step.target, db.clock.now()
    await _record(db, actor, f"query_partner.{action.value}", partner)
    return partner


async def rotate_partner_secret(db: WriteSession, actor: Actor, partner_id: UUID) -> tuple[QueryPartner, str]:
    """Replace a partner's secret; the one before is good no longer. Returns the new one, shown once.

    Raises:
        QueryPartnerNotFound: there is none, or it is not theirs.
        RoleNotAllowed: not an administrator.
    """
    partner = await get_partner(db, actor, partner_id, lock=True)
    LIFECYCLE.step(partner.status, PartnerAction.ROTATE, actor.role)
    secret = _new_secret()
    partner.secret_index = db.vault.index(_SHOWN, secret)
    await _record(db, actor, "query_partner.rotate_secret", partner)
    return partner, secret


def secret_fits(vault: Vault, partner: QueryPartner | None, given: str) -> bool:
    """Say whether this is the secret of a partner that is let in. As much is compared for one that does not exist."""
    kept = _NOBODYS if partner is None else partner.secret_index
    same = hmac.compare_digest(kept, vault.index(_SHOWN, given))
    return same and partner is not None and partner.status == PartnerStatus.ACTIVE


def actor_of(partner: QueryPartner) -> Actor:
    """Return who a partner is in audit records, and for what it may see of its own."""
    return Actor(partner.id, Role.PARTNER, partner.division)


def _new_secret() -> str:
    return "dq_" + secrets.token_urlsafe(32)


async def _record(db: WriteSession, actor: Actor, action: str, partner: QueryPartner, **detail: Any) -> None:
    await record_act(db, actor, action, "query_partner", partner.id, county=partner.county, row=partner, **detail)
