"""A record as the leaf of the tree: two canonical JSON objects, one inside the other by its digest.

What the citizen may read of a record on the own case stands in the leaf: what was done or seen, when, by which role at
which level, why, to what. Who exactly, and for whom else (a list shows many people), stands in a second object that is
in the leaf by its salted SHA-256 only. So a leaf can be handed out and verified without naming anybody, and still binds
every field: whoever has the whole record (the export) computes both.

What a database gives of its own accord (transaction ids) and ciphertexts, which change with the keys, are in neither.
Changing anything here changes the leaves: a new form gets a new `v`, and the old one stays.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.canonical import Json, canonical_bytes, canonical_text

_FORM = 1


class Sealable(Protocol):
    """The fields of a record, from the mapper or straight from a query."""

    id: Any
    at: Any
    county: Any
    actor_id: Any
    actor_role: Any
    actor_division: Any
    actor_level: Any
    action: Any
    look: Any
    object_type: Any
    object_id: Any
    object_version: Any
    purpose: Any
    citizens: Any
    applications: Any
    before_digest: Any
    after_digest: Any
    reason_digest: Any
    detail: Any
    trace: Any
    salt: Any


def concealed_of(record: Sealable) -> dict[str, Json]:
    """Return the part of a record that a leaf holds by its digest."""
    return {
        "actor_division": record.actor_division,
        "actor_id": str(record.actor_id),
        "applications": [str(each) for each in record.applications],
        "citizens": [str(each) for each in record.citizens],
        "county": record.county,
        "detail": record.detail,
        "reason": _hex(record.reason_digest),
        "salt": record.salt.hex(),
        "trace": record.trace,
    }


def open_part_of(record: Sealable) -> dict[str, Json]:
    """Return the part of a record that stands in the leaf as it is."""
    return {
        "action": record.action,
        "actor_level": record.actor_level,
        "actor_role": record.actor_role,
        "after": _hex(record.after_digest),
        "at": moment(record.at),
        "before": _hex(record.before_digest),
        "id": str(record.id),
        "look": record.look,
        "object_id": str(record.object_id),
        "object_type": record.object_type,
        "object_version": record.object_version,
        "purpose": record.purpose,
        "v": _FORM,
    }


def leaf_text(record: Sealable) -> str:
    """Return the leaf of a record: the text whose bytes are hashed into the tree."""
    digest = hashlib.sha256(canonical_bytes(concealed_of(record))).hexdigest()
    leaf: Mapping[str, Json] = {**open_part_of(record), "concealed": digest}
    return canonical_text(leaf)


def moment(at: datetime) -> str:
    """Return an instant to the microsecond, UTC: what the database keeps of it, in one spelling."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _hex(digest: bytes | None) -> str | None:
    return None if digest is None else digest.hex()


NO_OBJECT = UUID(int=0)
"""What stands for the object of a look at a list: a list is not kept and has no id."""
