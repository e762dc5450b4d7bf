"""Reads the published facts that come with the project (see data/README.md). Files in, rows out; no database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from app.core.money import yuan_to_fen
from app.reference.divisions import AreaClass, Level, area_class_of

_DATA = Path(__file__).parent / "data"
DIVISIONS_SINCE = date(2023, 6, 30)  # cut-off of the edition: nothing is claimed about earlier days
DIVISIONS_SOURCE = "National Bureau of Statistics, division codes, edition of 2023"


@dataclass(frozen=True)
class PublishedDivision:
    """One line of the division file."""

    code: str
    name: str
    level: str
    parent_code: str | None
    urban: bool | None


@dataclass(frozen=True)
class PublishedStandard:
    """A standard as its publisher states it: one line of the standards file in fen, or what an administrator puts."""

    program: str
    area: str
    area_class: str
    amount_fen: int
    period: Literal["month", "year"]
    valid_from: date
    source: str
    valid_to: date | None = None
    per: str = "person"
    note: str = ""


def read_divisions() -> list[PublishedDivision]:
    """Read the divisions of Yunnan, in the order of the file: parents before children."""
    return [
        PublishedDivision(
            code=line["code"],
            name=line["name"],
            level=line["level"],
            parent_code=line["parent_code"] or None,
            urban=area_class_of(line["code"]) is AreaClass.URBAN if line["level"] == Level.VILLAGE else None,
        )
        for line in _lines("divisions-yunnan.csv")
    ]


def read_standards() -> list[PublishedStandard]:
    """Read the published standards."""
    return [
        PublishedStandard(
            program=line["program"],
            area=line["area"],
            area_class=line["class"],
            amount_fen=yuan_to_fen(line["amount_yuan"]),
            period="year" if line["period"] == "year" else "month",
            valid_from=date.fromisoformat(line["valid_from"]),
            source=line["source"],
            per=line["per"],
            note=line["note"],
        )
        for line in _lines("standards-published.csv")
    ]


def read_announced_years() -> dict[int, str]:
    """Read the years whose notice the holidays package carries, each with its source."""
    return {int(line["year"]): line["source"] for line in _lines("calendar-years.csv")}


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
