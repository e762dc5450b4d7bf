"""How agencies write dates and amounts, read strictly: what is not written exactly so is no value at all."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

# Ten digits before the point are more than any dwelling or account needs and less than a bigint holds.
TwoDecimals = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,9})\.[0-9]{2}$")]
"""An amount in yuan, or an area in square metres."""

TenThousands = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})\.[0-9]{6}$")]
"""An amount in 万元 with six decimals, which is exact to the fen."""


def _reader(form: str, length: int) -> BeforeValidator:
    def read(value: object) -> date:
        if isinstance(value, str) and len(value) == length:
            read = datetime.strptime(f"{value}+0000", f"{form}%z").date()
            if f"{read:{form}}" == value:
                return read
        raise ValueError(f"not a date of the form {form}")

    return BeforeValidator(read)


CompactDate = Annotated[date, _reader("%Y%m%d", 8)]
SlashedDate = Annotated[date, _reader("%Y/%m/%d", 10)]
DashedDate = Annotated[date, _reader("%Y-%m-%d", 10)]
ChineseDate = Annotated[date, _reader("%Y年%m月%d日", 11)]


def ten_thousands_to_fen(text: str) -> int:
    """Read an amount in 万元 with six decimals into fen."""
    return int(Fraction(text) * 1_000_000)
