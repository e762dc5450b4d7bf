"""What the background process does: event → handlers, the whole story in one table; jobs by name; what falls due.

application.accepted    → verification opens the checks, agencies are asked, one by one or by file
verification.completed  → review learns that the report is there
opinion.given           → the notice is posted; when it ends, the county's turn begins
decision.made           → an award is opened; the month's payroll pays it
what a household is told → is written in a letter, once
campaign approved       → whole divisions are asked about again; what is new waits for a person
handover.completed      → both counties tell the household in writing
standard.changed        → the awards it bears on are worked out anew; what would fall waits for a person
every event             → partners by webhook, the applicant by message
a registry's search     → worked out, and the signed answer sent until it arrives
every audit record      → the Merkle tree, signed, within a second or so
every working day       → what an office did not do in time is told to its supervisors
every night             → a sample of decisions is judged again; what the law has not kept any longer is erased
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from app.applications.commands.drafts import FORGET_NEEDS
from app.applications.commands.supporters import SEE_TO_SUPPORTERS
from app.applications.events import (
    ApplicationAccepted,
    ApplicationEvent,
    ApplicationRedirected,
    ApplicationSubmitted,
    ApplicationSupplemented,
    ApplicationTerminated,
    ApplicationWithdrawn,
    AuthorisationWithdrawn,
    Entrusted,
    PromiseFoundBroken,
    SupplementRequested,
)
from app.applications.jobs import escalate_overdue, forget_unconfirmed, tell_concerned_by, tell_principal
from app.applications.queries import find_receipt_number
from app.awards.events import (
    AwardEvent,
    AwardIncreased,
    AwardOpened,
    AwardReduced,
    AwardResumed,
    AwardStopped,
    AwardSuspended,
    AwardTakenOver,
)
from app.awards.jobs import (
    RECOMPUTE,
    begin_recomputation,
    end_disputes_about,
    follow_later_report,
    open_award,
    post_award,
    recompute_awards,
    recompute_due_awards,
    recompute_opened_award,
    review_broken_promise,
    take_award_down,
)
from app.campaigns.commands import OPEN_CAMPAIGN
from app.campaigns.jobs import leave_out_stopped, open_campaign, pursue_campaigns
from app.complaints.events import ComplaintAnswered
from app.complaints.jobs import tell_reporter
from app.core.db import Database
from app.core.storage import Storage
from app.corrections.events import CorrectionDecided
from app.disbursement.events import PaymentFailed, PayrollReleased
from app.disbursement.jobs import check_books, free_households, send_batch, settle_late_batches
from app.events.base import Event
from app.events.handlers import Handlers, Job
from app.files.jobs import remove_orphans, tidy_up
from app.handovers.events import HandoverCompleted
from app.handovers.jobs import withdraw_handover_of_stopped, write_letters_of_handover
from app.idempotency.jobs import forget_old_answers
from app.identity.keys import KeyRing
from app.letters.jobs import write_letter, write_letter_of_agent, write_letters_of_promises, write_owed_corrections
from app.limits.commands import forget_ended_windows
from app.notices.jobs import (
    end_notices,
    post_notice,
    take_decided_notices_down,
    take_notices_down,
    take_void_notices_down,
)
from app.notifications.commands import SEND_CODE, SEND_MESSAGE
from app.notifications.jobs import enqueue_due_messages, notify_applicant, send_message, send_one_time_code
from app.notifications.sms import SmsGateway
from app.overpayments.events import RecoveryCorrected, RecoveryOrdered, RecoveryProposed
from app.overpayments.jobs import correct_recovery, write_letter_of_recovery
from app.partners.base import Partner
from app.partners.batch import BatchPartner
from app.partners.paying_bank.base import PayingBank
from app.reference.procedure import Mode
from app.relatives.commands import REGISTER_RELATIVE
from app.review.events import DecisionMade, EvidenceAsked, OpinionGiven, ReviewSentBack
from app.review.jobs import (
    cancel_letters_about,
    let_results_stand,
    note_silent_letters,
    register_relative,
    replay_sample,
    start_review,
    stop_review,
    take_up_report,
)
from app.standards.events import ParameterChanged, StandardChanged
from app.status_queries.commands.messages import ANSWER
from app.status_queries.jobs import answer_registry_message, enqueue_due_answers
from app.verification.batch_jobs import pursue_batches, work_batch
from app.verification.commands import ASK_CHECK, ASK_CHECKS, FOLLOW_LATER_REPORT, WORK_BATCH
from app.verification.events import ReportDisputed, VerificationCompleted
from app.verification.jobs import (
    ask_checks,
    cancel_application_checks,
    cancel_member_checks,
    forget_needs,
    give_away_unasked,
    open_checks,
    pursue_checks,
    reroute_owed_answers,
    see_to_supporters,
    watch_agencies,
)
from app.verification.patience import PATIENCE, Patience
from app.verification.putting import Turn, new_turn
from app.verification.report_jobs import (
    end_disputes,
    end_disputes_of_withdrawn,
    end_unauthorised_disputes,
    pursue_disputes,
    renew_expired_reports,
    settle_by_new_report,
)
from app.webhooks.jobs import DELIVER, deliver, end_endpoints_below_counties, enqueue_due_deliveries, fan_out
from app.webhooks.sending import WebhookSender

Sweep = Callable[[Database], Awaitable[None]]


@dataclass(frozen=True)
class WorkerTools:
    """What jobs reach outside with."""

    partners: dict[str, Partner]
    sms: SmsGateway
    bank: PayingBank
    webhooks: WebhookSender
    storage: Storage
    keys: KeyRing  # sign answers to other registries
    patience: Patience = PATIENCE
    batch_partners: dict[str, BatchPartner] = field(default_factory=dict)
    unconnected: Mapping[Mode, frozenset[str]] = field(default_factory=dict)
    turn: Turn = field(default_factory=new_turn)


def handlers(tools: WorkerTools) -> Handlers:
    """What each event sets going. A handler of a base class hears all its subclasses."""
    notify = partial(notify_applicant, number_of=find_receipt_number)
    return {
        Event: [fan_out],
        ApplicationEvent: [notify],
        AwardEvent: [notify],
        ApplicationAccepted: [open_checks, start_review, write_letter],
        SupplementRequested: [write_letter],
        ApplicationWithdrawn: [cancel_application_checks, end_disputes, stop_review, take_notices_down],
        ApplicationRedirected: [write_letter],
        ApplicationTerminated: [cancel_application_checks, end_disputes, stop_review, take_notices_down, write_letter],
        ApplicationSubmitted: [write_letter_of_agent, write_letters_of_promises, tell_concerned_by],
        ApplicationSupplemented: [write_letters_of_promises, tell_concerned_by],
        PromiseFoundBroken: [review_broken_promise, write_letter],
        Entrusted: [tell_principal],
        AuthorisationWithdrawn: [cancel_member_checks, cancel_letters_about, end_disputes_of_withdrawn],
        EvidenceAsked: [write_letter],
        ReportDisputed: [write_letter],
        VerificationCompleted: [take_up_report, settle_by_new_report],
        OpinionGiven: [post_notice],
        ReviewSentBack: [take_void_notices_down],
        DecisionMade: [take_decided_notices_down, open_award, write_letter],
        AwardOpened: [post_award, recompute_opened_award],
        AwardSuspended: [write_letter],
        AwardResumed: [write_letter],
        AwardStopped: [
            take_award_down,
            write_letter,
            leave_out_stopped,
            withdraw_handover_of_stopped,
            end_disputes_about,
        ],
        AwardTakenOver: [recompute_opened_award],
        HandoverCompleted: [leave_out_stopped, end_disputes_about, write_letters_of_handover],
        AwardReduced: [write_letter],
        AwardIncreased: [write_letter],
        RecoveryProposed: [write_letter_of_recovery],
        RecoveryOrdered: [write_letter_of_recovery],
        RecoveryCorrected: [write_letter_of_recovery],
        PaymentFailed: [correct_recovery],
        StandardChanged: [begin_recomputation],
        ParameterChanged: [begin_recomputation],
        PayrollReleased: [partial(send_batch, bank=tools.bank)],
        ComplaintAnswered: [tell_reporter],
        CorrectionDecided: [notify],
    }


def jobs(tools: WorkerTools) -> Mapping[str, Job]:
    """Jobs that are enqueued by name rather than by an event."""

    async def send_code(database: Database, payload: Mapping[str, str]) -> None:
        await send_one_time_code(database, tools.sms, UUID(payload["code"]), use=payload.get("use", "sign_in"))

    ask = partial(ask_checks, partners=tools.partners, patience=tools.patience, turn=tools.turn)
    return {
        SEND_CODE: send_code,
        SEND_MESSAGE: partial(send_message, gateway=tools.sms),
        REGISTER_RELATIVE: register_relative,
        FORGET_NEEDS: forget_needs,
        SEE_TO_SUPPORTERS: see_to_supporters,
        DELIVER: partial(deliver, sender=tools.webhooks),
        RECOMPUTE: recompute_awards,
        OPEN_CAMPAIGN: open_campaign,
        FOLLOW_LATER_REPORT: follow_later_report,
        ANSWER: partial(answer_registry_message, sender=tools.webhooks, keys=tools.keys),
        ASK_CHECKS: ask,
        ASK_CHECK: ask,
        WORK_BATCH: partial(work_batch, partners=tools.batch_partners, patience=tools.patience),
    }


AT_ONCE: Mapping[str, int] = {ASK_CHECKS: 64}
"""How many jobs of a kind all workers together take up at once; the others any number. Households that wait for their
turn with slow agencies wait in the queue, not in a worker's memory."""


def sweeps(tools: WorkerTools) -> Sequence[Sweep]:
    """What is looked for again and again: whatever has fallen due by the clock."""
    return (
        partial(give_away_unasked, unconnected=tools.unconnected),
        pursue_checks,
        pursue_campaigns,
        partial(pursue_batches, patience=tools.patience),
        renew_expired_reports,
        watch_agencies,
        reroute_owed_answers,
        end_notices,
        let_results_stand,
        note_silent_letters,
        escalate_overdue,
        end_unauthorised_disputes,
        pursue_disputes,
        write_owed_corrections,
        enqueue_due_deliveries,
        end_endpoints_below_counties,
        enqueue_due_messages,
        enqueue_due_answers,
        forget_unconfirmed,
        forget_ended_windows,
        forget_old_answers,
        partial(settle_late_batches, bank=tools.bank),
        partial(check_books, bank=tools.bank.code),
        free_households,
        recompute_due_awards,
        replay_sample,
        partial(remove_orphans, storage=tools.storage),
        partial(tidy_up, storage=tools.storage),
    )
