"""Against guessing: a number and a second fact open something without sign-in, so wrong tries are counted."""

from contextlib import AbstractAsyncContextManager

from app.api.common.limits import Limits
from app.core.errors import DomainError
from app.limits.policies import WRONG_FACTS, Policy


def counting_wrong(
    refusal: type[DomainError], limits: Limits, everywhere: Policy, number: str
) -> AbstractAsyncContextManager[None]:
    """Compare the facts in the block; what ends in `refusal` counts towards the number, from this address and, by
    `everywhere`, from all. A number that does not exist counts the same.

    Raises:
        TooManyGuesses: too many were wrong.
    """
    plain = number.strip().upper()
    return limits.counting((refusal,), (WRONG_FACTS, f"{plain}\0{limits.address}"), (everywhere, plain))
