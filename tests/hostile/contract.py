"""The operations of the contract, and for each a body that is in order, so that one thing can be wrong in it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_VERBS = ("get", "put", "post", "patch", "delete")
MARK = "@@here@@"
# What stands for each pattern and format; by the member's name where that says more.
_BY_PATTERN = {
    "division": "532529103204", "program": "living_allowance", "bank_code": "RCC", "username": "test.person",
    "sha256": "0" * 64,
    "month": "2026-12", "last_month": "2026-12", "number": "DB532529261123AAAAAAAAAB",
    "application_number": None,
    "id_number_last4": None, "code": "123456", "event_types": [], "url": "https://partner.example/hooks",
}  # fmt: skip
_BY_NAME = {
    "phone": "19000000001", "id_number": "539900198005170012", "signer_id_number": "539900198005170012",
    "name": "测试甲",
    "signer_name": "测试甲", "account": "9900001234567890128", "refresh_token": "A" * 64,
    "password": "Abcdefgh-12345", "size": 70_000,
    "lookup_code": "TESTCODE", "answers": {}, "facts": {"dwelling_count": 1},
    "event_ids": ["019ac0de-0000-7000-8000-000000000001"],
    "since": None, "until": None, "visited_on": "2026-11-20", "held_on": "2026-11-20", "as_of": "2026-11-20",
    "heard_on": "2026-11-20",
    "delivered_on": "2026-11-20", "situation_since": None, "township_staff": 1, "village_officials": 1,
    "representatives": 9,
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    verb: str
    path: str
    described: Mapping[str, Any]
    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return its operationId."""
        return str(self.described["operationId"])

    @property
    def audience(self) -> str | None:
        """Return who calls it; None for everybody."""
        schemes = self.described.get("security") or [{}]
        return next(iter(schemes[0]), None)

    @property
    def changes(self) -> bool:
        """Say whether it may change something."""
        return self.verb != "GET"

    @cached_property
    def parameters(self) -> list[Mapping[str, Any]]:
        """Return what it reads from path, query and header lines."""
        return [self._resolved(each) for each in self.described.get("parameters", ())]

    def _resolved(self, described: Mapping[str, Any]) -> Mapping[str, Any]:
        place: Any = self.document if "$ref" in described else described
        for step in described.get("$ref", "#").split("/")[1:]:
            place = place[step]
        return dict(place)

    @cached_property
    def path_names(self) -> list[str]:
        """Return the names in its path."""
        return re.findall(r"{(\w+)}", self.path)

    @cached_property
    def query_names(self) -> list[str]:
        """Return the names of its query parameters."""
        return [each["name"] for each in self.parameters if each["in"] == "query"]

    @cached_property
    def needs_match(self) -> bool:
        """Say whether it wants to know what the caller has seen."""
        return any(each["name"].lower() == "if-match" for each in self.parameters)

    @cached_property
    def media_type(self) -> str | None:
        """Return the type of its body; None without one."""
        return next(iter(self.described.get("requestBody", {}).get("content", ())), None)

    @cached_property
    def takes_json(self) -> bool:
        """Say whether its body is JSON."""
        return bool(self.media_type) and "json" in str(self.media_type)

    def good_query(self) -> str:
        """Return the query parameters without which it refuses."""
        wanted = [each for each in self.parameters if each["in"] == "query" and each.get("required")]
        return "&".join(f"{each['name']}={self._good(each['schema'], each['name'])}" for each in wanted)

    def good_body(self, known: Mapping[str, Any]) -> Any:
        """Return a body in order; `known` are ids of records that exist."""
        schema = self.described["requestBody"]["content"][self.media_type]["schema"]
        return self._good(schema, self.id, known)

    def _good(self, schema: Mapping[str, Any], name: str, known: Mapping[str, Any] | None = None) -> Any:
        for table in (known or {}, _BY_NAME, _BY_PATTERN):
            if name in table:
                return table[name]
        if "$ref" in schema:
            return self._good(self._resolved(schema), name, known)
        if "anyOf" in schema and "properties" not in schema:
            return self._good(schema["anyOf"][0], name, known)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        if schema.get("type") == "object":
            return {each: self._good(part, each, known) for each, part in schema.get("properties", {}).items()}
        if schema.get("type") == "array":
            return [self._good(schema["items"], name, known)] * schema.get("minItems", 1)
        if schema.get("type") in ("integer", "boolean"):
            return True if schema["type"] == "boolean" else max(1, schema.get("minimum", 1))
        if schema.get("format") in ("uuid", "date", "date-time"):
            samples = {"uuid": "019ac0de-0000-7000-8000-000000000001", "date": "2026-11-20"}
            return samples.get(schema["format"], "2026-11-20T12:00:00+08:00")
        return "测试" * max(1, -(-schema.get("minLength", 1) // 2))


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return all operations of a contract, in its order."""
    return [
        Operation(verb.upper(), path, described, document)
        for path, item in document["paths"].items()
        for verb, described in item.items()
        if verb in _VERBS
    ]


def frames(body: Any) -> list[tuple[bytes, bytes]]:
    """Return a body around each of its values: the text before and after the place, JSON as it is sent."""
    texts = [json.dumps(marked, ensure_ascii=False) for marked in _marked(body)]
    if isinstance(body, dict):
        texts.append(json.dumps({**body, "no_such_member": MARK}, ensure_ascii=False))
    parts = (text.partition(f'"{MARK}"') for text in texts)
    return [(before.encode(), after.encode()) for before, _, after in parts]


def _marked(body: Any) -> Iterator[Any]:
    yield MARK
    if isinstance(body, dict):
        for name in body:
            yield from ({**body, name: marked} for marked in _marked(body[name]))
    elif isinstance(body, list) and body:
        yield from ([marked, *body[1:]] for marked in _marked(body[0]))
