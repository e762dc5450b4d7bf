"""Questions that went out by file: where each file stands, and the lines of it that nobody could use."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out, Page
from app.core.errors import RoleNotAllowed
from app.facts import Item
from app.identity.errors import TokenRejected
from app.partners.batch import BadLineReason
from app.verification.batch_lifecycle import LineStatus, Status
from app.verification.batch_models import CheckBatchFile, CheckBatchLine
from app.verification.batch_queries import Tally, get_batch, list_batches, list_files, list_lines_set_aside
from app.verification.errors import CheckBatchNotFound

router = Router(prefix="/v1/console/check-batches", tags=["console: verification"])

AgencyCode = Annotated[
    str | None, Query(pattern=r"^[a-z_]{1,32}$", examples=["securities"], description="only files of one agency")
]
BadOnly = Annotated[bool, Query(description="only those with lines set aside")]


class CheckBatchOut(Out):
    """One file of questions about one item, of one county. `serial`: what the agency knows it by; `lines`: questions in
    it, of which so many are `answered`, `set_aside`, `lapsed` (not answered by `due_on`: that is never "no record"),
    and `open` still. `files`: files of answers read so far; `last_failure`: why the last call brought nothing."""

    id: UUID
    county: str
    agency: str
    item: Item
    serial: str
    status: Status
    lines: int
    open: int
    answered: int
    set_aside: int
    lapsed: int
    opened_at: Moment
    sent_at: Moment | None
    due_on: str
    next_look_at: Moment | None
    last_failure: str | None
    files: int
    ended_at: Moment | None

    @classmethod
    def of(cls, tally: Tally) -> "CheckBatchOut":
        """Shape one batch."""
        batch, count = tally.batch, tally.lines
        return cls(
            id=batch.id,
            county=batch.county,
            agency=batch.partner,
            item=Item(batch.item),
            serial=batch.serial,
            status=Status(batch.status),
            lines=batch.lines,
            open=count.get(LineStatus.OPEN, 0),
            answered=count.get(LineStatus.ANSWERED, 0),
            set_aside=count.get(LineStatus.BAD, 0),
            lapsed=count.get(LineStatus.LAPSED, 0),
            opened_at=batch.opened_at,
            sent_at=batch.sent_at,
            due_on=batch.due_on.isoformat(),
            next_look_at=batch.next_at,
            last_failure=batch.last_failure,
            files=batch.files,
            ended_at=batch.ended_at,
        )


class LineSetAsideOut(Out):
    """A question whose line could not be used, and why; the county finds out and enters what it should have said.
    `reason`: as of a file's lines, or `malformed`: the agency took none of the batch."""

    check_id: UUID
    application_id: UUID
    reason: str
    file: int | None
    settled_at: Moment | None

    @classmethod
    def of(cls, line: CheckBatchLine) -> "LineSetAsideOut":
        """Shape one line."""
        return cls(
            check_id=line.check_id,
            application_id=line.application_id,
            reason=line.reason or "",
            file=line.file,
            settled_at=line.settled_at,
        )


class BadLineOut(Out):
    """A line of a file that could not be used: its place in the file, from 1. `unreadable`; `refused`: the agency could
    not look; `unknown`: no question of the batch; `twice`; `another_person`: not who was asked about."""

    line: int
    reason: BadLineReason


class CheckBatchFileOut(Out):
    """A file of answers: its number, the SHA-256 of its bytes, how many lines of it count, and those that do not."""

    number: int
    digest: str
    answers: int
    bad: list[BadLineOut]
    found_at: Moment
    read_at: Moment | None

    @classmethod
    def of(cls, file: CheckBatchFile) -> "CheckBatchFileOut":
        """Shape one file."""
        return cls(
            number=file.number,
            digest=file.digest,
            answers=file.answers,
            bad=[BadLineOut(line=each["line"], reason=BadLineReason(each["reason"])) for each in file.bad],
            found_at=file.found_at,
            read_at=file.read_at,
        )


class CheckBatchDetailOut(CheckBatchOut):
    """One file of questions with its files of answers, and the questions that were set aside."""

    result_files: list[CheckBatchFileOut]
    lines_set_aside: list[LineSetAsideOut]


@router.get(
    "",
    operation_id="list_check_batches",
    summary="List the files of questions to agencies",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    agency: AgencyCode = None,
    bad: BadOnly = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[CheckBatchOut]:
    """Those of counties that lie wholly within the caller's division, the latest first: for who decides, supervises or
    administers. Nobody is named, so that no look is recorded."""
    after = read_id_cursor(db.vault, actor, "check_batches", cursor)
    rows = await list_batches(db, actor, partner=agency, bad=bad, after=after, limit=limit + 1)
    following = None
    if len(rows) > limit:
        following = write_cursor(db.vault, actor, "check_batches", str(rows[limit - 1].batch.id))
    return Page(items=[CheckBatchOut.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{batch_id}",
    operation_id="get_check_batch",
    summary="See one file of questions to an agency",
    responses=problems(TokenRejected, RoleNotAllowed, CheckBatchNotFound),
)
async def get(batch_id: Annotated[UUID, Path()], actor: Caseworker, db: ReadDb) -> CheckBatchDetailOut:
    """With the files of answers, line by line what was wrong with them, and the checks that were set aside: each is the
    county's task `manual_entry`. Those about a close relative of the caller are left out."""
    shown = CheckBatchOut.of(await get_batch(db, actor, batch_id))
    return CheckBatchDetailOut(
        **{name: getattr(shown, name) for name in CheckBatchOut.model_fields},
        result_files=[CheckBatchFileOut.of(file) for file in await list_files(db, batch_id)],
        lines_set_aside=[LineSetAsideOut.of(line) for line in await list_lines_set_aside(db, actor, batch_id)],
    )
