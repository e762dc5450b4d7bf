"""How to reach one outside party: an agency, the bank, the SMS gateway."""

from dataclasses import dataclass, field

SHORTEST, LONGEST = 0.5, 10.0
"""Seconds that an attempt may be given: with the wait for its turn it must end before it counts as lost."""
SMALLEST, LARGEST = 1024, 8 * 1024 * 1024
"""Bytes that an answer may be given: each question under way may hold so much in memory."""


@dataclass(frozen=True)
class Connection:
    """Their address, the secret we show them, and the secret they show us when they call back.

    `inbound_key`: what they sign each call-back with; it is never sent.

    Where both sides show certificates (mutual TLS): the files of ours, of its key, and of the authority that signed
    theirs, all PEM. No other authority is believed there.

    `at_once`: how many questions one process of ours has under way with them, as agreed.

    `deadline`: how long one attempt may take, in seconds; `max_bytes`: how much one answer may bring. None where the
    way they answer says: five seconds and 256 kB singly, thirty seconds and 2 MB by file. Said, both hold for all that
    is asked of them, singly and by file.
    """

    base_url: str
    secret: str = field(default="", repr=False)
    inbound_secret: str = field(default="", repr=False)
    inbound_key: str = field(default="", repr=False)
    certificate: str | None = None
    key: str | None = None
    authority: str | None = None
    at_once: int = 8
    deadline: float | None = None
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        """Refuse what could never ask anything."""
        if isinstance(self.deadline, bool | str) or isinstance(self.at_once, bool | str | float):
            raise ValueError("deadline, at_once: a number")
        if isinstance(self.max_bytes, bool | str | float):
            raise ValueError("max_bytes: a whole number of bytes")
        if self.at_once < 1:
            raise ValueError("at_once: at least one question at a time")
        if self.deadline is not None and not SHORTEST <= self.deadline <= LONGEST:
            raise ValueError(f"deadline: from {SHORTEST} to {LONGEST} seconds")
        if self.max_bytes is not None and not SMALLEST <= self.max_bytes <= LARGEST:
            raise ValueError(f"max_bytes: from {SMALLEST} to {LARGEST}")
