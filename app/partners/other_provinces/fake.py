"""The other provinces in memory: a ticket now, and the signed answer when a test asks for it."""

from datetime import date
from uuid import UUID

from app.facts import Answer, FactKey, Outcome
from app.partners.base import Acknowledged, LateAnswer, Query
from app.partners.memory import MemoryAgency
from app.partners.other_provinces import wire
from app.partners.other_provinces.adapter import OtherProvinces, read_late_answer

_SECRET = "of the fake alone"  # noqa: S105 - guards nothing # nosec B105
_NAMES = {code: name for name, code in wire.SCHEMES.items()}


class FakeOtherProvinces(MemoryAgency):
    """Knows the registers it was taught. `late_reply` gives the message that answers a question."""

    code = OtherProvinces.code
    items = OtherProvinces.items

    def __init__(self) -> None:
        super().__init__()
        self._taken: dict[UUID, tuple[str, Answer]] = {}

    async def ask(self, query: Query) -> Acknowledged:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
            LookupError: an item of another agency, or nobody knows which province to ask.
        """
        if query.registered_in is None:
            raise LookupError(query.item)
        self._taken[query.reference] = (f"{query.registered_in[:2]}0000", self.look_up(query))
        return Acknowledged(f"YD{query.reference.hex[:12].upper()}")

    def late_reply(self, reference: UUID, on: date = date(2026, 1, 1)) -> bytes:
        """Return the message that answers a question that was taken; `on` dates one that has nothing to tell.

        Raises:
            LookupError: never asked.
        """
        province, answer = self._taken[reference]
        said: dict[str, object] = {"outcome": "NONE"}
        if answer.outcome is Outcome.HIT:
            on = answer.facts[FactKey.ELSEWHERE_BENEFITS].as_of
            benefits = answer.facts[FactKey.ELSEWHERE_BENEFITS].value
            assert isinstance(benefits, tuple)
            counts = {name: answer.facts[key].value for name, key in _COUNTS.items()}
            said = {"outcome": "FOUND", "registers": {"benefits": [_NAMES[each] for each in benefits], **counts}}
        head = wire.Head(type="ANS", ref=reference, province=province)
        return wire.write(_SECRET, head, wire.Result.model_validate({**said, "asOf": on.isoformat()}))

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a message.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return read_late_answer(_SECRET, body)


_COUNTS = {
    "dwellings": FactKey.ELSEWHERE_DWELLING_COUNT,
    "vehicles": FactKey.ELSEWHERE_VEHICLE_COUNT,
    "businesses": FactKey.ELSEWHERE_BUSINESS_COUNT,
}
