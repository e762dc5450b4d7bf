"""Sessions: started, refreshed by rotation, renewed by a proof, revoked as a family, ended all at once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role, Scope
from app.identity.devices import device_index
from app.identity.errors import TokenRejected
from app.identity.keys import KeyRing
from app.identity.models import RefreshToken, Session
from app.identity.queries import find_refresh_token, find_session, get_actor, get_epoch, raise_epoch, revoke_under
from app.identity.tokens import (
    ACCESS_LIFETIME,
    REFRESH_LIFETIME,
    issue_access_token,
    read_refresh_token,
    refresh_token_of,
)

# A phone on a weak network loses answers: within this time the old token gets the same successor again.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class SignedIn:
    """The pair of tokens a client keeps. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    role: Role
    scope: Scope


async def start_session(
    db: WriteSession,
    ring: KeyRing,
    subject: UUID,
    role: Role,
    *,
    epoch: int | None = None,
    device: str | None = None,
    scope: Scope = Scope.FULL,
    entrustment: UUID | None = None,
    agent: Actor | None = None,
) -> SignedIn:
    """Open a session for `subject` and return its first tokens. `epoch`: that of the moment the password was read, so
    that a session by a password that was changed meanwhile does not stand. `entrustment`: somebody else will act in
    it, the `agent`; it ends with the sessions of his own."""
    session = Session(
        id=new_id(),
        subject_id=subject,
        role=role,
        epoch=await get_epoch(db, subject) if epoch is None else epoch,
        scope=scope,
        device_index=device_index(db.vault, device),
        entrustment_id=entrustment,
        agent_id=agent.id if agent else None,
        agent_epoch=await _epoch_of(db, agent) if agent else None,
        created_at=db.clock.now(),
        authenticated_at=db.clock.now(),
    )
    db.add(session)
    await db.flush()
    return await _issue(db, ring, session, new_id())


async def refresh_session(db: WriteSession, ring: KeyRing, token: str, *, device: str | None = None) -> SignedIn | None:
    """Exchange a refresh token for its successor; None when misuse was found and the family is now revoked: the token
    was used before, and not just now, or the session is bound to another device.

    None instead of a refusal, because the revocation must be committed: the caller refuses after the commit.

    Raises:
        TokenRejected: unknown, expired, or of a revoked session or closed account.
    """
    found = await find_refresh_token(db, read_refresh_token(db.vault, token))
    now = db.clock.now()
    if found is None or found[0].expires_at <= now or found[1].revoked_at is not None:
        raise TokenRejected
    old, session = found
    await get_actor(db, session.subject_id, Role(session.role), session.id, session.epoch, enrolling=True)
    elsewhere = session.device_index is not None and session.device_index != device_index(db.vault, device)
    if old.used_at is None and not elsewhere:
        old.used_at, old.successor_id = now, new_id()
        return await _issue(db, ring, session, old.successor_id)
    if not elsewhere and old.used_at is not None and now - old.used_at <= GRACE and old.successor_id is not None:
        return _pair(db, ring, session, old.successor_id)
    session.revoked_at = now
    return None


async def renew_session(db: WriteSession, session_id: UUID) -> None:
    """Keep that the owner of a session proved to be at the keyboard just now; of this session only."""
    session = await find_session(db, session_id)
    if session is not None:
        session.authenticated_at = db.clock.now()


async def revoke_session(db: WriteSession, session_id: UUID) -> None:
    """End a session; its tokens are refused from the next request on."""
    session = await find_session(db, session_id)
    if session is not None and session.revoked_at is None:
        session.revoked_at = db.clock.now()


async def end_sessions_under(db: WriteSession, entrustment_id: UUID) -> None:
    """End every session in which somebody acts for another under an entrustment, with the next request."""
    await revoke_under(db, entrustment_id, db.clock.now())


async def end_all_sessions(db: WriteSession, subject: UUID) -> None:
    """End every session of a citizen or member of staff, on whatever device, with the next request."""
    await raise_epoch(db, subject)


async def _epoch_of(db: ReadSession, agent: Actor) -> int:
    """Return the epoch in which an agent was let in: his session's, as he may lose the account while this is done."""
    own = await find_session(db, agent.session) if agent.session else None
    return await get_epoch(db, agent.id) if own is None else own.epoch


async def _issue(db: WriteSession, ring: KeyRing, session: Session, token_id: UUID) -> SignedIn:
    now = db.clock.now()
    db.add(RefreshToken(id=token_id, session_id=session.id, issued_at=now, expires_at=now + REFRESH_LIFETIME))
    await db.flush()
    return _pair(db, ring, session, token_id)


def _pair(db: WriteSession, ring: KeyRing, session: Session, token_id: UUID) -> SignedIn:
    role = Role(session.role)
    access = issue_access_token(ring, session.subject_id, role, session.id, db.clock.now(), epoch=session.epoch)
    refresh = refresh_token_of(db.vault, token_id)
    return SignedIn(access, refresh, int(ACCESS_LIFETIME.total_seconds()), role, Scope(session.scope))
