"""Four eyes on a payroll: handed in by who built it, approved or rejected by another, closed when all is settled."""

from uuid import UUID

from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import SamePersonNotAllowed
from app.disbursement.errors import OnlyBuilderMaySubmit, PayrollChanged, PayrollNotSettled
from app.disbursement.events import PayrollClosed
from app.disbursement.lifecycle import LIFECYCLE, Action
from app.disbursement.models import Payroll
from app.disbursement.queries import delete_lines, digest_of, get_payroll, has_disputed, has_unsettled
from app.events.commands import record_event
from app.identity.actors import Actor


async def submit_payroll(db: WriteSession, actor: Actor, payroll_id: UUID) -> Payroll:
    """Hand a draft in for approval; from now on its digest says what was handed in.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        OnlyBuilderMaySubmit: somebody else built it.
    """
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    step = LIFECYCLE.step(payroll.status, Action.SUBMIT, actor.role)
    if actor.id != payroll.built_by:
        raise OnlyBuilderMaySubmit
    payroll.status, payroll.digest = step.target, await digest_of(db, payroll.id)
    payroll.submitted_by, payroll.submitted_at = actor.id, db.clock.now()
    await record_act(
        db, actor, "payroll.submit", "payroll", payroll.id, county=payroll.county, row=payroll, digest=payroll.digest
    )
    return payroll


async def approve_payroll(db: WriteSession, actor: Actor, payroll_id: UUID) -> Payroll:
    """Approve what was handed in; the lines do not change any more.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor built it or handed it in.
        PayrollChanged: the lines are not those that were handed in.
    """
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    step = LIFECYCLE.step(payroll.status, Action.APPROVE, actor.role)
    require_another(payroll, actor)
    await require_unchanged(db, payroll)
    payroll.status = step.target
    payroll.approved_by, payroll.approved_at = actor.id, db.clock.now()
    await record_act(
        db, actor, "payroll.approve", "payroll", payroll.id, county=payroll.county, row=payroll, digest=payroll.digest
    )
    return payroll


async def reject_payroll(db: WriteSession, actor: Actor, payroll_id: UUID, *, reason: str) -> Payroll:
    """Send a payroll back before its release. Its lines are taken away, so that the month can be built anew.

    `reason` is a person's own words: kept sealed, in no event and not in the audit trail.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    step = LIFECYCLE.step(payroll.status, Action.REJECT, actor.role)
    payroll.status = step.target
    payroll.reject_reason_sealed = db.vault.seal("payrolls.reject_reason", payroll.id, reason, division=payroll.county)
    payroll.rejected_by, payroll.rejected_at = actor.id, db.clock.now()
    await delete_lines(db, payroll.id)
    await record_act(db, actor, "payroll.reject", "payroll", payroll.id, county=payroll.county, row=payroll)
    return payroll


async def close_payroll(db: WriteSession, actor: Actor, payroll_id: UUID) -> Payroll:
    """Close a payroll of which every line is paid or failed; what failed stays owed and may be reissued.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        PayrollNotSettled: the bank still owes an answer, or a line is disputed.
    """
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    step = LIFECYCLE.step(payroll.status, Action.CLOSE, actor.role)
    if await has_unsettled(db, payroll.id) or await has_disputed(db, payroll.id):
        raise PayrollNotSettled
    payroll.status, payroll.ask_after, payroll.check_after = step.target, None, db.clock.now()
    payroll.closed_by, payroll.closed_at = actor.id, db.clock.now()
    await record_act(db, actor, "payroll.close", "payroll", payroll.id, county=payroll.county, row=payroll)
    await record_event(db, PayrollClosed(subject=payroll.id, county=payroll.county))
    return payroll


def require_another(payroll: Payroll, actor: Actor) -> None:
    """Refuse who built the payroll or handed it in (domain 4.3).

    Raises:
        SamePersonNotAllowed: it is the same person.
    """
    if actor.id in (payroll.built_by, payroll.submitted_by):
        raise SamePersonNotAllowed


async def require_unchanged(db: WriteSession, payroll: Payroll) -> None:
    """Refuse a payroll whose lines are not those that were handed in.

    Raises:
        PayrollChanged: somebody changed them behind the product's back.
    """
    if await digest_of(db, payroll.id) != payroll.digest:
        raise PayrollChanged
