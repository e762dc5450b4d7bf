"""The letter that asks an agency for a correction has gone out: from then on it is the agency's turn."""

from datetime import date
from uuid import UUID

from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.clock import legal_date, today
from app.core.db import WriteSession
from app.core.errors import Fault
from app.identity.actors import SYSTEM, Actor
from app.verification.commands.disputing import close_sending, may_be_asked
from app.verification.dispute_lifecycle import LIFECYCLE, Action, SentWay
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import get_dispute
from app.verification.errors import AuthorisationNotInForce, CorrectionSent, SentOnUnfit

SENT = "sent"


async def send_dispute(db: WriteSession, actor: Actor, dispute_id: UUID, on: date, way: SentWay) -> ReportDispute:
    """Keep that the letter about a dispute went to its agency, on which day and how; the county stands for it.

    The agency's day stays where it is: it was counted from the dispute, and the citizen was told of it.

    Raises:
        DisputeNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: it has its answer or was taken back, or this is not for this role.
        CorrectionSent: it was sent before.
        AuthorisationNotInForce: whom it is about has withdrawn the authorisation.
        SentOnUnfit: the day is before the dispute, or to come.
    """
    found = await get_dispute(db, actor, dispute_id)
    application = await get_application(db, SYSTEM, found.application_id, lock=True)
    dispute = await get_dispute(db, actor, dispute_id, lock=True)
    dispute.status = LIFECYCLE.step(dispute.status, Action.SEND, actor.role).target
    if dispute.sent_on is not None:
        raise CorrectionSent
    # Withdrawn a moment ago it has not lapsed yet, and nobody is written to all the same.
    if not await may_be_asked(db, dispute):
        raise AuthorisationNotInForce
    if on > today(db.clock):
        raise SentOnUnfit(faults=(Fault("/sent_on", "in_future"),))
    if on < legal_date(dispute.raised_at):
        raise SentOnUnfit(faults=(Fault("/sent_on", "before_dispute"),))
    dispute.sent_on, dispute.sent_way, dispute.sent_by = on, way, actor.id
    await db.flush()
    await close_sending(db, application, SENT, by=actor)
    await record_act(
        db,
        actor,
        "report.send_dispute",
        "application",
        application.id,
        row=dispute,
        case=dispute.case,
        dispute=str(dispute.id),
        partner=dispute.partner,
        way=way.value,
    )
    return dispute
