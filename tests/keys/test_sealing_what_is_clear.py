"""Rows written before a column was sealed: readable as they are, sealed and emptied when a worker starts."""

import json

from app.applications.household import answers_of, name_of
from app.applications.models import PayoutAccount
from app.applications.payees import holder_of, payee_index
from app.applications.queries import get_whole_application
from app.awards.models import Award
from app.awards.payees import payee_of
from app.disbursement.accounts import paid_to
from app.disbursement.models import PayLine
from app.identity.actors import SYSTEM
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of
from app.keys.jobs import seal_what_is_clear
from tests.builders.applications import build_draft
from tests.keys.acts import fill, finish, rows_of


async def test_rows_from_before_a_column_was_sealed_are_sealed_and_emptied(office, keeper, database_url):
    async with office.unit_of_work() as db:
        draft = await build_draft(db)
    await rows_of(
        database_url,
        "UPDATE applications SET answers = $1, answers_sealed = NULL",
        json.dumps({"income": [{"kind": "wage"}]}),
    )
    await rows_of(database_url, "UPDATE members SET name = '测试旧', name_sealed = NULL")

    await seal_what_is_clear(keeper)
    await finish(keeper)

    async with office.reading() as db:
        kept = await get_whole_application(db, SYSTEM, draft.id)
        assert answers_of(db, kept) == {"income": [{"kind": "wage"}]}
        assert {name_of(db, each) for each in kept.members} == {"测试旧"}
    clear = await rows_of(database_url, "SELECT 1 FROM members WHERE name IS NOT NULL")
    assert clear == await rows_of(database_url, "SELECT 1 FROM applications WHERE answers IS NOT NULL") == []


async def test_names_from_before_they_were_sealed_are_sealed_with_their_indexes(office, keeper, database_url):
    filled = await fill(office)
    names = {"applications": "applicant_name", "awards": "payee_name", "citizens": "name", "pay_lines": "payee_name"}
    for table, name in (names | {"payout_accounts": "holder_name"}).items():
        await rows_of(database_url, f"UPDATE {table} SET {name} = '测试旧', {name}_sealed = NULL")
    await rows_of(database_url, "UPDATE awards SET payee_name_index = NULL")
    await rows_of(database_url, "UPDATE payout_accounts SET holder_name_index = NULL")

    await seal_what_is_clear(keeper)
    await finish(keeper)

    async with office.reading() as db:
        line = await db.get(PayLine, filled.lines[0].id)
        award = await db.get(Award, line.award_id)
        account = await db.get(PayoutAccount, award.beneficiary_id)
        citizen = await get_citizen(db, award.beneficiary_id)
        opened = (paid_to(db, line), payee_of(db, award), holder_of(db, account), real_name_of(db.vault, citizen))
        index = payee_index(db.vault, award.beneficiary_id, "测试旧")
    assert opened == ("测试旧",) * 4
    assert award.payee_name_index == account.holder_name_index == index
    for table, name in names.items():
        assert await rows_of(database_url, f"SELECT 1 FROM {table} WHERE {name} IS NOT NULL") == []


async def test_clear_rows_are_readable_before_they_are_sealed(office, database_url):
    async with office.unit_of_work() as db:
        draft = await build_draft(db)
    await rows_of(database_url, "UPDATE members SET name = '测试旧', name_sealed = NULL")

    async with office.reading() as db:
        kept = await get_whole_application(db, SYSTEM, draft.id)
        assert {name_of(db, each) for each in kept.members} == {"测试旧"}
