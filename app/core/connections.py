"""How to reach one outside party: an agency, the bank, the SMS gateway."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Their address, the secret we show them, and the secret they show us when they call back."""

    base_url: str
    secret: str = field(repr=False)
    inbound_secret: str = field(repr=False)
