"""Results of the verification that speak against a household, as both sides read them."""

from uuid import UUID

from pydantic import Field

from app.api.common.explanations import FindingOut, Language
from app.api.common.free_words import Words
from app.api.common.schemas import Moment, Out
from app.core.db import ReadSession
from app.review.check_result_lifecycle import Status
from app.review.check_result_models import CheckResult
from app.review.commands import findings_of, objection_of


class CheckResultOut(Out):
    """What was told. `status`: told (until `object_by` one may object), objected, rechecking, concluded (`still`:
    whether it speaks against the household as before), not_answered (an agency was asked again and stayed silent: what
    was told is still so, until it answers), stands (nobody objected). `findings` are those that are not met, and those
    that would exclude the household unless it can tell otherwise (`met` null), in words."""

    id: UUID
    status: Status
    report_id: UUID
    findings: list[FindingOut]
    told_at: Moment
    object_by: str
    object_by_provisional: bool = Field(description="a year it falls into has not announced its working days")
    objected_at: Moment | None
    objection: Words | None
    recheck_report_id: UUID | None
    still: bool | None
    ended_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, program: str, row: CheckResult, language: Language) -> "CheckResultOut":
        """Shape one result."""
        return cls(
            id=row.id,
            status=row.status,
            report_id=row.report_id,
            findings=[FindingOut.of(program, finding, language) for finding in findings_of(db, row)],
            told_at=row.told_at,
            object_by=row.object_by.isoformat(),
            object_by_provisional=row.object_by_provisional,
            objected_at=row.objected_at,
            objection=objection_of(db, row),
            recheck_report_id=row.recheck_report_id,
            still=row.still,
            ended_at=row.ended_at,
        )


class CheckResultsOut(Out):
    """All of one case, oldest first."""

    items: list[CheckResultOut]
