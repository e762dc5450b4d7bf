"""Values of the wrong kind, the wrong depth or the wrong number, where a body has something else."""

from collections.abc import Iterator

from tests.hostile.corpus.base import Case, sources

_PLAIN = (
    "null", "true", "false", "0", "1", '""', '"x"', "[]", "{}", "[[]]", "[{}]", "{\"\":null}", "[null]", '[""]',
    "[0]", "[true]", "[1,2]",
    '["a","a"]', '["a",1]', '[{"a":1},{"a":1}]', '{"a":null}', '{"a":{}}', '{"a":[]}', '{"0":1}', '{"value":1}',
    '{"kind":"x"}', '"true"',
    '"false"', '"null"', '"0"', '"1"', '"[]"', '"{}"', '[["a"]]', "[[[[]]]]", '{"a":{"b":{"c":{}}}}',
    '{"__proto__":{}}', '{"$ne":null}',
    '{"$gt":""}', '{"$ref":"#/x"}', '{"length":1}', '{"toString":1}', '{"member":"x"}', '{"amount_fen":-1}',
    '{"on":true}',
    '{"kind":"wage","amount_fen":1}', '{"income":[]}', '{"income":{}}', '{"income":null}', '{"income":[null]}',
    '{"income":[{"kind":"wage"}]}',
    '{"name":"测试"}', '{"name":null,"phone":null}', '{"name":"","phone":""}', '{"kind":"visual","grade":0}',
    '{"kind":"visual","grade":5}',
    '{"kind":"visual","grade":"1"}', '{"kind":"visual","grade":true}', '{"kind":"visual"}',
    '{"kind":"visual","grade":1,"more":1}',
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return all wrong shapes as members of bodies."""
    yield from sources("shape", _PLAIN)
    yield from sources(
        "many", [_list(item, count) for item in _ITEMS for count in (1, 2, 50, 51, 200, 201, 1000, 10_000)]
    )
    yield from sources("wide", [_object(count) for count in (20, 21, 100, 1000, 5000)])
    yield from sources("deep", ["[" * depth + "]" * depth for depth in (5, 16, 28, 29, 30)])
    yield from sources("deep-object", ['{"a":' * depth + "1" + "}" * depth for depth in (5, 16, 28, 29)])
    yield from sources(
        "too-deep", ["[" * depth + "]" * depth for depth in (33, 40, 100, 900, 1000, 3000, 20_000)], refused=True
    )
    yield from sources(
        "too-deep-object", ['{"a":' * depth + "1" + "}" * depth for depth in (33, 900, 3000)], refused=True
    )
    yield from sources("twice", ['{"a":1,"a":2}', '[{"a":1,"a":1}]', '{"kind":"a","kind":"b"}'], refused=True)


_ITEMS = ("null", "0", '"x"', "{}", "[]", '"019ac0de-0000-7000-8000-000000000001"')


def _list(item: str, count: int) -> str:
    return "[" + ",".join([item] * count) + "]"


def _object(count: int) -> str:
    return "{" + ",".join(f'"m{number}":{number}' for number in range(count)) + "}"
