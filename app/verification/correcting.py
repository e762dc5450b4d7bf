"""Whether what was disputed is put right by what an agency says when it is asked again. Pure.

The citizen says in words of her own what is so, and no machine compares those. What can be seen is whether the finding
that she disputes is gone. Any other change is none of her correction: a balance moves every day, and of two cars that
were one before nobody at the agency has looked at hers.
"""

from uuid import UUID

from app.facts import FactKey, Item
from app.verification.comparison import Difference
from app.verification.report import Content, Entry, Field

_SAYS_NOTHING = (None, Difference.UNKNOWN)


def says_otherwise(before: Content, now: Content, member: UUID, item: Item, key: FactKey) -> bool:
    """Say whether an agency says something else of a field than it did; silence says nothing of it."""
    old, new = _find(before, member, item, key), _find(now, member, item, key)
    return old is not None and new is not None and old[1].found != new[1].found


def is_corrected(before: Content, now: Content, member: UUID, item: Item, key: FactKey) -> bool:
    """Say whether what was found of a field before is gone now: it agrees with what was declared as it did not, or,
    where the form does not tell, there is none of it any more."""
    old, new = _find(before, member, item, key), _find(now, member, item, key)
    if old is None or new is None or old[1].found == new[1].found:
        return False
    if new[1].difference in _SAYS_NOTHING:
        return not new[1].found
    return new[1].difference is Difference.MATCH and old[1].difference is not Difference.MATCH


def _find(content: Content, member: UUID, item: Item, key: FactKey) -> tuple[Entry, Field] | None:
    for person, entry in content.entries():
        if (person.member, entry.item) == (member, item) and entry.outcome != "unavailable":
            for field in entry.fields:
                # A hit that says nothing of one field is silent about it.
                if field.key is key and (field.found is not None or entry.outcome == "none"):
                    return entry, field
    return None
