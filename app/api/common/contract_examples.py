"""Examples of request bodies, made of the examples that their members carry."""

from typing import Any

_BY_FORMAT = {
    "uuid": "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    "date": "2026-12-01",
    "date-time": "2026-12-01T09:30:00+08:00",
}


class NoExample(Exception):
    """A member has no example and none can be made: give its field one (`examples=[…]`)."""


def example_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return an example of a schema: its own, or one made of its members'.

    Raises:
        NoExample: a member's form is too particular to make one up.
    """
    if "$ref" in schema and not schema.get("examples"):
        return example_of(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for keyword in ("examples", "enum"):
        if schema.get(keyword):
            return schema[keyword][0]
    for keyword in ("const", "example", "default"):
        if schema.get(keyword) is not None:
            return schema[keyword]
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema and "properties" not in schema:
            return example_of(document, schema[keyword][0])
    return _make(document, schema)


def _make(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", ())
        # Optional members are shown where somebody gave them an example: two of them may exclude each other.
        return {
            name: example_of(document, member)
            for name, member in schema.get("properties", {}).items()
            if name in required or any("examples" in kind for kind in (member, *member.get("anyOf", ())))
        }
    if kind == "array":
        return [example_of(document, schema["items"])] if schema.get("minItems") else []
    if kind == "boolean":
        return True
    if kind == "integer":
        return schema.get("minimum", 1)
    made = _BY_FORMAT.get(schema.get("format", ""))
    if made is None:
        raise NoExample(schema)
    return made
