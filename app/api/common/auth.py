"""Sign-in: citizens by phone code and real name, staff by password; refresh and sign-out for both."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.common.callers import Applicant, SignedInActor
from app.api.common.deps import Db, ToolsDep
from app.api.common.limits import LimitsDep, limited
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, IdNumber, In, Line, Out
from app.identity.actors import Role
from app.identity.commands import (
    SignedIn,
    check_staff_password,
    refresh_session,
    request_code,
    revoke_session,
    sign_in_citizen,
    start_session,
    take_code,
)
from app.identity.errors import (
    CodeRejected,
    IdNumberMalformed,
    NameMalformed,
    PhoneMalformed,
    RealNameAlreadyProved,
    RealNameMismatch,
    SignInRejected,
    TokenRejected,
    TooManyCodes,
)
from app.identity.numbers import read_phone
from app.limits.errors import TooManyRequests
from app.limits.policies import CODES, CODES_CALLER, SIGN_IN_CALLER, STAFF_SIGN_IN, STAFF_SIGN_IN_DAY
from app.notifications.commands import send_code_later
from app.verification.real_name import AgencySilent, verify_real_name

router = Router(prefix="/v1/auth", tags=["sign-in"])

Phone = Annotated[str, Field(min_length=11, max_length=20, examples=["19000000001"])]


class CodeRequestIn(In):
    """Ask for a one-time code."""

    phone: Phone


class CodeRequestOut(Out):
    """The code is on its way by SMS."""

    expires_in: int = Field(description="seconds")


class ApplicantTokenIn(In):
    """Exchange a code for tokens."""

    phone: Phone
    code: Annotated[str, Field(pattern="^[0-9]{6}$", examples=["123456"])]


class StaffTokenIn(In):
    """Sign in as staff."""

    username: Annotated[str, Field(min_length=1, max_length=64, pattern=CLEAN, examples=["handler"])]
    password: Annotated[str, Field(min_length=1, max_length=128, examples=["correct-Horse-9"])]


class RefreshIn(In):
    """Exchange a refresh token for its successor."""

    refresh_token: Annotated[str, Field(pattern="^[A-Za-z0-9_.-]{1,200}$", examples=["q8Zr0bq3cQ"])]


class TokensOut(Out):
    """Keep both; `access_token` goes into `Authorization: Bearer …` and ends after `expires_in` seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    role: Role

    @classmethod
    def of(cls, signed_in: SignedIn) -> "TokensOut":
        return cls(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            token_type="Bearer",  # noqa: S106 (the scheme's name, no secret) # nosec B106
            expires_in=signed_in.expires_in,
            role=signed_in.role,
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
)
async def request_otp(body: CodeRequestIn, db: Db, limits: LimitsDep) -> CodeRequestOut:
    """Ask for a six-digit code. It is valid for five minutes and five attempts; at most five codes in ten minutes."""
    await limits.use((CODES_CALLER, limits.address), (CODES, read_phone(body.phone)))
    await send_code_later(db, await request_code(db, body.phone))
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
    async with tools.database.unit_of_work() as db:
        fits = await take_code(db, body.phone, body.code)
    if not fits:
        raise CodeRejected
    async with tools.database.unit_of_work() as db:
        return TokensOut.of(await sign_in_citizen(db, tools.keys, body.phone))


@router.post(
    "/staff-tokens",
    status_code=201,
    operation_id="sign_in_staff",
    openapi_extra=retry_safe(),
    summary="Sign in as staff",
    responses=problems(SignInRejected, TooManyRequests),
    dependencies=[limited(SIGN_IN_CALLER)],
)
async def sign_in_staff(body: StaffTokenIn, tools: ToolsDep, limits: LimitsDep) -> TokensOut:
    """Exchange user name and password for tokens. Only wrong passwords count towards the limits of a user name."""
    tries = ((STAFF_SIGN_IN, f"{body.username}\0{limits.address}"), (STAFF_SIGN_IN_DAY, body.username))
    await limits.use(*tries)
    staff = await check_staff_password(tools.database, body.username, body.password)
    await limits.give_back(*tries)
    async with tools.database.unit_of_work() as db:
        return TokensOut.of(await start_session(db, tools.keys, staff.id, Role(staff.role)))


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
    networks; used again later, it ends the whole session."""
    async with tools.database.unit_of_work() as db:
        signed_in = await refresh_session(db, tools.keys, body.refresh_token)
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
    "/identity-verifications",
    status_code=201,
    operation_id="verify_identity",
    openapi_extra=retry_safe(),
    summary="Prove the real name",
    responses=problems(IdNumberMalformed, NameMalformed, RealNameMismatch, RealNameAlreadyProved, AgencySilent),
)
async def verify_identity(body: RealNameIn, actor: Applicant, tools: ToolsDep) -> RealNameOut:
    """Ask public security whether name and number belong together, and keep them on the account."""
    citizen = await verify_real_name(tools.database, tools.partners, actor, body.name, body.id_number)
    return RealNameOut(name=citizen.name or "", verified=True)
