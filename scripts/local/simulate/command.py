"""`scripts/simulate`: what changed standards or parameters of the minimum-living allowance would mean.

The file names what would be different, over the numbers in force on the day:

    standards:
      - {area: "530000000000", area_class: rural, amount_fen: 520000, period: year}
    parameters:
      - {area: "532529000000", name: edge_ratio, value: "2"}

A body of `PUT /v1/console/standards` or `…/parameters` serves as well, with or without its document and first day.

The households are those of the installation in --data or in the environment (awards in force, and refusals of the last
year), each as it was decided; or, with --synthetic, made-up ones and the standards that ship. Nothing is changed.
"""

import argparse
import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.api.common.detail_words import sentence_of
from app.core.clock import SystemClock, today
from app.core.errors import DomainError
from app.core.outages import SUSPECTS, is_outage
from app.programs.base import Standard
from app.programs.living_allowance.program import LivingAllowance
from app.programs.parameters import STANDARD
from app.reference.divisions import Level
from app.reference.published import read_divisions, read_standards
from app.review.book import Book, Dated
from scripts.local.installation import point_at
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop
from scripts.local.simulate.book import Day
from scripts.local.simulate.caseload import read_installation
from scripts.local.simulate.change import read_change
from scripts.local.simulate.chart import draw_chart
from scripts.local.simulate.report import csv_of, json_of, table_of
from scripts.local.simulate.running import Part, Task, peak_megabytes, run_parts, synthetic_parts
from scripts.local.simulate.tally import Tally


def simulate(arguments: Sequence[str], stop: Stop) -> int:
    """Judge every household twice and show what would be different.

    Raises:
        Refusal: the change or the numbers cannot be used, or there is no caseload to read.
    """
    options = _parser().parse_args(arguments)
    change = read_change(options.change)
    began = time.monotonic()
    try:
        before, parts = _source(options)
        tally = run_parts(Task(before, before.changed(change)), parts, options.processes)
    except DomainError as refusal:
        raise Refusal(f"These numbers cannot be used. {refusal.title}{_more(refusal)}.") from None
    except SUSPECTS as error:
        if not is_outage(error):
            raise
        raise Refusal("The database does not answer.") from None
    _show(options, tally)
    households = tally.total().households
    say(
        f"{households:,} households judged twice in {time.monotonic() - began:.1f} s by {options.processes} "
        f"processes, of which none held more than {peak_megabytes()} MB."
    )
    return 0


def _more(refusal: DomainError) -> str:
    sentence = sentence_of(refusal, english=True)
    return "" if sentence is None else f" ({sentence})"


def published_day(on: date) -> Day:
    """Return the standards that ship, opened at a day; no place has set anything of its own."""
    numbers = (
        Dated(
            STANDARD,
            Standard(row.amount_fen, row.period, row.area, row.area_class, row.valid_from, row.source),
            row.valid_to,
        )
        for row in read_standards()
        if row.program == STANDARD
    )
    return Day(on, Book(LivingAllowance(), tuple(numbers)))


def _source(options: argparse.Namespace) -> tuple[Day, Sequence[Part]]:
    if options.synthetic is not None:
        return published_day(options.on), list(synthetic_parts(options.seed, options.synthetic, options.on))
    point_at(options.data)
    return read_installation(options.on)


def _show(options: argparse.Namespace, tally: Tally) -> None:
    names = {row.code[:6]: row.name for row in read_divisions() if row.level == Level.COUNTY}
    if not tally.counties:
        say("There is no household to judge.")
        return
    say(table_of(tally, names))
    if options.svg is not None:
        _write(options.svg, draw_chart(tally.by_code(), names, f"Monthly cost on {options.on}, yuan"))
    if options.csv is not None:
        _write(options.csv, csv_of(tally, names))
    if options.json is not None:
        _write(options.json, json_of(tally, names, on=options.on.isoformat(), change=options.change.name))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    say(f"Wrote {path}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/simulate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("change", type=Path, help="YAML: standards and parameters that would be different")
    parser.add_argument("--on", type=_day, default=today(SystemClock()), help="the day that is judged (default: today)")
    parser.add_argument("--synthetic", type=_count, metavar="N", help="judge N made-up households, without a database")
    parser.add_argument("--seed", type=int, default=1, help="draws other made-up households (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="a running local installation (default: .data/serve)")
    parser.add_argument("--processes", type=_count, default=os.cpu_count() or 1, help="default: one a core")
    parser.add_argument("--svg", type=Path, help="write a picture of the cost by county")
    parser.add_argument("--csv", type=Path, help="write one line for each county")
    parser.add_argument("--json", type=Path, help="write everything")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date such as 2026-12-01") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000_000):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 100000000")
    return int(text)
