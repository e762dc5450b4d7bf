"""Levers of the sandbox: clock, faults, counters. Wrong input is answered with a clear 4xx and changes nothing."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.sandbox.durations import NotADuration
from app.sandbox.faults import Fault, Kind
from app.sandbox.moving_clock import TooFar
from app.sandbox.persons import Account, Person
from app.sandbox.population import settle
from app.sandbox.world import AGENCIES, SERVICES, World

_SPOUSES = ("self", "spouse")


def _one_of(known: Collection[str]) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return name

    return AfterValidator(check)


Agency = Annotated[str, _one_of(AGENCIES)]
Service = Annotated[str, _one_of(SERVICES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Advance(_Strict):
    """How far the clock goes forwards, as an ISO 8601 duration."""

    advance: Annotated[str, Field(min_length=2, max_length=40, examples=["P7D"])]


class FaultIn(_Strict):
    """A fault to put in force; rate 0 ends it."""

    agency: Service
    kind: Kind
    rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    seconds: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 2.0


class PersonIn(_Strict):
    """Somebody as all agencies know him: nothing odd, no property, perhaps one account."""

    name: Annotated[str, Field(min_length=1, max_length=50, pattern="^测试")]
    id_number: Annotated[str, Field(pattern="^539900[0-9]{11}[0-9X]$")]
    phone: Annotated[str, Field(pattern="^190[0-9]{8}$")]
    sex: Literal["male", "female"]
    relation: Literal["self", "spouse", "child", "parent"]
    division: Annotated[str, Field(pattern="^[0-9]{12}$")]
    account: Annotated[str, Field(pattern="^[0-9]{8,32}$")] | None = None


class FamilyIn(_Strict):
    """One page of the register."""

    household: Annotated[str, Field(pattern="^[0-9A-Z]{1,20}$")]
    members: Annotated[list[PersonIn], Field(min_length=1, max_length=20)]


def router(world: World) -> APIRouter:
    """Return the levers."""
    routes = APIRouter()
    _clock(routes, world)
    _faults(routes, world)
    _counters(routes, world)
    _people(routes)
    return routes


def _people(routes: APIRouter) -> None:
    @routes.post("/people", status_code=204)
    async def settle_family(family: FamilyIn) -> None:
        """Let a family live here until the sandbox ends: every agency knows its members from now on."""
        settle(_person(family.household, member, family) for member in family.members)


def _person(household: str, member: PersonIn, family: FamilyIn) -> Person:
    married = {"self", "spouse"} <= {other.relation for other in family.members} and member.relation in _SPOUSES
    other = next((o for o in family.members if o.relation in _SPOUSES and o.relation != member.relation), None)
    account = Account(member.account, member.name, 0, "open") if member.account else None
    return Person(
        id_number=member.id_number,
        name=member.name,
        phone=member.phone,
        sex=member.sex,
        birth_date=date.fromisoformat(f"{member.id_number[6:10]}-{member.id_number[10:12]}-{member.id_number[12:14]}"),
        relation=member.relation,
        household=household,
        division=member.division,
        marital_status="married" if married else "single",
        spouse_id=other.id_number if married and other else None,
        deceased_on=None,
        register_cancelled=False,
        vehicles=(),
        dwellings=(),
        provident_fund=None,
        accounts=(account,) if account else (),
        benefits=(),
    )


def _clock(routes: APIRouter, world: World) -> None:
    def reading() -> dict[str, Any]:
        return {"now": world.clock.now().isoformat(), "offset_seconds": world.clock.offset_seconds}

    @routes.get("/clock")
    async def read_clock() -> dict[str, Any]:
        """Return the installation's present instant and how far it runs ahead of the machine."""
        return reading()

    @routes.post("/clock")
    async def advance_clock(change: Advance) -> dict[str, Any]:
        """Move the clock of every process of the installation forwards. It never goes back."""
        try:
            world.clock.advance(change.advance)
        except (NotADuration, TooFar) as wrong:
            raise HTTPException(422, str(wrong)) from None
        return reading()


def _faults(routes: APIRouter, world: World) -> None:
    def in_force() -> dict[str, Any]:
        return {"faults": [_shown(fault) for fault in world.faults.all()]}

    @routes.get("/faults")
    async def list_faults() -> dict[str, Any]:
        """Return the faults in force."""
        return in_force()

    @routes.post("/faults")
    async def set_fault(fault: FaultIn) -> dict[str, Any]:
        """Put a fault in force and return all that are."""
        world.faults.set(fault.agency, fault.kind, fault.rate, fault.seconds)
        return in_force()

    @routes.delete("/faults")
    async def clear_faults(agency: Annotated[Service | None, Query()] = None) -> dict[str, Any]:
        """End the faults of one agency, or all."""
        world.faults.clear(agency)
        return in_force()


def _shown(fault: Fault) -> dict[str, Any]:
    return {"agency": fault.agency, "kind": fault.kind, "rate": fault.rate, "seconds": fault.seconds}


def _counters(routes: APIRouter, world: World) -> None:
    @routes.get("/agencies/{agency}/questions")
    async def questions(
        agency: Agency, reference: Annotated[str | None, Query(min_length=1, max_length=64)] = None
    ) -> dict[str, Any]:
        """Return how often an agency saw each question: a retry under the same reference is the same question."""
        seen = world.store.list_questions(agency, reference)
        return {"agency": agency, "times": sum(row["times"] for row in seen), "questions": seen}

    @routes.get("/counters")
    async def counters() -> dict[str, Any]:
        """Return per agency the questions seen, the call-backs owed and acknowledged, and how many answers there were
        since the start, and how many of them an ordered fault befell."""
        asked = world.store.summarise_questions()
        owed = world.store.summarise_callbacks()
        no_questions = {"asked": 0, "distinct": 0}
        no_callbacks = {"acknowledged": 0, "owed": 0, "attempts": 0}
        return {
            agency: asked.get(agency, no_questions)
            | {"callbacks": owed.get(agency, no_callbacks)}
            | {"answers": world.faults.answers[agency], "spoilt": world.faults.spoilt[agency]}
            for agency in AGENCIES
        }
