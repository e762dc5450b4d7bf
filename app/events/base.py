"""What an event is: a frozen fact in the past tense that carries ids and codes, never personal data."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter

from app.core.ids import new_id

_TYPES: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. `subject` is the id of what it is about; subclasses set `type`: 'application.submitted'.

    `id` is the event's own: whoever reacts to it once and not twice keeps it in a unique key. Two events that tell the
    same are equal whatever their ids.
    """

    type: ClassVar[str] = ""

    subject: UUID
    county: str
    id: UUID = field(default_factory=new_id, compare=False)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if _TYPES.setdefault(cls.type, cls) is not cls and _TYPES[cls.type].__qualname__ != cls.__qualname__:
            raise TypeError(f"event type {cls.type!r} is taken")

    def data(self) -> dict[str, Any]:
        """Return the event's own fields as JSON values."""
        fields = asdict(self)
        return {name: _plain(value) for name, value in fields.items() if name not in ("id", "subject", "county")}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID | date) else value


def event_types() -> tuple[str, ...]:
    """List the names of all events there are."""
    return tuple(sorted(_TYPES))


def rebuild(type_: str, subject: UUID, county: str, data: dict[str, Any], event_id: UUID | None = None) -> Event:
    """Return the event that a stored row tells of, under the row's id where it is given.

    Raises:
        KeyError: no such type in this version of the code.
    """
    cls = _TYPES[type_]
    own = {"subject": subject, "county": county} | ({"id": event_id} if event_id else {})
    event: Event = TypeAdapter(cls).validate_python({**data, **own})
    return event
