"""Writing audit records, in the transaction they tell of."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.leaves import NO_OBJECT
from app.audit.models import AuditRecord
from app.audit.purposes import Purpose, purpose_of_act, purpose_of_look
from app.audit.queries import insert_record, insert_records
from app.audit.states import Change, change_of
from app.audit.subjects import Case
from app.core.crypto import GENERAL
from app.core.db import Base, ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor
from app.reference.divisions import NATION, level_of

_REASON = "audit_records.reason"


@dataclass(frozen=True)
class Look:
    """Of several looks at once, one: whom it shows, and what is said of it beside what holds for all."""

    cases: Sequence[Case]
    detail: Mapping[str, Any]


async def record_act(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    *,
    county: str | None = None,
    purpose: Purpose | None = None,
    row: Base | None = None,
    case: Case | None = None,
    **detail: Any,
) -> None:
    """Keep that `actor` did `action` to one object.

    `row`: the object's row; its version and its digests before and after are kept. `case`: whom it is about; without
    `county` its county counts. `purpose`: where it is not what acts of this kind are for. `detail`: codes, ids and
    counts; no personal data.
    """
    change = await change_of(db, row) if row is not None else Change(None, None, None)
    await insert_record(
        db,
        **_said(db, actor, action, object_type, object_id, detail),
        **_whom([case] if case else []),
        id=new_id(),
        county=county or (case.county if case else None),
        look=False,
        purpose=purpose or purpose_of_act(action, actor.role),
        object_version=change.version,
        before_digest=change.before,
        after_digest=change.after,
    )


async def record_acts(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    details: Mapping[UUID, Mapping[str, Any]],
    *,
    case: Case,
) -> None:
    """Keep that `actor` did the same to several objects of one case, each in a record of its own, in one statement.
    `details`: what is said of each, by its id."""
    rows = [
        {
            **_said(db, actor, action, object_type, object_id, dict(detail)),
            **_whom([case]),
            "id": new_id(),
            "county": case.county,
            "look": False,
            "purpose": purpose_of_act(action, actor.role),
        }
        for object_id, detail in details.items()
    ]
    if rows:
        await insert_records(db, rows)


async def record_act_on_many(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    cases: Iterable[Case],
    *,
    county: str,
    **detail: Any,
) -> None:
    """Keep in one record that `actor` did the same to many cases, because of one object: each of them finds it."""
    await insert_record(
        db,
        **_said(db, actor, action, object_type, object_id, detail),
        **_whom(list(cases)),
        id=new_id(),
        county=county,
        look=False,
        purpose=purpose_of_act(action, actor.role),
    )


async def record_look(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID = NO_OBJECT,
    *,
    cases: Iterable[Case] = (),
    county: str | None = None,
    purpose: Purpose | None = None,
    reason: str | None = None,
    **detail: Any,
) -> None:
    """Keep that a member of staff sees people's data: one record, however many people are shown.

    `cases`: all that are shown. `purpose`: where it is another than the post's and the place's. `reason`: the person's
    own words, kept sealed. A look at a list has no object and is kept under the onlooker's county.

    Raises:
        KeyError: nobody has said what looks of this kind are for.
    """
    shown, record_id = list(cases), new_id()
    listed = actor.division[:6] if object_id == NO_OBJECT and actor.division else None
    await insert_record(
        db,
        **_said(db, actor, action, object_type, object_id, detail),
        **_whom(shown),
        id=record_id,
        county=county or listed or (shown[0].county if len(shown) == 1 else None),
        look=True,
        purpose=purpose or purpose_of_look(action, actor.role),
        reason_sealed=db.vault.seal(_REASON, record_id, reason, division=GENERAL) if reason is not None else None,
        reason_digest=db.vault.index(_REASON, f"{record_id}\0{reason}") if reason is not None else None,
    )


async def record_looks(
    db: WriteSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID,
    looks: Iterable[Look],
    *,
    county: str,
    purpose: Purpose,
) -> None:
    """Keep several looks of one request, each a record of its own, in one statement: who is shown in one of them reads
    of it without being in a list with the others."""
    rows = [
        {
            **_said(db, actor, action, object_type, object_id, dict(look.detail)),
            **_whom(list(look.cases)),
            "id": new_id(),
            "county": county,
            "look": True,
            "purpose": purpose,
        }
        for look in looks
    ]
    if rows:
        await insert_records(db, rows)


def keep_records(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return as JSON what was put on record of a request, for a time when its answer is given again: the looks, and
    the acts on somebody's case."""
    return [
        {
            **{name: record[name] for name in ("action", "object_type", "county", "purpose", "detail")},
            "object_id": str(record["object_id"]),
            **{name: [str(each) for each in record[name]] for name in ("applications", "citizens")},
        }
        for record in records
        if record["look"] or record["applications"] or record["citizens"]
    ]


async def record_again(db: WriteSession, actor: Actor, kept: Sequence[Mapping[str, Any]]) -> None:
    """Keep that an answer was given once more: whoever is in it is shown once more, as a look, for the same purpose.
    `kept`: what `keep_records` returned of the request."""
    rows = [
        {
            **_said(
                db,
                actor,
                record["action"],
                record["object_type"],
                UUID(record["object_id"]),
                {**record["detail"], "again": True},
            ),
            **{name: [UUID(each) for each in record[name]] for name in ("applications", "citizens")},
            "id": new_id(),
            "county": record["county"],
            "look": True,
            "purpose": record["purpose"] or purpose_of_look(record["action"], actor.role),
        }
        for record in kept
    ]
    if rows:
        await insert_records(db, rows)


def open_reason(db: ReadSession, record: AuditRecord) -> str | None:
    """Return the words that were given with a look."""
    if record.reason_sealed is None:
        return None
    return db.vault.open(_REASON, record.id, record.reason_sealed)


def _said(
    db: WriteSession, actor: Actor, action: str, object_type: str, object_id: UUID, detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "at": db.clock.now(),
        "actor_id": actor.id,
        "actor_role": actor.role.value,
        "actor_division": actor.division,
        "actor_level": _level(actor.division),
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        # Whoever acts for a citizen under an entrustment is not the citizen: the entrustment says who it is.
        "detail": detail if actor.entrustment is None else {**detail, "entrustment": str(actor.entrustment)},
        "trace": db.trace,
        "salt": os.urandom(16),
    }


def _whom(cases: list[Case]) -> dict[str, list[UUID]]:
    return {
        "applications": sorted({case.application_id for case in cases if case.application_id is not None}),
        "citizens": sorted({case.citizen_id for case in cases if case.citizen_id is not None}),
    }


def _level(division: str | None) -> str | None:
    if division is None:
        return None
    return "nation" if division == NATION else level_of(division).value
