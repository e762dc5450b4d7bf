"""Paths, queries and conditions, read as strictly as bodies: each value spelt one way, no parameter unknown or twice.

A query parameter that nobody reads is mostly a misspelt filter: the caller would get everything where he asked for a
part. Python reads `1_000`, `+5`, `５` and `5.0` as integers and `urn:uuid:…` as an id; the contract knows one spelling.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.api.common.schemas import MOMENT_SPELLED, UUID_SPELLED

_SPELLED = {
    int: re.compile(r"-?(?:0|[1-9][0-9]{0,18})"),
    UUID: re.compile(UUID_SPELLED),
    date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    datetime: re.compile(MOMENT_SPELLED),
}
_CONDITION = re.compile(r"[\x20-\x7e]{0,200}")
_Known = dict[str, "re.Pattern[str] | None"]
_KNOWN: dict[Callable[..., Any], tuple[_Known, _Known]] = {}


async def strict_address(request: Request) -> None:
    """Refuse a path or query that is not spelt as the contract says (a dependency of every operation).

    Raises:
        RequestValidationError: an unknown, repeated or oddly spelt parameter.
    """
    paths, queries = _known_of(request.scope["route"])
    given = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    names = [name for name, _ in given]
    conditions = request.headers.getlist("if-none-match")
    faults = [
        *(_fault("header", "If-None-Match", "spelling") for value in conditions if _misspelt(_CONDITION, value)),
        *(_fault("query", name, "parameter_unknown") for name in names if name not in queries),
        *(_fault("query", name, "parameter_repeated") for name in queries if names.count(name) > 1),
        *(_fault("query", name, "spelling") for name, value in given if _misspelt(queries.get(name), value)),
        *(
            _fault("path", name, "spelling")
            for name, value in request.path_params.items()
            if _misspelt(paths.get(name), str(value))
        ),
    ]
    if faults:
        raise RequestValidationError(faults)


def _fault(place: str, name: str, kind: str) -> dict[str, Any]:
    return {"type": kind, "loc": (place, name[:100]), "msg": kind, "input": None}


def _misspelt(spelled: "re.Pattern[str] | None", value: str) -> bool:
    return spelled is not None and spelled.fullmatch(value) is None


def _known_of(route: APIRoute) -> tuple[_Known, _Known]:
    """Return what an operation reads from its path and its query; found out once for each."""
    known = _KNOWN.get(route.endpoint)
    if known is None:
        known = _known(route.dependant, "path_params"), _known(route.dependant, "query_params")
        _KNOWN[route.endpoint] = known
    return known


def _known(dependant: Dependant, place: str) -> _Known:
    """Return what an operation reads from there, each with its one spelling (None: text, its schema says)."""
    return {field.alias: _spelling(field.field_info.annotation) for field in _fields(dependant, place)}


def _fields(dependant: Dependant, place: str) -> Iterator[Any]:
    yield from getattr(dependant, place)
    for inner in dependant.dependencies:
        yield from _fields(inner, place)


def _spelling(annotation: Any) -> "re.Pattern[str] | None":
    kinds = get_args(annotation) or (annotation,)
    return next((_SPELLED[kind] for kind in kinds if kind in _SPELLED), None)
