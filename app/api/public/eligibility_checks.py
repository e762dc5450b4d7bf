"""The self-check: what the rules say about a household that nobody has to name. Nothing of it is kept or logged.

The lists are those of every program's form. What a program asks beyond them goes into `extra`, read by the program
itself: a new program needs no change here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from app.api.common.deps import ReadDb
from app.api.common.explanations import AssessmentOut, language_of
from app.api.common.limits import limited
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import DivisionCode, In
from app.core.clock import today
from app.core.errors import Fault
from app.limits.errors import TooManyRequests
from app.limits.policies import SELF_CHECKS_CALLER
from app.programs.declaration import (
    AreaClass,
    Expense,
    Income,
    Listed,
    MemberFacts,
    PlainDate,
    Property,
    Supporter,
)
from app.programs.errors import AnswersNotValid, ParameterNotUsable, ProgramUnknown, RulesNotInForce
from app.reference.errors import DivisionMalformed, DivisionUnknown, StandardMissing
from app.review.self_check import Declaration, check_eligibility

router = Router(prefix="/v1/public", tags=["public"])

_LISTS = ("income", "expenses", "property", "supporters")
_EXAMPLE: JsonDict = {
    "program": "living_allowance",
    "division": "532502203202",
    "area_class": "rural",
    "on": "2026-12-01",
    "members": [
        {"ref": "m1", "relation": "self", "birth_date": "1980-05-06"},
        {"ref": "m2", "relation": "child", "birth_date": "2015-09-01", "student": True},
    ],
    "income": [{"member": "m1", "kind": "wage", "amount_fen": 60000, "period": "month"}],
    "property": [{"kind": "deposit", "owner": "m1", "value_fen": 200000}],
}


class EligibilityCheckIn(In):
    """One household, without names. `ref` names a member within this request only; a list left out says “none”.

    `on`: the day whose rules and standards hold; today without it. `extra`: what the program's form asks beyond these
    lists, as in `answers` of an application (e.g. `self_care` of destitute_support, `kind`, `cause` and `needed_fen` of
    temporary_aid); or one of these lists where the program wants to know more of each line.
    """

    program: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["living_allowance"])]
    division: DivisionCode
    area_class: AreaClass
    on: PlainDate | None = None
    members: Annotated[tuple[MemberFacts, ...], Field(strict=False, min_length=1, max_length=50)]
    income: Listed[Income] = ()
    expenses: Listed[Expense] = ()
    property: Listed[Property] = ()
    supporters: Listed[Supporter] = ()
    extra: Annotated[dict[str, Any], Field(max_length=20)] = Field(default_factory=dict)

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    def declared(self, now: date) -> Declaration:
        """Return what the rules are asked about.

        Raises:
            AnswersNotValid: something stands both in its list and in `extra`.
        """
        lists = {name: _lines(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        twice = [Fault(f"/extra/{name}", "given_twice") for name in lists if name in self.extra]
        if twice:
            raise AnswersNotValid(faults=tuple(twice))
        return Declaration(
            program=self.program,
            division=self.division,
            area_class=self.area_class,
            on=self.on or now,
            members=self.members,
            answers={**lists, **self.extra},
        )

    @contextmanager
    def pointing_here(self) -> Iterator[None]:
        """Let faults in a program's form point to where the answer stands in this request."""
        try:
            yield
        except AnswersNotValid as refusal:
            moved = (Fault(self._place(each.pointer), each.code, each.about, **each.numbers) for each in refusal.faults)
            raise AnswersNotValid(faults=tuple(moved)) from refusal

    def _place(self, pointer: str) -> str:
        within = pointer.removeprefix("/answers")
        if within == pointer:
            return pointer
        name = within.split("/")[1]
        return within if name in _LISTS and name not in self.extra else f"/extra{within}"


@router.post(
    "/eligibility-checks",
    operation_id="check_eligibility",
    summary="See what the rules say before applying",
    responses=problems(
        ProgramUnknown,
        DivisionMalformed,
        DivisionUnknown,
        AnswersNotValid,
        StandardMissing,
        ParameterNotUsable,
        RulesNotInForce,
        TooManyRequests,
    ),
    dependencies=[limited(SELF_CHECKS_CALLER)],
    openapi_extra=retry_safe(),
)
async def check(body: EligibilityCheckIn, db: ReadDb, request: Request, response: Response) -> AssessmentOut:
    """Anonymous: nothing is kept. The answer names every rule with what it rests on, by which law, how far the
    threshold is and what would change it. `another_program` is the code of the one to ask instead."""
    response.headers["Cache-Control"] = "no-store"
    with body.pointing_here():
        assessment = await check_eligibility(db, body.declared(today(db.clock)))
    return AssessmentOut.of(assessment.as_json(), language_of(english=wants_english(request)))


def _lines(lines: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return lines as they were sent, for the program's own form to read: it may know more members."""
    return [line.model_dump(exclude_unset=True) for line in lines]
