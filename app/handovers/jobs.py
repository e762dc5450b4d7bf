"""What this stage does when something has happened; each may run twice, and the second time changes nothing."""

from app.applications.queries import find_receipt_number
from app.awards.events import AwardStopped
from app.awards.laws import Act, laws_of
from app.awards.models import Award
from app.awards.queries import get_amount_in, get_award
from app.awards.recomputing_queries import find_open as find_waiting
from app.core.canonical import Json
from app.core.clock import legal_date, today
from app.core.db import Database, ReadSession
from app.core.errors import DomainError
from app.core.money import fen_to_yuan
from app.handovers.commands import withdraw_with_award
from app.handovers.events import HandoverCompleted
from app.handovers.models import Handover
from app.handovers.queries import get_handover
from app.identity.actors import SYSTEM
from app.letters.coming import amounts_to_come
from app.letters.commands import issue_letter
from app.letters.contents import Said
from app.letters.findings import amount_explained
from app.letters.kinds import Kind, Occasion
from app.letters.wording import label, write_day, write_month
from app.notices.amounts import Amount
from app.programs.registry import get_program
from app.reference.queries import name_place
from app.review.basis import remedies_of
from app.review.decisions import open_decision
from app.review.models import Decision
from app.review.numbers import resolve_parameters
from app.review.queries import get_decision


async def withdraw_handover_of_stopped(database: Database, event: AwardStopped) -> None:
    """End what is under way about an award that was stopped: there is nothing to go on with."""
    async with database.unit_of_work() as db:
        await withdraw_with_award(db, event.subject, event.application_id)


async def write_letters_of_handover(database: Database, event: HandoverCompleted) -> None:
    """Tell the household in writing: the first county until when it pays, the other one what it confirmed, with the
    remedies against that. Its file erased, nothing is written any more."""
    async with database.unit_of_work() as db:
        handover = await get_handover(db, SYSTEM, event.handover_id)
        first = Occasion(Kind.HANDED_OVER, handover.application_id, handover.id)
        await issue_letter(db, first, said=await _handed_over(db, handover))
        new = await get_award(db, SYSTEM, event.new_award_id)
        second = Occasion(Kind.TAKEN_OVER, new.application_id, handover.id)
        await issue_letter(db, second, said=await _taken_over(db, handover))


async def _handed_over(db: ReadSession, handover: Handover) -> Said:
    on, last, first = today(db.clock), handover.last_month, handover.first_month
    assert last is not None, "it is completed"
    assert first is not None, "it is completed"
    values = {
        "ground": label("handovers", handover.ground),
        "to_place": await _place(db, handover.to_division),
        "last_month": write_month(last),
        "first_month": write_month(first),
    }
    facts: dict[str, Json] = {"last_month": last.isoformat()[:7]}
    return Said(laws_of(Act.HANDED_OVER, on), [], values, facts=facts)


async def _taken_over(db: ReadSession, handover: Handover) -> Said:
    assert handover.new_award_id is not None, "it is completed"
    award = await get_award(db, SYSTEM, handover.new_award_id)
    decision = await get_decision(db, award.application_id)
    fen, waiting = await get_amount_in(db, award.id, award.from_month), await find_waiting(db, award.id)
    coming = await amounts_to_come(db, award, Amount(fen, award.from_month))
    lower = waiting is not None and waiting.after_fen is not None and waiting.after_fen < fen
    values = {
        "from_place": await _place(db, handover.county.ljust(12, "0")),
        "before_number": await find_receipt_number(db, handover.application_id),
        "decision": decision.number,
        "decided_on": write_day(legal_date(decision.decided_at)),
        "members": str(award.members_count),
        "first_month": write_month(award.from_month),
        "amount": fen_to_yuan(fen),
        "waits": "" if lower else None,
        **coming.values,
    }
    facts: dict[str, Json] = {
        "monthly_amount_fen": fen,
        "members_counted": award.members_count,
        "first_month": award.from_month.isoformat()[:7],
        **coming.facts,
    }
    told = await _by_numbers_here(db, award, decision)
    return Said(decision.basis, remedies_of(today(db.clock)), values, facts=facts, findings=told)


async def _by_numbers_here(db: ReadSession, award: Award, decision: Decision) -> list[str]:
    """Say what the numbers of the new place give from the award's first month on; nothing where the rules cannot say.
    The decision that went over keeps the numbers of the place before."""
    program, body = get_program(award.program), open_decision(db, decision)
    try:
        case = program.case_from_json(body["case"])
        numbers = await resolve_parameters(db, program, case.division, case.area_class, award.from_month)
        judged = program.replay(body["case"], numbers.as_json(), body["assessment"]["rules_version"])
    except DomainError:
        return []
    return amount_explained(award.program, judged.as_json())


async def _place(db: ReadSession, code: str) -> str:
    """Name a place by its county; the code where the register does not name it any more."""
    county = code[:6].ljust(12, "0")
    return await name_place(db, county, today(db.clock)) or f"区划代码{county}的县"
