"""The comparer of contracts, tried by changing the real one: every break is seen, nothing else is called a break."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from scripts.local.contract_diff import breaks

Document = dict[str, Any]
Change = Callable[[Document], Any]


def _operation(document: Document, name: str) -> Document:
    return next(o for item in document["paths"].values() for o in item.values() if o["operationId"] == name)


def _schema(document: Document, name: str) -> Document:
    return document["components"]["schemas"][name]


def _member(document: Document, schema: str, name: str) -> Document:
    return _schema(document, schema)["properties"][name]


def _parameter(document: Document, operation: str, name: str) -> Document:
    return next(p for p in _operation(document, operation)["parameters"] if p.get("name") == name)


def _without(document: Document, schema: str, name: str) -> None:
    del _schema(document, schema)["properties"][name]
    if name in _schema(document, schema).get("required", ()):
        _schema(document, schema)["required"].remove(name)


def _drop_parameter(document: Document, operation: str, name: str) -> None:
    _operation(document, operation)["parameters"].remove(_parameter(document, operation, name))


def _move(document: Document, path: str, to: str) -> None:
    document["paths"][to] = document["paths"].pop(path)


def _add_parameter(document: Document, operation: str, *, required: bool) -> None:
    schema = {"type": "string", "maxLength": 9}
    _operation(document, operation)["parameters"].append(
        {"name": "extra", "in": "query", "required": required, "schema": schema}
    )


def _inline(document: Document, operation: str) -> None:
    media = _operation(document, operation)["requestBody"]["content"]["application/json"]
    media["schema"] = copy.deepcopy(_schema(document, media["schema"]["$ref"].rsplit("/", 1)[1]))


def _rename(document: Document, old: str, new: str) -> None:
    def follow(thing: Any) -> None:
        if isinstance(thing, dict):
            if thing.get("$ref") == f"#/components/schemas/{old}":
                thing["$ref"] = f"#/components/schemas/{new}"
            for inner in thing.values():
                follow(inner)
        elif isinstance(thing, list):
            for inner in thing:
                follow(inner)

    follow(document)
    document["components"]["schemas"][new] = document["components"]["schemas"].pop(old)


BREAKING: dict[str, Change] = {
    "path gone": lambda d: d["paths"].pop("/v1/me"),
    "path moved": lambda d: _move(d, "/v1/awards", "/v1/my-awards"),
    "method gone": lambda d: d["paths"]["/v1/applications/{application_id}"].pop("delete"),
    "operationId changed": lambda d: _operation(d, "get_me").update(operationId="me"),
    "sign-in demanded": lambda d: _operation(d, "list_public_notices").update(security=[{"applicant": []}]),
    "another audience": lambda d: _operation(d, "get_me").update(security=[{"staff": []}]),
    "an audience gone": lambda d: _operation(d, "sign_out").update(security=[{"applicant": []}]),
    "two tokens demanded": lambda d: _operation(d, "get_me").update(security=[{"applicant": [], "staff": []}]),
    "security scheme replaced": lambda d: d["components"]["securitySchemes"]["staff"].update(scheme="basic"),
    "query parameter gone": lambda d: _drop_parameter(d, "list_standards", "program"),
    "header parameter gone": lambda d: _drop_parameter(d, "list_partner_events", "x-partner"),
    "parameter newly required": lambda d: _parameter(d, "list_standards", "division").update(required=True),
    "new required parameter": lambda d: _add_parameter(d, "list_standards", required=True),
    "parameter bound narrowed": lambda d: _parameter(d, "list_my_awards", "limit")["schema"].update(maximum=50),
    "parameter least raised": lambda d: _parameter(d, "list_my_awards", "limit")["schema"].update(minimum=5),
    "parameter default changed": lambda d: _parameter(d, "list_my_awards", "limit")["schema"].update(default=50),
    "parameter type changed": lambda d: _parameter(d, "list_my_awards", "limit")["schema"].update(type="string"),
    "parameter pattern changed": lambda d: _parameter(d, "list_my_awards", "cursor")["schema"].update(pattern="^a"),
    "parameter enum value gone": lambda d: _schema(d, "ApplicationsStatus")["enum"].remove("withdrawn"),
    "body newly required": lambda d: _operation(d, "get_me").update(
        requestBody={"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    ),
    "body gone": lambda d: _operation(d, "start_application").pop("requestBody"),
    "body media type gone": lambda d: _operation(d, "edit_application")["requestBody"].update(
        content={"application/json": {"schema": {}}}
    ),
    "body member gone": lambda d: _without(d, "MemberIn", "student"),
    "body member newly required": lambda d: _schema(d, "MemberIn")["required"].append("student"),
    "body member shortened": lambda d: _member(d, "RealNameIn", "name").update(maxLength=20),
    "body member lengthened at the least": lambda d: _member(d, "RealNameIn", "name").update(minLength=2),
    "body member given a pattern": lambda d: _member(d, "StaffTokenIn", "password").update(pattern="^x"),
    "body member given a format": lambda d: _member(d, "StaffTokenIn", "password").update(format="uuid"),
    "body member's type changed": lambda d: _member(d, "SubmitIn", "truth_promised").update(type="string"),
    "body member no longer nullable": lambda d: _member(d, "MatterIn", "division").update(anyOf=[{"type": "null"}]),
    "body enum value gone": lambda d: _member(d, "ExtendIn", "reason")["enum"].remove("objection"),
    "body list shortened": lambda d: _member(d, "ReturnIn", "missing").update(maxItems=5),
    "body list may not be empty": lambda d: _member(d, "VisitIn", "present").update(minItems=1),
    "body map closed": lambda d: _member(d, "OpinionIn", "reasons").update(additionalProperties=False),
    "body members exclude each other": lambda d: _schema(d, "ComplaintIn").update(anyOf=[{"required": ["division"]}]),
    "success status gone": lambda d: _operation(d, "start_application")["responses"].pop("201"),
    "success status changed": lambda d: _operation(d, "start_application")["responses"].update(
        {"200": _operation(d, "start_application")["responses"].pop("201")}
    ),
    "refusal's status gone": lambda d: _operation(d, "start_application")["responses"].pop("409"),
    "refusal's code gone": lambda d: _operation(d, "start_application")["responses"]["409"]["x-problem-codes"].pop(0),
    "answer's media type changed": lambda d: _operation(d, "get_me")["responses"]["200"].update(
        content={"application/xml": {"schema": {}}}
    ),
    "answer's header gone": lambda d: _operation(d, "get_me")["responses"]["200"]["headers"].pop("ETag"),
    "answer's member gone": lambda d: _without(d, "AwardOut", "currency"),
    "answer's member optional": lambda d: _schema(d, "AwardOut")["required"].remove("currency"),
    "answer's member nullable": lambda d: _member(d, "AwardOut", "opened_at").update(type=["string", "null"]),
    "answer's member of another type": lambda d: _member(d, "AwardOut", "members_count").update(type="string"),
    "answer's integer a number": lambda d: _member(d, "AwardOut", "members_count").update(type="number"),
    "answer's integer larger": lambda d: _member(d, "AwardOut", "monthly_amount_fen").update(maximum=10**15),
    "answer's text longer": lambda d: _member(d, "AwardOut", "program").update(maxLength=1000),
    "answer's text without format": lambda d: _member(d, "AwardOut", "id").pop("format"),
    "answer's enum value added": lambda d: _schema(d, "AwardsStatus")["enum"].append("lost"),
    "answer's constant changed": lambda d: _member(d, "AwardOut", "currency").update(const="USD"),
    "answer's enum made any text": lambda d: _schema(d, "AwardsStatus").pop("enum"),
    "answer's list longer": lambda d: _member(d, "AwardOutPage", "items").update(maxItems=10**6),
    "member of a list in an answer gone": lambda d: _without(d, "StepOut", "due_on"),
    "problem's member gone": lambda d: _without(d, "Problem", "code"),
    "empty answer has a body": lambda d: _operation(d, "sign_out")["responses"]["204"].update(
        content={"application/json": {"schema": {}}}
    ),
}

COMPATIBLE: dict[str, Change] = {
    "nothing": lambda d: None,
    "new operation": lambda d: d["paths"].update(
        {"/v1/new": {"get": {**copy.deepcopy(_operation(d, "get_me")), "operationId": "get_new"}}}
    ),
    "summary reworded": lambda d: _operation(d, "get_me").update(summary="Who am I?"),
    "description reworded": lambda d: _schema(d, "AwardOut").update(description="Money."),
    "another tag": lambda d: _operation(d, "get_me").update(tags=["public"]),
    "example changed": lambda d: _member(d, "CodeRequestIn", "phone").update(examples=["19000000002"]),
    "operations in another order": lambda d: d.update(paths=dict(reversed(d["paths"].items()))),
    "new optional parameter": lambda d: _add_parameter(d, "list_standards", required=False),
    "parameter no longer required": lambda d: _parameter(d, "list_public_notices", "division").update(required=False),
    "parameter bound widened": lambda d: _parameter(d, "list_my_awards", "limit")["schema"].update(maximum=500),
    "parameter pattern given up": lambda d: _parameter(d, "list_my_awards", "cursor")["schema"].pop("pattern"),
    "open to all": lambda d: _operation(d, "get_me").update(security=[]),
    "further audience": lambda d: _operation(d, "get_me")["security"].append({"staff": []}),
    "body member added, optional": lambda d: _schema(d, "MemberIn")["properties"].update(nick={"type": "string"}),
    "body member no longer required": lambda d: _schema(d, "MemberIn")["required"].remove("name"),
    "body member lengthened": lambda d: _member(d, "RealNameIn", "name").update(maxLength=200),
    "body member nullable": lambda d: _member(d, "SubmitIn", "truth_promised").update(type=["boolean", "null"]),
    "body enum value added": lambda d: _member(d, "ExtendIn", "reason")["enum"].append("flood"),
    "body enum made any text": lambda d: _member(d, "ExtendIn", "reason").pop("enum"),
    "body list longer": lambda d: _member(d, "ReturnIn", "missing").update(maxItems=50),
    "body map opened": lambda d: _schema(d, "MemberIn").update(additionalProperties=True),
    "further body media type": lambda d: _operation(d, "start_application")["requestBody"]["content"].update(
        {"application/x": {"schema": {}}}
    ),
    "body not required": lambda d: _operation(d, "start_application")["requestBody"].update(required=False),
    "body schema written in place": lambda d: _inline(d, "start_application"),
    "schema renamed": lambda d: _rename(d, "AwardOut", "Award"),
    "further refusal": lambda d: _operation(d, "get_me")["responses"].update(
        {"418": _operation(d, "get_me")["responses"]["401"]}
    ),
    "further code": lambda d: _operation(d, "get_me")["responses"]["401"]["x-problem-codes"].append("token_old"),
    "answer's member added": lambda d: (
        _schema(d, "AwardOut")["properties"].update(words={"type": "string"}),
        _schema(d, "AwardOut")["required"].append("words"),
    ),
    "answer's member never null": lambda d: _member(d, "AwardOut", "to_month").update(
        _member(d, "AwardOut", "to_month").pop("anyOf")[0]
    ),
    "answer's enum value gone": lambda d: _schema(d, "Weight")["enum"].pop(),
    "answer's text shorter": lambda d: _member(d, "AwardOut", "program").update(maxLength=10),
    "answer's integer bounded closer": lambda d: _member(d, "AwardOut", "members_count").update(maximum=100),
    "further header": lambda d: _operation(d, "get_me")["responses"]["200"]["headers"].update(X={"schema": {}}),
    "further media type of an answer": lambda d: _operation(d, "get_me")["responses"]["200"]["content"].update(
        {"application/xml": {"schema": {}}}
    ),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING.keys())
def test_a_break_is_seen(written: Document, document: Document, change: Change):
    change(document)

    assert breaks(written, document)


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE.keys())
def test_what_keeps_clients_working_is_let_through(written: Document, document: Document, change: Change):
    change(document)

    assert breaks(written, document) == []


def test_a_break_is_named_by_operation_and_place(written: Document, document: Document):
    _without(document, "StepOut", "due_on")

    assert "get_timeline: answer 200/steps[]/due_on is gone" in map(str, breaks(written, document))


def test_a_schema_that_contains_itself_is_compared(document: Document):
    tree = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Tree"}}}
    document["components"]["schemas"]["Tree"] = tree
    _operation(document, "get_me")["responses"]["200"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/Tree"
    }
    changed = copy.deepcopy(document)
    changed["components"]["schemas"]["Tree"]["properties"] = {}

    assert breaks(document, document) == []
    assert breaks(document, changed)
