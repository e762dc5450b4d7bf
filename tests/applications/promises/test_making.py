"""A promise in the place of a paper: open only where the place has said so, told, signed, taken back."""

from datetime import date

import pytest

from app.applications.commands import (
    put_member,
    remove_member,
    withdraw_promise,
    words_of,
)
from app.applications.errors import (
    ApplicationNotFound,
    MemberNotFound,
    PromiseNotFound,
    PromiseNotOpen,
    SignatureMismatch,
)
from app.applications.promise_lifecycle import Status
from app.applications.promise_terms import PROVES, VERSION
from app.applications.queries import get_whole_application
from app.core.ids import new_id
from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import ParameterInvalid
from app.reference.procedure import PROMISABLE
from tests.applications.promises.cases import FACT, draft_of, promise_for, promises_of
from tests.builders.people import make_id_number


async def test_no_paper_can_be_promised_for_until_the_place_has_said_so(database):
    household, application = await draft_of(database)

    with pytest.raises(PromiseNotOpen):
        await promise_for(database, household, application)

    assert await promises_of(database, application) == []


async def test_a_place_opens_it_for_papers_that_there_are(database):
    for value in (["entrustment"], "diagnosis", ["receipt", "receipt"], [1], {"diagnosis": True}):
        with pytest.raises(ParameterInvalid):
            async with database.unit_of_work() as db:
                await put_parameter(
                    db, LocalParameter("procedure", "promised_papers", "532529000000", value, "测试", date(2026, 1, 1))
                )


def test_each_paper_says_what_it_must_prove():
    assert set(PROVES) == PROMISABLE


async def test_a_promise_keeps_what_was_promised_by_whom_and_by_which_words(database, opened):
    household, application = await draft_of(database)

    made = await promise_for(database, household, application)
    again = await promise_for(database, household, application)

    (row,) = await promises_of(database, application)
    assert row.id == made.id == again.id
    assert (row.status, row.terms_version, row.method) == (Status.PROMISED, VERSION, "electronic")
    assert row.signed_by_member_id == household.members[0][0]
    async with database.reading() as db:
        assert words_of(db, row)["fact"] == FACT


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "agreement"}, PromiseNotOpen),  # which the place has not opened
        ({"terms_version": "2025-1"}, PromiseNotOpen),
        ({"signer_name": "测试乙"}, SignatureMismatch),
        ({"signer_id_number": "53990019800101001X"}, SignatureMismatch),
        ({"member_id": new_id()}, MemberNotFound),
    ],
)
async def test_what_is_not_open_told_or_signed_rightly_is_no_promise(database, opened, given, refusal):
    household, application = await draft_of(database)
    if "signer_id_number" in given:
        given = {"signer_id_number": make_id_number()}

    with pytest.raises(refusal):
        await promise_for(database, household, application, **given)

    assert await promises_of(database, application) == []


async def test_a_child_cannot_promise(database, opened):
    household, application = await draft_of(database)
    child, details = household.members[2]

    with pytest.raises(SignatureMismatch):
        await promise_for(
            database,
            household,
            application,
            signer_member_id=child,
            signer_name=details.name,
            signer_id_number=details.id_number,
        )


async def test_a_promise_taken_back_may_be_made_again(database, opened):
    household, application = await draft_of(database)
    made = await promise_for(database, household, application)

    async with database.unit_of_work() as db:
        await withdraw_promise(db, household.applicant, application, made.id)
    second = await promise_for(database, household, application)

    assert [row.status for row in await promises_of(database, application)] == [Status.WITHDRAWN, Status.PROMISED]
    assert second.id != made.id


async def test_a_promise_ends_with_the_member_who_signed_it(database, opened):
    household, application = await draft_of(database)
    spouse, details = household.members[1]
    signed = {"signer_member_id": spouse, "signer_name": details.name, "signer_id_number": details.id_number}
    await promise_for(database, household, application, **signed)
    async with database.unit_of_work() as db:
        version = (await get_whole_application(db, household.applicant, application)).version
        other = type(details)("spouse", "测试丁", make_id_number(date(1983, 3, 4)))
        await put_member(db, household.applicant, application, spouse, other, seen=version)

    (row,) = await promises_of(database, application)
    assert row.status == Status.WITHDRAWN
    async with database.unit_of_work() as db:
        version = (await get_whole_application(db, household.applicant, application)).version
        await remove_member(db, household.applicant, application, spouse, seen=version)
    assert await promises_of(database, application) == []


async def test_nobody_elses_promise_can_be_taken_back(database, opened):
    household, application = await draft_of(database)
    made = await promise_for(database, household, application)
    stranger, other = await draft_of(database)

    async with database.unit_of_work() as db:
        with pytest.raises(ApplicationNotFound):
            await withdraw_promise(db, stranger.applicant, application, made.id)
        with pytest.raises(PromiseNotFound):
            await withdraw_promise(db, stranger.applicant, other, made.id)
