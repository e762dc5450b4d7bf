"""What schemathesis cannot know: a key names one request, a change names what it has seen, signing out ends a session.

Loaded by the schemathesis program (`hooks` in its settings), not by pytest.
"""

import json
import os
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis import GenerationMode

_TOKENS = {f"Bearer {token}" for token in json.loads(os.environ.get("FUZZ_TOKENS", "[]"))}
_LARGEST = 2**53
_SPARE = iter(json.loads(os.environ.get("FUZZ_SPARE_TOKENS", "[]")))
# The schema cannot say everything: a 422 with another code than these is the domain's word, not a broken promise.
_SCHEMA_CODES = {"input_invalid", "bad_request"}


def _is_positive(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Make a request that is meant to be right one that can succeed."""
    case.body = _whole(case.body, every=_is_positive(case))
    if case.path == "/v1/auth/logout" and (case.headers or {}).get("Authorization") in _TOKENS:
        case.headers["Authorization"] = f"Bearer {next(_SPARE, 'none-left')}"
    if not _is_positive(case) or not case.headers:
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid4().hex
    if "If-Match" in case.headers:
        etag = _present_etag(case, kwargs)
        if etag is not None:
            case.headers["If-Match"] = etag


def _whole(value: Any, *, every: bool) -> Any:
    """Write 1.0 as 1: for JSON Schema they are the same number, for us only the second is one (info.description).

    `every`: so too where a schema lets in anything; a fraction is no number of ours, nor one beyond 64 bits.
    """
    if every and isinstance(value, int | float) and not isinstance(value, bool):
        return int(max(-_LARGEST, min(value, _LARGEST)))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item, every=every) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item, every=every) for name, item in value.items()}
    return value


def _present_etag(case: Any, kwargs: dict[str, Any]) -> str | None:
    base = kwargs.get("base_url") or case.operation.schema.get_base_url()
    authorization = case.headers.get("Authorization")
    if not authorization or "application_id" not in (case.path_parameters or {}):
        return None
    address = f"{base.rstrip('/')}/v1/applications/{case.path_parameters['application_id']}"
    request = urllib.request.Request(address, headers={"Authorization": authorization})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            etag: str | None = answer.headers.get("ETag")
            return etag
    except (urllib.error.URLError, ValueError, UnicodeError):
        return None


@schemathesis.check
def the_schema_says_what_is_taken(ctx: Any, response: Any, case: Any) -> None:
    """What the schema allows is not refused as malformed."""
    if _is_positive(case) and response.status_code in (400, 422):
        problem = response.json()
        if problem["code"] in _SCHEMA_CODES:
            raise AssertionError(f"valid by the schema, refused as {problem['code']}: {problem['errors']}")
