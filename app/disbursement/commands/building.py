"""Building a payroll: the month's, or one that pays again what failed."""

from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id, new_number
from app.core.months import first_of_month, next_month
from app.disbursement.errors import MonthNotPayable, NotACounty, NothingToPay, PayrollAlreadyBuilt, PayrollNotSettled
from app.disbursement.lifecycle import BUILDERS, LIFECYCLE, Action, PayrollKind, Status
from app.disbursement.models import Payroll
from app.disbursement.queries import (
    count_exclusions,
    get_payroll,
    has_unsettled,
    insert_exclusions,
    insert_lines,
    insert_reissue_exclusions,
    insert_reissue_lines,
    next_seq,
    sum_lines,
)
from app.identity.actors import Actor
from app.programs.registry import get_program
from app.reference.divisions import county_of, covers


async def build_payroll(db: WriteSession, actor: Actor, *, program: str, month: date) -> Payroll:
    """Build the payroll of the actor's county for one month (domain 4.2), as a draft.

    Every award in force is paid its month, and earlier months that no payroll has paid (arrears). Awards that are due
    and cannot be paid are listed with the reason; so are those whose month another award of the household has.

    Raises:
        RoleNotAllowed: not a handler of a county.
        NotACounty: the actor stands below a county.
        ProgramUnknown: no such program.
        MonthNotPayable: further ahead than next month.
        PayrollAlreadyBuilt: the month has a payroll that was not rejected.
        NothingToPay: nobody is due, or nobody who is can be paid; nothing is kept.
    """
    if actor.role not in BUILDERS:
        raise RoleNotAllowed("built_by_county_handlers")
    county = _county_of(actor)
    code = get_program(program).code
    month = first_of_month(month)
    if month > next_month(first_of_month(today(db.clock))):
        raise MonthNotPayable
    payroll = await _begin(db, actor, PayrollKind.REGULAR, county=county, program=code, month=month)
    await insert_lines(db, payroll)
    payroll.excluded_count = await insert_exclusions(db, payroll)
    await _finish(db, actor, payroll, "payroll.build")
    return payroll


async def reissue_payroll(db: WriteSession, actor: Actor, payroll_id: UUID) -> Payroll:
    """Build a payroll that pays again what failed in another one, to the accounts as they are now.

    A line whose account was at fault waits until the citizen has put the account right. A line whose outcome the bank
    does not know, or contradicts itself about, is never paid again. Each failed line is reissued at most once.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: it is not released, or not for this role.
        PayrollNotSettled: the bank does not have the batch yet, which still orders what failed.
        PayrollAlreadyBuilt: somebody else reissues it at this moment.
        NothingToPay: nothing failed, or nothing that did can be paid now; nothing is kept.
    """
    failed = await get_payroll(db, actor, payroll_id, lock=True)
    LIFECYCLE.step(failed.status, Action.REISSUE, actor.role)
    if failed.accepted_at is None and await has_unsettled(db, failed.id):
        raise PayrollNotSettled
    payroll = await _begin(
        db, actor, PayrollKind.REISSUE, county=failed.county, program=failed.program, month=failed.month, of=failed.id
    )
    await insert_reissue_lines(db, payroll)
    payroll.excluded_count = await insert_reissue_exclusions(db, payroll)
    await _finish(db, actor, payroll, "payroll.reissue")
    return payroll


def _county_of(actor: Actor) -> str:
    if actor.division is None:
        raise NotACounty
    county = county_of(actor.division)
    if not covers(actor.division, division_of(county)):
        raise NotACounty
    return county


def division_of(county: str) -> str:
    """Return the 12-digit code of a county."""
    return county.ljust(12, "0")


async def _begin(
    db: WriteSession,
    actor: Actor,
    kind: PayrollKind,
    *,
    county: str,
    program: str,
    month: date,
    of: UUID | None = None,
) -> Payroll:
    payroll = Payroll(
        id=new_id(),
        county=county,
        division=division_of(county),
        number=new_number("FF", county, today(db.clock)),
        program=program,
        month=month,
        kind=kind,
        seq=await next_seq(db, county, program, month, kind),
        of_payroll_id=of,
        status=Status.DRAFT,
        line_count=0,
        total_fen=0,
        excluded_count=0,
        built_by=actor.id,
        built_at=db.clock.now(),
    )
    try:
        async with db.begin_nested():
            db.add(payroll)
    except IntegrityError:
        raise PayrollAlreadyBuilt from None
    return payroll


async def _finish(db: WriteSession, actor: Actor, payroll: Payroll, act: str) -> None:
    payroll.line_count, payroll.total_fen = await sum_lines(db, payroll.id)
    if payroll.line_count == 0:
        left_out = await count_exclusions(db, payroll.id)
        raise NothingToPay("left_out", reasons=left_out) if left_out else NothingToPay
    await db.flush()
    await record_act(
        db,
        actor,
        act,
        "payroll",
        payroll.id,
        county=payroll.county,
        row=payroll,
        lines=payroll.line_count,
        total_fen=payroll.total_fen,
        excluded=payroll.excluded_count,
    )
