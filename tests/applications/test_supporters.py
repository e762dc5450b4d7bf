"""A supporter outside the household is named, asked for his own authorisation, and free to give none."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import insert, select

from app.applications.commands import (
    SupporterDetails,
    authorise_support_check,
    decline_support_check,
    discard_draft,
    edit_draft,
    list_requests,
    put_member,
    put_supporter,
    remove_supporter,
    sign_authorisation,
    withdraw_application,
    withdraw_support_check,
)
from app.applications.commands.members import MemberDetails
from app.applications.conflict_queries import is_relative, list_conflicts_of
from app.applications.errors import (
    ApplicationNotFound,
    ConflictOfInterest,
    EditedElsewhere,
    MatterEnded,
    MemberAlreadyInHousehold,
    MemberNotFound,
    SupporterAlreadyNamed,
    SupporterNotAdult,
    SupporterNotFound,
    SupportRequestNotFound,
    TooManySupporters,
    VersionNotSaid,
)
from app.applications.lifecycle import Status
from app.applications.models import Member
from app.applications.queries import get_application, get_whole_application, list_members
from app.applications.supporter_queries import list_consents, list_people, list_supporters
from app.applications.supporters import Consent, consent_of
from app.audit.models import AuditRecord
from app.core.crypto import GENERAL
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.errors import RealNameRequired
from app.identity.models import Citizen
from app.relatives.commands import Declaration, declare_own_relative
from app.relatives.kinship import Kinship
from app.review.commands import register_relative
from tests.builders.applications import VILLAGE, build_draft, build_household
from tests.builders.people import build_citizen, build_staff, make_id_number, make_phone
from tests.builders.supporters import LINE, NAME, REF, Supported, build_supported
from tests.support.waiting import until_it_waits


def _details(number: str | None = None, *, ref: str = REF, name: str = NAME) -> SupporterDetails:
    return SupporterDetails(ref, "child", name, number or make_id_number())


async def _draft(db, refs=(REF,)):
    household = await build_household(db)
    draft = await build_draft(db, household)
    lines = [{**LINE, "ref": ref} for ref in refs]
    await edit_draft(db, household.applicant, draft.id, {"answers": {"supporters": lines}}, seen=draft.version)
    return household, draft


async def _consent(database, supported: Supported) -> Consent:
    async with database.reading() as db:
        [person] = await list_supporters(db, supported.id)
        return consent_of(person, await list_consents(db, [person.id]))


async def test_a_supporter_is_named_and_is_no_member_of_the_household(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        before = draft.version
        row = new_id()
        details = _details()
        await put_supporter(db, household.applicant, draft.id, row, details, seen=None)
        raised = draft.version
        await put_supporter(db, household.applicant, draft.id, row, details, seen=None)
        assert (raised, draft.version) == (before + 1, before + 1), "the same again changes nothing"
    async with database.reading() as db:
        whole = await get_whole_application(db, household.applicant, draft.id)
        members = {member_id for member_id, _ in household.members}
        assert {member.id for member in whole.members} == members
        assert {member.id for member in await list_members(db, draft.id)} == members
        assert {each.id for each in await list_people(db, draft.id)} == members | {row}


async def test_what_cannot_be_is_not_named_and_changes_nothing(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db, ("son", "daughter"))
        applicant, row, number = household.applicant, new_id(), make_id_number()
        await put_supporter(db, applicant, draft.id, row, _details(number), seen=None)
        version = draft.version
        spouse = household.members[1][1].id_number
        for refusal, given, under in (
            (SupporterNotAdult, _details(make_id_number(date(2015, 1, 1)), ref="daughter"), new_id()),
            (MemberAlreadyInHousehold, _details(spouse, ref="daughter"), new_id()),
            (MemberAlreadyInHousehold, _details(number, ref="daughter"), new_id()),
            (SupporterAlreadyNamed, _details(), new_id()),
            (SupporterNotFound, _details(ref="cousin"), new_id()),
            (SupporterNotFound, _details(ref="daughter"), household.members[1][0]),
            (VersionNotSaid, _details(), row),
        ):
            with pytest.raises(refusal):
                await put_supporter(db, applicant, draft.id, under, given, seen=None)
        assert draft.version == version
        with pytest.raises(MemberNotFound):
            await put_member(
                db, applicant, draft.id, row, MemberDetails("other", "测试丁", make_id_number()), seen=version
            )
        stranger = await build_citizen(db)
        with pytest.raises(ApplicationNotFound):
            await put_supporter(db, stranger, draft.id, new_id(), _details(ref="daughter"), seen=None)


async def test_no_more_than_ten_are_named(database):
    async with database.unit_of_work() as db:
        refs = [f"s{place}" for place in range(11)]
        household, draft = await _draft(db, refs)
        for ref in refs[:10]:
            await put_supporter(db, household.applicant, draft.id, new_id(), _details(ref=ref), seen=None)
        with pytest.raises(TooManySupporters):
            await put_supporter(db, household.applicant, draft.id, new_id(), _details(ref=refs[10]), seen=None)


async def test_who_is_named_as_a_supporter_is_not_listed_as_a_member_as_well(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        await put_supporter(db, household.applicant, draft.id, new_id(), _details(number), seen=None)
    details = MemberDetails("child", NAME, number)

    async def list_him() -> None:
        async with database.unit_of_work() as db:
            await put_member(db, household.applicant, draft.id, new_id(), details, seen=draft.version)

    with pytest.raises(MemberAlreadyInHousehold):
        await list_him()


async def test_two_phones_that_name_another_person_see_each_others_words(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        row, seen = new_id(), draft.version
        await put_supporter(db, household.applicant, draft.id, row, _details(), seen=seen)
        with pytest.raises(EditedElsewhere) as refused:
            await put_supporter(db, household.applicant, draft.id, row, _details(), seen=seen)
        assert [each["pointer"] for each in refused.value.extra["conflicts"]] == [f"/supporters/{row}"]
        assert "******" in str(refused.value.extra["conflicts"])


async def test_after_it_was_handed_in_nobody_is_named_any_more(database):
    supported = await build_supported(database)
    async with database.unit_of_work() as db:
        with pytest.raises(StepNotAllowed):
            await put_supporter(db, supported.applicant, supported.id, new_id(), _details(), seen=None)
        application = await get_application(db, SYSTEM, supported.id)
        with pytest.raises(StepNotAllowed):
            await remove_supporter(db, supported.applicant, supported.id, supported.person, seen=application.version)


async def test_requests_are_read_page_after_page_what_was_signed_first(database):
    number = make_id_number()
    signed = await build_supported(database, number=number, authorised=True)
    asked = [await build_supported(database, number=number, supporter=signed.supporter) for _ in range(3)]
    found, after = [], None

    async with database.reading() as db:
        while page := await list_requests(db, signed.supporter, after=after, limit=2):
            found += [named.person.id for named, _ in page]
            after = (page[-1][1], page[-1][0].person.id)

    assert found[0] == signed.person
    assert found[1:] == sorted((each.person for each in asked), reverse=True)


async def test_only_who_proved_name_and_number_is_asked_and_answers(database):
    supported = await build_supported(database)
    async with database.unit_of_work() as db:
        other = await build_citizen(db, name=NAME)
        assert [each.person.id for each, _ in await list_requests(db, supported.supporter)] == [supported.person]
        assert await list_requests(db, other) == []
        agent = Actor(supported.supporter.id, Role.APPLICANT, entrustment=new_id())
        for actor in (other, supported.applicant, agent):
            for act in (authorise_support_check, decline_support_check, withdraw_support_check):
                with pytest.raises(SupportRequestNotFound):
                    await act(db, actor, supported.person)
    assert await _consent(database, supported) is Consent.ASKED


async def test_the_household_signs_for_nobody_outside_it(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        number, row = make_id_number(), new_id()
        await put_supporter(db, household.applicant, draft.id, row, _details(number), seen=None)
        for signer, name, signed in ((row, NAME, number), (household.members[0][0], "测试甲", "")):
            with pytest.raises(MemberNotFound):
                await sign_authorisation(
                    db,
                    household.applicant,
                    draft.id,
                    row,
                    signer_member_id=signer,
                    signer_name=name,
                    signer_id_number=signed or household.members[0][1].id_number,
                    without_capacity=True,
                )


async def test_who_carries_another_name_is_not_asked(database):
    async with database.unit_of_work() as db:
        number = make_id_number()
        other = await build_citizen(db, name="测试另名", id_number=number)
    supported = await build_supported(database, number=number, supporter=other)
    async with database.unit_of_work() as db:
        assert await list_requests(db, other) == []
        with pytest.raises(SupportRequestNotFound):
            await authorise_support_check(db, other, supported.person)


async def test_he_authorises_withdraws_and_declines_each_on_record_and_as_often_as_he_likes(database):
    supported = await build_supported(database)
    said = []
    for act in (
        authorise_support_check,
        authorise_support_check,
        withdraw_support_check,
        withdraw_support_check,
        decline_support_check,
        authorise_support_check,
        decline_support_check,
    ):
        async with database.unit_of_work() as db:
            await act(db, supported.supporter, supported.person)
        said.append(await _consent(database, supported))
    assert said == [
        Consent.AUTHORISED,
        Consent.AUTHORISED,
        Consent.WITHDRAWN,
        Consent.WITHDRAWN,
        Consent.DECLINED,
        Consent.AUTHORISED,
        Consent.DECLINED,
    ]
    async with database.reading() as db:
        query = select(AuditRecord.action).where(
            AuditRecord.action.startswith("authorisation."), AuditRecord.actor_id == supported.supporter.id
        )
        acts = sorted((await db.scalars(query)).all())
    assert acts == ["authorisation.decline"] * 2 + ["authorisation.sign"] * 2 + ["authorisation.withdraw"] * 2


async def test_another_person_under_the_same_line_is_asked_anew(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        row, number = new_id(), make_id_number()
        supporter = await build_citizen(db, name=NAME, id_number=number)
        await put_supporter(db, household.applicant, draft.id, row, _details(number), seen=None)
        await authorise_support_check(db, supporter, row)
        await put_supporter(db, household.applicant, draft.id, row, _details(), seen=draft.version)
        assert await list_requests(db, supporter) == []
        assert list(await list_consents(db, [row])) == []


async def test_with_the_draft_goes_who_was_named_and_what_he_signed(database):
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        number, row = make_id_number(), new_id()
        supporter = await build_citizen(db, name=NAME, id_number=number)
        await put_supporter(db, household.applicant, draft.id, row, _details(number), seen=None)
        await authorise_support_check(db, supporter, row)
        await discard_draft(db, household.applicant, draft.id)
    async with database.reading() as db:
        assert list(await list_people(db, draft.id)) == []
        assert await list_requests(db, supporter) == []


async def test_of_a_matter_that_has_ended_nothing_is_authorised_and_what_was_is_still_withdrawn(database):
    supported = await build_supported(database, authorised=True)
    async with database.unit_of_work() as db:
        await withdraw_application(db, supported.applicant, supported.id)
    async with database.unit_of_work() as db:
        named = await withdraw_support_check(db, supported.supporter, supported.person)
        assert named.application.status == Status.WITHDRAWN
        with pytest.raises(MatterEnded):
            await authorise_support_check(db, supported.supporter, supported.person)
    assert await _consent(database, supported) is Consent.WITHDRAWN


async def test_without_a_proved_name_nobody_is_asked(database):
    async with database.unit_of_work() as db:
        row, phone = new_id(), make_phone()
        sealed = db.vault.seal("citizens.phone", row, phone, division=GENERAL)
        index = db.vault.index("citizens.phone", phone)
        db.add(Citizen(id=row, phone_sealed=sealed, phone_index=index, created_at=db.clock.now()))
        await db.flush()
        with pytest.raises(RealNameRequired):
            await list_requests(db, Actor(row, Role.APPLICANT))


async def test_who_declared_a_supporter_as_a_relative_is_kept_from_the_case_and_registered(database):
    supported = await build_supported(database)
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.COUNTY_CONFIRMER, VILLAGE[:6] + "000000")
        assert not await is_relative(db, staff.id, supported.id)
        row = await declare_own_relative(db, staff, Declaration(Kinship.SIBLING, NAME, supported.number))
        assert await is_relative(db, staff.id, supported.id), "from the moment of the declaration"
    async with database.unit_of_work() as db:
        await register_relative(db, row.id)
    async with database.reading() as db:
        [registered] = await list_conflicts_of(db, supported.id)
        assert (registered.member_id, registered.person_id) == (supported.person, staff.id)
        with pytest.raises(ConflictOfInterest):
            await get_application(db, staff, supported.id)


async def test_a_relative_declared_before_is_registered_when_the_supporter_s_case_is_handed_in(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.COUNTY_CONFIRMER, VILLAGE[:6] + "000000")
        await declare_own_relative(db, staff, Declaration(Kinship.SIBLING, NAME, number))
    supported = await build_supported(database, number=number)
    async with database.reading() as db:
        assert [each.member_id for each in await list_conflicts_of(db, supported.id)] == [supported.person]


async def _answer_while(database, answer, change):
    """Let a named supporter answer while the household changes whom it names, and has not finished."""
    number = make_id_number()
    async with database.unit_of_work() as db:
        household, draft = await _draft(db)
        row = new_id()
        await put_supporter(db, household.applicant, draft.id, row, _details(number), seen=None)
        named, version = await build_citizen(db, name=NAME, id_number=number), draft.version

    async def give():
        async with database.unit_of_work() as db:
            await answer(db, named, row)

    async with database.unit_of_work() as db:
        await change(db, household.applicant, draft.id, row, seen=version)
        giving = asyncio.create_task(give())
        await until_it_waits(database, giving)
    with pytest.raises(SupportRequestNotFound):
        await giving
    return draft.id


@pytest.mark.parametrize("answer", [authorise_support_check, decline_support_check])
async def test_whoever_answers_while_another_is_named_in_his_place_answers_for_nobody(database, answer):
    another = _details(make_id_number(), name="测试在外乙")

    async def name_another(db, actor, application_id, row, *, seen):
        await put_supporter(db, actor, application_id, row, another, seen=seen)

    draft_id = await _answer_while(database, answer, name_another)

    async with database.reading() as db:
        [person] = await list_supporters(db, draft_id)
        assert person.id_number_index == db.vault.index("members.id_number", another.id_number)
        assert (consent_of(person, await list_consents(db, [person.id])), person.declined_at) == (Consent.ASKED, None)


async def test_whoever_answers_while_he_is_named_no_more_is_not_found(database):
    draft_id = await _answer_while(database, authorise_support_check, remove_supporter)

    async with database.reading() as db:
        assert await list_supporters(db, draft_id) == []


async def test_what_he_signed_is_found_however_many_cases_name_him_since(database):
    supported = await build_supported(database, authorised=True)
    async with database.unit_of_work() as db:
        first = await get_application(db, SYSTEM, supported.id)
        number, index = supported.number, db.vault.index("members.id_number", supported.number)
        for _ in range(101):
            other = await build_draft(db, await build_household(db))
            person = new_id()
            await db.execute(
                insert(Member).values(
                    id=person, county=other.county, application_id=other.id, relation="child", claimed=False,
                    birth_date=date(1980, 1, 1), supporter_ref=REF, id_number_index=index,
                    name_sealed=db.vault.seal("members.name", person, "测试他人", division=other.county),
                    id_number_sealed=db.vault.seal("members.id_number", person, number, division=other.county),
                    profile_sealed=db.vault.seal("members.profile", person, "{}", division=other.county),
                )
            )  # fmt: skip

    async with database.reading() as db:
        [(request, _)] = await list_requests(db, supported.supporter)

    assert (request.person.id, request.application.id) == (supported.person, first.id)
