"""Whose work an open step is. Its queue is who is responsible for it; a post takes from a queue what it may act on.

Taking says who sees to a step, so that two do not begin the same. It keeps nobody else from acting: a case must not
wait for who is ill, and whether an act is allowed stays with the tables of the stages.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from app.applications.clocks import Responsible, StepKind
from app.identity.actors import Role

DUE_SOON_DAYS = 2  # working days, today not counted: the shortest limit there is (survey, check) is three
LATELY = timedelta(days=30)  # what a workload counts as done of late

_SURVEYORS = frozenset({Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER})
_HANDLERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
_NOBODY: frozenset[Role] = frozenset()

TAKERS: Mapping[StepKind, frozenset[Role]] = {
    StepKind.ACCEPTANCE: frozenset({Role.TOWNSHIP_HANDLER}),
    StepKind.SUPPLEMENT: _NOBODY,  # the applicant's
    StepKind.SURVEY: _SURVEYORS,
    StepKind.HOME_VISIT: _SURVEYORS,
    StepKind.EVIDENCE_LETTER: _SURVEYORS,
    StepKind.EVIDENCE_UNANSWERED: _SURVEYORS,
    StepKind.VERIFICATION: _HANDLERS,  # agencies answer; an office asks again, or enters what did not come
    StepKind.MANUAL_ENTRY: frozenset({Role.COUNTY_HANDLER}),
    StepKind.OPINION: frozenset({Role.TOWNSHIP_REVIEWER}),
    StepKind.NOTICE: _NOBODY,  # ends by itself
    StepKind.RE_SURVEY: _SURVEYORS,
    StepKind.CONFIRMATION: frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}),
    StepKind.TOWNSHIP_CONFIRMATION: frozenset({Role.TOWNSHIP_CONFIRMER}),
    StepKind.DECISION_NOTICE: frozenset({Role.TOWNSHIP_HANDLER}),
    StepKind.DECISION_REVISIT: frozenset({Role.COUNTY_CONFIRMER}),
    StepKind.FIRST_PAYMENT: frozenset({Role.COUNTY_HANDLER}),
    StepKind.PAYMENT: _NOBODY,  # the bank's
    StepKind.CORRECTION: _HANDLERS,
    StepKind.REPORT_DISPUTE: frozenset({Role.COUNTY_HANDLER}),  # enters what the agency answered
    StepKind.CORRECTION_LETTER: frozenset({Role.COUNTY_HANDLER}),
    StepKind.AWARD_REVIEW: frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}),  # to propose, to decide
    StepKind.AWARD_DECISION: _NOBODY,  # is done as it begins
    StepKind.PERIODIC_REVIEW: _NOBODY,  # agencies answer, and it ends by itself
    # Sees to it that the other county answers; that one finds it in its own list of hand-overs.
    StepKind.HAND_OVER: frozenset({Role.COUNTY_HANDLER}),
    StepKind.CHECK_OBJECTION: _NOBODY,  # the applicant's
    StepKind.RECHECK: frozenset({Role.TOWNSHIP_HANDLER}),
    StepKind.REPAYMENT: _NOBODY,  # the household's
    StepKind.PROMISE_CHECK: frozenset({Role.TOWNSHIP_HANDLER}),
    StepKind.BROKEN_PROMISE: frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}),  # to propose, to decide
}

# Whose delay is the authorities': what is overdue there is told to supervisors, and to the applicant.
OFFICES = frozenset({Responsible.TOWNSHIP, Responsible.COUNTY, Responsible.AGENCIES})
# Working days after the legal date until the county's delay goes to the prefecture: no law sets it; a week of work is
# what the county gets to act on it first.
PREFECTURE_AFTER_DAYS = 5

# Who hands tasks out, and takes them away again, below the own division.
ASSIGNERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.SUPERVISOR})


class EscalationLevel(StrEnum):
    """Whose supervisors are told."""

    COUNTY = "county"
    PREFECTURE = "prefecture"


class Due(StrEnum):
    """How near the legal date of an open step is: past, or today and within two working days."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class TaskState(StrEnum):
    """What a list of tasks shows. What waits for an applicant's supplement has no due date, and is in neither of the
    last two."""

    OPEN = "open"
    MINE = "mine"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
