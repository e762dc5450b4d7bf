"""How far a matter is: one shape for the applicant's timeline and the public look-up. No internal names."""

import operator
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.api.common.schemas import Moment, Out
from app.applications.clocks import Responsible, StepKind
from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep
from app.applications.queries import Progress, StepProgress
from app.applications.queues import OFFICES

STEP_TITLES: dict[str, tuple[str, str]] = {
    StepKind.ACCEPTANCE: ("受理审查", "Acceptance"),
    StepKind.SUPPLEMENT: ("补正材料", "Supplement"),
    StepKind.SURVEY: ("启动调查", "Survey begun"),
    StepKind.HOME_VISIT: ("入户调查", "Home visit"),
    StepKind.EVIDENCE_LETTER: ("信函索证", "Written evidence asked for"),
    StepKind.EVIDENCE_UNANSWERED: ("信函索证未获回复", "Written evidence not received"),
    StepKind.VERIFICATION: ("信息核对", "Verification by agencies"),
    StepKind.MANUAL_ENTRY: ("县级人工核对", "Checked by the county on paper"),
    StepKind.OPINION: ("初审意见", "Township opinion"),
    StepKind.NOTICE: ("村（社区）公示", "Public notice"),
    StepKind.RE_SURVEY: ("重新调查或民主评议", "Re-survey or appraisal"),
    StepKind.CONFIRMATION: ("县级审核确认", "County confirmation"),
    StepKind.TOWNSHIP_CONFIRMATION: ("乡镇（街道）审核确认", "Township confirmation"),
    StepKind.DECISION_NOTICE: ("送达决定", "Decision handed over"),
    StepKind.FIRST_PAYMENT: ("首次发放", "First payment"),
    StepKind.PAYMENT: ("发放", "Payment"),
    StepKind.CHECK_OBJECTION: ("核对结果已告知，可以提出异议", "You may object to what was found"),
    StepKind.RECHECK: ("根据异议复查", "Checking again after your objection"),
    StepKind.REPORT_DISPUTE: ("核对结果异议，数据源核实更正", "A disputed finding, with its agency"),
    StepKind.CORRECTION: ("更正申请核实", "Request for correction"),
    StepKind.AWARD_REVIEW: ("待遇复核", "Review of the award"),
    StepKind.PERIODIC_REVIEW: ("定期核查", "Periodic review"),
    StepKind.HAND_OVER: ("待遇移交，接收地办理", "Hand-over, with the county you moved to"),
    StepKind.PROMISE_CHECK: ("承诺事项核查", "Seeing whether the promise is true"),
    StepKind.REPAYMENT: ("退回多发款项", "Paying back what was paid too much"),
    StepKind.BROKEN_PROMISE: ("承诺不实处理", "Deciding on an untrue promise"),
}


class StepOut(Out):
    """One step. `due_on` is the last day the law gives; `provisional` while that year's working days are not announced.
    `basis` is the rule the limit comes from."""

    kind: str
    title: str
    responsible: Responsible
    state: str
    opened_at: Moment
    due_on: str | None
    provisional: bool
    basis: str
    closed_at: Moment | None
    outcome: str | None


class RemedyOut(Out):
    """What a citizen can do about it; `address`: the operation that takes it."""

    kind: Literal["complaint"]
    address: str
    words: str


# Every phone asks every day, and nearly all are told of no delay: the answer is to stay below 1 kB.
_WHERE_LATE = Field(exclude_if=operator.not_)


class TimelineOut(Out):
    """Where the matter stands: what was done, what runs, who is to act and until when.

    `overdue`: an office has let a legal date pass, of a step or of the decision; `remedy` then says what can be done.
    Both are there only then.
    """

    number: str | None
    program: str
    status: Status
    decide_by: str | None
    decide_by_provisional: bool
    waiting_for: Responsible | None
    next_due_on: str | None
    paused_because: str | None
    steps: list[StepOut]
    overdue: Annotated[bool, _WHERE_LATE] = False
    remedy: Annotated[RemedyOut | None, _WHERE_LATE] = None

    @classmethod
    def of(
        cls,
        application: Application | Progress,
        steps: Sequence[ApplicationStep] | Sequence[StepProgress],
        *,
        on: date,
        english: bool,
        signed_in: bool = True,
    ) -> "TimelineOut":
        """Shape the way of one application, as things stand `on` a day, for its owner or whoever knows its number."""
        open_steps = [step for step in steps if step.closed_at is None]
        due = sorted(step.due_on for step in open_steps if step.due_on is not None)
        overdue = _is_overdue(application, open_steps, on)
        paused = application.status == Status.SUPPLEMENT_REQUESTED
        return cls(
            number=application.number,
            program=application.program,
            status=application.status,
            decide_by=application.decide_by.isoformat() if application.decide_by else None,
            decide_by_provisional=application.decide_by_provisional,
            waiting_for=Responsible(open_steps[0].responsible) if open_steps else None,
            next_due_on=due[0].isoformat() if due else None,
            paused_because="supplement_requested" if paused else None,
            overdue=overdue,
            remedy=_COMPLAINTS[signed_in][english] if overdue else None,
            steps=[_step(step, english=english) for step in steps],
        )


_WORDS = (
    "办理已超过期限，您可以投诉，要求尽快办理并说明原因。",
    "The time limit has passed. You can complain, and ask for it to be dealt with and explained.",
)
# Without sign-in, and with: who looked an application up by its number has no session to complain in.
_COMPLAINTS = tuple(
    tuple(RemedyOut(kind="complaint", address=address, words=words) for words in _WORDS)
    for address in ("/v1/public/complaints", "/v1/complaints")
)


def _is_overdue(
    application: Application | Progress, open_steps: Sequence[ApplicationStep | StepProgress], on: date
) -> bool:
    late = (step.responsible in OFFICES and step.due_on is not None and step.due_on < on for step in open_steps)
    decide_by = application.decide_by if application.status == Status.ACCEPTED else None
    return any(late) or (decide_by is not None and decide_by < on)


def _step(step: ApplicationStep | StepProgress, *, english: bool) -> StepOut:
    return StepOut(
        kind=step.kind,
        title=STEP_TITLES[step.kind][english],
        responsible=Responsible(step.responsible),
        state="done" if step.closed_at else "open",
        opened_at=step.opened_at,
        due_on=step.due_on.isoformat() if step.due_on else None,
        provisional=step.provisional,
        basis=step.basis,
        closed_at=step.closed_at,
        outcome=step.outcome,
    )
