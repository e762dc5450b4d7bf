"""The way of a hand-over, as one table: two persons of the county that pays, two of the one that goes on.

The accepting county confirms and pays, others help it (review measures art. 5, 15); relocated households are neither
to fall into a gap nor to be covered twice (notice of 2022). Until the last step the first county pays as ever, so that
whatever ends the matter before leaves the household where it was.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    PROPOSED = "proposed"  # by the county that pays; nobody else knows of it
    RELEASED = "released"  # by another person there; the other county's clock runs
    ACCEPTED = "accepted"  # the other county means to go on
    COMPLETED = "completed"  # another person there confirmed: the months are parted
    DECLINED = "declined"  # the other county does not, and says why
    WITHDRAWN = "withdrawn"  # by the county that pays, or because the award ended


class Action(StrEnum):
    RELEASE = "release"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class Ground(StrEnum):
    """Why the household is another county's from now on."""

    RELOCATION = "relocation"  # 易地搬迁
    REGISTERED_RESIDENCE = "registered_residence"  # 户籍迁移
    RESIDENCE_PERMIT = "residence_permit"  # 持居住证在居住地


class Source(StrEnum):
    """How it was learnt."""

    REPORT = "report"  # the household said so
    REGISTER = "register"  # the relocation register
    OFFICE = "office"  # a visit, a review, the other county


class DeclineReason(StrEnum):
    """Why a county does not go on with an award."""

    NOT_REGISTERED_HERE = "not_registered_here"
    DOES_NOT_LIVE_HERE = "does_not_live_here"
    PERMIT_NOT_ACCEPTED = "permit_not_accepted"  # the place does not take applications of permit holders
    RELOCATION_NOT_CONFIRMED = "relocation_not_confirmed"
    COVERED_ALREADY = "covered_already"  # somebody of the household receives the benefit there
    WRONG_PLACE = "wrong_place"  # another township or county


class Blocked(StrEnum):
    """What stands in the way of an award's going over: all but the last is for the county that pays to settle."""

    NOT_IN_FORCE = "not_in_force"  # held back, or ended
    ADJUSTMENT_PROPOSED = "adjustment_proposed"
    UNDER_REVIEW = "under_review"  # a changed number, a finding, a broken promise waits for a person
    OPEN_STEP = "open_step"  # an agency or the household is still to answer
    FILE_INCOMPLETE = "file_incomplete"  # what the decision rests on cannot be opened any more
    TOO_EARLY = "too_early"  # the other county would begin later than the month after next


OPEN = frozenset({Status.PROPOSED, Status.RELEASED, Status.ACCEPTED})
FROM_THERE = frozenset({Action.RELEASE, Action.WITHDRAW})  # by the county that pays; the others by the one that goes on

PROPOSERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
# Why a household moved, and what its case came to: for who acts on it in either county, or supervises.
READERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER})
_GIVERS_UP = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.PROPOSED, Action.RELEASE, Status.RELEASED, _CONFIRMER),
        Step(Status.PROPOSED, Action.WITHDRAW, Status.WITHDRAWN, _GIVERS_UP),
        Step(Status.RELEASED, Action.ACCEPT, Status.ACCEPTED, PROPOSERS),
        Step(Status.RELEASED, Action.DECLINE, Status.DECLINED, _COUNTY),
        Step(Status.RELEASED, Action.WITHDRAW, Status.WITHDRAWN, _GIVERS_UP),
        Step(Status.ACCEPTED, Action.CONFIRM, Status.COMPLETED, _CONFIRMER),
        Step(Status.ACCEPTED, Action.DECLINE, Status.DECLINED, _COUNTY),
        Step(Status.ACCEPTED, Action.WITHDRAW, Status.WITHDRAWN, _GIVERS_UP),
    ]
)
