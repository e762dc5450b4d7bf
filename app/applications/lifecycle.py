"""The life of an application, from draft to decision, as one table.

Acceptance, one-time notice: 最低生活保障审核确认办法 (D57) art. 10; the wrong place: art. 4 and 5. Termination for
non-cooperation: D57 art. 29. What happens between acceptance and decision is the review's own table; its commands call
`decide` and `refuse` here.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REDIRECTED = "redirected"
    DISCARDED = "discarded"


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    DISCARD = "discard"
    ACCEPT = "accept"
    RETURN = "return"
    REDIRECT = "redirect"
    SUPPLEMENT = "supplement"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    APPROVE = "approve"
    REFUSE = "refuse"


# Taken by the review's decision, and offered with it when its time has come.
DECIDING = frozenset({Action.APPROVE, Action.REFUSE})

OPEN = frozenset({Status.DRAFT, Status.SUBMITTED, Status.SUPPLEMENT_REQUESTED, Status.ACCEPTED})

_APPLICANT = frozenset({Role.APPLICANT})
_TOWNSHIP = frozenset({Role.TOWNSHIP_HANDLER})
_CASEWORK = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
# Which of them, is settled with the acceptance: the review looks at who decides this case.
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.DRAFT, Action.EDIT, Status.DRAFT, _APPLICANT),
        Step(Status.DRAFT, Action.SUBMIT, Status.SUBMITTED, _APPLICANT),
        Step(Status.DRAFT, Action.DISCARD, Status.DISCARDED, _APPLICANT),
        Step(Status.SUBMITTED, Action.ACCEPT, Status.ACCEPTED, _TOWNSHIP),
        Step(Status.SUBMITTED, Action.RETURN, Status.SUPPLEMENT_REQUESTED, _TOWNSHIP),
        Step(Status.SUBMITTED, Action.REDIRECT, Status.REDIRECTED, _TOWNSHIP),
        Step(Status.SUBMITTED, Action.WITHDRAW, Status.WITHDRAWN, _APPLICANT),
        Step(Status.SUPPLEMENT_REQUESTED, Action.EDIT, Status.SUPPLEMENT_REQUESTED, _APPLICANT),
        Step(Status.SUPPLEMENT_REQUESTED, Action.SUPPLEMENT, Status.SUBMITTED, _APPLICANT),
        Step(Status.SUPPLEMENT_REQUESTED, Action.WITHDRAW, Status.WITHDRAWN, _APPLICANT),
        Step(Status.SUPPLEMENT_REQUESTED, Action.TERMINATE, Status.TERMINATED, _TOWNSHIP),
        Step(Status.ACCEPTED, Action.EXTEND, Status.ACCEPTED, _CASEWORK),
        Step(Status.ACCEPTED, Action.WITHDRAW, Status.WITHDRAWN, _APPLICANT),
        Step(Status.ACCEPTED, Action.TERMINATE, Status.TERMINATED, _CASEWORK),
        Step(Status.ACCEPTED, Action.APPROVE, Status.APPROVED, _CONFIRMER),
        Step(Status.ACCEPTED, Action.REFUSE, Status.REFUSED, _CONFIRMER),
    ]
)
