"""Refusals become RFC 9457 problem details here and nowhere else."""

from collections.abc import Mapping, Sequence
from functools import reduce
from http import HTTPStatus
from operator import or_
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from app.api.common.detail_words import sentence_of
from app.api.common.fault_words import words_for
from app.core.errors import DomainError, Fault, Kind
from app.core.outages import SUSPECTS, is_outage

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"
_LONGEST_NAME = 100  # characters of a member name repeated in a pointer

_STATUS = {
    Kind.INVALID: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.GONE: HTTPStatus.GONE,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.UNPROCESSABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.PRECONDITION_REQUIRED: HTTPStatus.PRECONDITION_REQUIRED,
    Kind.PRECONDITION_FAILED: HTTPStatus.PRECONDITION_FAILED,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What the protocol itself refuses: status → code, zh-CN, en.
PROTOCOL_PROBLEMS = {
    400: ("bad_request", "请求格式不正确", "The request is malformed"),
    401: ("token_rejected", "请先登录", "Please sign in"),
    404: ("no_such_address", "没有此地址", "There is nothing at this address"),
    405: ("method_not_allowed", "不支持此请求方法", "This method is not allowed here"),
    408: ("body_too_slow", "请求内容接收超时", "The body did not arrive in time"),
    413: ("body_too_large", "请求内容过大", "The body is too large"),
    414: ("address_too_long", "请求地址过长", "The address is too long"),
    415: ("media_type_not_supported", "不支持的内容类型", "This content type is not supported"),
    422: ("input_invalid", "输入内容不符合要求", "The input is not valid"),
    431: ("head_too_large", "请求头过大", "The header lines are too large"),
    500: ("internal_error", "系统内部错误", "Something went wrong on our side"),
    503: ("overloaded", "系统繁忙，请稍后再试", "Too busy, please try again"),
}


class FaultOut(BaseModel):
    """One thing that is wrong: where (JSON Pointer), a stable code (`/problems/input_invalid` lists them all), words
    for a person."""

    pointer: str
    code: str
    detail: str

    @classmethod
    def of(cls, fault: Fault, *, english: bool) -> "FaultOut":
        """Put a fault into words."""
        return cls(pointer=fault.pointer, code=fault.code, detail=words_for(fault, english=english))


class Problem(BaseModel):
    """RFC 9457 problem details. Branch on `code`; `title` is in the caller's language."""

    type: str
    code: str
    title: str
    status: int
    detail: str | None
    instance: str
    errors: list[FaultOut]


class EditConflict(BaseModel):
    """One field that two devices changed. `pointer` is into the application; a member's number is masked in both."""

    pointer: str
    yours: Any
    theirs: Any


class EditProblem(Problem):
    """What is refused because another device changed the same field: `conflicts` shows both values of each."""

    conflicts: list[EditConflict]


class KeptProblem(Problem):
    """What cannot be erased yet: as what it is kept, by which law, and until when (null: the case goes on)."""

    kept_as: str
    kept_until: str | None
    basis: list[str]


OWN_SHAPES: Mapping[str, type[Problem]] = {"edited_elsewhere": EditProblem, "still_kept": KeptProblem}
"""The refusals whose documents have members of their own (RFC 9457 section 3.2), by code."""


class RowProblem(BaseModel):
    """Why one row of many was refused, as the problem of a request for that row alone would tell."""

    type: str
    code: str
    title: str
    status: int
    detail: str | None
    errors: list[FaultOut]

    @classmethod
    def of(cls, error: DomainError, *, english: bool) -> "RowProblem":
        """Put a refusal into words."""
        return cls(
            type=TYPE_BASE + error.code,
            code=error.code,
            title=error.title if english else error.title_zh,
            status=status_of(type(error)),
            detail=sentence_of(error, english=english),
            errors=[FaultOut.of(fault, english=english) for fault in error.faults],
        )


def status_of(error: type[DomainError]) -> int:
    """Return the HTTP status of a refusal."""
    return int(_STATUS[error.kind])


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of an operation, for its `responses`."""
    by_status: dict[int, list[str]] = {422: ["input_invalid"]}
    for error in errors:
        by_status.setdefault(status_of(error), []).append(error.code)
    return {
        status: {
            "model": reduce(or_, (OWN_SHAPES[code] for code in codes if code in OWN_SHAPES), Problem),
            "description": "Refused: " + ", ".join(dict.fromkeys(codes)),
            "content": {MEDIA_TYPE: {}},
        }
        for status, codes in sorted(by_status.items())
    }


def wants_english(request: Request) -> bool:
    """Say whether the caller asked for English; zh-CN is the default."""
    first = request.headers.get("accept-language", "zh-CN").split(",")[0]
    return first.strip().lower().startswith("en")


def problem_response(
    request: Request,
    status: int,
    code: str,
    title: str,
    *,
    detail: str | None = None,
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Build one problem answer; `extra` are members that only this refusal has."""
    english = wants_english(request)
    problem = Problem(
        type=TYPE_BASE + code,
        code=code,
        title=title,
        status=status,
        detail=detail,
        instance="urn:trace:" + request.scope.get("trace", ""),
        errors=[FaultOut.of(fault, english=english) for fault in faults],
    )
    headers = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse({**problem.model_dump(), **(extra or {})}, status, headers, MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every refusal and failure of the application a problem answer."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(PoolTimeout, _on_overload)
    for suspect in SUSPECTS:
        app.add_exception_handler(suspect, _on_outage)
    app.add_exception_handler(StaleDataError, _on_stale)
    app.add_exception_handler(Exception, _on_crash)


def protocol_problem(
    request: Request,
    status: int,
    *,
    detail: str | None = None,
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Build the problem of a refusal by the protocol itself."""
    code, zh, en = PROTOCOL_PROBLEMS.get(status, PROTOCOL_PROBLEMS[400 if status < 500 else 500])
    title = en if wants_english(request) else zh
    return problem_response(request, status, code, title, detail=detail, faults=faults, headers=headers)


async def _on_domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return problem_response(
        request,
        status_of(type(error)),
        error.code,
        error.title if wants_english(request) else error.title_zh,
        detail=sentence_of(error, english=wants_english(request)),
        faults=error.faults,
        headers=headers,
        extra=error.extra,
    )


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # A body that a limit looks into as well is read twice; each fault is told once. pydantic's message may quote the
    # input; its type never does.
    found = dict.fromkeys((_pointer(fault["loc"]), fault["type"]) for fault in error.errors())
    faults = [Fault(at, code) for at, code in found]
    malformed = any(fault.code == "json_invalid" for fault in faults)
    return protocol_problem(request, 400 if malformed else 422, faults=faults)


def _pointer(location: tuple[int | str, ...]) -> str:
    parts = location[1:] if location and location[0] == "body" else location
    # A name the client made up is told as far as it helps to find it again.
    return "".join("/" + str(part)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in parts)


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return protocol_problem(request, error.status_code, headers=dict(error.headers or {}))


async def _on_overload(request: Request, error: Exception) -> JSONResponse:
    return protocol_problem(request, 503, headers={"Retry-After": "2"})


async def _on_outage(request: Request, error: Exception) -> JSONResponse:
    if not is_outage(error):
        raise error
    structlog.get_logger().warning("database away", trace=request.scope.get("trace"), error_type=type(error).__name__)
    return protocol_problem(request, 503, headers={"Retry-After": "2"})


async def _on_stale(request: Request, error: Exception) -> JSONResponse:
    title = "Somebody else changed this just now" if wants_english(request) else "内容刚被他人修改，请重试"
    return problem_response(request, 409, "changed_meanwhile", title)


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    structlog.get_logger().error("request crashed", trace=request.scope.get("trace"), exc_info=error)
    return protocol_problem(request, 500)
