"""The kinds of letters, and what each is written for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What a letter says."""

    ACCEPTED = "accepted"
    ENTRUSTED = "entrusted"
    SUPPLEMENT = "supplement"
    REDIRECTED = "redirected"
    GRANTED = "granted"
    REFUSED = "refused"
    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    STOPPED = "stopped"
    REDUCED = "reduced"
    RAISED = "raised"
    CLAIMED_BACK = "claimed_back"
    ORDERED_BACK = "ordered_back"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    PROMISED = "promised"
    PROMISE_BROKEN = "promise_broken"
    EVIDENCE = "evidence"  # to somebody outside the household
    CORRECTION = "correction"  # to an agency, about what it found


@dataclass(frozen=True)
class Occasion:
    """What a letter is due for. `cause`: what happened, by id; of one kind and one cause there is one letter.

    `reason`: the code of a suspension's reason, which the award forgets when it is resumed.
    """

    kind: Kind
    application_id: UUID
    cause: UUID
    reason: str | None = None
