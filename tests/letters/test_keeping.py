"""Letters are sealed, cannot be changed, and go with the case's file."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError

from app.applications.lifecycle import Status
from app.letters.commands import issue_letter
from app.letters.contents import open_letter
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from tests.builders.letters import build_letter
from tests.builders.retention import count, end_application, night_of, whole_text
from tests.builders.review import build_accepted_case


async def _accepted(database):
    case = await build_accepted_case(database)
    return case, await build_letter(database, Occasion(Kind.ACCEPTED, case.id, case.id))


async def test_neither_what_a_letter_says_nor_its_code_is_in_the_database_in_clear(database):
    _, letter = await _accepted(database)
    async with database.reading() as db:
        body = open_letter(db, letter)

    text = await whole_text(database, "letters")

    assert letter.number in text
    assert not [secret for secret in (body["check_code"], body["addressee"], body["title"]) if secret in text]


@pytest.mark.parametrize("statement", [update(Letter).values(digest="0" * 64), delete(Letter)])
async def test_nobody_changes_or_removes_a_letter(database, statement):
    await _accepted(database)

    with pytest.raises(ProgrammingError):
        async with database.unit_of_work() as db:
            await db.execute(statement)


async def test_a_letter_goes_with_the_cases_file_and_is_not_written_again(database, eraser, clock):
    case, _ = await _accepted(database)
    await end_application(database, case.id, Status.TERMINATED, date(2026, 11, 23))
    await night_of(eraser, clock, date(2027, 11, 23))
    assert await count(database, Letter) == 1

    await night_of(eraser, clock, date(2027, 11, 24))

    assert await count(database, Letter) == 0
    async with database.unit_of_work() as db:
        assert await issue_letter(db, Occasion(Kind.ACCEPTED, case.id, case.id)) is None
    async with database.reading() as db:
        assert (await db.execute(select(Letter))).scalars().all() == []
