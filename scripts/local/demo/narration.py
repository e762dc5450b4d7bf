"""How the story is told: who acts, what changed, what is due when; a bar where it takes long."""

import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

_PIPED_WIDTH = 120  # columns where the output is no terminal that could say
CONSOLE = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


class StoryStopped(Exception):
    """Something did not happen as the story needs it; the message says what."""


def chapter(number: int, title: str) -> None:
    """Begin a chapter."""
    CONSOLE.print(f"\n[bold]{number}. {title}[/bold]")


def tell(who: str, what: str) -> None:
    """Say who did what."""
    CONSOLE.print(f"   [cyan]{who}[/cyan] {what}")


def note(text: str) -> None:
    """Say what follows from it."""
    CONSOLE.print(f"      [dim]{text}[/dim]")


def show_table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Show a small table."""
    table = Table(title=title, title_justify="left", pad_edge=False, show_lines=CONSOLE.width < _PIPED_WIDTH)
    for column in columns:
        table.add_column(column, overflow="fold")  # on a narrow terminal nothing is cut: it goes on below
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    CONSOLE.print(table)


def wait_until(what: str, done: Callable[[], tuple[int, int]], *, seconds: float = 240) -> None:
    """Wait until `done` says (n, n), with a bar.

    Raises:
        StoryStopped: it took longer than `seconds`.
    """
    columns = (TextColumn("      {task.description}"), BarColumn(30), TextColumn("{task.completed}/{task.total}"))
    deadline = time.monotonic() + seconds
    with Progress(*columns, TimeElapsedColumn(), console=CONSOLE) as progress:
        bar = progress.add_task(what, total=1)
        while True:
            reached, total = map(int, done())
            progress.update(bar, completed=reached, total=max(total, 1))
            if total and reached >= total:
                return
            if time.monotonic() > deadline:
                raise StoryStopped(f"{what}: only {reached} of {total} after {seconds:.0f} s")
            time.sleep(0.2)


def counted(number: int, thing: str) -> str:
    """Write a number of things: 1 line, 2 lines."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def yuan(fen: int) -> str:
    """Write fen as yuan."""
    return f"{fen / 100:,.2f} yuan"
