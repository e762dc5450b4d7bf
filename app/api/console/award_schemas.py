"""Shapes of awards at the desk: what is done to one and why, and what waits for a person."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.common.months import Month
from app.api.common.schemas import Fen, Id, In, Out, Paragraph
from app.awards.falls import Further, falls_waiting
from app.awards.lifecycle import AdjustGround, Kept, Outcome, StopGround, SuspendReason, WaitingCause
from app.awards.models import RecomputedAward
from app.awards.raising import FoundBy
from app.core.months import write_month
from app.programs.declaration import PlainDate

_MOST_FINDINGS = 100
Findings = Annotated[list[Id], Field(max_length=_MOST_FINDINGS, json_schema_extra={"uniqueItems": True})]


class SuspendIn(In):
    """The doubt that is looked into while payments are held back."""

    reason: Annotated[SuspendReason, Field(strict=False)]


class StopIn(In):
    """Why, in words for the written notice, and the last month that is still paid."""

    ground: Annotated[StopGround, Field(strict=False)]
    reason: Paragraph
    last_month: Month


class AdjustIn(In):
    """A lower amount from a month on, and why, in words for the written notice. With the ground `standard` the amount
    is what the rules give in that month (`waiting.after_fen`, from a month of `further` on what that says); in a month
    whose `cause` is `age` the ground is `members`.
    `findings`: the ids of those among the award's `findings` that it answers: its approval settles these and no other;
    with the ground `standard` none."""

    ground: Annotated[AdjustGround, Field(strict=False)]
    monthly_amount_fen: Annotated[int, Field(ge=1, le=10**9)]
    from_month: Month
    reason: Paragraph
    findings: Findings = Field(default_factory=list)


class RaiseIn(In):
    """A higher amount from a month on: how and when it was found that more is due, and why, in words for the written
    notice. `found_on`: the day of the review, or of the household's report; with the ground `standard` the day on which
    it was looked into. `findings`: the ids of those among the award's `findings` that it answers: its approval settles
    these and no other; with the ground `standard` none."""

    ground: Annotated[AdjustGround, Field(strict=False, examples=["income"])]
    monthly_amount_fen: Annotated[int, Field(ge=1, le=10**9)]
    from_month: Month
    found_by: Annotated[FoundBy, Field(strict=False)]
    found_on: PlainDate
    reason: Paragraph
    findings: Findings = Field(default_factory=list)


class ReasonIn(In):
    """Why."""

    reason: Paragraph


class KeepIn(In):
    """Why, and about what: `findings` (of registers and reports, a promise found untrue, a hearing about a stop),
    `standard` (what a changed number means, `waiting`), or `all` of it. Null: the findings, and only where there are
    none, the standard. A hearing about a stop ends with any. `findings`: the ids of those among the award's `findings`
    that the reason is about, which are settled, and no other; not about a standard alone, and else needed while there
    are any: an empty list where it is about none of them."""

    reason: Paragraph
    what: Annotated[Kept | None, Field(strict=False)] = None
    findings: Findings | None = None


class WaitingMonthOut(Out):
    """A later month from which on something waits as well: what the award amounts to by now, and what the rules give;
    null where it would not be entitled, or a person has to look. `cause`: a changed number, or a member's age."""

    from_month: str
    before_fen: Fen
    after_fen: Fen | None
    cause: WaitingCause


class WaitingOut(Out):
    """What a change of numbers, or a hand-over, means for the award, for a person to decide. `change_id`: of what the
    first month comes from; null where that is a member's age (`cause`), and no number gives less. `further`: each later
    month that waits with it, also where another change is behind it."""

    change_id: UUID | None
    outcome: Outcome
    reason: str | None
    from_month: str
    before_fen: Fen
    after_fen: Fen | None
    cause: WaitingCause
    further: list[WaitingMonthOut]

    @classmethod
    def of(cls, row: RecomputedAward, change_id: UUID | None) -> "WaitingOut":
        first, *further = falls_waiting(row)
        return cls(
            change_id=change_id,
            outcome=row.outcome,
            reason=row.reason,
            from_month=write_month(first.from_month),
            before_fen=first.before_fen,
            after_fen=first.fen,
            cause=_cause_of(first),
            further=[
                WaitingMonthOut(
                    from_month=write_month(each.from_month),
                    before_fen=each.before_fen,
                    after_fen=each.fen,
                    cause=_cause_of(each),
                )
                for each in further
            ],
        )


def _cause_of(month: Further) -> WaitingCause:
    return WaitingCause.AGE if month.grown else WaitingCause.NUMBERS
