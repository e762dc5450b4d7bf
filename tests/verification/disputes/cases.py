"""Cases whose household says that a finding is wrong."""

from app.core.clock import today
from app.events.queries import list_subject_events
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.verification.commands import (
    Disputed,
    TicketAnswer,
    raise_dispute,
    record_answer,
    send_dispute,
)
from app.verification.dispute_lifecycle import PENDING, SentWay
from app.verification.dispute_models import ReportDispute
from app.verification.events import DisputeLapsed
from app.verification.lifecycle import OPEN
from app.verification.queries import list_checks
from tests.builders.applications import COUNTY
from tests.builders.disputes import enter_letter
from tests.builders.people import build_staff
from tests.builders.review import (
    SETTLED,
    build_accepted_case,
    react,
    verify,
)
from tests.builders.verification import AS_OF

CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}}
SAID = "车已于去年转让。（测试）"
OPEN_POINT = {"property_has_a_limit": SETTLED}


async def case_with(database, found=None, **given):
    case = await build_accepted_case(database)
    await verify(database, case, CAR if found is None else found, **given)
    return case


async def dispute_it(
    database, case, *, by=None, of="self", item=Item.VEHICLES, key=FactKey.VEHICLE_COUNT, evidence=(), words=SAID
) -> ReportDispute:
    async with database.unit_of_work() as db:
        said = Disputed(case.member(of), item, key, words)
        return await raise_dispute(db, by or case.applicant, case.id, said, evidence)


async def as_it_stands(database, dispute) -> ReportDispute:
    async with database.reading() as db:
        return await db.get(ReportDispute, dispute.id)


async def told_of_lapse(database, case) -> list[tuple[str, str, str]]:
    """Return who was told that which dispute has lapsed, and why."""
    async with database.reading() as db:
        records = await list_subject_events(db, case.id)
    told = [each.data for each in records if each.type == DisputeLapsed.type]
    return [(each["applicant_id"], each["dispute_id"], each["ground"]) for each in told]


async def questions(database, case):
    async with database.reading() as db:
        return [check for check in await list_checks(db, case.id) if check.status in OPEN]


async def answer_all(database, case, count):
    """Let whatever is asked be answered: so many cars, or no record."""
    for check in await questions(database, case):
        fact = Fact(FactKey.VEHICLE_COUNT, count, "public_security", AS_OF)
        answer = Answer(Outcome.HIT, {fact.key: fact}) if count else Answer.none()
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, answer)
    await react(database, case)


async def send_letter(database, dispute) -> ReportDispute:
    """Let the county say that the letter went out today."""
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        return await send_dispute(db, county, dispute.id, today(db.clock), SentWay.POST)


async def answer_ticket(database, actor, dispute, answer=TicketAnswer.UPHELD) -> ReportDispute:
    """Enter the agency's answer to its letter, which has gone out by then."""
    waiting = await as_it_stands(database, dispute)
    if waiting.sent_on is None and waiting.status in PENDING:
        await send_letter(database, dispute)
    async with database.unit_of_work() as db:
        return await enter_letter(db, actor, dispute.id, answer)
