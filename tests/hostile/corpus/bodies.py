"""Whole bodies: what is no JSON, what only looks like it, what is too much of it."""

from collections.abc import Iterator

from tests.hostile.corpus.base import JSON, Case, Slot

_GOOD = b'{"a":[1,"b\\n",true,null,{"c":-2}],"d":{}}'
_LITERALS = [
    "True",
    "False",
    "None",
    "TRUE",
    "NULL",
    "Null",
    "nul",
    "tru",
    "fals",
    "nan",
    "NaN",
    "-NaN",
    "Infinity",
    "-Infinity",
    "inf",
    "+1",
    "--",
    "-",
    "+",
    ".",
    ".5",
    "5.",
    "-.5",
    "1.e1",
    "1e",
    "1e+",
    "1E-",
    "01",
    "-01",
    "00",
    "0x10",
    "0o7",
    "0b1",
    "1_000",
    "1,000",
    "١٢٣",
    "１２",
    "1n",
    "1f",
    "1L",
    "undefined",
    "void",
    "new",
    "a",
    "b'",
    "'a'",
    "`a`",
    '"a',
    "'a\"",
    "\"a'",
    "/a/",
    "#a",
    "$a",
    "@a",
    "//a",
    "/**/",
    "<a>",
    "{a}",
    "[a]",
    "(1)",
    "1:1",
    "::",
    ",,",
    "\\u0031",
    "\\n",
    "&",
    "*",
    "^",
    "~",
    "|",
    ";",
    "=",
    "1=1",
    "1;1",
    "2026-11-23",
    "12:00",
    '"a""b"',
    '"a"b',
    '1"a"',
    "truefalse",
    "1true",
    "true1",
    "nullnull",
    "[]1",
    "{}1",
    "[][]",
    "{}{}",
    "1]",
]
_FRAMES = (b"%s", b"[%s]", b'{"a":%s}', b"[1,%s,2]")
_STRUCTURES = (
    b"[", b"]", b"{", b"}", b"[]]", b"{}}", b"[}", b"{]", b"[,]", b"[1,]", b"[,1]", b"[1,,2]", b"[1 2]", b"{,}",
    b'{"a"}', b'{"a":}', b'{:1}', b'{"a":1,}', b'{,"a":1}', b'{"a":1 "b":2}', b'{"a":1,,"b":2}', b"{a:1}",
    b"{1:1}",
    b"{null:1}", b"{[]:1}", b'{"a"::1}', b'{"a"=1}', b'{"a":1;"b":2}', b"[1;2]", b"[1:2]", b"// c\n{}",
    b"{}// c",
    b"/* c */{}", b"{/* c */}", b"# c\n{}", b"<?xml version='1.0'?><a/>", b"<!DOCTYPE html>", b"a=1&b=2",
    b"--- \na: 1",
    b"\x1f\x8b\x08", b"PK\x03\x04", b"%PDF-1.7", b"GET / HTTP/1.1\r\n\r\n", b"{}\x00", b"\x00{}", b"{}\x1a",
    b"{}\x0c",
    b"\x0b{}", b"\xa0{}", b"{}\n{}", b"\x1e{}\n", b")]}',\n{}", b"while(1);{}", b"callback({})", b"0\r\n\r\nx",
    b"\\{}",
)  # fmt: skip
_SPACES = ("\u00a0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u3000", "\u200b", "\u2060", "\x85", "\x0b")
_WHOLE = (
    b"null", b"true", b"false", b"0", b"-1", b"9223372036854775807", b'""', b'"text"', b"[]", b"[[]]",
    b"[{}]", b"{}",
    b'{"":""}', b'{"a":1}', b'{"__proto__":{"x":1}}', b'{"constructor":{"prototype":{}}}', b'{"$ref":"#"}',
    b" {} ",
    b"\t\r\n{}\t\r\n", b'{"$where":"1"}', b'{"@type":"java.lang.Runtime"}', b'{"a":{"a":{"a":{}}}}', b"[null]",
    b'[{"a":1},{"a":2}]', b'{"0":0}', b'{"a b":1}', b'{"a.b":1}', b'{"a[0]":1}', b'{"self":1,"body":2,"cls":3}',
    b'{"model_config":{}}', b'{"__class__":1,"__init__":2}',
    b'{"id":1,"status":"paid","version":1,"county":"000000"}',
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return all whole bodies."""
    yield from _bad("prefix", [_GOOD[:length] for length in range(1, len(_GOOD))])
    yield from _bad("structure", _STRUCTURES)
    for place, frame in enumerate(_FRAMES):
        yield from _bad(f"literal-{place}", [frame % literal.encode() for literal in _LITERALS])
    yield from _bad("space", [frame for space in _SPACES for frame in _spaced(space.encode())])
    yield from _bad("control-in-text", [b'{"a":"%c"}' % code for code in range(32)])
    yield from _bad("control-between", [b'{"a":%c1}' % code for code in range(33) if code not in b"\t\n\r "])
    yield from _bad("control-in-name", [b'{"%c":1}' % code for code in range(32)])
    yield from _bad("escape", [b'{"a":"\\%c"}' % code for code in range(33, 127) if code not in b'"\\/bfnrtu'])
    yield from _bad("unicode-escape", [b'{"a":"\\u%s"}' % text for text in _ESCAPES])
    yield from _bad("twice", _TWICE)
    yield from _bad("deep", list(_deep(33, 64, 500, 1000, 5000, 60_000)))
    yield from _whole("shallow", list(_deep(2, 16, 31, 32)))
    yield from _whole("whole", _WHOLE)
    yield from _whole("large", list(_large()))
    yield Case(Slot.BODY, "empty", b"", JSON)
    yield Case(Slot.BODY, "too-large", b" " * (256 * 1024 - 1) + b"{}", JSON, refused=True)
    yield Case(Slot.BODY, "much-too-large", b"[" + b"0," * 500_000 + b"0]", JSON, refused=True)


_ESCAPES = (
    b"", b"0", b"00", b"000", b"000g", b"00 0", b"+000", b"-001", b"0x41", b"\xef\xbc\x91000", b"d800", b"dbff",
    b"dc00",
    b"dfff", b"D800", b"DFFF", b"d800\\u0041", b"d800a", b"d800\\n", b"d800\\ud800", b"dc00\\ud800",
    b"dc00\\udc00",
    b"d800\\u", b"d800\\udc0", b"0000", b"0041\\u0000", b"{41}", b"d83d", b"ud83d\\ude00"[4:] + b"\\ud83d",
)  # fmt: skip
_TWICE = (
    b'{"a":1,"a":1}', b'{"a":1,"a":2}', b'{"a":1,"b":2,"a":3}', b'{"a":{},"a":[]}', b'{"a":1,"\\u0061":2}',
    b'{"":1,"":2}', b'{"x":{"a":1,"a":2}}', b'[{"a":1,"a":2}]', b'{"a":null,"a":null}',
    b'{"phone":1,"phone":2}',
    b'{"\xe4\xb8\xad":1,"\xe4\xb8\xad":2}', b'{"\xe4\xb8\xad":1,"\\u4e2d":2}', b'{"a":1,"a":1,"a":1}',
    b'{"x":[[[{"a":1,"a":2}]]]}', b'{"__proto__":1,"__proto__":2}', b'{"program":"a","program":"b"}',
)  # fmt: skip


def _spaced(space: bytes) -> tuple[bytes, ...]:
    return (space + b"{}", b"{}" + space, b"{" + space + b"}", b'{"a":' + space + b"1}")


def _deep(*depths: int) -> Iterator[bytes]:
    for depth in depths:
        yield b"[" * depth + b"]" * depth
        if depth < 40_000:
            yield b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)
        half = depth // 2
        yield b'[{"a":' * half + b"[]" * (depth % 2) + b"0" * (1 - depth % 2) + b"}]" * half
        if depth > 33:
            yield b"[" * depth
            yield b'{"a":[' * half


def _large() -> Iterator[bytes]:
    yield b"[" + b"0," * 100_000 + b"0]"
    yield b"[" + b"{}," * 60_000 + b"{}]"
    yield b"{" + b",".join(b'"m%d":%d' % (number, number) for number in range(15_000)) + b"}"
    yield b'{"a":"' + b"x" * 250_000 + b'"}'
    yield b'{"' + b"n" * 250_000 + b'":1}'
    yield b'{"a":"' + "测".encode() * 80_000 + b'"}'
    yield b'{"a":"' + b"\\u0041" * 40_000 + b'"}'
    yield b'{"a":"' + "\U0001f600".encode() * 60_000 + b'"}'
    yield b" " * (256 * 1024 - 2) + b"{}"


def _bad(family: str, texts: list[bytes] | tuple[bytes, ...]) -> Iterator[Case]:
    for number, text in enumerate(texts):
        yield Case(Slot.BODY, f"{family}-{number}", text, JSON, refused=True)


def _whole(family: str, texts: list[bytes] | tuple[bytes, ...]) -> Iterator[Case]:
    for number, text in enumerate(texts):
        yield Case(Slot.BODY, f"{family}-{number}", text, JSON)
