"""The rule files catch what they are there for: documents with one mistake each, all in one run of each program."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.local.node import node_environment, program

ROOT = Path(__file__).parents[2]
Document = dict[str, Any]


def _get_me(document: Document) -> Document:
    operation: Document = document["paths"]["/v1/me"]["get"]
    return operation


def _member(document: Document, schema: str, name: str) -> Document:
    member: Document = document["components"]["schemas"][schema]["properties"][name]
    return member


SPECTRAL: dict[str, Callable[[Document], Any]] = {
    "operation-id-snake-case": lambda d: _get_me(d).update(operationId="getMe"),
    "security-said": lambda d: _get_me(d).pop("security"),
    "open-operations": lambda d: d["paths"]["/v1/awards"]["get"].update(security=[]),
    "audience-refusals": lambda d: d["paths"]["/v1/payments"]["get"]["responses"].pop("403"),
    "common-refusals": lambda d: _get_me(d)["responses"].pop("503"),
    "refusals-are-problems": lambda d: _get_me(d)["responses"]["401"]["content"].update({"application/json": {}}),
    "refusals-have-content": lambda d: _get_me(d)["responses"]["401"].pop("x-problem-codes"),
    "no-framework-errors": lambda d: d["components"]["schemas"].update(ValidationError={"type": "null"}),
    "strings-bounded": lambda d: [_member(d, "AwardOut", "program").pop(bound) for bound in ("maxLength", "pattern")],
    "integers-bounded": lambda d: _member(d, "AwardOut", "members_count").pop("maximum"),
    "arrays-bounded": lambda d: _member(d, "AwardOutPage", "items").pop("maxItems"),
    "no-floats": lambda d: _member(d, "StepOut", "title").update(type="number"),
    "bodies-refuse-unknown-members": lambda d: d["components"]["schemas"]["DraftIn"].pop("additionalProperties"),
    "bodies-have-examples": lambda d: _body(d, "/v1/applications").pop("example"),
    "keyed-posts": lambda d: d["paths"]["/v1/applications"]["post"].update(parameters=[]),
    "tag-description": lambda d: d["tags"][0].pop("description"),
    "oas3-unused-component": lambda d: d["components"]["schemas"].update(Nobody={"type": "null"}),
    "paths-are-versioned": lambda d: d["paths"].update({"/v2/me": d["paths"]["/v1/me"]}),
}
REDOCLY: dict[str, Callable[[Document], Any]] = {
    "no-invalid-media-type-examples": lambda d: _body(d, "/v1/applications").update(example={"program": 1}),
    "no-unused-components": lambda d: d["components"]["schemas"].update(Nobody={"type": "null"}),
    "operation-4xx-problem-details-rfc7807": lambda d: _get_me(d)["responses"]["401"].update(content={}),
    "parameter-description": lambda d: d["paths"]["/v1/awards"]["get"]["parameters"][0].pop("description"),
    "info-license": lambda d: d["info"].pop("license"),
    "security-defined": lambda d: _get_me(d).pop("security"),
}


def _body(document: Document, path: str) -> Document:
    body: Document = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return body


def test_spectral_sees_every_mistake(document: Document, tmp_path: Path):
    for spoil in SPECTRAL.values():
        spoil(document)

    found = _lint(document, tmp_path, "spectral", "--ruleset", "openapi/spectral.yaml", "--format", "json", "--quiet")

    assert set(SPECTRAL) <= {fault["code"] for fault in found}


def test_redocly_sees_every_mistake(document: Document, tmp_path: Path):
    for spoil in REDOCLY.values():
        spoil(document)

    found = _lint(
        document, tmp_path, "redocly", "--config", "openapi/redocly.yaml", "--format", "json", "--max-problems", "1000"
    )

    assert set(REDOCLY) <= {fault["ruleId"] for fault in found["problems"]}


def _lint(document: Document, folder: Path, name: str, *options: str) -> Any:
    place = folder / "openapi.json"
    place.write_text(json.dumps(document))
    command = [*program(name), "lint", *options, str(place)]
    done = subprocess.run(command, cwd=ROOT, env=node_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return json.loads(done.stdout)
