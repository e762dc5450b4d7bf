"""What a program must say about itself. A new program is a folder that subclasses `Program`, and one registry line.

Regional numbers never come from a database here: the caller fetches published standards and regional values, `resolve`
turns them with the national defaults into one frozen set of parameters, and `assess` sees nothing else.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import ValidationError

from app.core.errors import Fault
from app.facts import Fact, FactKey, Item
from app.programs.assessment import Assessment, Finding
from app.programs.canonical import Json
from app.programs.case import Case, case_from_json
from app.programs.declaration import AreaClass, Declared, MemberFacts, Period, faults_of, yearly
from app.programs.errors import AnswersNotValid, RulesVersionUnknown
from app.programs.texts import Catalogue, Explanation, Language, Text


@dataclass(frozen=True)
class Standard:
    """A published standard for one person, as it was published: a yearly one stays yearly until it is used."""

    amount_fen: int
    period: Period
    area: str  # division code of the place that published it
    area_class: str  # as published: urban | rural | any | unified …
    valid_from: date
    source: str

    @cached_property
    def monthly(self) -> Fraction:
        """Return the exact amount a month: a twelfth of a yearly one, unrounded."""
        return Fraction(yearly(self.amount_fen, self.period), 12)

    def as_json(self) -> dict[str, Json]:
        """Write it as published."""
        return self._written

    @cached_property
    def _written(self) -> dict[str, Json]:
        return {
            "amount_fen": self.amount_fen,
            "period": self.period,
            "area": self.area,
            "area_class": self.area_class,
            "valid_from": self.valid_from.isoformat(),
            "source": self.source,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Standard":
        """Read back what `as_json` wrote."""
        return cls(**{**stored, "valid_from": date.fromisoformat(stored["valid_from"])})


@dataclass(frozen=True)
class ParameterValue:
    """One value in force, national or regional, with the order it rests on."""

    value: Json
    law: str
    valid_from: date
    area: str  # division code of the place that set it

    def as_json(self) -> dict[str, Json]:
        """Write the value with its source."""
        return self._written

    @cached_property
    def _written(self) -> dict[str, Json]:
        return {
            "value": self.value,
            "law": self.law,
            "valid_from": self.valid_from.isoformat(),
            "area": self.area,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ParameterValue":
        """Read back what `as_json` wrote."""
        return cls(**{**stored, "valid_from": date.fromisoformat(stored["valid_from"])})


class Parameters(Protocol):
    """What every program's parameters have: the date they are valid on, and a written form."""

    @property
    def on(self) -> date:
        """The date these parameters were resolved for."""
        ...

    def as_json(self) -> dict[str, Json]:
        """Write every number with its law."""
        ...


@dataclass(frozen=True, slots=True)
class Sought:
    """A published standard that is of use where there is one; `area_class` None: that of the household.

    Of a standard that does not go by town and country it is the class by which the publisher divides.
    """

    standard: str
    area_class: str | None = None


A = TypeVar("A", bound=Declared)
P = TypeVar("P", bound=Parameters)


class Program(ABC, Generic[A, P]):
    """One aid program: its form, what it needs verified, and its rules."""

    code: ClassVar[str]
    title: ClassVar[Text]
    form_version: ClassVar[int]  # raised when the form changes
    rules_version: ClassVar[int]  # raised when a rule changes: old decisions replay under the old number only
    replays: ClassVar[frozenset[int]]  # the versions whose rules are still here, to the byte
    open_for_applications: ClassVar[bool] = False  # the whole procedure can be gone through; the self-check always can
    needs: ClassVar[frozenset[Item]]  # what agencies are asked about each member
    standards: ClassVar[tuple[str, ...]]  # published standards it judges by, as `reference` names them
    further_standards: ClassVar[Mapping[str, Sought]] = {}  # what it measures by beside them, where it is published
    texts: ClassVar[Catalogue]
    ages: ClassVar[frozenset[int]] = (
        frozenset()
    )  # full years at which a rule sees a member otherwise; a place adds its own
    worked_out_by: ClassVar[tuple[str, ...]] = ()  # the rules whose words show a household how its amount came about
    answers_model: type[A]

    def check_answers(self, answers: Mapping[str, Any] | A, members: Sequence[MemberFacts]) -> list[Fault]:
        """List everything that is wrong with a form about to be handed in; empty means it may be."""
        try:
            self.read_answers(answers, members)
        except AnswersNotValid as refusal:
            return list(refusal.faults)
        return []

    def beneficiaries(self, answers: A, members: Sequence[MemberFacts]) -> frozenset[str]:  # noqa: ARG002 (as above)
        """Return whom an award would be for, by `ref`: who of them is in one case may be in no other of the program."""
        return frozenset(member.ref for member in members)

    @property
    def measured_by(self) -> frozenset[str]:
        """Name every published standard that it may judge by."""
        return frozenset((*self.standards, *(each.standard for each in self.further_standards.values())))

    def must_be_stated(self) -> tuple[str, ...]:
        """Name the answers that no default stands for: a list that is left out does not say “none”."""
        fields = self.answers_model.model_fields.items()
        return tuple(name for name, field in fields if field.is_required() or field.default == ())

    def read_answers(self, answers: Mapping[str, Any] | A, members: Sequence[MemberFacts]) -> A:
        """Read a complete form.

        Raises:
            AnswersNotValid: it does not fit the shape, or not the members.
        """
        try:
            read = self.answers_model.model_validate(answers)
        except ValidationError as error:
            raise AnswersNotValid(faults=tuple(faults_of(error, "/answers"))) from error
        faults = self.check_together(read, members)
        if faults:
            raise AnswersNotValid(faults=tuple(faults))
        return read

    def build_case(
        self,
        *,
        area_class: AreaClass,
        division: str,
        members: Iterable[MemberFacts],
        answers: Mapping[str, Any] | A,
        verified: Mapping[tuple[str, FactKey], Fact] | None = None,
        unavailable: Iterable[tuple[str, Item]] = (),
        asked: Iterable[tuple[str, Item]] = (),
    ) -> Case[A]:
        """Put together what is to be judged. `asked`: all that agencies were to answer; nothing where nobody was asked.

        Raises:
            AnswersNotValid: the answers do not fit the form, or not the members.
        """
        members = tuple(members)
        read = self.read_answers(answers, members)
        return Case(
            area_class=area_class,
            division=division,
            members=members,
            answers=read,
            verified=dict(verified or {}),
            unavailable=frozenset(unavailable),
            asked=frozenset(asked),
        )

    def assess(self, case: Case[A], parameters: P, on: date) -> Assessment:
        """Judge a case on a date by the rules as they are now. Pure: the same three give the same bytes, always."""
        return self.assess_under(self.rules_version, case, parameters, on)

    def replay(
        self, case: Mapping[str, Any], parameters: Mapping[str, Any], rules_version: int | None = None
    ) -> Assessment:
        """Judge a stored case by its stored parameters again: same bytes, or something is wrong.

        `rules_version`: the one it was decided under; None: the present one.

        Raises:
            RulesVersionUnknown: those rules are not here any more.
        """
        version = self.rules_version if rules_version is None else rules_version
        if version not in self.replays:
            raise RulesVersionUnknown("rules_version", program=self.code, version=version)
        stored = self.parameters_from_json(parameters)
        return self.assess_under(version, self.case_from_json(case), stored, stored.on)

    def case_from_json(self, stored: Mapping[str, Any]) -> Case[A]:
        """Read back what `Case.as_json` wrote."""
        return case_from_json(self.answers_model, stored)

    def explain(self, finding: Finding, language: Language) -> Explanation:
        """Put a finding into words."""
        return self.texts.explain(finding, language)

    def asks_about(self, member: MemberFacts, on: date) -> bool:  # noqa: ARG002 (for programs that differ)
        """Say whether agencies are asked about a member as declared; who cannot count is left in peace."""
        return True

    @abstractmethod
    def check_together(self, answers: A, members: Sequence[MemberFacts]) -> list[Fault]:
        """List what is wrong between well-formed answers and members."""

    @abstractmethod
    def resolve(self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]) -> P:
        """Lay regional values over the national defaults of `on`. `standards`: also the further ones, where published.

        Raises:
            StandardMissing: a standard named in `standards` is not given.
            ParameterNotUsable: a regional value is unknown, unreadable or not in force on `on`.
            RulesNotInForce: the rules do not reach back to `on`.
        """

    @abstractmethod
    def parameters_from_json(self, stored: Mapping[str, Any]) -> P:
        """Read back what the parameters' `as_json` wrote."""

    @abstractmethod
    def assess_under(self, rules_version: int, case: Case[A], parameters: P, on: date) -> Assessment:
        """Judge a case on a date by one of the versions in `replays`."""
