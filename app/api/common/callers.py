"""Who is calling: a token becomes an `Actor`, each audience by a security scheme of its own.

The actor is read anew with every request: a member of staff who was moved or disabled loses access at once.
"""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.common.deps import get_tools, serve, trace_of
from app.api.common.limits import Limits
from app.api.common.reach import reach_of
from app.applications.errors import EntrustmentNotAllowed
from app.core.db import ReadSession
from app.core.reach import EVERYTHING, Reach
from app.identity.actors import STAFF_ROLES, Actor, Role
from app.identity.errors import AudienceNotAllowed, PartnerRejected, TokenRejected
from app.identity.queries import get_actor
from app.identity.tokens import AccessClaims, read_access_token
from app.limits.policies import PARTNER, SIGNED_IN
from app.status_queries.commands import secret_fits
from app.status_queries.models import QueryPartner
from app.status_queries.queries import find_partner_of_code

_applicant_scheme = HTTPBearer(
    scheme_name="applicant", auto_error=False, description="Token of /v1/auth/applicant-tokens"
)
_staff_scheme = HTTPBearer(scheme_name="staff", auto_error=False, description="Token of /v1/auth/staff-tokens")
partner_scheme = HTTPBearer(scheme_name="partner", auto_error=False, description="The secret agreed with the partner")

Credentials = HTTPAuthorizationCredentials | None
# What somebody who acts for another may do: her one application, and what belongs to it.
_UNDER_ENTRUSTMENT = ("/v1/applications", "/v1/letters", "/v1/uploads", "/v1/payout-account")
_OWN_SIGN_OUT = "/v1/auth/logout"  # of the session alone: the others of the account are hers


def _claims(request: Request, credentials: Credentials) -> AccessClaims:
    if credentials is None:
        raise TokenRejected
    tools = get_tools(request)
    claims = read_access_token(tools.keys, credentials.credentials, tools.database.clock.now())
    Limits(request).use_turn(SIGNED_IN, str(claims.subject))
    return claims


async def _actor(request: Request, credentials: Credentials, *, enrolling: bool = False) -> Actor:
    claims = _claims(request, credentials)
    tools = get_tools(request)
    # A route that runs once per key holds a connection already: asking for a second one could starve the pool.
    shared: ReadSession | None = getattr(request.state, "db", None)
    token = (claims.subject, claims.role, claims.session, claims.epoch)
    if shared is not None:
        # A citizen's own is known by the token already: who it is and how far it goes is one round trip.
        own = reach_of(Actor(*token[:2]), tools.database.vault) if claims.role is Role.APPLICANT else None
        actor = await get_actor(shared, *token, enrolling=enrolling, reach=own)
    else:
        async with tools.database.reading(trace_of(request)) as db:
            actor = await get_actor(db, *token, enrolling=enrolling)
    path = request.url.path
    if actor.entrustment is not None and not (path.startswith(_UNDER_ENTRUSTMENT) or path == _OWN_SIGN_OUT):
        raise EntrustmentNotAllowed
    request.state.actor = actor
    await serve(request, reach_of(actor, tools.database.vault))
    return actor


async def applicant(request: Request, credentials: Annotated[Credentials, Depends(_applicant_scheme)]) -> Actor:
    """Let in signed-in citizens."""
    actor = await _actor(request, credentials)
    if actor.role is not Role.APPLICANT:
        raise AudienceNotAllowed
    return actor


async def applicant_unchecked(
    request: Request, credentials: Annotated[Credentials, Depends(_applicant_scheme)]
) -> AccessClaims:
    """Let in the bearer of a citizen's token. Whether its session stands is left to the one statement of a hot read."""
    claims = _claims(request, credentials)
    if claims.role is not Role.APPLICANT:
        raise AudienceNotAllowed
    return claims


async def caseworker(request: Request, credentials: Annotated[Credentials, Depends(_staff_scheme)]) -> Actor:
    """Let in signed-in staff of any role; the lifecycle tables say who may do what."""
    actor = await _actor(request, credentials)
    if actor.role not in STAFF_ROLES:
        raise AudienceNotAllowed
    return actor


async def enrolling_caseworker(request: Request, credentials: Annotated[Credentials, Depends(_staff_scheme)]) -> Actor:
    """Let in signed-in staff, also those who have to set up a second factor before anything else."""
    actor = await _actor(request, credentials, enrolling=True)
    if actor.role not in STAFF_ROLES:
        raise AudienceNotAllowed
    return actor


async def anyone_signed_in(
    request: Request,
    as_applicant: Annotated[Credentials, Depends(_applicant_scheme)],
    as_staff: Annotated[Credentials, Depends(_staff_scheme)],
) -> Actor:
    """Let in citizens and staff: for signing out, so whatever the session is good for."""
    return await _actor(request, as_applicant or as_staff, enrolling=True)


async def signed_in(
    request: Request,
    as_applicant: Annotated[Credentials, Depends(_applicant_scheme)],
    as_staff: Annotated[Credentials, Depends(_staff_scheme)],
) -> Actor:
    """Let in citizens and staff alike: what they do here is each one's own."""
    return await _actor(request, as_applicant or as_staff)


async def partner(
    request: Request,
    x_partner: Annotated[str, Header(max_length=32, pattern="^[a-z_]+$")],
    credentials: Annotated[Credentials, Depends(partner_scheme)],
) -> str:
    """Let in a partner system; returns its code."""
    expected = get_tools(request).inbound_secrets.get(x_partner, "")
    given = credentials.credentials if credentials else ""
    # Compared even for an unknown partner, so that the answer does not tell whether there is one.
    if not hmac.compare_digest(expected.encode(), given.encode()) or not expected:
        raise PartnerRejected("partner_secret")
    Limits(request).use_turn(PARTNER, x_partner)
    await serve(request, EVERYTHING)  # they answer what they were asked, wherever that was
    return x_partner


async def query_partner(
    request: Request,
    x_partner: Annotated[str, Header(max_length=32, pattern="^[a-z_]+$")],
    credentials: Annotated[Credentials, Depends(partner_scheme)],
) -> QueryPartner:
    """Let in a system of another authority that is registered for asking; it sees its own queries and nothing else."""
    tools = get_tools(request)
    given = credentials.credentials if credentials else ""
    shared: ReadSession | None = getattr(request.state, "db", None)
    if shared is not None:
        found = await get_query_partner(shared, x_partner, given)
    else:
        async with tools.database.reading(trace_of(request)) as db:
            found = await get_query_partner(db, x_partner, given)
    Limits(request).use_turn(PARTNER, x_partner)
    await serve(request, Reach(actor=found.id))
    return found


async def get_query_partner(db: ReadSession, code: str, secret: str) -> QueryPartner:
    """Return the partner of a code and secret, if it is let in now.

    Raises:
        PartnerRejected: for whatever reason it is not.
    """
    async with db.wider():
        found = await find_partner_of_code(db, code)
    # Compared even for an unknown partner, so that the answer does not tell whether there is one.
    if not secret_fits(db.vault, found, secret) or found is None:
        raise PartnerRejected("partner_secret")
    return found


def partner_actor(code: str) -> Actor:
    """Return the actor that stands for a partner in audit records."""
    return Actor(UUID(bytes=code.encode()[:16].ljust(16, b"\0")), Role.PARTNER)


Applicant = Annotated[Actor, Depends(applicant)]
UncheckedApplicant = Annotated[AccessClaims, Depends(applicant_unchecked)]
Caseworker = Annotated[Actor, Depends(caseworker)]
EnrollingCaseworker = Annotated[Actor, Depends(enrolling_caseworker)]
SignedIn = Annotated[Actor, Depends(signed_in)]
SignedInActor = Annotated[Actor, Depends(anyone_signed_in)]
PartnerCode = Annotated[str, Depends(partner)]
AskingPartner = Annotated[QueryPartner, Depends(query_partner)]
