"""The books: balanced by construction, once per cause, never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.core.ids import new_id
from app.ledger.accounts import clearing_account, fund_account, household_account
from app.ledger.commands import Entry, post
from app.ledger.models import Posting
from app.ledger.queries import get_balance, list_balances, list_postings_of, sum_of_balances

COUNTY = "532529"


def entry(amount_fen: int = 100, **changes: object) -> Entry:
    fields = {
        "county": COUNTY,
        "debit": fund_account(COUNTY),
        "credit": household_account(new_id()),
        "amount_fen": amount_fen,
        "cause_type": "accrual",
        "cause_id": new_id(),
    }
    return Entry(**{**fields, **changes})


async def test_every_posting_balances_by_itself(database):
    first, second = entry(52_000), entry(37_917)

    async with database.unit_of_work() as db:
        await post(db, [first, second])

    async with database.reading() as db:
        assert await list_balances(db, COUNTY) == {
            fund_account(COUNTY): 89_917,
            first.credit: -52_000,
            second.credit: -37_917,
        }
        assert await sum_of_balances(db) == 0
        assert await get_balance(db, clearing_account(COUNTY, "paying_bank")) == 0


async def test_a_cause_is_posted_once(database):
    once = entry()
    async with database.unit_of_work() as db:
        await post(db, [once])

    with pytest.raises(IntegrityError, match="postings_cause_id_cause_type_key"):
        async with database.unit_of_work() as db:
            await post(db, [once])

    async with database.reading() as db:
        assert len(await list_postings_of(db, once.cause_id)) == 1


@pytest.mark.parametrize(
    "wrong", [entry(0), entry(-1), entry(credit=fund_account(COUNTY))], ids=["nothing", "less", "to itself"]
)
async def test_a_posting_that_moves_nothing_is_refused(database, wrong):
    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await post(db, [wrong])


@pytest.mark.parametrize("change", [update(Posting).values(amount_fen=1), delete(Posting)], ids=["update", "delete"])
async def test_the_application_role_cannot_change_a_posting(database, change):
    async with database.unit_of_work() as db:
        await post(db, [entry()])

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.unit_of_work() as db:
            await db.execute(change)


async def test_nothing_to_post_is_no_posting(database):
    async with database.unit_of_work() as db:
        await post(db, [])

    async with database.reading() as db:
        assert await sum_of_balances(db) == 0


@given(number=st.uuids())
def test_names_of_accounts_fit_their_column(number):
    names = (fund_account(COUNTY), household_account(number), clearing_account(COUNTY, "paying_bank"))
    assert all(len(name) <= 64 for name in names)
