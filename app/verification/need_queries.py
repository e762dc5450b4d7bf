"""Whether somebody has asked about a person and an item already: the answer there is, or the check that waits for it.

These look beyond the case on purpose: the same person is known by the blind index alone, in whatever county. What is
found is used under the authorisation of the case that needs it, and shown to nobody else.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import ReadSession, WriteSession
from app.verification.lifecycle import ASKED
from app.verification.models import Check
from app.verification.need_models import AskedNeed, CheckUse


async def take_need(db: WriteSession, check: Check, person_index: bytes) -> bool:
    """Let a check be the one that asks about its item of a person; False while another one does.

    The key decides who is first. Who comes second waits for that transaction, locks the row and looks at it anew: what
    one statement sees is as old as its beginning.
    """
    row = {
        "person_index": person_index,
        "item": check.item,
        "county": check.county,
        "application_id": check.application_id,
        "check_id": check.id,
    }
    added = insert(AskedNeed).values(row).on_conflict_do_nothing().returning(AskedNeed.check_id)
    if await db.scalar(added) is not None:
        return True
    this = (AskedNeed.person_index == person_index, AskedNeed.item == check.item)
    holder = await db.scalar(select(AskedNeed.check_id).where(*this).with_for_update())
    if holder == check.id:
        return True
    asking = select(exists().where(Check.id == holder, Check.status.in_(ASKED)))
    if holder is not None and await db.scalar(asking):
        return False
    own = {name: row[name] for name in ("county", "application_id", "check_id")}
    await db.execute(update(AskedNeed).where(*this).values(own), execution_options={"synchronize_session": False})
    return True


async def forget_needs_of(db: WriteSession, application_id: UUID) -> None:
    """Forget what was asked in a case by checks that there are no more: nobody waits for them."""
    gone = ~exists().where(Check.id == AskedNeed.check_id)
    statement = delete(AskedNeed).where(AskedNeed.application_id == application_id, gone)
    await db.execute(statement, execution_options={"synchronize_session": False})


async def list_uses(db: ReadSession, application_id: UUID) -> list[CheckUse]:
    """Return the answers of other cases that a case used."""
    query = select(CheckUse).where(CheckUse.application_id == application_id).order_by(CheckUse.id)
    return list((await db.execute(query)).scalars())


async def find_source(db: ReadSession, check_id: UUID) -> UUID | None:
    """Return under which check an agency gave the answer that this one took from another case; None where it took
    none."""
    return await db.scalar(select(CheckUse.source_check_id).where(CheckUse.check_id == check_id))


def uses_of(concerned: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say which uses of an earlier answer are of the checks of which `concerned` holds."""
    return CheckUse.check_id.in_(select(Check.id).where(concerned))
