"""What registers told while a draft was written, and which of it still stands as declared.

A register fills a field that nobody has filled yet; from then on it is the citizen's to change. A mark keeps what was
told, so that the field counts as prefilled for exactly as long as it says the same (政务数据共享条例 art. 19: what
sharing gives is not asked of citizens again).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.applications.household import answers_of, open_address
from app.applications.models import Application, Member
from app.core.db import ReadSession, WriteSession

ADDRESS = "/address"
LISTS = "/answers/"  # and the name of a list, to which a line is added
_COLUMN = "applications.prefilled"


class Told(BaseModel):
    """One field as a register told it. `pointer`: into the application as it is shown; of a list, the list."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    value: Any
    item: str
    source: str  # partner code
    as_of: date


def of_member(member_id: UUID, name: str) -> str:
    """Return the pointer of a member's field."""
    return f"/members/{member_id}/{name}"


def marks_of(db: ReadSession, application: Application) -> list[Told]:
    """Return all that registers filled in, whether or not it still stands."""
    if application.prefilled_sealed is None:
        return []
    kept = json.loads(db.vault.open(_COLUMN, application.id, application.prefilled_sealed))
    return [Told.model_validate(each) for each in kept]


def put_marks(db: WriteSession, application: Application, marks: Sequence[Told]) -> None:
    """Keep the marks, sealed: they tell of illness and belongings."""
    text = json.dumps([mark.model_dump(mode="json") for mark in marks], ensure_ascii=False)
    application.prefilled_sealed = db.vault.seal(_COLUMN, application.id, text, division=application.county)


def standing(db: ReadSession, application: Application) -> list[Told]:
    """Return what stands as a register told it, in the order of its fields, whichever register answered first; the
    pointer of a line is the line's. Members must be loaded."""
    marks = sorted(marks_of(db, application), key=lambda mark: mark.pointer)
    if not marks:
        return []
    answers, address = answers_of(db, application), open_address(db, application)
    profiles = {str(member.id): profile_of(db, member) for member in application.members}
    return list(_standing(marks, answers, address, profiles))


def _standing(
    marks: Iterable[Told], answers: dict[str, Any], address: str | None, profiles: dict[str, dict[str, Any]]
) -> Iterator[Told]:
    for mark in marks:
        if mark.pointer == ADDRESS:
            if address == mark.value:
                yield mark
        elif mark.pointer.startswith(LISTS):
            lines = answers.get(mark.pointer.removeprefix(LISTS), [])
            place = next((place for place, line in enumerate(lines) if says(line, mark.value)), None)
            if place is not None:
                yield mark.model_copy(update={"pointer": f"{mark.pointer}/{place}"})
        else:
            _, _, member_id, name = mark.pointer.split("/")
            if profiles.get(member_id, {}).get(name) == mark.value:
                yield mark


def says(line: dict[str, Any], told: dict[str, Any]) -> bool:
    """Say whether a line of a form says what was told; what else it says does not matter."""
    return told.items() <= {name: value for name, value in line.items() if not isinstance(value, (dict, list))}.items()


def profile_of(db: ReadSession, member: Member) -> dict[str, Any]:
    """Return what was declared about a member beside name, number and relation."""
    profile: dict[str, Any] = json.loads(db.vault.open("members.profile", member.id, member.profile_sealed))
    return profile
