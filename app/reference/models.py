"""Tables of public facts. Every fact is dated: `valid_from` is its first day, `valid_to` its last (none: still open).

A standard or parameter never changes in place: a row of the same number and first day supersedes it (`superseded_by`).
`change_id`: the change that put it in force; none: it shipped.

Small tables without personal data and without a county of their own; a larger installation copies them to every node.
There are no foreign keys to `divisions`: standards of places outside the loaded divisions are facts, too.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

_IN_ORDER = "valid_to IS NULL OR valid_to >= valid_from"
_AREA = "area ~ '^[0-9]{12}$'"


class Division(Base):
    """A place under one code from one day on. A renamed place is a second row; a merged one names its successor."""

    __tablename__ = "divisions"
    __table_args__ = (
        Index(None, "parent_code", "code"),
        CheckConstraint("code ~ '^[1-9][0-9]{11}$'", name="code"),
        CheckConstraint(_IN_ORDER, name="validity"),
        CheckConstraint("level IN ('province', 'prefecture', 'county', 'township', 'village')", name="level"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(Text)
    urban: Mapped[bool | None]  # of villages only; see divisions.area_class_of
    successor_code: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class Standard(Base):
    """A published amount for one program, place and class of people.

    Kept as published: a rural standard of 4,550 yuan a year stays an amount per year, because whoever divides it by
    twelve must also say how to round.
    """

    __tablename__ = "standards"
    __table_args__ = (
        Index(
            "standards_standing_key",
            *("program", "area", "area_class", "valid_from"),
            unique=True,
            postgresql_where=text("superseded_by IS NULL"),
        ),
        CheckConstraint(_AREA, name="area"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("period IN ('month', 'year')", name="period"),
        CheckConstraint(_IN_ORDER, name="validity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    area_class: Mapped[str] = mapped_column(Text)  # urban | rural | unified | any | …, as the publisher divides
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    period: Mapped[str] = mapped_column(Text)
    per: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    change_id: Mapped[UUID | None]
    superseded_by: Mapped[UUID | None]


class Parameter(Base):
    """A number or a choice that the law leaves to the place, with the local rule it rests on."""

    __tablename__ = "parameters"
    __table_args__ = (
        Index(
            "parameters_standing_key",
            *("program", "name", "area", "valid_from"),
            unique=True,
            postgresql_where=text("superseded_by IS NULL"),
        ),
        CheckConstraint(_AREA, name="area"),
        CheckConstraint(_IN_ORDER, name="validity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    value: Mapped[Any] = mapped_column(JSONB)
    legal_basis: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    change_id: Mapped[UUID | None]
    superseded_by: Mapped[UUID | None]


class CalendarDay(Base):
    """One day that departs from the calendar below it: a local festival, or a day of a notice loaded later."""

    __tablename__ = "calendar_days"
    __table_args__ = (CheckConstraint(_AREA, name="area"),)

    area: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    basis: Mapped[str] = mapped_column(Text)


class CalendarYear(Base):
    """A year whose holiday arrangement is announced. A year without a row here is an estimate."""

    __tablename__ = "calendar_years"
    __table_args__ = (CheckConstraint("days_from IN ('package', 'rows')", name="days_from"),)

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    announced: Mapped[bool]
    days_from: Mapped[str] = mapped_column(Text)  # 'package': the holidays package knows it; 'rows': calendar_days do
    source: Mapped[str] = mapped_column(Text)
