"""What becomes of an entrustment when its matter goes on elsewhere.

Who was entrusted applies (D57 art. 6). Until that is decided on, a place that sends the household to another one ends
nothing of it: it is taken along. With the grant it is done (civil code art. 173), and where the household moves on
nobody acts on it; a guardian acts by law, as long as there is one (art. 175), and goes on.
"""

from app.applications.entrustment_lifecycle import LIFECYCLE, Action, EndedBy, Kind, Status
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import find_entrustment_of, get_entrustment
from app.applications.models import Application
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id, new_number
from app.identity.actors import SYSTEM, Actor
from app.identity.commands import end_sessions_under


async def take_entrustment_along(db: WriteSession, actor: Actor, before: Application, draft: Application) -> None:
    """Let the agent who had applied under it apply at the place that was named: it lies with that place from now on,
    which is to look into it. So it does a second time, once the agent has thrown the first draft away. Who applies
    herself takes nothing along; a committee acts for its own place alone, and has to begin anew with the one over
    there."""
    if actor.entrustment is None:
        return
    entrustment = await get_entrustment(db, actor, actor.entrustment, lock=True)
    if entrustment.application_id not in (before.id, None) or entrustment.agent_kind != "citizen":
        return
    record = db.vault.open("entrustments.record", entrustment.id, entrustment.record_sealed)
    entrustment.record_sealed = db.vault.seal("entrustments.record", entrustment.id, record, division=draft.county)
    entrustment.application_id, entrustment.county, entrustment.division = None, draft.county, draft.division
    await db.flush()
    await record_act(
        db, actor, "entrustment.take_along", "entrustment", entrustment.id, row=entrustment, case=draft.case
    )


async def hand_entrustment_over(db: WriteSession, before: Application, case: Application) -> None:
    """End what a granted application was made under, for `case` is another county's; a guardian's begins anew there, as
    what it was. Both are the product's acts: nobody has asked for it."""
    entrustment = await find_entrustment_of(db, before.id)
    if entrustment is None or entrustment.status != Status.IN_FORCE:
        return
    entrustment.status = LIFECYCLE.step(entrustment.status, Action.END, SYSTEM.role).target
    entrustment.ended_at, entrustment.ended_by = db.clock.now(), EndedBy.MATTER
    await end_sessions_under(db, entrustment.id)
    await db.flush()
    about = Case(before.id, entrustment.principal_id, entrustment.county)
    await record_act(db, SYSTEM, "entrustment.end", "entrustment", entrustment.id, row=entrustment, case=about)
    if entrustment.kind == Kind.GUARDIAN and entrustment.agent_kind == "citizen":
        await _begin_there(db, entrustment, case)


async def _begin_there(db: WriteSession, former: Entrustment, case: Application) -> None:
    row = new_id()
    record = db.vault.open("entrustments.record", former.id, former.record_sealed)
    there = Entrustment(
        id=row,
        county=case.county,
        division=case.division,
        number=new_number("WT", case.county, today(db.clock)),
        status=Status.IN_FORCE,
        kind=former.kind,
        ground=former.ground,
        agent_kind=former.agent_kind,
        agent_id=former.agent_id,
        principal_id=former.principal_id,
        principal_index=former.principal_index,
        record_sealed=db.vault.seal("entrustments.record", row, record, division=case.county),
        application_id=case.id,
        requested_at=former.requested_at,
        confirmed_at=former.confirmed_at,
        confirmed_how=former.confirmed_how,
        confirmed_by=former.confirmed_by,
    )
    db.add(there)
    case.entrustment_id = row
    await db.flush()
    await record_act(db, SYSTEM, "entrustment.confirm", "entrustment", row, row=there, case=case.case)
