"""The contract as the application writes it: once per test process, since putting it together takes a second."""

from functools import cache
from typing import Any

from app.main import openapi_document


@cache
def contract() -> dict[str, Any]:
    """Return the OpenAPI document; all tests share it, so nobody changes it."""
    return openapi_document()
