"""How to reach one outside party: an agency, the bank, the SMS gateway."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Their address, the secret we show them, and the secret they show us when they call back.

    `inbound_key`: what they sign each call-back with; it is never sent.

    Where both sides show certificates (mutual TLS): the files of ours, of its key, and of the authority that signed
    theirs, all PEM. No other authority is believed there.

    `at_once`: how many questions one process of ours has under way with them, as agreed.
    """

    base_url: str
    secret: str = field(default="", repr=False)
    inbound_secret: str = field(default="", repr=False)
    inbound_key: str = field(default="", repr=False)
    certificate: str | None = None
    key: str | None = None
    authority: str | None = None
    at_once: int = 8

    def __post_init__(self) -> None:
        """Refuse what could never ask anything."""
        if self.at_once < 1:
            raise ValueError("at_once: at least one question at a time")
