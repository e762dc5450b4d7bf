"""The service guide (办事指南): every program, on which basis, with which materials, and how long it takes.

A program that cannot be applied for here has a guide all the same; its time limits are not those of our deadlines, so
none are shown.
"""

from typing import Annotated

from fastapi import Query

from app.api.common.problems import problems
from app.api.common.progress_words import STEP_TITLES
from app.api.common.routing import Router
from app.api.common.schemas import Out
from app.applications.clocks import DECISION_DAYS, DECISION_DAYS_EXTENDED, LIMITS, Limit, Responsible, StepKind
from app.programs.errors import ProgramUnknown
from app.programs.registry import PROGRAMS, get_program
from app.programs.service_items import Material, ServiceItem, Statement, Words, read_service_item

router = Router(prefix="/v1/public/service-items", tags=["public"])

_DECISION_BASIS = "最低生活保障审核确认办法 第二十二条"


class TimeLimitOut(Out):
    """How long a step may take. `unit`: working_days, or calendar_days; `days` null where no time is set."""

    step: str
    name: Words
    responsible: Responsible | None
    days: int | None
    unit: str
    basis: str

    @classmethod
    def of(cls, kind: StepKind, limit: Limit) -> "TimeLimitOut":
        """Shape the limit of one step."""
        zh, en = STEP_TITLES[kind]
        return cls(
            step=kind,
            name=Words(zh=zh, en=en),
            responsible=limit.responsible,
            days=limit.days,
            unit="calendar_days" if limit.calendar else "working_days",
            basis=limit.basis,
        )

    @classmethod
    def of_decision(cls, step: str, zh: str, en: str, days: int) -> "TimeLimitOut":
        """Shape a limit of the whole way, from acceptance to decision."""
        return cls(
            step=step,
            name=Words(zh=zh, en=en),
            responsible=None,
            days=days,
            unit="working_days",
            basis=_DECISION_BASIS,
        )


class ServiceItemOut(Out):
    """One program's guide, in both languages.

    `open_for_applications` false: it is applied for at the township; here one can only check oneself, and `time_limits`
    is empty.
    """

    program: str
    open_for_applications: bool
    name: Words
    handled_by: Words
    basis: list[Words]
    conditions: list[Statement]
    materials: list[Material]
    not_asked: Statement
    fee: Words
    result: Words
    time_limits: list[TimeLimitOut]

    @classmethod
    def of(cls, program: str, item: ServiceItem, *, is_open: bool) -> "ServiceItemOut":
        """Shape one guide; the limits are those the deadlines are computed with."""
        limits = _time_limits() if is_open else []
        return cls(program=program, open_for_applications=is_open, time_limits=limits, **dict(item))


class ServiceItemsOut(Out):
    """All programs; those one can apply for here say so."""

    items: list[ServiceItemOut]


@router.get(
    "", operation_id="list_service_items", summary="Read what one can apply for", responses=problems(ProgramUnknown)
)
async def list_all(
    program: Annotated[
        str | None, Query(pattern=r"^[a-z_]{1,32}$", description="its guide alone, which spares a slow link the others")
    ] = None,
) -> ServiceItemsOut:
    """Basis, conditions, materials and time limits, in Chinese and English."""
    wanted = PROGRAMS if program is None else {program: get_program(program)}
    return ServiceItemsOut(
        items=[
            ServiceItemOut.of(code, read_service_item(code), is_open=each.open_for_applications)
            for code, each in wanted.items()
        ]
    )


def _time_limits() -> list[TimeLimitOut]:
    return [
        *(TimeLimitOut.of(kind, limit) for kind, limit in LIMITS.items()),
        TimeLimitOut.of_decision("decision", "自受理至作出决定", "Acceptance to decision", DECISION_DAYS),
        TimeLimitOut.of_decision(
            "decision_extended", "特殊情况延长后", "The same, extended in special cases", DECISION_DAYS_EXTENDED
        ),
    ]
