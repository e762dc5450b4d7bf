"""Having registers fill in the draft, so that nobody types what an agency can tell."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.applicant.schemas import PrefilledOut
from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.reports import PlainOut, plain_out
from app.api.common.routing import Router
from app.api.common.schemas import IdNumber, In, Line, Out
from app.applications.errors import ApplicationNotFound, MemberAlreadyInHousehold, SignatureMismatch
from app.applications.queries import get_whole_application
from app.core.db import ReadSession
from app.core.errors import StepNotAllowed
from app.facts import UNITS, FactKey, Item, Outcome, Unit
from app.identity.actors import Actor
from app.identity.errors import IdNumberMalformed, NameMalformed, RealNameRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import PREFILLS
from app.verification import words
from app.verification.commands import begin_prefill
from app.verification.lifecycle import OPEN, Status
from app.verification.models import Check
from app.verification.queries import facts_found, list_prefilling
from app.verification.values import to_plain

router = Router(prefix="/v1/applications/{application_id}/prefill", tags=["applicant"])

Answered = Literal["waiting", "found", "no_record", "no_answer"]


class SignatureIn(In):
    """My consent to being checked, with my name and identity number repeated."""

    signer_name: Line
    signer_id_number: IdNumber

    @property
    def pair(self) -> tuple[str, str]:
        """Name and number."""
        return self.signer_name, self.signer_id_number


class PrefillIn(In):
    """`signature`: my authorisation, where I have not signed it yet."""

    signature: SignatureIn | None = None


class FoundOut(Out):
    """One field as the register has it."""

    key: FactKey
    label: str
    unit: Unit
    value: PlainOut


class QuestionOut(Out):
    """One item asked of one agency about me. `no_record`: it looked and has nothing; `no_answer`: it gave none, and is
    asked again once the application is accepted."""

    member_id: UUID
    item: Item
    source: str
    status: Answered
    found: Annotated[list[FoundOut], Field(max_length=20)]


class PrefillOut(Out):
    """How far the registers are; not complete, either, while nobody was asked. `filled`: what stands in the draft as
    they told it; change it where it is wrong."""

    complete: bool
    questions: Annotated[list[QuestionOut], Field(max_length=500)]
    filled: Annotated[list[PrefilledOut], Field(max_length=500)]


@router.post(
    "",
    status_code=202,
    operation_id="prefill_application",
    summary="Have registers fill in the draft",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        StepNotAllowed,
        RealNameRequired,
        MemberAlreadyInHousehold,
        SignatureMismatch,
        IdNumberMalformed,
        NameMalformed,
        TooManyRequests,
    ),
)
async def prefill(application_id: UUID, body: PrefillIn, actor: Applicant, db: Db, limits: LimitsDep) -> PrefillOut:
    """Put me into my draft as I am known here, take my signature, and ask the registers about me: household, marriage,
    disability, real estate, vehicles, social insurance. What they answer fills fields that nobody has filled yet; read
    it again after a moment. Nothing that I wrote is overwritten. About others they are asked after acceptance."""
    await limits.use((PREFILLS, str(actor.id)))
    await begin_prefill(db, actor, application_id, body.signature.pair if body.signature else None)
    return await _shape(db, actor, application_id)


@router.get(
    "",
    operation_id="get_prefill",
    summary="See what registers told",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def get_prefill(application_id: UUID, actor: Applicant, db: ReadDb) -> PrefillOut:
    """What was asked for the draft's sake, what was answered, and what stands in the draft as it was told."""
    return await _shape(db, actor, application_id)


async def _shape(db: ReadSession, actor: Actor, application_id: UUID) -> PrefillOut:
    application = await get_whole_application(db, actor, application_id)
    checks = await list_prefilling(db, application_id)
    return PrefillOut(
        complete=bool(checks) and not any(check.status in OPEN for check in checks),
        questions=[_question(db, check) for check in checks],
        filled=PrefilledOut.all_of(db, application),
    )


def _question(db: ReadSession, check: Check) -> QuestionOut:
    return QuestionOut(
        member_id=check.member_id,
        item=check.item,
        source=words.SOURCES[check.partner],
        status=_answered(check),
        found=[
            FoundOut(key=key, label=words.FIELDS[key], unit=UNITS[key], value=plain_out(to_plain(fact.value)))
            for key, fact in sorted(facts_found(db, check).items())
        ],
    )


def _answered(check: Check) -> Answered:
    if check.status in OPEN:
        return "waiting"
    if check.status == Status.ANSWERED:
        return "found" if check.outcome == Outcome.HIT else "no_record"
    return "no_answer"
