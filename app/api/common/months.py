"""A month in requests and answers: '2026-12'."""

from typing import Annotated

from pydantic import Field

Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-12"])]
