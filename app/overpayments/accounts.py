"""Names of this stage's accounts in the books. Each posting balances by itself, as everywhere:

    money is ordered back    debit recovery    credit fund        the household owes the fund
    it came back             debit returned    credit recovery    the county's treasury has it
    the bank took it back    debit fund        credit recovery    the order is undone for that part
    it is written off        debit lost        credit recovery    nobody gets it back

What is still to come back is the debit balance of the recovery's account.
"""

from uuid import UUID


def recovery_account(recovery_id: UUID) -> str:
    """Return the account of what one household is to pay back."""
    return f"recovery:{recovery_id}"


def returned_account(county: str) -> str:
    """Return the account of what came back to a county."""
    return f"returned:{county}"


def lost_account(county: str) -> str:
    """Return the account of what a county has written off."""
    return f"lost:{county}"
