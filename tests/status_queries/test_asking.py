"""Asking whether persons receive assistance: what is told, what is not, and what is kept of it."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.awards.lifecycle import Status
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.status_queries.commands import Person, actor_of, ask_status, change_partner, reread_status
from app.status_queries.errors import (
    BasisNotOfPurpose,
    PersonsMalformed,
    PurposeNotGranted,
    QuotaSpent,
    StatusQueryNotFound,
)
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.lifecycle import PartnerAction
from app.status_queries.models import StatusQuery, StatusQueryLine
from app.status_queries.queries import list_queries
from tests.builders.applications import Household
from tests.builders.awards import Grant
from tests.builders.people import build_citizen, make_id_number
from tests.builders.status_queries import Asking, build_asking, build_receiving

ELSEWHERE = "530622001203"


async def ask(db, asking: Asking, *persons: Person, purpose=QueryPurpose.MEDICAL_ASSISTANCE, basis=None):
    return await ask_status(
        db, asking.partner, purpose=purpose, basis=basis or Basis.SOCIAL_ASSISTANCE_LAW_42, persons=persons
    )


def person_of(household: Household, relation: str, *, name: str | None = None, reference: str = "1") -> Person:
    details = next(each for _, each in household.members if each.relation == relation)
    return Person(reference, details.id_number, name or details.name)


@pytest.mark.parametrize("relation", ["self", "spouse", "child"])
async def test_everybody_counted_in_the_household_is_a_recipient(db, relation):
    household, award = await build_receiving(db)
    asking = await build_asking(db)

    answered = await ask(db, asking, person_of(household, relation))

    (told,) = answered.answers[0].programs
    assert (told.program, told.since, told.county) == ("living_allowance", date(2026, 12, 1), award.county)
    assert (answered.query.persons, answered.query.recipients) == (1, 1)


@pytest.mark.parametrize(
    ("grant", "is_one"),
    [
        (Grant(), True),  # granted, from next month on
        (Grant(from_month=date(2026, 9, 1)), True),
        (Grant(from_month=date(2026, 9, 1), status=Status.SUSPENDED), True),  # a doubt is no decision
        (Grant(from_month=date(2026, 9, 1), status=Status.STOPPED, to_month=date(2026, 11, 1)), True),
        (Grant(from_month=date(2026, 9, 1), status=Status.STOPPED, to_month=date(2026, 10, 1)), False),
        (Grant(from_month=date(2026, 12, 1), status=Status.STOPPED, to_month=date(2026, 11, 1)), False),  # never paid
    ],
)
async def test_a_recipient_is_who_was_granted_something_that_is_not_over(db, grant, is_one):
    household, _ = await build_receiving(db, grant)
    asking = await build_asking(db)

    answered = await ask(db, asking, person_of(household, "self"))

    assert bool(answered.answers[0].programs) is is_one


async def test_who_has_only_applied_is_none(db):
    from tests.builders.applications import build_household, build_submitted

    household = await build_household(db)
    await build_submitted(db, household)
    asking = await build_asking(db)

    answered = await ask(db, asking, person_of(household, "self"))

    assert answered.answers[0].programs == ()


async def test_a_name_is_compared_in_its_normal_form(db):
    household, _ = await build_receiving(db)
    asking = await build_asking(db)

    answered = await ask(db, asking, person_of(household, "self", name=" 测试甲 "))

    assert answered.answers[0].programs


async def test_another_name_an_unknown_number_and_somebody_without_aid_are_told_apart_by_nothing(db):
    household, _ = await build_receiving(db)
    number = make_id_number()
    await build_citizen(db, name="测试丁", id_number=number)
    asking = await build_asking(db)

    answered = await ask(
        db,
        asking,
        person_of(household, "self", name="测试丁", reference="1"),
        Person("2", make_id_number(), "测试戊"),
        Person("3", number, "测试丁"),
    )

    assert [answer.programs for answer in answered.answers] == [(), (), ()]
    assert answered.query.recipients == 0


async def test_what_lies_elsewhere_is_not_told(db):
    household, _ = await build_receiving(db, village=ELSEWHERE)
    asking, province = await build_asking(db), await build_asking(db, code="province", division="530000000000")

    here = await ask(db, asking, person_of(household, "self"))
    above = await ask(db, province, person_of(household, "self"))

    assert here.answers[0].programs == ()
    assert above.answers[0].programs[0].county == ELSEWHERE[:6]


@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        (QueryPurpose.EDUCATION_ASSISTANCE, True),
        (QueryPurpose.LIVING_ALLOWANCE, True),  # of a household that applies in another province
        (QueryPurpose.HOUSING_ASSISTANCE, False),
    ],
)
async def test_a_child_is_told_about_only_where_the_aid_is_its_own(db, purpose, told):
    household, _ = await build_receiving(db)
    asking = await build_asking(db)

    answered = await ask(db, asking, person_of(household, "child"), purpose=purpose)

    assert bool(answered.answers[0].programs) is told


async def test_a_purpose_that_was_not_granted_and_an_article_of_another_aid_are_refused(db):
    asking = await build_asking(db, purposes=[QueryPurpose.MEDICAL_ASSISTANCE])
    person = Person("1", make_id_number(), "测试甲")

    with pytest.raises(PurposeNotGranted):
        await ask(db, asking, person, purpose=QueryPurpose.HOUSING_ASSISTANCE)
    with pytest.raises(BasisNotOfPurpose):
        await ask(db, asking, person, basis=Basis.SOCIAL_ASSISTANCE_LAW_26)


async def test_whatever_is_malformed_is_named_and_nobody_is_looked_for(db):
    asking = await build_asking(db)
    wrong = make_id_number()[:-1] + "?"

    with pytest.raises(PersonsMalformed) as refusal:
        await ask(
            db,
            asking,
            Person("1", make_id_number(), "测试甲"),
            Person("1", wrong, "测试甲"),
            Person("3", make_id_number(), "测试1"),
        )

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("/persons/1/reference", "reference_not_unique"),
        ("/persons/1/id_number", "id_number_malformed"),
        ("/persons/2/name", "name_malformed"),
    ]
    assert (await db.execute(select(StatusQuery))).first() is None


async def test_more_persons_than_the_day_allows_are_refused_until_tomorrow(database, clock):
    async with database.unit_of_work() as db:
        asking = await build_asking(db, most_per_day=3)
    persons = [Person(str(each), make_id_number(), "测试甲") for each in range(2)]

    async with database.unit_of_work() as db:
        await ask(db, asking, *persons)
    with pytest.raises(QuotaSpent) as refusal:
        async with database.unit_of_work() as db:
            await ask(db, asking, *persons)
    async with database.unit_of_work() as db:
        await ask(db, asking, persons[0])
    clock.advance(timedelta(seconds=refusal.value.retry_after))
    async with database.unit_of_work() as db:
        await ask(db, asking, *persons)

    assert refusal.value.retry_after == 12 * 3600


async def test_of_queries_at_once_no_more_persons_come_through_than_the_day_allows(database):
    async with database.unit_of_work() as db:
        asking = await build_asking(db, most_per_day=5)
    persons = [Person(str(each), make_id_number(), "测试甲") for each in range(2)]

    async def one() -> bool:
        try:
            async with database.unit_of_work() as db:
                await ask(db, asking, *persons)
        except QuotaSpent:
            return False
        return True

    outcomes = await asyncio.gather(*(one() for _ in range(6)))

    assert sum(outcomes) == 2


async def test_a_partner_disabled_meanwhile_is_told_nothing(database):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
        asking = await build_asking(db)
    async with database.unit_of_work() as db:
        await change_partner(db, asking.administrator, asking.partner.id, PartnerAction.DISABLE)

    with pytest.raises(TokenRejected):
        async with database.unit_of_work() as db:
            await ask(db, asking, person_of(household, "self"))  # it was let in before


async def test_the_query_and_each_person_are_on_record(database):
    async with database.unit_of_work() as db:
        household, award = await build_receiving(db)
        asking = await build_asking(db)
    async with database.unit_of_work() as db:
        answered = await ask(
            db,
            asking,
            person_of(household, "self", reference="1"),
            person_of(household, "child", reference="2"),
            person_of(household, "self", name="测试丁", reference="3"),
            Person("4", make_id_number(), "测试戊"),
        )
        query = select(AuditRecord).where(AuditRecord.object_id == answered.query.id).order_by(AuditRecord.id)
        act, *looks = (await db.execute(query)).scalars().all()

    case = ([award.application_id], [household.applicant.id])
    assert (act.action, act.look, act.actor_id) == ("status_query.ask", False, asking.partner.id)
    assert act.detail["recipients"] == 2
    assert [(look.applications, look.citizens, look.detail["told"]) for look in looks] == [
        (*case, True),
        (*case, True),
        ([], [household.applicant.id], False),
        ([], [], False),
    ]
    assert {(look.action, look.look, look.purpose, look.actor_role) for look in looks} == {
        ("status_query.answer", True, "result_sharing", "partner")
    }
    assert looks[0].detail["title"] == "测试县医疗保障局"
    assert looks[0].detail["asked_for"] == "medical_assistance"


async def test_what_was_told_is_kept_sealed_and_read_again_by_the_partner_alone(database):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
        asking, other = await build_asking(db), await build_asking(db, code="education")
        answered = await ask(db, asking, person_of(household, "self"))
    async with database.unit_of_work() as db:
        again = await reread_status(db, asking.partner, answered.query.id)
        with pytest.raises(StatusQueryNotFound):
            await reread_status(db, other.partner, answered.query.id)
        (line,) = (await db.execute(select(StatusQueryLine))).scalars().all()

    assert again.answers == answered.answers
    assert b"living_allowance" not in line.answer_sealed


async def test_the_database_itself_shows_a_partner_its_own_queries_alone(database):
    from app.core.reach import Reach

    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
        asking, other = await build_asking(db), await build_asking(db, code="education")
        for each in (asking, other):
            await ask(db, each, person_of(household, "self"))

    async with database.reaching(Reach(actor=asking.partner.id)).reading() as db:
        seen = (await db.execute(select(StatusQuery.partner_id))).scalars().all()
        lines = (await db.execute(select(StatusQueryLine.partner_id))).scalars().all()

    assert seen == lines == [asking.partner.id]


async def test_those_who_oversee_see_the_queries_of_their_division(db):
    asking = await build_asking(db)
    await ask(db, asking, Person("1", make_id_number(), "测试甲"))

    def actor(role, division):
        return Actor(asking.administrator.id, role, division)

    here, there = "532529000000", "530622000000"
    seen = {
        (role, division): len(await list_queries(db, actor(role, division), after=None, limit=10))
        for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.COUNTY_HANDLER)
        for division in (here, there)
    }

    assert {key for key, count in seen.items() if count} == {(Role.SUPERVISOR, here), (Role.ADMINISTRATOR, here)}
    assert len(await list_queries(db, actor_of(asking.partner), after=None, limit=10)) == 1


async def test_a_hundred_persons_cost_as_many_statements_as_two(database, statements):
    async with database.unit_of_work() as db:
        asking = await build_asking(db)
    counts = []
    for number in (2, 100):
        persons = [Person(str(each), make_id_number(), "测试甲") for each in range(number)]
        before = len(statements)
        async with database.unit_of_work() as db:
            await ask(db, asking, *persons)
        counts.append(len(statements) - before)

    assert counts[0] == counts[1]


async def test_who_is_found_and_who_is_not_cost_as_many_statements(database, statements):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
        asking = await build_asking(db)
    members = [person_of(household, relation) for relation in ("self", "spouse", "child")]
    strangers = [Person("1", make_id_number(), "测试戊") for _ in members]
    mixed = [each for pair in zip(members, strangers, strict=True) for each in pair]
    counts = []
    for persons in (mixed, [Person("1", make_id_number(), "测试戊") for _ in mixed]):
        before = len(statements)
        async with database.unit_of_work() as db:
            await ask(db, asking, *(Person(str(place), *_named(each)) for place, each in enumerate(persons)))
        counts.append(len(statements) - before)

    assert counts[0] == counts[1]


def _named(person: Person) -> tuple[str, str]:
    return person.id_number, person.name
