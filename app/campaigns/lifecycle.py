"""The life of a campaign, as one table; and what a question, a household and the whole may come to.

Asking agencies about a whole division is planned by one person and approved by another: each question must have its
ground (社会救助法 art. 70(6)), and the ground of a hundred thousand is one decision. Pausing lets what was put be
answered and puts nothing more; ending leaves out what was not put.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.facts import Item
from app.identity.actors import Role


class Kind(StrEnum):
    """What is looked into."""

    YEARLY_REVIEW = "yearly_review"  # 定期核查: households whose means change little (D57 art. 31)
    HALF_YEARLY_REVIEW = "half_yearly_review"  # 每半年: income that changes, or somebody who can work
    DEATH_MATCH = "death_match"  # 死亡比对
    DUPLICATE_BENEFITS = "duplicate_benefits"  # 重复享受比对


REVIEWS = frozenset({Kind.YEARLY_REVIEW, Kind.HALF_YEARLY_REVIEW})
# What a match asks; a review asks whatever the program needs.
MATCHED = {Kind.DEATH_MATCH: Item.DEATHS, Kind.DUPLICATE_BENEFITS: Item.BENEFITS}


class Status(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    ENDED = "ended"  # before everything was asked


class Action(StrEnum):
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    FINISH = "finish"


LIVE = frozenset({Status.PLANNED, Status.RUNNING, Status.PAUSED})

PLANNERS = frozenset({Role.COUNTY_HANDLER, Role.SUPERVISOR})
APPROVERS = frozenset({Role.COUNTY_CONFIRMER, Role.SUPERVISOR})
READERS = PLANNERS | APPROVERS
_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.PLANNED, Action.APPROVE, Status.RUNNING, APPROVERS),
        Step(Status.PLANNED, Action.END, Status.ENDED, READERS),
        Step(Status.RUNNING, Action.PAUSE, Status.PAUSED, READERS),
        Step(Status.RUNNING, Action.END, Status.ENDED, READERS),
        Step(Status.RUNNING, Action.FINISH, Status.DONE, _SYSTEM),
        Step(Status.PAUSED, Action.RESUME, Status.RUNNING, READERS),
        Step(Status.PAUSED, Action.END, Status.ENDED, READERS),
    ]
)


class QuestionStatus(StrEnum):
    """How far a question is. "No answer" is never "no record"."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    ANSWERED = "answered"  # there is a record
    NONE = "none"  # the agency looked and has none
    UNAVAILABLE = "unavailable"  # no usable answer
    SKIPPED = "skipped"  # not asked, or not any more: see the reason


class SkipReason(StrEnum):
    """Why somebody is not asked about."""

    NO_AUTHORISATION = "no_authorisation"  # never signed
    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    AWARD_ENDED = "award_ended"
    ASKED_ON_PAPER = "asked_on_paper"  # the place asks this agency by hand: not in thousands
    CAMPAIGN_ENDED = "campaign_ended"


class HouseholdStatus(StrEnum):
    LISTED = "listed"  # nothing was put yet
    RUNNING = "running"
    READY = "ready"  # nothing is open: what came of it is to be seen to
    SETTLED = "settled"


class Outcome(StrEnum):
    """What came of it for a household."""

    UNCHANGED = "unchanged"
    DIFFERS = "differs"  # a person looks: see the finding
    INCOMPLETE = "incomplete"  # nothing new was found, and not all agencies answered
    SKIPPED = "skipped"  # nobody was asked
