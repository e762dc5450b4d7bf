"""Payrolls: the county builds, another person approves, finance releases and closes."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.months import Month
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.api.common.step_up import recently_authenticated
from app.api.console.payroll_schemas import (
    DifferenceOut,
    DifferencesOut,
    ExclusionOut,
    PayLineOut,
    PayrollIn,
    PayrollOut,
    PayrollSummary,
    RejectIn,
    SettleIn,
)
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.audit.subjects import Case
from app.awards.queries import list_cases_of
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.months import read_month
from app.disbursement.commands import (
    approve_payroll,
    build_payroll,
    close_payroll,
    reissue_payroll,
    reject_payroll,
    release_payroll,
    settle_line,
    submit_payroll,
    take_roster,
)
from app.disbursement.errors import (
    MonthNotPayable,
    NotACounty,
    NothingToPay,
    OnlyBuilderMaySubmit,
    PayLineNotFound,
    PayLineNotOpen,
    PaymentWasReversed,
    PayrollAlreadyBuilt,
    PayrollChanged,
    PayrollNotFound,
    PayrollNotSettled,
    PayrollOutdated,
    SettlementIncomplete,
    ValueDateOutOfRange,
)
from app.disbursement.lifecycle import LineStatus, Status
from app.disbursement.models import Payroll
from app.disbursement.queries import (
    ChangeKind,
    count_differences,
    count_disputed,
    count_exclusions,
    get_payroll,
    list_differences,
    list_exclusions,
    list_lines,
    list_payrolls,
    list_totals,
)
from app.identity.actors import Actor
from app.identity.errors import StepUpRequired, TokenRejected
from app.partners.paying_bank.adapter import HttpPayingBank
from app.programs.errors import ProgramUnknown

router = Router(prefix="/v1/console/payrolls", tags=["console: payrolls"])


async def _shape(db: ReadSession, actor: Actor, payroll_id: UUID) -> PayrollOut:
    payroll = await get_payroll(db, actor, payroll_id)
    return PayrollOut.of(
        db,
        payroll,
        totals=await list_totals(db, payroll.id),
        disputed=await count_disputed(db, payroll.id),
        exclusions=await count_exclusions(db, payroll.id),
        role=actor.role,
    )


async def _record_look(db: WriteSession, actor: Actor, action: str, payroll: Payroll, cases: Sequence[Case]) -> None:
    if cases:
        await record_look(
            db, actor, action, "payroll", payroll.id, cases=cases, county=payroll.county, count=len(cases)
        )


@router.post(
    "",
    status_code=201,
    operation_id="build_payroll",
    summary="Build a month's payroll",
    responses=problems(
        TokenRejected, RoleNotAllowed, NotACounty, ProgramUnknown, MonthNotPayable, PayrollAlreadyBuilt, NothingToPay
    ),
)
async def build(body: PayrollIn, actor: Caseworker, db: Db, response: Response) -> PayrollOut:
    """Lay a line for every award in force, and for earlier months that no payroll has paid; as a draft. Awards that
    are due and cannot be paid are listed with the reason."""
    payroll = await build_payroll(db, actor, program=body.program, month=read_month(body.month))
    response.headers["Location"] = f"/v1/console/payrolls/{payroll.id}"
    return await _shape(db, actor, payroll.id)


@router.get(
    "",
    operation_id="list_payrolls",
    summary="List payrolls",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    month: Annotated[Month | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[PayrollSummary]:
    """Those of the caller's county, or of the counties below the caller's division; newest first."""
    name = f"payrolls:{month}:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    wanted = read_month(month) if month else None
    rows = await list_payrolls(db, actor, month=wanted, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[PayrollSummary.of_row(db, row) for row in rows[:limit]], next=following)


@router.get(
    "/{payroll_id}",
    operation_id="get_payroll",
    summary="Read one payroll",
    responses=problems(TokenRejected, PayrollNotFound),
)
async def get(payroll_id: UUID, actor: Caseworker, db: ReadDb) -> PayrollOut:
    """Header, totals by status, reasons of exclusions, and what is possible now."""
    return await _shape(db, actor, payroll_id)


@router.get(
    "/{payroll_id}/lines",
    operation_id="list_pay_lines",
    summary="List the lines of a payroll",
    responses=problems(TokenRejected, PayrollNotFound, CursorRejected),
)
async def lines(
    payroll_id: UUID,
    actor: Caseworker,
    db: Db,
    status: Annotated[LineStatus | None, Query()] = None,
    disputed: Annotated[
        bool | None, Query(description="only lines that are disputed, or only those that are not")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[PayLineOut]:
    """In the order they are sent to the bank. That the caller saw them is recorded."""
    payroll = await get_payroll(db, actor, payroll_id)
    name = f"pay-lines:{payroll_id}:{status}:{disputed}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_lines(db, payroll, status=status, disputed=disputed, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    await _record_look(db, actor, "payroll.list_lines", payroll, [row.case for row in rows[:limit]])
    return Page(items=[PayLineOut.of(db, row) for row in rows[:limit]], next=following)


@router.get(
    "/{payroll_id}/differences",
    operation_id="list_payroll_differences",
    summary="Compare with the month before",
    responses=problems(TokenRejected, PayrollNotFound, CursorRejected),
)
async def differences(
    payroll_id: UUID,
    actor: Caseworker,
    db: Db,
    change: Annotated[ChangeKind | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> DifferencesOut:
    """What the reviewer approves: who is new, stopped, increased or decreased; unchanged ones only when asked for.
    That the caller saw them is recorded."""
    payroll = await get_payroll(db, actor, payroll_id)
    name = f"differences:{payroll_id}:{change}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_differences(db, payroll, change=change, after=after, limit=limit + 1)
    more = len(rows) > limit
    cases = await list_cases_of(db, [row.award_id for row in rows[:limit]])
    await _record_look(db, actor, "payroll.list_differences", payroll, cases)
    return DifferencesOut(
        items=[DifferenceOut.of(db, row) for row in rows[:limit]],
        next=write_cursor(db.vault, actor, name, str(rows[limit - 1].award_id)) if more else None,
        counts=dict(await count_differences(db, payroll)),
    )


@router.get(
    "/{payroll_id}/exclusions",
    operation_id="list_payroll_exclusions",
    summary="List who was left out",
    responses=problems(TokenRejected, PayrollNotFound, CursorRejected),
)
async def exclusions(
    payroll_id: UUID, actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None
) -> Page[ExclusionOut]:
    """Awards that were due and could not be paid, with the reason; they are due again in the next payroll. That the
    caller saw them is recorded."""
    payroll = await get_payroll(db, actor, payroll_id)
    name = f"exclusions:{payroll_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_exclusions(db, payroll, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].award_id)) if len(rows) > limit else None
    cases = await list_cases_of(db, [row.award_id for row in rows[:limit]])
    await _record_look(db, actor, "payroll.list_exclusions", payroll, cases)
    return Page(items=[ExclusionOut.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{payroll_id}/file",
    operation_id="get_payroll_file",
    summary="Download the roster",
    response_class=Response,
    responses={
        **problems(TokenRejected, StepUpRequired, PayrollNotFound),
        200: {
            "description": "The roster as CSV, UTF-8",
            "content": {"text/csv": {"schema": {"type": "string", "maxLength": 50_000_000}}},
        },
    },
    dependencies=[recently_authenticated()],
)
async def file(payroll_id: UUID, actor: Caseworker, db: Db) -> Response:
    """The whole roster as CSV (UTF-8 with byte order mark, amounts in yuan, names and accounts masked). Each line says
    who took it; each download is kept in the audit trail."""
    roster = await take_roster(db, actor, payroll_id)
    headers = {"Content-Disposition": f'attachment; filename="{roster.number}.csv"'}
    return Response(roster.content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(
    "/{payroll_id}/submit",
    operation_id="submit_payroll",
    summary="Hand a payroll in for approval",
    responses=problems(TokenRejected, PayrollNotFound, StepNotAllowed, RoleNotAllowed, OnlyBuilderMaySubmit),
)
async def submit(payroll_id: UUID, actor: Caseworker, db: Db) -> PayrollOut:
    """Only who built it may hand it in. From now on the digest says what was handed in."""
    await submit_payroll(db, actor, payroll_id)
    return await _shape(db, actor, payroll_id)


@router.post(
    "/{payroll_id}/approve",
    operation_id="approve_payroll",
    summary="Approve a payroll",
    responses=problems(
        TokenRejected, PayrollNotFound, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed, PayrollChanged
    ),
)
async def approve(payroll_id: UUID, actor: Caseworker, db: Db) -> PayrollOut:
    """Another person than the builder. The lines do not change any more."""
    await approve_payroll(db, actor, payroll_id)
    return await _shape(db, actor, payroll_id)


@router.post(
    "/{payroll_id}/reject",
    operation_id="reject_payroll",
    summary="Send a payroll back",
    responses=problems(TokenRejected, PayrollNotFound, StepNotAllowed, RoleNotAllowed),
)
async def reject(payroll_id: UUID, body: RejectIn, actor: Caseworker, db: Db) -> PayrollOut:
    """Possible until the release. The month can then be built anew."""
    await reject_payroll(db, actor, payroll_id, reason=body.reason)
    return await _shape(db, actor, payroll_id)


@router.post(
    "/{payroll_id}/release",
    operation_id="release_payroll",
    summary="Order the bank to pay",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        PayrollNotFound,
        StepNotAllowed,
        RoleNotAllowed,
        SamePersonNotAllowed,
        PayrollChanged,
        PayrollOutdated,
    ),
    dependencies=[recently_authenticated()],
)
async def release(payroll_id: UUID, actor: Caseworker, db: Db) -> PayrollOut:
    """Once, by another person than who built it, handed it in or approved it. The batch leaves for the bank right
    after; its receipts settle the lines one by one."""
    await release_payroll(db, actor, payroll_id)
    return await _shape(db, actor, payroll_id)


@router.post(
    "/{payroll_id}/lines/{line_id}/settle",
    operation_id="settle_pay_line",
    summary="Settle a disputed or unknown line by hand",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        PayrollNotFound,
        PayLineNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        SamePersonNotAllowed,
        PayLineNotOpen,
        PaymentWasReversed,
        SettlementIncomplete,
        ValueDateOutOfRange,
    ),
    dependencies=[recently_authenticated()],
)
async def settle(payroll_id: UUID, line_id: UUID, body: SettleIn, actor: Caseworker, db: Db) -> PayLineOut:
    """Say what became of a line about which the bank contradicts itself or knows nothing. The books follow, once. By
    finance, and not by who built the payroll or handed it in. The reason is kept sealed."""
    line = await settle_line(
        db,
        actor,
        payroll_id,
        line_id,
        paid=body.outcome == "paid",
        reason=body.reason,
        transaction_no=body.transaction_no,
        paid_on=body.paid_on,
        bank=HttpPayingBank.code,
    )
    return PayLineOut.of(db, line)


@router.post(
    "/{payroll_id}/close",
    operation_id="close_payroll",
    summary="Close a settled payroll",
    responses=problems(TokenRejected, PayrollNotFound, StepNotAllowed, RoleNotAllowed, PayrollNotSettled),
)
async def close(payroll_id: UUID, actor: Caseworker, db: Db) -> PayrollOut:
    """Possible when every line is paid or failed, and none is disputed. What failed stays owed."""
    await close_payroll(db, actor, payroll_id)
    return await _shape(db, actor, payroll_id)


@router.post(
    "/{payroll_id}/reissue",
    status_code=201,
    operation_id="reissue_payroll",
    summary="Pay again what failed",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        PayrollNotFound,
        StepNotAllowed,
        RoleNotAllowed,
        PayrollNotSettled,
        PayrollAlreadyBuilt,
        NothingToPay,
    ),
    dependencies=[recently_authenticated()],
)
async def reissue(payroll_id: UUID, actor: Caseworker, db: Db, response: Response) -> PayrollOut:
    """Build a payroll of the failed lines, to the accounts as they are now; it goes through approval and release like
    any other. A line whose outcome the bank does not know, or contradicts itself about, is never in it."""
    payroll = await reissue_payroll(db, actor, payroll_id)
    response.headers["Location"] = f"/v1/console/payrolls/{payroll.id}"
    return await _shape(db, actor, payroll.id)
