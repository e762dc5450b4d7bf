"""What came out: a table for the terminal, and CSV and JSON for whoever goes on with it."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.local.simulate.tally import County, Tally

_HEADINGS = (
    "county", "households", "more", "less", "same", "newly", "lost", "without", "open",
    "before, yuan", "after, yuan", "change",
)  # fmt: skip
_ROWS = 20


def table_of(tally: Tally, names: Mapping[str, str]) -> str:
    """Return the counties that change most, and the sum of all."""
    counties = tally.by_code()
    ranked = sorted(counties, key=lambda code: (-abs(counties[code].after_fen - counties[code].before_fen), code))
    rows = [_HEADINGS, *(_cells(names.get(code, code), counties[code]) for code in ranked[:_ROWS])]
    if len(ranked) > _ROWS:
        rest = County()
        for code in ranked[_ROWS:]:
            rest.merge(counties[code])
        rows.append(_cells(f"{len(ranked) - _ROWS} more", rest))
    rows.append(_cells("all", tally.total()))
    widths = [max(_width(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def csv_of(tally: Tally, names: Mapping[str, str]) -> str:
    """Return one line for each county; money in fen a month."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("county", "name", *County().as_json()))
    for code, county in tally.by_code().items():
        writer.writerow((code, names.get(code, ""), *county.as_json().values()))
    return text.getvalue()


def json_of(tally: Tally, names: Mapping[str, str], **about: Any) -> str:
    """Return everything; money in fen a month."""
    counties = [{"county": code, "name": names.get(code), **each.as_json()} for code, each in tally.by_code().items()]
    content = {**about, "currency": "CNY", "total": tally.total().as_json(), "counties": counties}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _cells(name: str, county: County) -> tuple[str, ...]:
    kept = (county.more, county.less, county.unchanged)
    counts = (county.households, *kept, county.newly, county.lost, county.without, county.open)
    change = (county.after_fen - county.before_fen) // 100
    money = (f"{county.before_fen // 100:,}", f"{county.after_fen // 100:,}", f"{change:+,}")
    return (name, *(f"{number:,}" for number in counts), *money)


def _width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    blanks = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    numbers = (blank + cell for cell, blank in zip(row[1:], blanks[1:], strict=True))
    return "  ".join([row[0] + blanks[0], *numbers])
