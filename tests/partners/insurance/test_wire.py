"""Files of the insurers that are built to be costly to read."""

import pytest

from app.partners.batch import MOST_LINES
from app.partners.file_agency import Malformed
from app.partners.insurance import wire

REF = "0192f000-0000-7000-8000-000000000001"


def file_of(inside: str) -> bytes:
    return (
        f'<PolicyAnswers batch="B1" file="1" day="2026-11-20">{inside}<Control count="1" total="1.00"/></PolicyAnswers>'
    ).encode()


def holder(inside: str) -> str:
    return f'<Holder ref="{REF}" end="010014" state="F">{inside}</Holder>'


def test_what_lies_within_a_holder_is_no_line_and_no_policy_of_the_holder_around_it() -> None:
    own, others = '<Policy cashValue="1.00"/>', '<Policy cashValue="9.00"/>'

    read = wire.read(file_of(holder(own + holder(others))))

    assert [each.values if each else None for each in read.holders] == [(100,)]


def test_holders_within_holders_are_gone_through_once() -> None:
    depth = 50_000  # each through all of those within it: over a thousand million steps

    read = wire.read(file_of("<Holder>" * depth + "</Holder>" * depth))

    assert read.holders == (None,)


def test_more_lines_than_a_file_has_are_not_read() -> None:
    with pytest.raises(Malformed):
        wire.read(file_of("<Holder/>" * (MOST_LINES + 1)))
