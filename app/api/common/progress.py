"""How far a matter is: one shape for the applicant's timeline and the public look-up. No internal names."""

from collections.abc import Sequence

from app.api.common.schemas import Moment, Out
from app.applications.clocks import Responsible, StepKind
from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep
from app.applications.queries import Progress, StepProgress

STEP_TITLES: dict[str, tuple[str, str]] = {
    StepKind.ACCEPTANCE: ("受理审查", "Acceptance"),
    StepKind.SUPPLEMENT: ("补正材料", "Supplement"),
    StepKind.SURVEY: ("入户调查", "Home visit"),
    StepKind.VERIFICATION: ("信息核对", "Verification by agencies"),
    StepKind.OPINION: ("初审意见", "Township opinion"),
    StepKind.NOTICE: ("村（社区）公示", "Public notice"),
    StepKind.RE_SURVEY: ("重新调查或民主评议", "Re-survey or appraisal"),
    StepKind.CONFIRMATION: ("县级审核确认", "County confirmation"),
    StepKind.DECISION_NOTICE: ("送达书面决定", "Written decision handed over"),
    StepKind.FIRST_PAYMENT: ("首次发放", "First payment"),
    StepKind.PAYMENT: ("发放", "Payment"),
    StepKind.CORRECTION: ("更正申请核实", "Request for correction"),
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


class TimelineOut(Out):
    """Where the matter stands: what was done, what runs, who is to act and until when."""

    number: str | None
    program: str
    status: Status
    decide_by: str | None
    decide_by_provisional: bool
    waiting_for: Responsible | None
    next_due_on: str | None
    paused_because: str | None
    steps: list[StepOut]

    @classmethod
    def of(
        cls,
        application: Application | Progress,
        steps: Sequence[ApplicationStep] | Sequence[StepProgress],
        *,
        english: bool,
    ) -> "TimelineOut":
        """Shape the way of one application."""
        open_steps = [step for step in steps if step.closed_at is None]
        due = sorted(step.due_on for step in open_steps if step.due_on is not None)
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
            steps=[_step(step, english=english) for step in steps],
        )


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
