"""Step-up: what moves money, exports or unmasks needs a recent proof of who is at the keyboard.

`dependencies=[recently_authenticated()]` on a route lets only those sessions through whose owner signed in, or stepped
up, within 15 minutes; it costs no statement, for the time comes with the session that is read anyway.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, params
from pydantic import ConfigDict, Field, model_validator

from app.api.common.callers import Caseworker, caseworker
from app.api.common.deps import Db, ToolsDep
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import In, Moment, Out, exactly_one
from app.audit.commands import record_act
from app.identity.actors import Actor
from app.identity.commands import check_presence, renew_session
from app.identity.errors import ProofRejected, SignInBusy, StepUpRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import PROOFS

RECENTLY = timedelta(minutes=15)

router = Router(prefix="/v1/auth", tags=["sign-in"])


def recently_authenticated(
    max_age: timedelta = RECENTLY, *, caller: Callable[..., Awaitable[Actor]] = caseworker
) -> params.Depends:
    """Refuse, with `403 step_up_required`, sessions whose owner's last proof is older than `max_age`. Citizens have one
    proof, a code to their phone: they sign in anew."""
    where = "/v1/auth/step-ups" if caller is caseworker else "/v1/auth/otp"

    async def check(actor: Annotated[Actor, Depends(caller)], tools: ToolsDep) -> None:
        if actor.authenticated_at is None or tools.database.clock.now() - actor.authenticated_at > max_age:
            seconds = int(max_age.total_seconds())
            raise StepUpRequired(extra={"step_up": where, "max_age": seconds})

    return params.Depends(check)


class StepUpIn(In):
    """Prove who is at the keyboard, by one of the two."""

    model_config = ConfigDict(json_schema_extra=exactly_one("password", "totp_code"))

    password: Annotated[str | None, Field(min_length=1, max_length=128, examples=["correct-Horse-9"])] = None
    # Without an example, as one of the two is shown.
    totp_code: Annotated[str | None, Field(pattern="^[0-9]{6}$", description="what the authenticator shows")] = None

    @model_validator(mode="after")
    def _one(self) -> "StepUpIn":
        if (self.password is None) == (self.totp_code is None):
            raise ValueError("one of password and totp_code")
        return self


class StepUpOut(Out):
    """Until when what needs a recent proof is open to this session."""

    authenticated_until: Moment


@router.post(
    "/step-ups",
    status_code=201,
    operation_id="step_up",
    openapi_extra=retry_safe(),
    summary="Prove again who is at the keyboard",
    responses=problems(TokenRejected, ProofRejected, SignInBusy, TooManyRequests),
)
async def step_up(body: StepUpIn, actor: Caseworker, tools: ToolsDep, limits: LimitsDep, db: Db) -> StepUpOut:
    """For 15 minutes this session, and no other, may release money, export and unmask. A fresh sign-in does the same. A
    code of the authenticator is good once, here or at sign-in."""
    async with limits.counting((ProofRejected,), (PROOFS, f"{actor.id}\0{limits.address}")):
        await check_presence(tools.database, actor.id, password=body.password, totp=body.totp_code)
    if actor.session is not None:
        await renew_session(db, actor.session)
        await record_act(db, actor, "session.step_up", "session", actor.session, county=_county(actor))
    return StepUpOut(authenticated_until=db.clock.now() + RECENTLY)


def _county(actor: Actor) -> str | None:
    return actor.division[:6] if actor.division else None
