"""Where the money is to go."""

import re

from app.applications.errors import AccountMalformed, EntrustmentNotAllowed
from app.applications.models import PayoutAccount
from app.applications.payees import holder_of, put_holder
from app.applications.queries import find_payout_account
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.identity.errors import RealNameRequired
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of

# Length only: passbook accounts of rural banks may fail the card check digit, the bank's own answer decides.
_ACCOUNT = re.compile(r"\d{8,32}")


def same_account(db: WriteSession, row: PayoutAccount, *, bank_code: str, account: str) -> bool:
    """Say whether this account is the one that is set: sent again after a lost answer, it is no change."""
    index = db.vault.index("payout_accounts.account", account.replace(" ", ""))
    return row.bank_code == bank_code and row.account_index == index


async def put_payout_account(db: WriteSession, actor: Actor, *, bank_code: str, account: str) -> PayoutAccount:
    """Set the citizen's own account; the holder is the proved real name.

    Raises:
        RealNameRequired: the citizen has not proved a real name.
        AccountMalformed: not 8 to 32 digits.
        EntrustmentNotAllowed: who acts for the citizen would change an account that is set.
    """
    citizen = await get_citizen(db, actor.id)
    name = real_name_of(db.vault, citizen)
    if name is None:
        raise RealNameRequired
    plain = account.replace(" ", "")
    if not _ACCOUNT.fullmatch(plain):
        raise AccountMalformed
    row = await find_payout_account(db, actor.id)
    same = row is not None and same_account(db, row, bank_code=bank_code, account=plain)
    if row is not None and same and holder_of(db, row) == name:
        return row  # a retry, or a form sent as it was: other devices' copies stay current
    if row is not None and actor.entrustment and not same:
        raise EntrustmentNotAllowed  # who acts for somebody sets her first account, and never turns it elsewhere
    if row is None:
        row = PayoutAccount(citizen_id=actor.id)
        db.add(row)
    put_holder(db, row, name)
    row.bank_code = bank_code
    row.account_sealed = db.vault.seal("payout_accounts.account", actor.id, plain, division=GENERAL)
    row.account_index = db.vault.index("payout_accounts.account", plain)
    row.changed_at = db.clock.now()
    await db.flush()
    await record_act(db, actor, "payout_account.put", "citizen", actor.id, row=row, case=Case(None, actor.id))
    return row
