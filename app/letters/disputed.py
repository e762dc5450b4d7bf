"""The letter that asks an agency to look again at what it said of somebody.

The least that it needs to look: whom, which field, what it had said and how that can be found there, what is said
against it, and within what time. What was declared, and the papers of the case, are not for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.applications.household import id_number_of, name_of
from app.applications.models import Application
from app.applications.queries import list_members
from app.core.canonical import Json
from app.core.clock import legal_date
from app.core.db import ReadSession
from app.facts import FactKey
from app.identity.actors import SYSTEM
from app.identity.masks import HIDDEN
from app.letters.kinds import Kind
from app.letters.models import Letter
from app.letters.wording import Values, write_day
from app.verification import words
from app.verification.commands import disputed_words_of, find_disputed
from app.verification.commands.disputing import ANSWER_DAYS
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import get_dispute
from app.verification.masking import mask_value
from app.verification.need_queries import find_source
from app.verification.queries import open_report
from app.verification.report import Entry, Field
from app.verification.report_queries import get_report
from app.verification.values import PlainValue

_FOUND = "disputed"  # in a letter's body, for machines: which field, and what was found of it


class Asked(NamedTuple):
    """What is particular to one such letter."""

    agency: str
    values: Values
    points: list[str]
    facts: dict[str, Json]


@dataclass(frozen=True)
class Found:
    """What a letter tells that an agency found of a field, and the words that it uses for it."""

    key: FactKey
    value: PlainValue | None
    shown: str


async def ask_for_correction(db: ReadSession, application: Application, dispute: ReportDispute) -> Asked:
    """Gather what an agency is asked about a dispute."""
    about = next(each for each in await list_members(db, application.id) if each.id == dispute.member_id)
    entry, field = await _disputed(db, dispute)
    found, number = _found(field), id_number_of(db, about)
    # By a number that it never had an agency finds nobody: what it said on paper is found by whom it was about.
    on_paper = entry.answered_by is not None
    agency = words.SOURCES.get(dispute.partner, dispute.partner)
    values = {
        "agency": agency,
        "dispute": dispute.number,
        "person": name_of(db, about),
        "id_end": None if on_paper else number[-4:],
        "id_number": number if on_paper else None,
        "days": str(ANSWER_DAYS),
    }
    points = [
        f"核对事项：{words.ITEMS[entry.item]}；字段：{words.FIELDS[field.key]}",
        f"{_on_paper(entry, field) if on_paper else await _under_number(db, dispute, entry)}：{found.shown}",
        # In one line: what somebody writes here must not pass for a further item of the county's letter.
        f"当事人陈述：{' '.join(disputed_words_of(db, dispute).split())}",
    ]
    value = list(found.value) if isinstance(found.value, tuple) else found.value
    facts: dict[str, Json] = {_FOUND: {"key": found.key.value, "value": value, "shown": found.shown}}
    return Asked(agency, values, points, facts)


async def found_told(db: ReadSession, letter: Letter, body: Mapping[str, Any]) -> Found | None:
    """Return what a letter tells that an agency found; nothing of letters that tell no such thing."""
    if letter.kind != Kind.CORRECTION:
        return None
    kept = body.get(_FOUND)
    if kept is not None:
        return Found(FactKey(kept["key"]), kept["value"], kept["shown"])
    # Of letters of before that was kept, the report knows.
    return _found((await _disputed(db, await get_dispute(db, SYSTEM, letter.cause_id)))[1])


def mask_found(points: list[str], found: Found) -> list[str]:
    """Return the points of a letter as the desk reads them, which reads of the field what it reads in the report."""
    masked = mask_value(found.key, found.value)
    if masked == found.value:
        return points
    said = f"：{found.shown}"
    # Whatever was written in other words is not shown at all.
    told = points[1].removesuffix(said) + f"：{masked}" if points[1].endswith(said) else HIDDEN
    return [points[0], told, *points[2:]]


def names_found(found: Found) -> list[str]:
    """Return what an agency says that somebody is called: a name like the household's, wherever it stands."""
    return [found.shown] if found.key is FactKey.REGISTERED_NAME and found.value else []


async def _disputed(db: ReadSession, dispute: ReportDispute) -> tuple[Entry, Field]:
    return find_disputed(open_report(db, await get_report(db, SYSTEM, dispute.report_id)), dispute)


def _found(field: Field) -> Found:
    shown = "未查到记录" if field.found is None else words.show(field, field.found)
    return Found(field.key, field.found, shown)


async def _under_number(db: ReadSession, dispute: ReportDispute, entry: Entry) -> str:
    """Say under which number the agency was asked: of an answer that another case had, that case's."""
    number = await find_source(db, dispute.check_id) or dispute.check_id
    answered = f"，{write_day(legal_date(entry.answered_at))}" if entry.answered_at else ""
    return f"贵单位提供的结果（查询编号{number}{answered}）"


def _on_paper(entry: Entry, field: Field) -> str:
    day = field.as_of or next((each.as_of for each in entry.fields if each.as_of), None)
    return f"贵单位书面提供的结果（{write_day(day)}）" if day else "贵单位书面提供的结果"
