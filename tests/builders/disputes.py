"""Disputes of what was found, made by the stage's own command."""

from collections.abc import Mapping
from uuid import UUID

from app.core.db import Database, WriteSession
from app.facts import Answer, Fact, FactKey, Item, Outcome, Value
from app.identity.actors import SYSTEM, Actor
from app.verification.commands import (
    Disputed,
    TicketAnswer,
    Written,
    answer_dispute,
    raise_dispute,
    record_answer,
)
from app.verification.dispute_models import ReportDispute
from app.verification.lifecycle import OPEN
from app.verification.queries import list_checks
from tests.builders.applications import VILLAGE
from tests.builders.files import finish_upload
from tests.builders.review import react
from tests.builders.verification import AS_OF, Case

REGISTERED: Mapping[FactKey, Value] = {FactKey.HUKOU_DIVISION: VILLAGE}
REASON = "经核实，登记无误。（测试）"
REFERENCE = "车管复〔2026〕17号"
SAID = "户籍已于上月迁出。（测试）"


async def build_dispute(db: WriteSession, case: Case) -> ReportDispute:
    """Let the applicant dispute where she is registered, as `verify` has the register say."""
    said = Disputed(case.member("self"), Item.HOUSEHOLD_REGISTER, FactKey.HUKOU_DIVISION, SAID)
    return await raise_dispute(db, case.applicant, case.id, said)


async def enter_letter(
    db: WriteSession, actor: Actor, dispute: UUID, answer: TicketAnswer = TicketAnswer.UPHELD
) -> ReportDispute:
    """Enter an agency's letter of answer, with a scan of it."""
    return await answer_dispute(
        db, actor, dispute, answer, Written(REFERENCE, REASON, await finish_upload(db, actor.id))
    )


async def answer_again(database: Database, case: Case, found: Mapping[FactKey, Value] = REGISTERED) -> None:
    """Let the register answer as it did before."""
    async with database.reading() as db:
        asked = [check for check in await list_checks(db, case.id) if check.status in OPEN]
    facts = {key: Fact(key, value, "register", AS_OF) for key, value in found.items()}
    for check in asked:
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, Answer(Outcome.HIT, facts))
    await react(database, case)
