"""Erasure because the citizen asks for it (个人信息保护法 art. 47): what nothing needs any more goes at once.

What the law has kept is refused with the reason, and the day until which it is kept where that is known already.
"""

from datetime import date

from app.applications.commands import discard_draft
from app.applications.lifecycle import Status
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.identity.queries import get_citizen
from app.reference.retention import Kept
from app.retention.errors import NothingToErase, StillKept
from app.retention.periods import Keeping, Periods, load_periods
from app.retention.queries import erase_accounts, erase_drafts_now, has_award_left, list_cases_of

_NEVER_HANDED_IN = (Status.DRAFT, Status.DISCARDED)


async def erase_drafts(db: WriteSession, actor: Actor) -> int:
    """Erase all drafts of the caller with everything in them; returns how many.

    Raises:
        NothingToErase: there is no draft.
    """
    drafts = [case for case in await list_cases_of(db, actor.id) if case.status == Status.DRAFT]
    if not drafts:
        raise NothingToErase
    for draft in drafts:
        await discard_draft(db, actor, draft.id)
    async with db.wider():  # what is emptied is nobody's any more
        await erase_drafts_now(db, [draft.id for draft in drafts], db.clock.now())
    return len(drafts)


async def erase_account(db: WriteSession, actor: Actor) -> int:
    """Erase the caller's account, with sessions, messages, bank account, uploads and drafts; returns how many drafts.

    Raises:
        StillKept: there is a case that goes on, or whose file is kept: as what, by which law, until when.
    """
    await get_citizen(db, actor.id, lock=True)
    cases = await list_cases_of(db, actor.id)
    periods = await load_periods(db, today(db.clock))
    kept = [periods.of_case(case, None) for case in cases if case.status not in _NEVER_HANDED_IN]
    if kept or await has_award_left(db, actor.id):
        raise StillKept(extra=_why(periods, kept))
    drafts = await erase_drafts(db, actor) if any(case.status == Status.DRAFT for case in cases) else 0
    await record_act(db, actor, "retention.erase_account", "citizen", actor.id, case=Case(None, actor.id))
    async with db.wider():
        await erase_accounts(db, [actor.id], db.clock.now())
    return drafts


def _why(periods: Periods, kept: list[Keeping]) -> dict[str, object]:
    """Say what keeps an account: of several files the one that is kept the longest, first those that go on."""
    longest = max(
        kept,
        key=lambda each: (each.until is None, each.until or date.min),
        default=Keeping(Kept.DAILY_MANAGEMENT, None),
    )
    rule = periods.rule(longest.kept)
    return {
        "kept_as": longest.kept.value,
        "kept_until": longest.until.isoformat() if longest.until else None,
        "basis": list(rule.basis),
    }
