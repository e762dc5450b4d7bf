"""One household on one date: what it declared, and what agencies said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from app.facts import NOT_JUDGED, UNITS, Fact, FactKey, Item, Unit, Value
from app.programs.canonical import Json
from app.programs.declaration import AreaClass, Declared, MemberFacts

A = TypeVar("A", bound=Declared)
A_co = TypeVar("A_co", bound=Declared, covariant=True)

# Identity is proved before any case; an item that no rule knows must not be silent in a decision of before it.
_ABOUT_MEMBERS = tuple(item for item in Item if item is not Item.IDENTITY and item not in NOT_JUDGED)
_DATES = frozenset(key for key, unit in UNITS.items() if unit is Unit.DATE)


@dataclass(frozen=True)
class Case(Generic[A_co]):
    """Everything a program judges. `answers` is the program's own form.

    `asked` holds what agencies were to answer, whether they did or not, `verified` what they found, `unavailable` what
    they did not answer: what was asked and stands in neither is "no record". Empty `asked` means that nobody was asked
    anything (the anonymous self-check). Carries birth dates and health: who stores it, stores it sealed.
    """

    area_class: AreaClass
    division: str  # 12 digits, where the standard is taken from
    members: tuple[MemberFacts, ...]
    answers: A_co
    verified: Mapping[tuple[str, FactKey], Fact]
    unavailable: frozenset[tuple[str, Item]]
    asked: frozenset[tuple[str, Item]]
    checked: bool = field(init=False, compare=False, repr=False)
    """Whether agencies were asked at all, whatever they answered."""

    def __post_init__(self) -> None:
        # Order says nothing in law; fixing it here keeps every later list, and the bytes of a replay, the same.
        object.__setattr__(self, "members", tuple(sorted(self.members, key=lambda member: member.ref)))
        if self.unavailable:
            object.__setattr__(self, "asked", self.asked | self.unavailable)
        if self.verified and not self.asked:
            raise ValueError("facts that nobody was asked for")
        object.__setattr__(self, "checked", bool(self.asked))

    def is_silent(self, ref: str, item: Item) -> bool:
        """Say whether it is unknown what a source has about a member: no answer came, or it was left out of the asking.

        Never so before anybody was asked: then the declaration is all there is.
        """
        return self.checked and ((ref, item) in self.unavailable or (ref, item) not in self.asked)

    def silent_about(self, refs: Iterable[str]) -> frozenset[tuple[str, Item]]:
        """List everything that is unknown about some members in this sense, but for their identity."""
        if not self.checked:
            return frozenset()
        answered = self.asked - self.unavailable if self.unavailable else self.asked
        return frozenset((ref, item) for ref in refs for item in _ABOUT_MEMBERS if (ref, item) not in answered)

    def fact(self, ref: str, key: FactKey) -> Fact | None:
        """Return what was found about one member, if anything."""
        return self.verified.get((ref, key))

    def found_number(self, ref: str, key: FactKey) -> int:
        """Return a found amount or count; no record is zero, no answer is told apart by `is_silent`."""
        fact = self.verified.get((ref, key))
        return fact.value if fact is not None and isinstance(fact.value, int) else 0

    def found_date(self, ref: str, key: FactKey) -> date | None:
        """Return a found date."""
        fact = self.verified.get((ref, key))
        if fact is None:
            return None
        return fact.value if isinstance(fact.value, date) else date.fromisoformat(str(fact.value))

    def found_codes(self, ref: str, key: FactKey) -> tuple[str, ...]:
        """Return a found list of codes."""
        fact = self.verified.get((ref, key))
        return fact.value if fact is not None and isinstance(fact.value, tuple) else ()

    def as_json(self) -> dict[str, Json]:
        """Write the whole case, so that it can be judged again."""
        return {
            "area_class": self.area_class,
            "division": self.division,
            "members": [member.model_dump(mode="json") for member in self.members],
            "answers": self.answers.model_dump(mode="json"),
            "verified": [_fact_json(ref, self.verified[ref, key]) for ref, key in sorted(self.verified)],
            "unavailable": [[ref, item.value] for ref, item in sorted(self.unavailable)],
            "asked": [[ref, item.value] for ref, item in sorted(self.asked)],
        }


def case_from_json(answers_model: type[A], stored: Mapping[str, Any]) -> Case[A]:
    """Read back what `Case.as_json` wrote."""
    facts = [(entry["member"], _fact_from(entry)) for entry in stored["verified"]]
    return Case(
        area_class=stored["area_class"],
        division=stored["division"],
        members=tuple(MemberFacts.model_validate(member) for member in stored["members"]),
        answers=answers_model.model_validate(stored["answers"]),
        verified={(ref, fact.key): fact for ref, fact in facts},
        unavailable=frozenset((ref, Item(item)) for ref, item in stored["unavailable"]),
        asked=frozenset((ref, Item(item)) for ref, item in stored["asked"]),
    )


def _fact_json(ref: str, fact: Fact) -> dict[str, Json]:
    return {
        "member": ref,
        "key": fact.key.value,
        "value": _value_json(fact.value),
        "source": fact.source,
        "as_of": fact.as_of.isoformat(),
    }


def _value_json(value: Value) -> Json:
    return value.isoformat() if isinstance(value, date) else value


def _fact_from(entry: Mapping[str, Any]) -> Fact:
    key = FactKey(entry["key"])
    value = entry["value"]
    if isinstance(value, list):
        value = tuple(value)
    elif key in _DATES:
        value = date.fromisoformat(value)
    return Fact(key, value, entry["source"], date.fromisoformat(entry["as_of"]))
