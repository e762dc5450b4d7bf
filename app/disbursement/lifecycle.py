"""The life of a payroll and of its lines, as tables.

Different persons build, approve and release (domain 4.3); the commands compare the persons, this table the roles. A
rejected payroll was never sent: its lines are deleted, so that the month can be built anew. A released one is final.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    RELEASED = "released"
    CLOSED = "closed"


class Action(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    RELEASE = "release"
    CLOSE = "close"
    REISSUE = "reissue"
    SETTLE = "settle"  # one line, by hand


class PayrollKind(StrEnum):
    REGULAR = "regular"  # a month, and what earlier months still owe
    REISSUE = "reissue"  # what failed in another payroll, once more


class LineKind(StrEnum):
    REGULAR = "regular"  # the payroll's own month
    ARREARS = "arrears"  # an earlier month that no payroll has paid, or by how much it was raised since (补发)
    REISSUE = "reissue"  # a line that failed, once more


class LineStatus(StrEnum):
    PENDING = "pending"  # not released yet
    SENT = "sent"  # ordered; the bank has not said what became of it
    UNKNOWN = "unknown"  # the bank itself does not know: reconciled by asking, never by paying again
    PAID = "paid"
    FAILED = "failed"


class Dispute(StrEnum):
    """Why the bank's word on a line was not believed. Only finance takes the mark away again, or a word that fits."""

    UNKNOWN_LINE = "unknown_line"  # names no line of the batch
    AMOUNT_DIFFERS = "amount_differs"
    VALUE_DATE_OUT_OF_RANGE = "value_date_out_of_range"
    WAS_PAID = "was_paid"
    WAS_FAILED = "was_failed"


class Exclusion(StrEnum):
    """Why an award that is due is not in a payroll."""

    DISPUTED = "disputed"  # the bank contradicts itself about the failed line: it may have been paid
    PAID_ELSEWHERE = "paid_elsewhere"  # the month belongs to another award of somebody in the household

    SUSPENDED = "suspended"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_NAME_DIFFERS = "account_name_differs"
    ACCOUNT_NOT_CORRECTED = "account_not_corrected"


UNSETTLED = (LineStatus.SENT, LineStatus.UNKNOWN)
SETTLED = (LineStatus.PAID, LineStatus.FAILED)

BUILDERS = frozenset({Role.COUNTY_HANDLER})
READERS = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE, Role.SUPERVISOR})
_APPROVERS = frozenset({Role.COUNTY_CONFIRMER, Role.FINANCE})
_FINANCE = frozenset({Role.FINANCE})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.DRAFT, Action.SUBMIT, Status.SUBMITTED, BUILDERS),
        Step(Status.DRAFT, Action.REJECT, Status.REJECTED, BUILDERS),
        Step(Status.SUBMITTED, Action.APPROVE, Status.APPROVED, _APPROVERS),
        Step(Status.SUBMITTED, Action.REJECT, Status.REJECTED, _APPROVERS),
        Step(Status.APPROVED, Action.RELEASE, Status.RELEASED, _FINANCE),
        Step(Status.APPROVED, Action.REJECT, Status.REJECTED, _FINANCE),
        Step(Status.RELEASED, Action.REISSUE, Status.RELEASED, BUILDERS),
        Step(Status.RELEASED, Action.SETTLE, Status.RELEASED, _FINANCE),
        Step(Status.RELEASED, Action.CLOSE, Status.CLOSED, _FINANCE),
        Step(Status.CLOSED, Action.REISSUE, Status.CLOSED, BUILDERS),
        Step(Status.CLOSED, Action.SETTLE, Status.CLOSED, _FINANCE),
    ]
)
