"""What this stage tells the others. `subject` is the application; ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.applications.events import ApplicationEvent


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(ApplicationEvent):
    """The township has spoken. `round` counts the opinions of one application: each is posted at most once."""

    type: ClassVar[str] = "opinion.given"
    favourable: bool
    assessment_id: UUID
    round: int


@dataclass(frozen=True, kw_only=True)
class CheckResultTold(ApplicationEvent):
    """By what agencies found the household does not qualify, as things stand; it may object."""

    type: ClassVar[str] = "check.result_told"


@dataclass(frozen=True, kw_only=True)
class ReviewSentBack(ApplicationEvent):
    """Who decides wants more from the township. `round`: the opinion that is void by it, and all before it."""

    type: ClassVar[str] = "review.sent_back"
    round: int = 0  # events of before this was said say nothing


@dataclass(frozen=True, kw_only=True)
class DecisionMade(ApplicationEvent):
    """The county has decided; `outcome` is approved or refused."""

    type: ClassVar[str] = "decision.made"
    decision_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DecisionRevisited(ApplicationEvent):
    """The county has looked at a refusal again, after an agency corrected what it rested on; `outcome` is other_grounds
    or apply_again."""

    type: ClassVar[str] = "decision.revisited"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class EvidenceAsked(ApplicationEvent):
    """The township asks somebody outside the household for evidence: the letter is to be written."""

    type: ClassVar[str] = "evidence.asked"
    evidence_letter_id: UUID
