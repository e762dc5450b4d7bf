"""Names of accounts. An account is a string: what kind, and whose.

Every posting credits one account and debits another by the same amount, so each posting balances by itself:

    a month is released     debit fund        credit household     the fund owes the household its money
    the bank has paid       debit household   credit clearing      the bank paid for us
    it had not after all    debit clearing    credit household     the household is owed it again

What a household is still owed is the credit balance of its account. A payment that failed changes nothing here: the
money stays owed, until it is paid under a later order.
"""

from uuid import UUID


def fund_account(county: str) -> str:
    """Return the account of a county's assistance fund."""
    return f"fund:{county}"


def clearing_account(county: str, bank: str) -> str:
    """Return the account of what a bank paid out for a county."""
    return f"clearing:{bank}:{county}"


def household_account(award_id: UUID) -> str:
    """Return the account of what one household is owed."""
    return f"{HOUSEHOLD}{award_id}"


HOUSEHOLD = "household:"
