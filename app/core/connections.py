"""How to reach one outside party: an agency, the bank, the SMS gateway."""

from dataclasses import field
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

SHORTEST, LONGEST = 0.5, 10.0
"""Seconds that an attempt may be given: with the wait for its turn it must end before it counts as lost."""
SMALLEST, LARGEST = 1024, 8 * 1024 * 1024
"""Bytes that an answer may be given: each question under way may hold so much in memory."""


# What is wrong is named without its value: that may be a secret.
@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True))
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
    at_once: Annotated[int, Field(ge=1)] = 8
    deadline: Annotated[float, Field(ge=SHORTEST, le=LONGEST)] | None = None
    max_bytes: Annotated[int, Field(ge=SMALLEST, le=LARGEST)] | None = None
