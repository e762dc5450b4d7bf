"""What the tests of visits look at and put in force."""

from datetime import date

from app.reference.commands import LocalParameter, put_parameter
from app.review.queries import list_visits


async def none_recorded(database, case) -> bool:
    async with database.reading() as db:
        return not await list_visits(db, case.id)


async def emergency(database, first: date, last: date | None) -> None:
    async with database.unit_of_work() as db:
        order = LocalParameter("procedure", "remote_survey", "530000000000", True, "测试应急令", first, last)
        await put_parameter(db, order)
