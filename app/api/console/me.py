"""A member of staff's own account: password and second factor."""

from typing import Annotated

from pydantic import Field

from app.api.common.callers import Caseworker, EnrollingCaseworker, enrolling_caseworker
from app.api.common.deps import Db, ReadDb, ToolsDep
from app.api.common.limits import LimitsDep, Use
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import In, Moment, Out
from app.api.common.step_up import recently_authenticated
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.identity.commands import Enrolment, change_password, confirm_second_factor, enrol_second_factor
from app.identity.errors import (
    PasswordTooSimple,
    ProofRejected,
    SecondFactorInForce,
    SecondFactorNotFound,
    SignInBusy,
    StepUpRequired,
    TokenRejected,
)
from app.identity.queries import count_recovery_codes, find_second_factor
from app.limits.errors import TooManyRequests
from app.limits.policies import PROOFS

router = Router(prefix="/v1/console/me", tags=["console: me"])


class PasswordIn(In):
    """A new password of one's own choosing."""

    present_password: Annotated[str, Field(min_length=1, max_length=128, examples=["correct-Horse-9"])]
    new_password: Annotated[str, Field(min_length=12, max_length=128, examples=["another-Horse-8"])]


class EnrolmentOut(Out):
    """Shown once: none of it can be read again."""

    otpauth_uri: str = Field(description="for the authenticator, as a QR code")
    secret: str = Field(description="the same for typing, in base32")
    recovery_codes: list[str] = Field(description="each good once in place of a code, for the day it is lost")

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentOut":
        """Shape an enrolment."""
        return cls(
            otpauth_uri=enrolment.address, secret=enrolment.secret, recovery_codes=list(enrolment.recovery_codes)
        )


class ConfirmationIn(In):
    """The first code."""

    totp_code: Annotated[str, Field(pattern="^[0-9]{6}$", examples=["492039"])]


class SecondFactorOut(Out):
    """Whether an authenticator is in force."""

    confirmed_at: Moment | None
    recovery_codes_left: int


@router.post(
    "/password",
    status_code=204,
    operation_id="change_my_password",
    openapi_extra=retry_safe(),
    summary="Change my password",
    responses=problems(TokenRejected, ProofRejected, PasswordTooSimple, SignInBusy, TooManyRequests),
)
async def put_password(body: PasswordIn, actor: Caseworker, tools: ToolsDep, limits: LimitsDep, db: Db) -> None:
    """All sessions end, this one included: sign in with the new one."""
    async with limits.counting((ProofRejected,), _proof(actor, limits)):
        await change_password(tools.database, actor.id, present=body.present_password, following=body.new_password)
    await _record(db, actor, "staff.change_password")


@router.get(
    "/second-factor",
    operation_id="get_my_second_factor",
    summary="Do I have an authenticator",
    responses=problems(TokenRejected),
)
async def get_factor(actor: EnrollingCaseworker, db: ReadDb) -> SecondFactorOut:
    """Says when it was confirmed; null without one, or while its first code is awaited."""
    factor = await find_second_factor(db, actor.id)
    confirmed_at = factor.confirmed_at if factor else None
    left = await count_recovery_codes(db, actor.id) if confirmed_at else 0
    return SecondFactorOut(confirmed_at=confirmed_at, recovery_codes_left=left)


@router.post(
    "/second-factor",
    status_code=201,
    operation_id="enrol_second_factor",
    openapi_extra=retry_safe(),
    summary="Set up an authenticator",
    responses=problems(TokenRejected, StepUpRequired, SecondFactorInForce),
    dependencies=[recently_authenticated(caller=enrolling_caseworker)],
)
async def enrol(actor: EnrollingCaseworker, db: Db) -> EnrolmentOut:
    """Get a secret for the authenticator. It counts once its first code was sent to `…/confirm`; until then one may ask
    again, and the secret of before is worth nothing."""
    enrolment = await enrol_second_factor(db, actor)
    await _record(db, actor, "second_factor.enrol")
    return EnrolmentOut.of(enrolment)


@router.post(
    "/second-factor/confirm",
    status_code=201,
    operation_id="confirm_second_factor",
    openapi_extra=retry_safe(),
    summary="Put the authenticator in force",
    responses=problems(TokenRejected, ProofRejected, SecondFactorNotFound, SecondFactorInForce, TooManyRequests),
)
async def confirm(body: ConfirmationIn, actor: EnrollingCaseworker, limits: LimitsDep, db: Db) -> SecondFactorOut:
    """Send the first code. From now on signing in needs one; a session that was good only for this is good for all."""
    async with limits.counting((ProofRejected,), _proof(actor, limits)):
        factor = await confirm_second_factor(db, actor, body.totp_code)
    await _record(db, actor, "second_factor.confirm")
    return SecondFactorOut(
        confirmed_at=factor.confirmed_at, recovery_codes_left=await count_recovery_codes(db, actor.id)
    )


def _proof(actor: Actor, limits: LimitsDep) -> Use:
    return PROOFS, f"{actor.id}\0{limits.address}"


async def _record(db: WriteSession, actor: Actor, action: str) -> None:
    await record_act(db, actor, action, "staff", actor.id, county=actor.division[:6] if actor.division else None)
