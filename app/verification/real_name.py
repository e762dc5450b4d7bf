"""Proving a real name: one question to public security, outside any transaction.

The question is on record before it is put: an agency asked without case, purpose, authorisation and operator is an
offence (SAL art. 70(6)). Here the citizen asks about himself.
"""

from collections.abc import Mapping
from uuid import UUID

from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.db import Database, WriteSession
from app.core.errors import DomainError, Kind
from app.core.ids import new_id
from app.facts import Answer, FactKey, Item, Outcome
from app.identity.actors import Actor
from app.identity.commands import record_real_name, refuse_other_number
from app.identity.errors import RealNameMismatch
from app.identity.models import Citizen, IdentityQuestion
from app.identity.numbers import read_id_number, read_name
from app.partners.base import Partner, PartnerUnavailable, Query
from app.partners.registry import partner_for


class AgencySilent(DomainError):
    """The agency gave no usable answer just now."""

    code = "agency_silent"
    kind = Kind.UNAVAILABLE
    title = "The agency did not answer, please try again"
    title_zh = "数据源暂无响应，请稍后再试"


async def verify_real_name(
    database: Database, partners: Mapping[str, Partner], actor: Actor, name: str, id_number: str
) -> Citizen:
    """Ask whether name and number belong together, and keep them on the citizen's account.

    A number that another account carries is answered, after the same work, as one that does not go with the name: who
    has an account here is nobody else's business. The person signs in with the telephone of that account.

    Raises:
        IdNumberMalformed, NameMalformed: not a number or name.
        RealNameMismatch: public security does not know this pair, or the person has another account.
        RealNameAlreadyProved: the account carries another person.
        AgencySilent: no usable answer; nothing was changed.
    """
    number, plain = read_id_number(id_number).text, read_name(name)
    async with database.unit_of_work() as db:
        elsewhere = await refuse_other_number(db, actor.id, number)
    same, question = await ask_public_security(database, partners, actor, plain, number, ground="own_request")
    if not same or elsewhere:
        raise RealNameMismatch
    async with database.unit_of_work() as db:
        citizen = await record_real_name(db, actor.id, plain, number)
        await record_act(
            db,
            actor,
            "identity.verify",
            "citizen",
            actor.id,
            row=citizen,
            case=Case(None, actor.id),
            request=str(question),
        )
    return citizen


async def ask_public_security(
    database: Database,
    partners: Mapping[str, Partner],
    actor: Actor,
    name: str,
    number: str,
    *,
    ground: str,
) -> tuple[bool, UUID]:
    """Ask whether a name and a number belong together; returns that, and the question, on record before it is put.

    `ground`: own_request, or the entrustment of another, for whom the actor asks.

    Raises:
        AgencySilent: no usable answer.
    """
    async with database.unit_of_work() as db:
        asked = _record_question(db, actor, ground)
    question = Query(
        reference=asked.id,
        item=Item.IDENTITY,
        id_number=number,
        name=name,
        purpose=asked.purpose,
        case="account",
        authorisation=str(asked.id),
        operator=str(asked.operator),
    )
    try:
        answer = await partners[asked.partner].ask(question)
    except PartnerUnavailable as error:
        raise AgencySilent(retry_after=5) from error
    same = isinstance(answer, Answer) and _is_same(answer, name)
    async with database.unit_of_work() as db:
        await _record_answer(db, asked.id, same=same)
    return same, asked.id


def _record_question(db: WriteSession, actor: Actor, ground: str) -> IdentityQuestion:
    asked = IdentityQuestion(
        id=new_id(),
        citizen_id=actor.id,
        item=Item.IDENTITY,
        partner=partner_for(Item.IDENTITY),
        purpose="real_name",
        authorisation=ground,
        operator=actor.id,
        asked_at=db.clock.now(),
    )
    db.add(asked)
    return asked


async def _record_answer(db: WriteSession, question: UUID, *, same: bool) -> None:
    asked = await db.get_one(IdentityQuestion, question)
    asked.answered_at, asked.same = db.clock.now(), same


def _is_same(answer: Answer, name: str) -> bool:
    found = answer.facts.get(FactKey.REGISTERED_NAME)
    return answer.outcome is Outcome.HIT and found is not None and read_name(str(found.value)) == name
