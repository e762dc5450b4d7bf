"""How the demonstration's story looks on a terminal of 80 columns: all of it is there."""

import io

import pytest
from rich.console import Console

from scripts.local.demo import narration

_LAW = "《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条、第十四条第一款第二项"
_WORDS = "人均月收入低于当地标准，差额部分按月发放，不足一元的按一元计算"


@pytest.fixture
def terminal(monkeypatch) -> io.StringIO:
    shown = io.StringIO()
    monkeypatch.setattr(narration, "CONSOLE", Console(file=shown, width=80, highlight=False))
    return shown


def test_nothing_of_a_table_is_cut(terminal: io.StringIO):
    narration.show_table("Assessment", ["rule", "verdict", "in words", "law"], [["收入", "met", _WORDS, _LAW]])

    lines = terminal.getvalue().splitlines()
    cells = [[part.strip() for part in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert ["".join(parts) for parts in zip(*cells, strict=True)] == ["收入", "met", _WORDS, _LAW]


def test_a_bar_counts_in_numbers(terminal: io.StringIO):
    narration.wait_until("the notice ends", lambda: (True, 1))

    assert "1/1" in terminal.getvalue()
    assert "True" not in terminal.getvalue()


@pytest.mark.parametrize(("number", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (2500, "2,500 lines")])
def test_one_is_not_many(number: int, said: str):
    assert narration.counted(number, "line") == said
