"""A household that was sent to the right place takes along what it had said: all of it, once, and signs anew."""

import json

import pytest
from sqlalchemy import func, select

from app.applications.commands import (
    add_document,
    continue_application,
    discard_draft,
    edit_draft,
    put_member,
    redirect_application,
    sign_authorisation,
    start_draft,
    submit_application,
)
from app.applications.commands.documents import StoredFile
from app.applications.desk_queries import list_applications
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import get_entrustment, list_entrustments
from app.applications.errors import (
    ApplicationAlreadyOpen,
    ApplicationIncomplete,
    ApplicationNotFound,
    ApplicationNotRedirected,
    EntrustmentNotAllowed,
    NotAVillage,
    NotTheNamedPlace,
)
from app.applications.household import answers_of, hukou_of, id_number_of, name_of, open_address, plain_residence
from app.applications.lifecycle import Status
from app.applications.models import Application
from app.applications.queries import get_application, get_whole_application
from app.applications.supporter_queries import list_consents, list_supporters
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role
from app.reference.errors import DivisionUnknown
from tests.builders.applications import VILLAGE, build_draft, build_household
from tests.builders.people import build_staff
from tests.builders.supporters import NAME, REF, build_supported

TO, THERE, NEXT = "530102001000", "530102001001", "530102002001"
RESIDENCE = {"division": VILLAGE, "since": "2025-08-01", "relocated": False}


async def _hand_in(db):
    """Hand in an application with money, property, a paper, a residence, and a member who is registered elsewhere."""
    household = await build_household(db)
    applicant, (me, spouse, child) = household.applicant, (member for member, _ in household.members)
    draft = await build_draft(db, household)
    answers = {
        "income": [{"member": str(spouse), "kind": "wage", "amount_fen": 90_000, "period": "month"}],
        "property": [{"owner": str(me), "kind": "deposit", "value_fen": 5_000}],
        "no_work_found": [str(me)],
    }
    said = {"answers": answers, "residence": RESIDENCE}
    draft = await edit_draft(db, applicant, draft.id, said, seen=draft.version)
    details = dict(household.members)[child]
    elsewhere = type(details)(
        details.relation, details.name, details.id_number, {**details.profile, "hukou_division": THERE}
    )
    await put_member(db, applicant, draft.id, child, elsewhere, seen=draft.version)
    file = StoredFile(new_id(), "image/jpeg", 1000, "0" * 64)
    await add_document(db, applicant, draft.id, kind="diagnosis", member_id=spouse, file=file)
    await submit_application(db, applicant, draft.id, truth_promised=True)
    return household, draft, file


async def _send_away(db, application, to=TO):
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
    await redirect_application(db, handler, application.id, to=to, reason="户籍已迁出（测试）")


async def _redirected(database, to=TO):
    async with database.unit_of_work() as db:
        household, application, file = await _hand_in(db)
        await _send_away(db, application, to)
    return household, application, file


async def _continue(database, actor, application, division=THERE):
    async with database.unit_of_work() as db:
        return await continue_application(db, actor, application.id, division)


async def test_all_that_was_said_and_handed_in_is_in_the_new_draft(database):
    household, application, file = await _redirected(database)

    draft = await _continue(database, household.applicant, application)

    async with database.reading() as db:
        new = await get_whole_application(db, household.applicant, draft.id)
        old = await get_whole_application(db, household.applicant, application.id)
        people = {member.relation: member for member in new.members}
        declared = dict(household.members)
        assert {(each.relation, name_of(db, each), id_number_of(db, each)) for each in new.members} == {
            (each.relation, each.name, each.id_number) for each in declared.values()
        }
        assert hukou_of(db, new, people["child"]) == THERE
        answers = answers_of(db, new)
        assert open_address(db, new) == "测试村一组1号"
        assert plain_residence(db, new) == RESIDENCE
    assert (new.status, new.division, new.county, new.program) == (Status.DRAFT, THERE, THERE[:6], old.program)
    # Each answer is about the same person as before, who has another id now.
    assert answers["income"][0]["member"] == str(people["spouse"].id)
    assert answers["property"][0]["owner"] == str(people["self"].id)
    assert answers["no_work_found"] == [str(people["self"].id)]
    assert not {str(member) for member in declared} & set(json.dumps(answers).split('"'))
    (paper,) = new.documents
    assert (paper.upload_id, paper.kind, paper.member_id) == (file.upload_id, "diagnosis", people["spouse"].id)
    # What was sent away stays as it was.
    assert (old.status, old.redirected_to, len(old.members), len(old.documents)) == (Status.REDIRECTED, TO, 3, 1)


async def test_a_supporter_is_named_in_the_new_draft_and_asked_anew(database):
    supported = await build_supported(database, authorised=True)
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, supported.id)
        application.status = Status.SUBMITTED  # as it was before it was accepted here
        await _send_away(db, application)

    draft = await _continue(database, supported.applicant, application)

    async with database.reading() as db:
        [person] = await list_supporters(db, draft.id)
        new = await get_whole_application(db, supported.applicant, draft.id)
        assert (person.supporter_ref, name_of(db, person), id_number_of(db, person)) == (REF, NAME, supported.number)
        assert (person.claimed, person.id in {each.id for each in new.members}) == (False, False)
        assert await list_consents(db, [person.id]) == []
        assert [line["ref"] for line in answers_of(db, new)["supporters"]] == [REF]


async def _made_under(database, application, *, agent_kind="citizen"):
    """Have an application be one that somebody made for its applicant; returns who acts, and the entrustment's id."""
    async with database.unit_of_work() as db:
        held, row = await get_application(db, SYSTEM, application.id), new_id()
        db.add(
            Entrustment(
                id=row, county=held.county, division=held.division, number="WT" + held.county, status="in_force",
                kind="person", ground="illness", agent_kind=agent_kind, agent_id=new_id(),
                principal_id=held.applicant_id, principal_index=row.bytes, application_id=held.id,
                record_sealed=db.vault.seal("entrustments.record", row, "口头委托。（测试）", division=held.county),
                requested_at=db.clock.now(), confirmed_at=db.clock.now(), confirmed_how="seen",
            )
        )  # fmt: skip
        held.entrustment_id = row
    return Actor(application.applicant_id, Role.APPLICANT, entrustment=row), row


async def test_who_applies_for_her_goes_on_at_the_place_that_was_named_and_nowhere_else(database):
    _, application, _ = await _redirected(database)
    acting, entrustment_id = await _made_under(database, application)

    draft = await _continue(database, acting, application)

    async with database.reading() as db:
        entrustment = await get_entrustment(db, SYSTEM, entrustment_id)
        seen = {each.id for each in await list_applications(db, acting, after=None, limit=10)}
        there = await build_staff_there(database)
        assert (await get_entrustment(db, there, entrustment_id)).id == entrustment_id
    assert (draft.entrustment_id, entrustment.application_id) == (entrustment_id, draft.id)
    assert (entrustment.status, entrustment.county, entrustment.division) == ("in_force", THERE[:6], THERE)
    assert database.vault.open("entrustments.record", entrustment_id, entrustment.record_sealed) == "口头委托。（测试）"
    assert seen == {application.id, draft.id}


async def test_who_throws_away_what_was_taken_along_takes_it_along_again_or_begins_anew(database):
    _, application, _ = await _redirected(database, "530102000000")
    acting, entrustment_id = await _made_under(database, application)
    for village in (THERE, NEXT):
        draft = await _continue(database, acting, application, village)
        async with database.reading() as db:
            entrustment = await get_entrustment(db, SYSTEM, entrustment_id)
            assert (entrustment.application_id, entrustment.division) == (draft.id, village)
        async with database.unit_of_work() as db:
            await discard_draft(db, acting, draft.id)

    async with database.unit_of_work() as db:
        begun = await start_draft(db, acting, "living_allowance", NEXT)

    assert begun.entrustment_id == entrustment_id


async def test_the_first_office_goes_on_seeing_that_somebody_applied_for_her_and_no_more_on_what(database):
    _, application, _ = await _redirected(database)
    acting, entrustment_id = await _made_under(database, application)
    async with database.unit_of_work() as db:
        here = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
    async with database.reading() as db:
        assert [each.id for each in await list_entrustments(db, here, after=None, limit=10)] == [entrustment_id]

    await _continue(database, acting, application)

    async with database.reading() as db:
        assert await list_entrustments(db, here, after=None, limit=10) == []
        assert (await get_application(db, here, application.id)).entrustment_id == entrustment_id


async def build_staff_there(database):
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.TOWNSHIP_HANDLER, TO)


async def test_a_committee_acts_for_its_own_place_alone(database):
    _, application, _ = await _redirected(database)
    acting, entrustment_id = await _made_under(database, application, agent_kind="staff")

    with pytest.raises(EntrustmentNotAllowed):
        await _continue(database, acting, application)

    async with database.reading() as db:
        assert (await get_entrustment(db, SYSTEM, entrustment_id)).application_id == application.id


async def test_everybody_signs_anew_before_it_is_handed_in(database):
    household, application, _ = await _redirected(database)
    draft = await _continue(database, household.applicant, application)

    with pytest.raises(ApplicationIncomplete) as refused:
        async with database.unit_of_work() as db:
            await submit_application(db, household.applicant, draft.id, truth_promised=True)
    assert {fault.code for fault in refused.value.faults} == {"authorisation_missing"}

    async with database.unit_of_work() as db:
        new = await get_whole_application(db, household.applicant, draft.id)
        for member in new.members:
            if member.relation != "child":
                await sign_authorisation(
                    db, household.applicant, draft.id, member.id, signer_member_id=member.id,
                    signer_name=name_of(db, member), signer_id_number=id_number_of(db, member),
                )  # fmt: skip
        await edit_draft(db, household.applicant, draft.id, {"residence": None}, seen=new.version)
    async with database.unit_of_work() as db:
        handed_in = await submit_application(db, household.applicant, draft.id, truth_promised=True)
    assert handed_in.status == Status.SUBMITTED


async def test_it_is_taken_along_once_and_again_only_after_the_draft_was_thrown_away(database):
    household, application, _ = await _redirected(database)
    first = await _continue(database, household.applicant, application)

    with pytest.raises(ApplicationAlreadyOpen):
        await _continue(database, household.applicant, application)
    async with database.unit_of_work() as db:
        assert await db.scalar(select(func.count()).select_from(Application)) == 2
        await discard_draft(db, household.applicant, first.id)

    assert (await _continue(database, household.applicant, application)).id != first.id


@pytest.mark.parametrize(
    ("to", "division", "refusal"),
    [
        (TO, NEXT, NotTheNamedPlace),
        (TO, VILLAGE, NotTheNamedPlace),
        (TO, TO, NotAVillage),
        (THERE, NEXT, NotTheNamedPlace),
        ("530102000000", VILLAGE, NotTheNamedPlace),
        (TO, "530102001999", DivisionUnknown),
    ],
)
async def test_only_a_village_of_the_named_place_takes_it(database, to, division, refusal):
    household, application, _ = await _redirected(database, to)

    with pytest.raises(refusal):
        await _continue(database, household.applicant, application, division)

    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Application)) == 1


@pytest.mark.parametrize("to", [THERE, "530102000000"])
async def test_a_named_village_or_county_takes_it_in_what_it_lies_in_or_holds(database, to):
    household, application, _ = await _redirected(database, to)

    assert (await _continue(database, household.applicant, application)).division == THERE


async def test_nobody_takes_along_what_was_not_sent_away_or_is_not_theirs(database):
    async with database.unit_of_work() as db:
        household, application, _ = await _hand_in(db)
        stranger = (await build_household(db)).applicant
    with pytest.raises(ApplicationNotRedirected):
        await _continue(database, household.applicant, application)
    async with database.unit_of_work() as db:
        await _send_away(db, application)

    with pytest.raises(ApplicationNotFound):
        await _continue(database, stranger, application)


async def test_what_one_said_of_living_there_is_left_out_where_one_applies_there_now(database):
    async with database.unit_of_work() as db:
        household, application, _ = await _hand_in(db)
        await _send_away(db, application)
        row = await get_whole_application(db, household.applicant, application.id)
        said = {**RESIDENCE, "division": THERE}
        row.residence_sealed = db.vault.seal("applications.residence", row.id, json.dumps(said), division=row.county)

    draft = await _continue(database, household.applicant, application)

    async with database.reading() as db:
        assert plain_residence(db, await get_whole_application(db, household.applicant, draft.id)) is None
