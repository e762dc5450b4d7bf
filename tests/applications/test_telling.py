"""Whom another's application concerns is told by message that he is asked, or that he was signed for."""

import pytest
from sqlalchemy import select

from app.applications.commands import (
    decline_support_check,
    sign_authorisation,
    submit_application,
    withdraw_authorisation,
)
from app.applications.events import ApplicationSubmitted
from app.applications.jobs import tell_concerned_by
from app.notifications.models import Message
from app.notifications.texts import SIGNED_BY_GUARDIAN, SUPPORTER_NAMED
from tests.builders.applications import build_draft, build_household
from tests.builders.people import build_citizen, make_id_number
from tests.builders.supporters import NAME, build_supported


async def _handed_in(database, application_id, applicant):
    event = ApplicationSubmitted(subject=application_id, county="532529", applicant_id=applicant.id)
    await tell_concerned_by(database, event)


async def _messages(database):
    async with database.reading() as db:
        rows = (
            await db.scalars(select(Message).where(Message.template.in_([SUPPORTER_NAMED, SIGNED_BY_GUARDIAN])))
        ).all()
    return [(row.template, row.citizen_id, row.number) for row in rows]


async def test_a_supporter_with_an_account_is_told_once_that_he_is_asked(database):
    supported = await build_supported(database)

    await _handed_in(database, supported.id, supported.applicant)
    await _handed_in(database, supported.id, supported.applicant)

    assert await _messages(database) == [(SUPPORTER_NAMED, supported.supporter.id, "")]


async def test_each_naming_in_another_case_is_told(database):
    number = make_id_number()
    first = await build_supported(database, number=number)
    second = await build_supported(database, number=number, supporter=first.supporter)

    for each in (first, second):
        await _handed_in(database, each.id, each.applicant)

    assert await _messages(database) == [(SUPPORTER_NAMED, first.supporter.id, "")] * 2


@pytest.mark.parametrize("answer", ["authorised", "declined"])
async def test_who_has_answered_is_not_asked(database, answer):
    supported = await build_supported(database, authorised=answer == "authorised")
    if answer == "declined":
        async with database.unit_of_work() as db:
            await decline_support_check(db, supported.supporter, supported.person)

    await _handed_in(database, supported.id, supported.applicant)

    assert await _messages(database) == []


async def test_who_proved_another_name_under_the_number_is_not_told(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        other = await build_citizen(db, name=NAME + "某", id_number=number)
    supported = await build_supported(database, number=number, supporter=other)

    await _handed_in(database, supported.id, supported.applicant)

    assert await _messages(database) == []


async def test_whom_a_guardian_signed_for_is_told_on_the_own_account(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        (me, self_), (spouse, hers) = household.members[:2]
        ward = await build_citizen(db, name=hers.name, id_number=hers.id_number)
        await withdraw_authorisation(db, household.applicant, draft.id, spouse)
        await sign_authorisation(
            db,
            household.applicant,
            draft.id,
            spouse,
            signer_member_id=me,
            signer_name=self_.name,
            signer_id_number=self_.id_number,
            without_capacity=True,
        )
        await submit_application(db, household.applicant, draft.id, truth_promised=True)

    await _handed_in(database, draft.id, household.applicant)

    assert await _messages(database) == [(SIGNED_BY_GUARDIAN, ward.id, "")]
