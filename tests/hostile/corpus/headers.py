"""Header lines: injected, repeated, contradictory, endless; and everything that may ask for special treatment."""

import base64
from collections.abc import Iterable, Iterator

from tests.hostile.corpus.base import Case, Headers, Slot

_KEY = b"0123456789abcdef"
_KEYS = (
    b"", b" ", b'""', b'"', b"'0123456789abcdef'", b"short", b"x" * 15, b"x" * 256, b"x" * 5000,
    b'"' + b"x" * 255 + b'"', b'"' + b"x" * 256 + b'"', b'"0123456789abcdef',
    b'0123456789abcdef"', b"0123456789 abcdef", b"0123456789\tabcdef", b"0123456789\xa0abcdef",
    b"\xe6\xb5\x8b\xe8\xaf\x95" * 4, b"0123456789\x7fabcdef", b"0123456789\x01abcdef",
    b"0123456789abcde\xff", b'"0123456789"abcdef"', b"W/\"0123456789abcdef\"", b"0123456789,abcdef",
    b"../../../../../../etc", b"'; DROP TABLE kept_answers; --", b"%00%00%00%00%00%00",
)  # fmt: skip
_TAGS = (
    b"", b"*", b'"*"', b'"1"', b'W/"1"', b"1", b'"0"', b'"-1"', b'"01"', b'"1.0"', b'"1e5"',
    b'"99999999999999999999"', b'"9223372036854775808"', b'"' + b"9" * 5000 + b'"', b'"a"',
    b'""', b'"', b"''", b'"1","2"', b'"1", *', b"*, *", b'"1" "2"', b'w/"1"', b'W/1', b'"\xe4\xb8\xad"',
    b'"\xff"',
    b'"1\t"', b" \"1\" ", b'"\xd9\xa1"', b"None", b'"1"' * 1000, b'"1",' * 2000,
    b"\xc2\xb2", b'"\xb2"', b'"\xb9"', b"-0", b'"+1"',
)  # fmt: skip
_TOKEN = b".".join(
    base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none","typ":"at+jwt"}', b'{"sub":"x"}', b"")
)
_CREDENTIALS = (
    b"", b" ", b"Bearer", b"Bearer ", b"bearer x", b"BEARER x", b"Bearer  x", b"Bearer\tx", b"Bearer x y",
    b"Bearer x,Bearer y", b"Bearer null", b"Bearer undefined", b"Bearer .", b"Bearer ..", b"Bearer ...",
    b"Bearer a.b", b"Bearer a.b.c", b"Bearer a.b.c.d.e", b"Bearer " + _TOKEN, b"Bearer " + b"a" * 5000,
    b"Bearer " + b"a." * 5000, b"Bearer \xff", b"Bearer \xe6\xb5\x8b", b"Bearer a\xa0b", b"Basic YTpi",
    b"Basic",
    b"Basic !!!", b"Digest x", b"Negotiate x", b"DPoP x", b"MAC x", b"x", b":", b"Bearer:", b"Bearer=x",
    b"Bearer token=x", b"Bearer \"x\"", b"Bearer eyJhbGciOiJub25lIn0.e30.", b"Token x", b"Bearer " + b"=" * 100,
    b"Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJhdCtqd3QifQ.e30.AAAA", b"Bearer W10.W10.W10",
    b"Bearer bnVsbA.bnVsbA.bnVsbA", b"Bearer MQ.MQ.MQ", b"Bearer IiI.IiI.IiI", b"Bearer W1tbW1tb.W1tb.AA",
    b"Bearer " + base64.urlsafe_b64encode(b"[" * 2000) + b".e30.AA",
    b"Bearer " + base64.urlsafe_b64encode(b'{"alg":"ES256","kid":[],"typ":"at+jwt"}').rstrip(b"=") + b".e30.AA",
    b"Bearer " + base64.urlsafe_b64encode(b'{"alg":"ES256","kid":{},"typ":"at+jwt"}').rstrip(b"=") + b".e30.AA",
    b"Bearer " + base64.urlsafe_b64encode(b'{"alg":[],"kid":"x","typ":"at+jwt"}').rstrip(b"=") + b".e30.AA",
)  # fmt: skip
_LANGUAGES = (
    b"", b"*", b"en", b"EN", b"en-US", b"zh", b"zh-CN", b"zh-Hans-CN", b"zh-TW", b"bo-CN", b"en;q=0", b"en;q=2",
    b"en;q=-1", b"en;q=x", b"en;q=NaN", b"en;q=1e9", b"en;q=0.0001", b"en;", b";q=1", b",", b",,,", b"en,",
    b"\xff", b"\xe4\xb8\xad\xe6\x96\x87", b"x" * 5000, b"en," * 2000, b"../../etc/passwd", b"en_US",
    b"i-klingon",
    b"x-private", b"a-b-c-d-e-f-g-h", b"en;q=0,zh;q=1", b"zh;q=0.1,en;q=0.9", b"<script>",
)  # fmt: skip
_RANGES = (
    b"bytes=0-0", b"bytes=0-", b"bytes=-1", b"bytes=-0", b"bytes=1-0", b"bytes=0-0,1-1",
    b"bytes=" + b"0-," * 1000,
    b"bytes=99999999999999999999-", b"bytes=a-b", b"bytes", b"=", b"items=0-1", b"bytes=0-0;x", b"", b"none",
)  # fmt: skip
_DIGESTS = (
    b"", b"sha-256", b"sha-256=", b"sha-256=::", b"sha-256=:x:", b"sha-256=:!!!!:", b"sha-256=:AAAA:",
    b"sha-256=:" + b"A" * 44 + b":", b"sha-256=:" + b"A" * 5000 + b":", b"sha-512=:AAAA:", b"md5=:AAAA:",
    b"sha-256=AAAA",
    b"SHA-256=:AAAA:", b"sha-256=:AAAA:, sha-512=:AAAA:", b"sha-256=:AAAA:;x=1", b"sha-256=:\xff:",
    b"sha-256=:\xe4\xb8\xad:", b"sha-256=: :", b"sha-256=:====:", b"sha-256=:A:", b"sha-256=1",
    b"sha-256=\"x\"",
    b":", b"x" * 199, b"x" * 201,
    b"sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    b"sha-256=:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=:", b"sha-256=:" + b"\xc2\xb2" * 22 + b":",
)  # fmt: skip
_OVERRIDES = (
    b"PATCH",
    b"patch",
    b"DELETE",
    b"GET",
    b"PUT",
    b"POST",
    b"CONNECT",
    b"TRACE",
    b"",
    b" ",
    b"PATCH,DELETE",
    b"X" * 1000,
    b"\xff",
    b"PATCH\xa0",
    b"PROPFIND",
    b"HEAD",
    b"OPTIONS",
    b"P ATCH",
)
_PARTNERS = (
    b"",
    b"banking",
    b"BANKING",
    b"nobody",
    b"paying_bank",
    b"hotline",
    b"__proto__",
    b"a" * 32,
    b"a" * 33,
    b"\xff",
    b"bank ing",
    b"../banking",
    b"banking,tax",
    b"\xe9\x93\xb6",
    b"1",
)
_LENGTHS = (
    b"0",
    b"1",
    b"-1",
    b"+1",
    b"1 1",
    b"1,1",
    b"0x10",
    b"1e3",
    b"1.0",
    b"",
    b" ",
    b"99999999999999999999",
    b"9" * 5000,
    b"\xd9\xa1",
    b"\xb2",
    b"268435456000",
    b"nan",
    b"01",
)
_MIXED: tuple[tuple[bytes, bytes], ...] = (
    (b"host", b""), (b"host", b"evil.example"), (b"host", b"127.0.0.1:99999"), (b"host", b"a b"),
    (b"host", b"\xff"),
    (b"host", b"[::1"), (b"host", b"x" * 5000), (b"host", b"a/b?c#d"), (b"host", b"a@b"), (b"host", b":"),
    (b"x-forwarded-for", b"127.0.0.1"), (b"x-forwarded-for", b"x" * 5000), (b"x-forwarded-for", b"1, " * 1000),
    (b"x-forwarded-for", b"\xff"), (b"x-forwarded-host", b"evil.example"), (b"x-forwarded-proto", b"gopher"),
    (b"forwarded", b"for=\"_x\";host=evil.example"), (b"x-real-ip", b"::::"),
    (b"x-original-url", b"/v1/console/staff"), (b"x-rewrite-url", b"/readyz"), (b"x-request-id", b"x" * 500),
    (b"x-request-id", b"\xff"),
    (b"traceparent", b"00-00000000000000000000000000000000-0000000000000000-00"), (b"traceparent", b"x" * 5000),
    (b"baggage", b"a=b," * 1000), (b"cookie", b"a=b; " * 1000), (b"cookie", b"\xff=\xff"),
    (b"cookie", b"=;;=,"),
    (b"accept", b""), (b"accept", b"text/html"), (b"accept", b"application/xml;q=1, */*;q=0"),
    (b"accept", b"\xff"),
    (b"accept", b"*/*," * 2000), (b"accept", b"application/json;q=NaN"), (b"accept-charset", b"utf-16"),
    (b"accept-encoding", b"*;q=0"), (b"accept-encoding", b"identity;q=0"), (b"accept-encoding", b"br;q=x"),
    (b"accept-encoding", b"gzip," * 2000), (b"accept-encoding", b"\xff"), (b"accept-encoding", b""),
    (b"accept-encoding", b"zstd;q=1e5"),
    (b"te", b"trailers, deflate;q=0.5"), (b"upgrade", b"websocket"), (b"upgrade", b"h2c"),
    (b"connection", b"upgrade, close, keep-alive, x"), (b"expect", b"100-continue"), (b"expect", b"200-ok"),
    (b"max-forwards", b"-1"),
    (b"origin", b"null"), (b"origin", b"https://evil.example"), (b"origin", b"\xff"),
    (b"referer", b"javascript:alert(1)"), (b"user-agent", b""), (b"user-agent", b"<script>alert(1)</script>"),
    (b"user-agent", b"\xff" * 500), (b"user-agent", b"() { :; }; id"),
    (b"access-control-request-method", b"DELETE"), (b"sec-fetch-site", b"cross-site"),
    (b"if-modified-since", b"x"),
    (b"if-modified-since", b"Mon, 23 Nov 2026 04:00:00 GMT"), (b"if-unmodified-since", b"\xff"),
    (b"if-range", b'"1"'), (b"date", b"x"),
    (b"content-language", b"\xff"), (b"content-location", b"//evil.example"),
    (b"content-disposition", b"attachment; filename=\"../x\""),
    (b"content-range", b"bytes 0-0/99999999999999999999"), (b"content-range", b"x"), (b"content-md5", b"!!!!"),
    (b"digest", b"sha-256=x"), (b"want-digest", b"x"), (b"prefer", b"respond-async, wait=99999999"),
    (b"prefer", b"handling=lenient"), (b"proxy", b"http://127.0.0.1"), (b"proxy-authorization", b"Basic x"),
    (b"x-http-method", b"DELETE"),
    (b"x-method-override", b"DELETE"), (b"early-data", b"1"), (b"priority", b"u=9"), (b"dnt", b"2"),
    (b"x-api-key", b"x"), (b"x-user-id", b"1"), (b"x-role", b"administrator"), (b"x-admin", b"true"),
    (b"x-county", b"530000"), (b"x" * 1000, b"y"), (b"x-\xff", b"y"), (b"", b"y"),
    (b"x-injected", b"a\r\nSet-Cookie: b=c"), (b"x-injected", b"a\nb"), (b"x-injected", b"a\x00b"),
    (b"authorization ", b"Bearer x"), (b"__proto__", b"x"), (b"content-type\t", b"x"),
)  # fmt: skip
_PAIRS: tuple[tuple[bytes, bytes, bytes], ...] = (
    (b"idempotency-key", _KEY, _KEY), (b"idempotency-key", _KEY, b"fedcba9876543210"),
    (b"content-type", b"application/json", b"text/plain"),
    (b"content-type", b"text/plain", b"application/json"),
    (b"content-type", b"application/json", b"application/json"), (b"authorization", b"Bearer x", b"Bearer y"),
    (b"if-match", b'"1"', b'"2"'), (b"if-match", b'"1"', b"*"),
    (b"x-http-method-override", b"PATCH", b"DELETE"), (b"content-digest", b"sha-256=:AAAA:", b"sha-256=:BBBB:"),
    (b"content-length", b"1", b"2"), (b"host", b"a", b"b"), (b"x-partner", b"banking", b"tax"),
    (b"content-encoding", b"identity", b"gzip"),
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return all header lines."""
    yield from _each(b"idempotency-key", _KEYS)
    yield from _each(b"if-match", _TAGS)
    yield from _each(b"if-none-match", _TAGS)
    yield from _each(b"authorization", _CREDENTIALS)
    yield from _each(b"accept-language", _LANGUAGES)
    yield from _each(b"range", _RANGES)
    yield from _each(b"content-digest", _DIGESTS)
    yield from _each(b"x-http-method-override", _OVERRIDES)
    yield from _each(b"x-partner", _PARTNERS)
    yield from _each(b"content-length", _LENGTHS)
    yield from _all("mixed", [(pair,) for pair in _MIXED])
    yield from _all("twice", [((name, one), (name, two)) for name, one, two in _PAIRS], refused=True)
    yield from _all("flood", [tuple((b"x-%d" % number, b"y" * 50) for number in range(1000)), ((b"x", b"y"),) * 1000])


def _each(name: bytes, texts: Iterable[bytes]) -> Iterator[Case]:
    return _all(name.decode(), [((name, text),) for text in texts])


def _all(family: str, lines: Iterable[Headers], *, refused: bool = False) -> Iterator[Case]:
    for number, headers in enumerate(lines):
        yield Case(Slot.HEADER, f"{family}-{number}", headers=headers, refused=refused)
