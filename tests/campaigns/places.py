"""What a place sets for campaigns."""

from datetime import date

from app.reference.commands import LocalParameter

ELSEWHERE = "530102001001"


def setting(name: str, area: str, value: object) -> LocalParameter:
    return LocalParameter("procedure", name, area, value, "测试规程第九条", date(2026, 1, 1))
