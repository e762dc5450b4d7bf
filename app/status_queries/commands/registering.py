"""Letting a partner ask, and ending it."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.commands import record_act
from app.core.crypto import Vault
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.envelopes import read_public_jwk
from app.reference.divisions import covers
from app.reference.errors import OutsideYourDivision
from app.status_queries.errors import PartnerCodeTaken, SenderTaken
from app.status_queries.grounds import QueryPurpose
from app.status_queries.lifecycle import LIFECYCLE, PartnerAction, PartnerStatus
from app.status_queries.models import QueryPartner
from app.status_queries.queries import find_partner_of_code, get_partner
from app.status_queries.registry_queries import find_partner_of_sender
from app.webhooks.addresses import check_url

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


@dataclass(frozen=True)
class RegistryAccess:
    """How a partner speaks the DCI standard: its name there, its public key (JWK) and what it calls that, and below
    which address its answers go, if any."""

    sender_id: str
    key_id: str
    public_key: Mapping[str, str | None]
    callback_url: str | None


async def put_registry_access(
    db: WriteSession, actor: Actor, partner_id: UUID, access: RegistryAccess, *, sandbox: bool
) -> QueryPartner:
    """Let a partner ask by the DCI standard, too, or with another key or address from now on.

    Raises:
        QueryPartnerNotFound: there is none, or it is not theirs.
        RoleNotAllowed: not an administrator.
        PublicKeyUnusable: neither P-256 nor Ed25519.
        UrlNotAllowed: answers cannot be sent there.
        SenderTaken: another partner sends under this name.
    """
    partner = await get_partner(db, actor, partner_id, lock=True)
    LIFECYCLE.step(partner.status, PartnerAction.ROTATE, actor.role)
    async with db.wider():
        other = await find_partner_of_sender(db, access.sender_id)
    if other is not None and other.id != partner.id:
        raise SenderTaken
    partner.sender_id, partner.key_id = access.sender_id, access.key_id
    partner.public_key = read_public_jwk(access.public_key)
    partner.callback_url = None if access.callback_url is None else check_url(access.callback_url, sandbox=sandbox)
    await _record(db, actor, "query_partner.registry_access", partner, key=access.key_id)
    return partner


async def set_partner_scope(
    db: WriteSession, actor: Actor, partner_id: UUID, purposes: Collection[QueryPurpose], most_per_day: int
) -> QueryPartner:
    """Let a partner ask for these purposes from now on and for no others, and about so many persons in a day. What it
    has asked about today counts on.

    Raises:
        QueryPartnerNotFound: there is none, or it is not theirs.
        RoleNotAllowed: not an administrator.
    """
    partner = await get_partner(db, actor, partner_id, lock=True)
    LIFECYCLE.step(partner.status, PartnerAction.SET_SCOPE, actor.role)
    before = {"purposes_before": partner.purposes, "most_per_day_before": partner.most_per_day}
    partner.purposes, partner.most_per_day = sorted(set(purposes)), most_per_day
    partner.counted = min(partner.counted, most_per_day)  # who may ask less and has asked more asks no more today
    await _record(
        db, actor, "query_partner.set_scope", partner, purposes=partner.purposes, most_per_day=most_per_day, **before
    )
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
