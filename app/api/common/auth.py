"""Sign-in: citizens by phone code and real name, staff by password and second factor; refresh and sign-out for both."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field

from app.api.common.callers import Applicant, SignedInActor
from app.api.common.deps import Db, ToolsDep, for_anyone
from app.api.common.limits import LimitsDep, Use, limited
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, IdNumber, In, Line, Out
from app.identity.actors import Role, Scope
from app.identity.commands import (
    Code,
    SignedIn,
    check_staff_password,
    end_all_sessions,
    is_own_device,
    is_own_phone,
    refresh_session,
    request_code,
    revoke_session,
    sign_in_citizen,
    sign_in_staff,
    take_code,
)
from app.identity.errors import (
    CodeRejected,
    IdNumberMalformed,
    NameMalformed,
    PhoneMalformed,
    RealNameAlreadyProved,
    RealNameMismatch,
    SecondFactorRejected,
    SecondFactorRequired,
    SignInBusy,
    SignInRejected,
    TokenRejected,
    TooManyCodes,
)
from app.identity.numbers import read_phone
from app.identity.real_names import real_name_of
from app.limits.errors import TooManyRequests
from app.limits.policies import (
    CODES,
    CODES_CALLER,
    REAL_NAMES,
    SIGN_IN_CALLER,
    STAFF_SIGN_IN,
    STAFF_SIGN_IN_DAY,
    STAFF_SIGN_IN_HOURS,
    STAFF_SIGN_IN_QUARTER,
)
from app.notifications.commands import send_code_later
from app.verification.real_name import AgencySilent, verify_real_name

router = Router(prefix="/v1/auth", tags=["sign-in"])

# What a client makes once at random and keeps: long enough that nobody finds another's by trying.
Device = Annotated[
    str | None,
    Field(
        pattern="^[A-Za-z0-9_-]{22,128}$",
        description="a random value of 128 bits or more that this installation of the client made once and keeps",
        examples=["Jx3vQ0m1T9yWb6nR4kZc8A"],
    ),
]
Totp = Annotated[
    str | None, Field(pattern="^[0-9]{6}$", description="what the authenticator shows", examples=["492039"])
]

Phone = Annotated[str, Field(min_length=11, max_length=20, examples=["19000000001"])]


class CodeRequestIn(In):
    """Ask for a one-time code. With `device_id`, only this device can use it, and others' tries do not spend it."""

    phone: Phone
    device_id: Device = None


class CodeRequestOut(Out):
    """The code is on its way by SMS."""

    expires_in: int = Field(description="seconds")


class ApplicantTokenIn(In):
    """Exchange a code for tokens. With `device_id`, the session can be refreshed on this device only."""

    phone: Phone
    code: Annotated[str, Field(pattern="^[0-9]{6}$", examples=["123456"])]
    device_id: Device = None


class StaffTokenIn(In):
    """Sign in as staff. Who has an authenticator sends its code, or one of the recovery codes, too. With `device_id`,
    the session can be refreshed on this device only, and others' wrong passwords never keep this device out."""

    username: Annotated[str, Field(min_length=1, max_length=64, pattern=CLEAN, examples=["handler"])]
    password: Annotated[str, Field(min_length=1, max_length=128, examples=["correct-Horse-9"])]
    totp_code: Totp = None
    recovery_code: Annotated[
        str | None, Field(pattern="^[0-9A-Za-z -]{12,20}$", description="in place of `totp_code`; good once")
    ] = None
    device_id: Device = None


class RefreshIn(In):
    """Exchange a refresh token for its successor."""

    refresh_token: Annotated[str, Field(pattern="^[A-Za-z0-9_.-]{1,200}$", examples=["q8Zr0bq3cQ"])]
    device_id: Device = None


class TokensOut(Out):
    """Keep both; `access_token` goes into `Authorization: Bearer …` and ends after `expires_in` seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    role: Role
    scope: Scope = Field(description="`enrolment`: good only for setting up an authenticator")

    @classmethod
    def of(cls, signed_in: SignedIn) -> "TokensOut":
        return cls(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            token_type="Bearer",  # noqa: S106 (the scheme's name, no secret) # nosec B106
            expires_in=signed_in.expires_in,
            role=signed_in.role,
            scope=signed_in.scope,
        )


class RealNameIn(In):
    """Name and number as on the identity card."""

    name: Line
    id_number: IdNumber


class RealNameOut(Out):
    """The account now carries this name."""

    name: str
    verified: bool


@router.post(
    "/otp",
    status_code=202,
    operation_id="request_code",
    summary="Send a one-time code by SMS",
    responses=problems(PhoneMalformed, TooManyCodes, TooManyRequests),
    dependencies=[Depends(for_anyone)],
)
async def request_otp(body: CodeRequestIn, db: Db, limits: LimitsDep) -> CodeRequestOut:
    """Ask for a six-digit code. It is valid for five minutes and five attempts; at most five codes in ten minutes,
    where a device that the phone's owner signed in from before has a count of its own."""
    phone = read_phone(body.phone)
    owned = await is_own_phone(db, phone, body.device_id)
    await limits.use((CODES_CALLER, limits.address), (CODES, f"{phone}\0{body.device_id}" if owned else phone))
    await send_code_later(db, await request_code(db, phone, device=body.device_id))
    return CodeRequestOut(expires_in=300)


@router.post(
    "/applicant-tokens",
    status_code=201,
    operation_id="sign_in_applicant",
    openapi_extra=retry_safe(),
    summary="Sign in with phone and code",
    responses=problems(PhoneMalformed, CodeRejected, TooManyRequests),
    dependencies=[limited(SIGN_IN_CALLER)],
)
async def sign_in_applicant(body: ApplicantTokenIn, tools: ToolsDep) -> TokensOut:
    """Exchange the code for tokens. The first sign-in opens the account."""
    # Two units of work: a wrong attempt must stay counted although this request is refused.
    async with tools.database_for_anyone.unit_of_work() as db:
        fits = await take_code(db, body.phone, body.code, device=body.device_id)
    if not fits:
        raise CodeRejected
    async with tools.database_for_anyone.unit_of_work() as db:
        return TokensOut.of(await sign_in_citizen(db, tools.keys, body.phone, device=body.device_id))


@router.post(
    "/staff-tokens",
    status_code=201,
    operation_id="sign_in_staff",
    openapi_extra=retry_safe(),
    summary="Sign in as staff",
    responses=problems(SignInRejected, SecondFactorRequired, SecondFactorRejected, SignInBusy, TooManyRequests),
    dependencies=[limited(SIGN_IN_CALLER)],
)
async def sign_in_as_staff(body: StaffTokenIn, tools: ToolsDep, limits: LimitsDep) -> TokensOut:
    """Exchange user name and password for tokens, with the authenticator's code where there is one: it is asked for
    only once the password was right. Only wrong passwords and codes count towards the limits of a user name."""
    owned = await is_own_device(tools.database_for_anyone, body.username, body.device_id)
    tries = _tries(body.username, limits.address, body.device_id if owned else None)
    async with limits.counting((SignInRejected, SecondFactorRejected), *tries):
        credentials = await check_staff_password(tools.database_for_anyone, body.username, body.password)
        signed_in = await sign_in_staff(
            tools.database_for_anyone,
            tools.keys,
            credentials,
            Code(body.totp_code, body.recovery_code),
            factor_required=tools.settings.second_factor_required,
            device=body.device_id,
        )
    return TokensOut.of(signed_in)


def _tries(username: str, address: str, own_device: str | None) -> tuple[Use, ...]:
    """Name what a wrong try at a user name counts towards."""
    if own_device is not None:
        return ((STAFF_SIGN_IN, f"{username}\0device\0{own_device}"),)
    everywhere = (STAFF_SIGN_IN_QUARTER, STAFF_SIGN_IN_HOURS, STAFF_SIGN_IN_DAY)
    return ((STAFF_SIGN_IN, f"{username}\0{address}"), *((policy, username) for policy in everywhere))


@router.post(
    "/refresh",
    status_code=201,
    operation_id="refresh_tokens",
    openapi_extra=retry_safe(),
    summary="Exchange a refresh token",
    responses=problems(TokenRejected),
)
async def refresh(body: RefreshIn, tools: ToolsDep) -> TokensOut:
    """Get the next pair. Within 60 seconds the same token gives the same successor, because answers get lost on weak
    networks; used again later, or on another device than the one named at sign-in, it ends the whole session."""
    async with tools.database_for_anyone.unit_of_work() as db:
        signed_in = await refresh_session(db, tools.keys, body.refresh_token, device=body.device_id)
    if signed_in is None:
        raise TokenRejected
    return TokensOut.of(signed_in)


@router.post(
    "/logout",
    status_code=204,
    operation_id="sign_out",
    openapi_extra=retry_safe(),
    summary="Sign out",
    responses=problems(TokenRejected),
)
async def logout(actor: SignedInActor, db: Db) -> None:
    """End this session on this device; its tokens are refused from now on."""
    if actor.session is not None:
        await revoke_session(db, actor.session)


@router.post(
    "/logout-everywhere",
    status_code=204,
    operation_id="sign_out_everywhere",
    openapi_extra=retry_safe(),
    summary="Sign out on every device",
    responses=problems(TokenRejected),
)
async def logout_everywhere(actor: SignedInActor, db: Db) -> None:
    """End every session of this account, this one included: for a lost telephone."""
    await end_all_sessions(db, actor.id)


@router.post(
    "/identity-verifications",
    status_code=201,
    operation_id="verify_identity",
    openapi_extra=retry_safe(),
    summary="Prove the real name",
    responses=problems(
        IdNumberMalformed, NameMalformed, RealNameMismatch, RealNameAlreadyProved, AgencySilent, TooManyRequests
    ),
)
async def verify_identity(body: RealNameIn, actor: Applicant, tools: ToolsDep, limits: LimitsDep) -> RealNameOut:
    """Ask public security whether name and number belong together, and keep them on the account. A person has one
    account: the number of another one is answered as one that does not go with the name. Ten refusals a day."""
    async with limits.counting((RealNameMismatch,), (REAL_NAMES, str(actor.id))):
        citizen = await verify_real_name(tools.database_for(actor), tools.partners, actor, body.name, body.id_number)
    return RealNameOut(name=real_name_of(tools.database.vault, citizen) or "", verified=True)
