"""The OpenAPI document as clients get it: what the framework writes, completed by what holds for every operation.

An endpoint says what is its own (input, answer, refusals). Here is added what it shares with all others: what the
protocol itself may refuse, conditional reading, who may call without signing in, names a client generator can use.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI

from app.api.common.conditional import PreconditionFailed, PreconditionRequired
from app.api.common.contract_examples import example_of
from app.api.common.contract_shapes import bound_answers, close_maps, drop_titles, plain_parameters, rename_schemas
from app.api.common.problems import MEDIA_TYPE, OWN_SHAPES, PROTOCOL_PROBLEMS, TYPE_BASE, status_of
from app.core.crypto import ValueErased
from app.core.errors import DomainError
from app.idempotency.errors import FirstStillRunning, KeyMalformed, KeyMissing, KeyReused
from app.identity.errors import AudienceNotAllowed, TokenRejected

Document = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "patch")
_TAGS = {
    "sign-in": "Tokens for citizens (code by SMS) and staff (password, authenticator); refresh, sign-out, public keys.",
    "applicant": "What a citizen's phone may do: apply, follow, read what was found and decided, be paid, complain.",
    "uploads": "Files in parts: a citizen's papers, and scans of what an agency answered on paper.",
    "console: me": "A member of staff's own password and authenticator.",
    "console: applications": "The caseworker's list and tasks; acceptance, one-time notice, extension, termination.",
    "console: verification": "Agencies' checks and the household report.",
    "console: documents": "Papers that belong to an application.",
    "console: review": "Visits, letters for evidence, appraisals, opinion, confirmation, decision.",
    "console: notices": "Public notices and the objections made to them.",
    "console: awards": "Who is entitled to how much from which month.",
    "console: campaigns": "Re-verification of whole divisions: reviews and matches, at the pace of the agencies.",
    "console: letters": "What the household was told in writing, to print and hand over.",
    "console: standards": "Standards and local parameters, put in force by a second person; what follows for awards.",
    "console: payrolls": "The month's payroll: built, approved by a second person, released to the bank, settled.",
    "console: complaints": "Complaints and reports, from assignment to answer.",
    "console: personal data": "Opening one masked field; exports, which a second person approves.",
    "console: conflicts of interest": "Close relatives of staff and committees; cases registered separately",
    "console: retention": "Holds against erasure, and what was erased when its period was over.",
    "console: corrections": "What citizens say is wrong, accepted or refused.",
    "console: webhooks": "Where partners are told about events.",
    "console: status queries": "Authorities that may ask whether somebody receives assistance; what they asked.",
    "console: staff": "Accounts of staff.",
    "console: audit": "Who did, or saw, what.",
    "partner": "What an agency, the bank, the hotline or another authority calls.",
    "public": "No sign-in: standards, notices, service guide, status by receipt number, complaints.",
    "health": "For whoever runs the service.",
}
_LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_DESCRIPTION = """\
Errors are `application/problem+json` (RFC 9457): branch on `code`; `title` is in the caller's language. Text is UTF-8
without NUL and lone surrogates, numbers are integers of at most 64 bits, objects have no duplicate and no unknown
members. A POST that creates, decides, pays or sends needs an `Idempotency-Key`; changing a resource needs `If-Match`.
A client that cannot send PATCH sends the same as POST with `X-HTTP-Method-Override: PATCH`. Money is integer fen.
"""
_SERVERS = [{"url": "/", "description": "The installation that serves this document"}]
_SCHEMAS = "#/components/schemas/"
_PROBLEM = {"$ref": _SCHEMAS + "Problem"}
_TRACE = "0123456789abcdef0123456789abcdef"

# What may answer any request, beside what the operation says itself.
_ALWAYS = (400, 408, 413, 414, 415, 422, 429, 431, 500, 503)
_NAMES = {
    400: "BadRequest",
    401: "TokenRejected",
    408: "BodyTooSlow",
    410: "ValueErased",
    413: "BodyTooLarge",
    414: "AddressTooLong",
    415: "MediaTypeNotSupported",
    422: "InputInvalid",
    429: "TooManyRequests",
    431: "HeadTooLarge",
    500: "InternalError",
    503: "Overloaded",
}
_CODES = {
    410: (ValueErased.code, ValueErased.title_zh, ValueErased.title),
    429: ("too_many_requests", "操作过于频繁", "Too many requests"),
}
_HEADERS: Document = {
    "ETag": {
        "description": "Names this state of the resource: for If-None-Match when reading, for If-Match when changing.",
        "schema": {"type": "string", "maxLength": 200, "pattern": '^"[!#-~]*"$'},
        "example": '"7"',
    },
    "IdempotentReplayed": {
        "description": "`true` where this is the answer to the request of the same Idempotency-Key, given again.",
        "schema": {"const": "true", "type": "string"},
    },
    "Location": {
        "description": "The address of what was made, where it has one of its own.",
        "schema": {"type": "string", "maxLength": 400, "format": "uri-reference"},
        "example": "/v1/applications/0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    },
    "RetryAfter": {
        "description": "Seconds after which trying again makes sense.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 86400},
    },
    "WWWAuthenticate": {
        "description": "How to sign in.",
        "schema": {"type": "string", "maxLength": 200},
        "example": "Bearer",
    },
}
_ACCEPT_LANGUAGE: Document = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of titles, refusals and explanations: English where it comes first, else Chinese.",
    "schema": {"type": "string", "format": "language-range", "default": "zh-CN"},  # bounded by the head alone
    "example": "en",
}
_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the caller's copy: 304 when it is still current.",
    "schema": {"type": "string", "maxLength": 200, "pattern": r"^[\x20-\x7e]*$"},
}


def install_contract(app: FastAPI) -> None:
    """Make the application serve the completed document."""
    write: Callable[[], Document] = app.openapi

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = complete(write())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(document: Document) -> Document:
    """Return the framework's document with everything that all operations share."""
    document["info"] |= {"license": _LICENSE, "description": _DESCRIPTION}
    document["servers"] = _SERVERS
    components = document["components"]
    components["schemas"] = {
        name: schema
        for name, schema in components["schemas"].items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    shared: set[int] = set()
    for path, operation in operations(document):
        shared |= _complete_operation(path, operation)
    components["responses"] = {_NAMES[status]: _shared_response(status) for status in sorted(shared)}
    components["headers"] = _HEADERS
    components["parameters"] = {"AcceptLanguage": _ACCEPT_LANGUAGE, "IfNoneMatch": _IF_NONE_MATCH}
    drop_titles(document)
    close_maps(document)
    rename_schemas(document)
    bound_answers(document)
    for _, operation in operations(document):
        _add_example(document, operation)
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    document["tags"] = [{"name": name, "description": _TAGS[name]} for name in sorted(used, key=list(_TAGS).index)]
    return document


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Go through all operations, each with its path."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                item[method].setdefault("x-method", method)
                yield path, item[method]


def _complete_operation(path: str, operation: Document) -> set[int]:
    """Complete one operation; return which shared responses it names."""
    method = operation.pop("x-method")
    operation.setdefault("security", [])
    plain_parameters(operation.get("parameters", []))
    for parameter in operation.get("parameters", ()):
        parameter.setdefault("description", _describe(parameter))
    operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/AcceptLanguage"})
    if path.startswith("/v1/"):
        if method == "get":
            _make_conditional(operation)
        else:
            _add_headers_of_a_write(operation)
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            _make_problem(int(status), response)
    _add_refusals(operation)
    added = _add_shared(path, operation)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    return added


def _describe(parameter: Document) -> str:
    name: str = parameter["name"]
    if parameter["in"] == "path" and name.endswith("_id"):
        return f"Id of the {name.removesuffix('_id').replace('_', ' ')}."
    return "Only those of this status." if name == "status" else f"The {name.replace('_', ' ')}."


def _add_headers_of_a_write(operation: Document) -> None:
    """Say what a client may rely on beside the body: the version that it changed to, where the new thing is, and that
    an answer is one given before."""
    keyed = any(parameter.get("name") == "Idempotency-Key" for parameter in operation["parameters"])
    for status, response in operation["responses"].items():
        if status in ("200", "201"):
            names = ["ETag", *(["Location"] if status == "201" else []), *(["Idempotent-Replayed"] if keyed else [])]
            for name in names:
                reference = {"$ref": f"#/components/headers/{name.replace('-', '')}"}
                response.setdefault("headers", {}).setdefault(name, reference)


def _make_conditional(operation: Document) -> None:
    operation["parameters"].append({"$ref": "#/components/parameters/IfNoneMatch"})
    etag = {"$ref": "#/components/headers/ETag"}
    responses = operation["responses"]
    if "200" in responses:
        responses["200"].setdefault("headers", {}).setdefault("ETag", etag)
    responses.setdefault("304", {"description": "The caller's copy is current.", "headers": {"ETag": etag}})


def _add_refusals(operation: Document) -> None:
    """Add what signing in, retrying and changing something may be refused with."""
    refusals: list[type[DomainError]] = []
    if operation["security"]:
        refusals += [TokenRejected, AudienceNotAllowed]
    sent = {parameter.get("name") for parameter in operation.get("parameters", ())}
    if "Idempotency-Key" in sent:
        refusals += [KeyMissing, KeyMalformed, KeyReused, FirstStillRunning]
    if "If-Match" in sent:
        refusals += [PreconditionRequired, PreconditionFailed]
    for refusal in refusals:
        status = str(status_of(refusal))
        response = operation["responses"].setdefault(status, {"description": ""})
        if refusal.code not in response.get("x-problem-codes", ()):
            known = response.pop("x-problem-codes", [])
            response["description"] = "Refused: " + ", ".join([*known, refusal.code])
            _make_problem(int(status), response)


def _make_problem(status: int, response: Document) -> None:
    """Give a refusal its media type, its codes in a form programs can read, an example, and its headers."""
    codes = [code.strip() for code in response["description"].partition("Refused: ")[2].split(",") if code.strip()]
    if status == 422 and not codes:  # the framework's own, where an endpoint names no refusals
        codes, response["description"] = ["input_invalid"], "Refused: input_invalid"
    protocol = PROTOCOL_PROBLEMS.get(status)
    if status in _ALWAYS and protocol is not None and protocol[0] not in codes:
        codes.append(protocol[0])
        response["description"] = "Refused: " + ", ".join(codes)
    response["x-problem-codes"] = codes
    own = [{"$ref": _SCHEMAS + OWN_SHAPES[code].__name__} for code in codes if code in OWN_SHAPES]
    schema: Document = {"anyOf": [*own, _PROBLEM]} if own else _PROBLEM
    plain = next((code for code in codes if code not in OWN_SHAPES), None)
    response["content"] = {MEDIA_TYPE: {"schema": schema}}
    if plain is not None:
        response["content"][MEDIA_TYPE]["example"] = _problem_example(status, plain)
    _add_problem_headers(status, response)


def _add_problem_headers(status: int, response: Document) -> None:
    name = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}.get(status)
    if name is not None:
        reference = f"#/components/headers/{name.replace('-', '')}"
        response.setdefault("headers", {}).setdefault(name, {"$ref": reference})


def _problem_example(status: int, code: str) -> Document:
    protocol = PROTOCOL_PROBLEMS.get(status) or _CODES.get(status)
    title = protocol[1] if protocol is not None and protocol[0] == code else "请求被拒绝"
    return {
        "type": TYPE_BASE + code,
        "code": code,
        "title": title,
        "status": status,
        "detail": None,
        "instance": f"urn:trace:{_TRACE}",
        "errors": [{"pointer": "/name", "code": "missing", "detail": "missing"}] if code == "input_invalid" else [],
    }


def _add_shared(path: str, operation: Document) -> set[int]:
    statuses = set(_ALWAYS)
    if not operation.get("requestBody"):
        statuses -= {408, 413, 415}
    if path.startswith("/v1/"):
        statuses.add(410)  # wherever something sealed may be shown
    missing = {status for status in statuses if str(status) not in operation["responses"]}
    for status in missing:
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_NAMES[status]}"}
    return missing


def _shared_response(status: int) -> Document:
    code, _, words = PROTOCOL_PROBLEMS.get(status) or _CODES[status]
    response: Document = {"description": f"{words}: {code}", "x-problem-codes": [code]}
    response["content"] = {MEDIA_TYPE: {"schema": _PROBLEM, "example": _problem_example(status, code)}}
    _add_problem_headers(status, response)
    return response


def _add_example(document: Document, operation: Document) -> None:
    """Give a request body an example that validates, made of the examples of its members."""
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        if kind.endswith("json") and "example" not in media and "examples" not in media:
            media["example"] = example_of(document, media["schema"])
