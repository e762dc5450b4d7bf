"""How far a matter is: one shape for the applicant's timeline and the public look-up. No internal names.

Whoever knows number and code of an application is told no more of the household than its codes and dates say: not what
is missing, which is in an official's own words, and not why more time is taken, which may tell where it lives. What a
code means and what the law lets anybody do is nobody's secret.
"""

import operator
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.api.common.decisions import REMEDIES
from app.api.common.progress_words import (
    COMPLAIN,
    COMPLAIN_OF_DELAY,
    CONFIRMATION_TO_COME,
    EXTENDED,
    EXTENDED_AT_ALL,
    PAUSED,
    STATUS_WORDS,
    STEP_TITLES,
    words_of_outcome,
)
from app.api.common.schemas import Moment, Out
from app.applications.clocks import LIMITS, LOCAL, Responsible, StepKind
from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep
from app.applications.queries import Progress, StepProgress
from app.applications.queues import OFFICES
from app.applications.way_ahead import what_follows
from app.awards.commands import FIRST_PAYMENT_BASIS
from app.core.clock import legal_date
from app.review.basis import remedies_of

EXTENSION_BASIS = "最低生活保障审核确认办法 第二十二条"
COMPLAINT_BASIS = "最低生活保障审核确认办法 第三十六条"
_DECIDED_AGAINST = frozenset({Status.REFUSED, Status.TERMINATED, Status.REDIRECTED})

# Every phone asks every day, and to nearly all these do not apply: the answer is to stay below 1 kB.
_WHERE_SO = Field(exclude_if=operator.not_)


class StepOut(Out):
    """One step. `due_on` is the last day the law gives; `provisional` while that year's working days are not announced.
    `basis` is the rule the limit comes from. `outcome_words`: what `outcome` means; absent while the step is open."""

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
    outcome_words: Annotated[str | None, _WHERE_SO] = None


class StepToComeOut(Out):
    """A step that follows if all goes well. `days`: how long it may take from its beginning, by the law in `basis`, in
    working or calendar days as `unit` says; null where the law leaves that to the place, or sets no time. Its last day
    is told when it begins."""

    kind: str
    title: str
    days: int | None
    unit: Literal["working_days", "calendar_days"]
    basis: str


class ExtensionOut(Out):
    """That there is more time to decide: until when, and by which law. `reason` is null for who has not signed in."""

    due_on: str | None
    reason: str | None
    words: str
    basis: str


class RemedyOut(Out):
    """What a citizen can do about it; `address`: the operation that takes it."""

    kind: Literal["complaint"]
    address: str
    words: str


class RemedyOfCaseOut(Out):
    """What can be done about the case, and by which law: with whom (`body`) and within what time from learning of it;
    a complaint at any time, by the operation at `address`."""

    kind: Literal["complaint", "administrative_reconsideration", "administrative_suit"]
    words: str
    body: Annotated[Literal["county_government", "court"] | None, _WHERE_SO] = None
    within: Annotated[int | None, _WHERE_SO] = None
    unit: Annotated[Literal["day", "month"] | None, _WHERE_SO] = None
    address: Annotated[str | None, _WHERE_SO] = None
    basis: list[str]


class TimelineOut(Out):
    """Where the matter stands: what was done, what runs, who is to act and until when, and what follows.

    `overdue`: an office has let a legal date pass, of a step or of the decision; `remedy` then says what can be done.
    `paused_words` and `missing`: why nothing runs, and what the one-time notice asked for; for this the law sets no
    day. `extension`: there is more time to decide. All these are there only then, and `missing` only for who has signed
    in. `next`: the steps to come, in order, if all goes well. `remedies`: what can be done; against a refusal, an ended
    procedure, a redirection, and a lower amount or the stop of an award (the step `award_decision`), with the time from
    learning of it.
    """

    number: str | None
    program: str
    status: Status
    status_words: str
    decide_by: str | None
    decide_by_provisional: bool
    waiting_for: Responsible | None
    next_due_on: str | None
    paused_because: str | None
    steps: list[StepOut]
    next: list[StepToComeOut]
    remedies: list[RemedyOfCaseOut]
    overdue: Annotated[bool, _WHERE_SO] = False
    remedy: Annotated[RemedyOut | None, _WHERE_SO] = None
    paused_words: Annotated[str | None, _WHERE_SO] = None
    missing: Annotated[list[str], _WHERE_SO] = Field(default=[], max_length=20)
    extension: Annotated[ExtensionOut | None, _WHERE_SO] = None

    @classmethod
    def of(
        cls,
        application: Application | Progress,
        steps: Sequence[ApplicationStep] | Sequence[StepProgress],
        *,
        on: date,
        english: bool,
        signed_in: bool = True,
        missing: Sequence[str] = (),
    ) -> "TimelineOut":
        """Shape the way of one application, as things stand `on` a day, for its owner or whoever knows its number.

        `missing`: what the one-time notice asked for, while that is waited for; of no use where nobody has signed in.
        """
        open_steps = [step for step in steps if step.closed_at is None]
        due = sorted(step.due_on for step in open_steps if step.due_on is not None)
        overdue = _is_overdue(application, open_steps, on)
        paused = application.status == Status.SUPPLEMENT_REQUESTED
        return cls(
            number=application.number,
            program=application.program,
            status=application.status,
            status_words=STATUS_WORDS[application.status][english],
            decide_by=application.decide_by.isoformat() if application.decide_by else None,
            decide_by_provisional=application.decide_by_provisional,
            waiting_for=Responsible(open_steps[0].responsible) if open_steps else None,
            next_due_on=due[0].isoformat() if due else None,
            paused_because="supplement_requested" if paused else None,
            steps=[_step(step, english=english) for step in steps],
            next=_steps_to_come(application, steps, english=english),
            remedies=_remedies(application, steps, english=english, signed_in=signed_in),
            overdue=overdue,
            remedy=_OF_DELAY[signed_in][english] if overdue else None,
            paused_words=PAUSED[english] if paused else None,
            missing=list(missing) if paused and signed_in else [],
            extension=_extension(application, english=english, signed_in=signed_in),
        )


# Without sign-in, and with: who looked an application up by its number has no session to complain in.
_COMPLAINTS = ("/v1/public/complaints", "/v1/complaints")
_OF_DELAY = tuple(
    tuple(RemedyOut(kind="complaint", address=address, words=words) for words in COMPLAIN_OF_DELAY)
    for address in _COMPLAINTS
)


def _is_overdue(
    application: Application | Progress, open_steps: Sequence[ApplicationStep | StepProgress], on: date
) -> bool:
    late = (step.responsible in OFFICES and step.due_on is not None and step.due_on < on for step in open_steps)
    decide_by = application.decide_by if application.status == Status.ACCEPTED else None
    return any(late) or (decide_by is not None and decide_by < on)


def _step(step: ApplicationStep | StepProgress, *, english: bool) -> StepOut:
    words = words_of_outcome(step.kind, step.outcome)
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
        outcome_words=words[english] if words else None,
    )


def _steps_to_come(
    application: Application | Progress, steps: Sequence[ApplicationStep | StepProgress], *, english: bool
) -> list[StepToComeOut]:
    ahead = what_follows(application.status, application.confirmed_by, steps)
    undecided = application.confirmed_by is None
    return [_to_come(kind, english=english, by_whom_is_open=undecided) for kind in ahead]


def _to_come(kind: StepKind, *, english: bool, by_whom_is_open: bool) -> StepToComeOut:
    """Shape a step that has not begun. Of a time that is the place's own, the days are not told: what was set for the
    place would be another question to the database on every look, and the nation's number need not hold there."""
    limit = LIMITS.get(kind)
    title = CONFIRMATION_TO_COME if by_whom_is_open and kind is StepKind.CONFIRMATION else STEP_TITLES[kind]
    return StepToComeOut(
        kind=kind,
        title=title[english],
        days=limit.days if limit and kind not in LOCAL else None,
        unit="calendar_days" if limit and limit.calendar else "working_days",
        basis=limit.basis if limit else FIRST_PAYMENT_BASIS,
    )


def _extension(application: Application | Progress, *, english: bool, signed_in: bool) -> ExtensionOut | None:
    if application.extended_reason is None:
        return None
    reason = application.extended_reason if signed_in else None
    words = EXTENDED.get(reason, EXTENDED_AT_ALL) if reason else EXTENDED_AT_ALL
    return ExtensionOut(
        due_on=application.decide_by.isoformat() if application.decide_by else None,
        reason=reason,
        words=words[english],
        basis=EXTENSION_BASIS,
    )


def _remedies(
    application: Application | Progress,
    steps: Sequence[ApplicationStep | StepProgress],
    *,
    english: bool,
    signed_in: bool,
) -> list[RemedyOfCaseOut]:
    """List what can be done: to complain always, to challenge what was decided against the household."""
    complaint = RemedyOfCaseOut(
        kind="complaint",
        words=COMPLAIN[english],
        address=_COMPLAINTS[signed_in],
        basis=[COMPLAINT_BASIS],
    )
    against_on = _decided_against_on(application, steps)
    if against_on is None:
        return [complaint]
    language: Literal["zh", "en"] = "en" if english else "zh"
    against = [
        RemedyOfCaseOut.model_validate({**each, "words": REMEDIES[str(each["kind"])][language]})
        for each in remedies_of(against_on)
    ]
    return [*against, complaint]


def _decided_against_on(
    application: Application | Progress, steps: Sequence[ApplicationStep | StepProgress]
) -> date | None:
    """Return the day of what was last decided against the household: the end of its application, or about its award."""
    if application.status in _DECIDED_AGAINST and application.ended_at is not None:
        return legal_date(application.ended_at)
    decided = [step.closed_at for step in steps if step.kind == StepKind.AWARD_DECISION and step.closed_at is not None]
    return legal_date(max(decided)) if decided else None
