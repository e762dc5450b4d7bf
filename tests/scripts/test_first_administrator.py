"""The first administrator is opened from the terminal, once; all others by an administrator."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.core.clock import today
from app.core.db import Database
from app.identity.actors import Role
from app.identity.commands import disable_staff
from app.identity.errors import PasswordTooSimple
from app.identity.queries import find_staff_by_username
from app.reference.errors import DivisionUnknown
from scripts.local.first_administrator import first_administrator, open_first_account
from scripts.local.narration import Refusal
from scripts.local.processes import Stop

_ACCOUNT = {"username": "first.one", "password": "correct-Horse-9", "name": "测试管理员", "division": "530000000000"}


async def _open(database: Database, **changed: str) -> None:
    async with database.unit_of_work() as db:
        await open_first_account(db, **{**_ACCOUNT, **changed}, on=today(db.clock))


async def test_the_first_administrator_may_sign_in_and_is_on_record(database: Database):
    await _open(database)

    async with database.reading() as db:
        opened = await find_staff_by_username(db, "first.one")
        record = (await db.execute(select(AuditRecord).where(AuditRecord.action == "staff.add"))).scalar_one()
    assert opened is not None
    assert (opened.role, opened.division, opened.name) == (Role.ADMINISTRATOR, "530000000000", "测试管理员")
    assert record.object_id == opened.id


async def test_there_is_one_first_administrator(database: Database):
    await _open(database)

    with pytest.raises(Refusal, match="already"):
        await _open(database, username="second.one")

    async with database.reading() as db:
        assert await find_staff_by_username(db, "second.one") is None


async def test_where_the_only_administrator_was_closed_another_may_be_opened(database: Database):
    await _open(database)
    async with database.unit_of_work() as db:
        first = await find_staff_by_username(db, "first.one")
        assert first is not None
        await disable_staff(db, first.id)

    await _open(database, username="second.one")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({"password": "aaaaaaaaaaaaaaa"}, PasswordTooSimple), ({"division": "530000000001"}, DivisionUnknown)],
)
async def test_what_is_not_acceptable_opens_nothing(database: Database, changed: dict, refusal: type[Exception]):
    with pytest.raises(refusal):
        await _open(database, **changed)

    async with database.reading() as db:
        assert await find_staff_by_username(db, "first.one") is None


@pytest.mark.parametrize(("username", "said"), [("First One", "user name"), ("first.one", "password")])
def test_a_name_or_password_that_is_none_is_refused_before_the_database_is_asked(monkeypatch, username: str, said: str):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    with pytest.raises(Refusal, match=said):
        first_administrator([username, "测试管理员"], Stop())


def test_a_folder_without_an_installation_is_refused(monkeypatch, tmp_path: Path):
    with pytest.raises(Refusal, match="no installation"):
        first_administrator(["first.one", "测试管理员", "--data", str(tmp_path)], Stop())
