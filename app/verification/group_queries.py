"""Reads and writes about many checks of one case at once: a household's questions are put, and answered, together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, Uuid, any_, cast, column, exists, func, null, select, tuple_
from sqlalchemy import update as update_rows
from sqlalchemy.dialects.postgresql import insert

from app.applications.errors import ApplicationNotFound
from app.applications.models import Application, Authorisation, Member
from app.applications.queries import get_application
from app.core.db import ReadSession, WriteSession
from app.core.prepared import Prepared, asked
from app.facts import Item
from app.identity.actors import SYSTEM
from app.verification.errors import CheckNotFound
from app.verification.lifecycle import ASKED, Status
from app.verification.models import Check
from app.verification.need_models import AskedNeed, CheckUse
from app.verification.need_queries import take_need

_IDS, _INSTANT = ARRAY(Uuid), DateTime(timezone=True)
_told = (
    func.unnest(
        cast(asked("ids", _IDS), _IDS),
        cast(asked("outcomes", ARRAY(Text)), ARRAY(Text)),
        cast(asked("facts", ARRAY(LargeBinary)), ARRAY(LargeBinary)),
    )
    .table_valued(column("id", Uuid), column("outcome", Text), column("facts", LargeBinary))
    .render_derived(name="told")
)
_ANSWER = Prepared(
    update_rows(Check)
    .where(Check.id == _told.c.id)
    .values(
        status=Status.ANSWERED,
        outcome=_told.c.outcome,
        facts_sealed=_told.c.facts,
        answered_at=asked("at", _INSTANT),
        next_attempt_at=null(),
        last_failure=null(),
        version=Check.version + 1,
    )
)
_COUNT = Prepared(
    update_rows(Check)
    .where(Check.id == any_(asked("ids", _IDS)))
    .values(
        attempts=Check.attempts + 1,
        asked_at=func.coalesce(Check.asked_at, asked("at", _INSTANT)),
        next_attempt_at=asked("again", _INSTANT),
        version=Check.version + 1,
    )
)
_PUT_OFF = Prepared(
    update_rows(Check)
    .where(Check.id == any_(asked("ids", _IDS)))
    .values(next_attempt_at=asked("again", _INSTANT), version=Check.version + 1)
)
_GROUNDS = Prepared(
    select(Check.id)
    .join(Authorisation, Authorisation.id == Check.authorisation_id)
    .where(Check.id == asked("check"), Check.status.in_(ASKED), Authorisation.withdrawn_at.is_(None))
)

_needed = (
    func.unnest(
        cast(asked("people", ARRAY(LargeBinary)), ARRAY(LargeBinary)),
        cast(asked("items", ARRAY(Text)), ARRAY(Text)),
        cast(asked("checks", _IDS), _IDS),
    )
    .table_valued(column("person", LargeBinary), column("item", Text), column("check", Uuid))
    .render_derived(name="needed")
)
_TAKE = Prepared(
    insert(AskedNeed)
    .from_select(
        ["person_index", "item", "check_id", "county", "application_id"],
        select(
            _needed.c.person,
            _needed.c.item,
            _needed.c.check,
            cast(asked("county"), Text),
            cast(asked("application"), Uuid),
        ),
    )
    .on_conflict_do_nothing()
    .returning(AskedNeed.check_id)
)

Place = tuple[bytes, Item]
"""Whom a question is about, by the blind index of the identity number, and what."""


async def find_application_of(db: ReadSession, check_id: UUID) -> UUID:
    """Return the application of a check.

    Raises:
        CheckNotFound: there is none.
    """
    found = await db.scalar(select(Check.application_id).where(Check.id == check_id))
    if found is None:
        raise CheckNotFound
    return found


async def lock_checks(
    db: ReadSession, application_id: UUID, ids: Collection[UUID]
) -> tuple[Application, Sequence[Check]]:
    """Return those checks of an application that there are, as they are now, locked: first the application, as
    everywhere.

    Raises:
        CheckNotFound: there is no such application.
    """
    try:
        application = await get_application(db, SYSTEM, application_id, lock=True)
    except ApplicationNotFound:
        raise CheckNotFound from None
    query = select(Check).where(Check.application_id == application_id, Check.id.in_(ids)).order_by(Check.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return application, (await db.scalars(query)).all()


async def list_in_force(db: ReadSession, application_id: UUID) -> frozenset[UUID]:
    """Return the authorisations of a case that have not been withdrawn, as things are now."""
    query = select(Authorisation.id).where(
        Authorisation.application_id == application_id, Authorisation.withdrawn_at.is_(None)
    )
    return frozenset((await db.scalars(query)).all())


async def has_grounds(db: ReadSession, check_id: UUID) -> bool:
    """Say whether a check still waits for its agency, on an authorisation that has not been withdrawn, as things are
    now."""
    return bool(await db.fetch(_GROUNDS, check=check_id))


async def members_of(db: ReadSession, application_id: UUID) -> Mapping[UUID, Member]:
    """Return the members of a case by their ids."""
    query = select(Member).where(Member.application_id == application_id)
    return {member.id: member for member in await db.scalars(query)}


async def find_answers_elsewhere(
    db: ReadSession, application_id: UUID, places: Collection[Place]
) -> Mapping[tuple[Place, str, str], Check]:
    """Return the latest check of another case under which an agency itself answered, by place, agency and purpose."""
    people = {person for person, _ in places}
    query = (
        select(Member.id_number_index, Check)
        .join(Check, (Check.member_id == Member.id) & (Check.application_id == Member.application_id))
        .where(
            Member.id_number_index.in_(people),
            Check.application_id != application_id,
            Check.item.in_({item for _, item in places}),
            Check.status == Status.ANSWERED,
            Check.answered_by.is_(None),
            ~exists().where(CheckUse.check_id == Check.id),
        )
        .order_by(Check.answered_at)
    )
    rows = (await db.execute(query)).all()
    return {((person, Item(check.item)), check.partner, check.purpose): check for person, check in rows}


async def take_needs(db: WriteSession, checks: Mapping[Place, Check]) -> frozenset[UUID]:
    """Let checks of one case be those that ask about their places; return those about which no other asks already.

    What nobody asks about yet is taken in one statement, in one order whoever takes it, so that two cases with the same
    people wait for each other and never both.
    """
    if not checks:
        return frozenset()
    in_order = sorted(checks.items(), key=lambda each: each[0])
    one = in_order[0][1]
    added = await db.fetch(
        _TAKE,
        people=[person for (person, _), _ in in_order],
        items=[item.value for (_, item), _ in in_order],
        checks=[check.id for _, check in in_order],
        county=one.county,
        application=one.application_id,
    )
    taken = {check for (check,) in added}
    left = {place: check for place, check in in_order if check.id not in taken}
    if left:
        own = select(AskedNeed.person_index, AskedNeed.item, AskedNeed.check_id).where(
            tuple_(AskedNeed.person_index, AskedNeed.item).in_(list(left))
        )
        own = own.order_by(AskedNeed.person_index, AskedNeed.item).with_for_update()
        holders = {(person, Item(item)): holder for person, item, holder in await db.execute(own)}
        for place, check in left.items():
            if holders.get(place) == check.id or await take_need(db, check, place[0]):
                taken.add(check.id)
    return frozenset(taken)


async def count_attempts(db: WriteSession, ids: Collection[UUID], at: datetime, again: datetime | None) -> None:
    """Count one more attempt at each of these checks, made now, and have them looked at again later."""
    await db.fetch(_COUNT, ids=list(ids), at=at, again=again)


async def put_off(db: WriteSession, ids: Collection[UUID], again: datetime) -> None:
    """Have these checks looked at again later."""
    if ids:
        await db.fetch(_PUT_OFF, ids=list(ids), again=again)


async def write_answers(db: WriteSession, answers: Mapping[UUID, tuple[str, bytes | None]], at: datetime) -> None:
    """Write what agencies said now on their checks, which are open and locked: outcome, and sealed facts of a hit."""
    outcomes, facts = zip(*answers.values(), strict=True)
    await db.fetch(_ANSWER, ids=list(answers), outcomes=list(outcomes), facts=list(facts), at=at)
