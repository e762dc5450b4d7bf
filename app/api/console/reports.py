"""The report at the desk: those that wait, in the order in which to look at them; one in full; what is concluded."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.explanations import Language, language_of
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems, wants_english
from app.api.common.reports import ConclusionOut, EntryOut, PersonOut, ReportOut
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Moment, Out, Page, Paragraph
from app.api.common.supporters import SupporterFindingsOut
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.household import applicant_name_of
from app.applications.queries import get_whole_application, list_cases
from app.audit.commands import record_look
from app.audit.subjects import Case
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name
from app.verification.commands import conclude_from_report, statement_of
from app.verification.conclusion_models import ReportConclusion, Verdict
from app.verification.dispute_queries import count_pending
from app.verification.errors import ConclusionStands, ReportNotIssued, ReportSuperseded, VerificationClosed
from app.verification.lifecycle import Status
from app.verification.masking import mask_content
from app.verification.models import HouseholdReport
from app.verification.queries import get_current_report, has_open_checks, open_report
from app.verification.report import Content, Entry, Person
from app.verification.report_queries import Filter, Listed, Place, find_conclusion, list_reports
from app.verification.supporter_findings import SupporterFindings, accounts_of, read_supporters

router = Router(prefix="/v1/console", tags=["console: verification"])


class StaffEntryOut(EntryOut):
    """One item of one member, with the check behind it; null where nothing authorised a question.
    `asked_again_check_id`: the check by which the same was asked since, in vain; it is the one to retry or enter."""

    check_id: UUID | None
    asked_again_check_id: UUID | None
    status: Status | None
    answered_by: UUID | None
    entered_by: UUID | None

    @classmethod
    def of(cls, entry: Entry, *, withheld: bool = False) -> "StaffEntryOut":
        shared = EntryOut.of(entry, withheld=withheld)
        return cls(
            **{name: getattr(shared, name) for name in EntryOut.model_fields},
            check_id=entry.check,
            asked_again_check_id=entry.asked_again.check if entry.asked_again else None,
            status=entry.status,
            answered_by=entry.answered_by,
            entered_by=entry.entered.by if entry.entered else entry.answered_by,
        )


class StaffPersonOut(PersonOut):
    """One member of the household; the name is masked, and what registers say of name, birth and household number."""

    items: list[StaffEntryOut]  # type: ignore[assignment]  # each item tells more here

    @classmethod
    def of(cls, person: Person, *, withheld: bool = False) -> "StaffPersonOut":
        return cls(
            member_id=person.member,
            name=person.name,
            relation=person.relation,
            withheld=withheld,
            items=[StaffEntryOut.of(entry, withheld=withheld) for entry in person.entries],
        )


class StaffConclusionOut(ConclusionOut):
    """What a checker concluded, with his words and who it was."""

    id: UUID
    statement: Words
    concluded_by: UUID

    @classmethod
    def of_staff(cls, db: ReadSession, row: ReportConclusion, language: Language) -> "StaffConclusionOut":
        shared = ConclusionOut.of(row, language)
        return cls(
            verdict=shared.verdict,
            concluded_at=shared.concluded_at,
            text=shared.text,
            id=row.id,
            statement=statement_of(db, row),
            concluded_by=row.concluded_by,
        )


class StaffReportOut(ReportOut):
    """A household report with the checks behind it. `pending_disputes`: how many of its fields, or of those of a report
    before, are disputed, and their agencies have not answered: while they have time to, nobody is refused.
    `supporters`: those outside the household whom it named, as things stand now; no rule looks into what was found of
    them."""

    members: list[StaffPersonOut]  # type: ignore[assignment]  # each item tells more here
    conclusion: StaffConclusionOut | None  # with the checker's words
    pending_disputes: int
    supporters: list[SupporterFindingsOut]

    @classmethod
    def of_staff(
        cls,
        db: ReadSession,
        report: HouseholdReport,
        content: Content,
        language: Language,
        *,
        rechecking: bool,
        conclusion: "StaffConclusionOut | None",
        pending_disputes: int,
        supporters: Sequence[SupporterFindings],
    ) -> "StaffReportOut":
        """Shape a report, masked already, for the desk."""
        shared = ReportOut.of(report, content, language, rechecking=rechecking, conclusion=None)
        fields = {name: getattr(shared, name) for name in ReportOut.model_fields}
        members = [StaffPersonOut.of(person) for person in content.members]
        return cls(
            **fields
            | {
                "members": members,
                "conclusion": conclusion,
                "pending_disputes": pending_disputes,
                "supporters": [SupporterFindingsOut.of(db, each) for each in supporters],
            }
        )


class ConclusionIn(In):
    """What follows from what was found beside what was declared, in the checker's own words; who decides reads them.
    `replaces`: the id of the conclusion that holds so far and is to hold no longer."""

    verdict: Annotated[Verdict, Field(strict=False)]
    statement: Annotated[Paragraph, Field(examples=["核对结果与申报一致，存款差额为申报后的利息。"])]
    replaces: Id | None = None


class ReportSummary(Out):
    """A line of the list: whose case (`application_number` is the receipt number, the applicant's name is masked) and
    what the report comes to, not what was found. `points`: of its contradictions, null in
    reports of before they were weighed. `verdict`: what a checker concluded, null until one has."""

    id: UUID
    application_id: UUID
    application_number: str | None
    applicant_name: str
    division: str
    number: int
    issued_at: Moment
    complete: bool
    valid_until: str | None
    points: int | None
    verdict: Verdict | None

    @classmethod
    def of(cls, db: ReadSession, listed: Listed) -> "ReportSummary":
        row, application = listed.report, listed.application
        return cls(
            id=row.id,
            application_id=row.application_id,
            application_number=application.number,
            applicant_name=mask_name(applicant_name_of(db, application)),
            division=row.division,
            number=row.number,
            issued_at=row.issued_at,
            complete=row.complete,
            valid_until=row.valid_until.isoformat() if row.valid_until else None,
            points=row.points,
            verdict=listed.verdict,
        )


@router.get(
    "/reports",
    operation_id="list_reports",
    summary="List the reports of cases under way",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    concluded: Annotated[bool | None, Query(description="whether a checker has concluded; left out: all")] = None,
    verdict: Annotated[Verdict | None, Query(description="what a checker has concluded")] = None,
    complete: Annotated[bool | None, Query(description="whether all agencies answered")] = None,
    points_from: Annotated[int | None, Query(ge=0, le=10_000, description="points of contradiction, at least")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ReportSummary]:
    """Those with most contradictions first: the order in which to look at them, and no judgement of a household. The
    cases of one's close relatives are left out."""
    wanted = Filter(concluded, verdict, complete, points_from)
    name = f"console-reports:{concluded}:{verdict}:{complete}:{points_from}"
    after = _read_place(read_cursor(db.vault, actor, name, cursor))
    rows = await list_reports(db, actor, wanted, after=after, limit=limit + 1)
    shown, following = rows[:limit], None
    if len(rows) > limit:
        last = shown[-1].report
        following = write_cursor(db.vault, actor, name, f"{last.points or 0}:{last.id}")
    if shown:
        cases = await list_cases(db, [row.report.application_id for row in shown])
        await record_look(db, actor, "report.list", "report", cases=cases, count=len(shown))
    return Page(items=[ReportSummary.of(db, row) for row in shown], next=following)


def _read_place(position: str | None) -> Place | None:
    if position is None:
        return None
    points, _, row = position.partition(":")
    return Place(int(points), UUID(row))


@router.get(
    "/applications/{application_id}/report",
    operation_id="get_report",
    summary="Read the household report",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, ReportNotIssued),
)
async def get_report(application_id: UUID, actor: Caseworker, db: Db, request: Request) -> StaffReportOut:
    """Declared beside found, per member, item and field, and of supporters outside the household who let themselves be
    checked. Every look is recorded."""
    report = await get_current_report(db, actor, application_id)
    supporters = await read_supporters(db, await get_whole_application(db, actor, application_id))
    cases = [*await list_cases(db, [application_id])]
    cases += [Case(None, account, report.county) for account in accounts_of(supporters)]
    await record_look(db, actor, "report.read", "application", application_id, cases=cases, report=str(report.id))
    rechecking = await has_open_checks(db, application_id)
    content, language = mask_content(open_report(db, report)), language_of(english=wants_english(request))
    concluded = await find_conclusion(db, report.id)
    conclusion = StaffConclusionOut.of_staff(db, concluded, language) if concluded else None
    return StaffReportOut.of_staff(
        db,
        report,
        content,
        language,
        rechecking=rechecking,
        conclusion=conclusion,
        pending_disputes=await count_pending(db, application_id),
        supporters=supporters,
    )


@router.post(
    "/reports/{report_id}/conclusion",
    status_code=201,
    operation_id="conclude_from_report",
    summary="Conclude from a report",
    responses=problems(
        TokenRejected,
        ReportNotIssued,
        ConflictOfInterest,
        RoleNotAllowed,
        SamePersonNotAllowed,
        VerificationClosed,
        ReportSuperseded,
        ConclusionStands,
    ),
)
async def conclude(
    report_id: UUID, body: ConclusionIn, actor: Caseworker, db: Db, request: Request
) -> StaffConclusionOut:
    """The county handler's, and of somebody who entered no agency's answer in this case; who concludes does not decide.
    What holds is replaced by name and stays on record; with a later report it holds no longer. The household reads the
    verdict, who decides reads the words, too."""
    row = await conclude_from_report(
        db, actor, report_id, verdict=body.verdict, statement=body.statement, replaces=body.replaces
    )
    return StaffConclusionOut.of_staff(db, row, language_of(english=wants_english(request)))
