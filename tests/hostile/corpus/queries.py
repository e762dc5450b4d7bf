"""Whole queries: repeated, unknown, nested, endless; and cursors that nobody gave out."""

import base64
from collections.abc import Iterator

from tests.hostile.corpus.base import Case, Slot, raw

_REPEATED = (
    b"limit=1&limit=2", b"limit=1&limit=1", b"limit=20&limit=20", b"limit=5&cursor=a&limit=6",
    b"limit=1&%6Cimit=2",
    b"cursor=a&cursor=b",
    b"limit=1&limit=", b"limit&limit", b"status=a&status=b", b"limit=1&limit=2&limit=3",
    b"division=1&division=2",
    b"x=1&x=2",
)  # fmt: skip
_UNKNOWN = (
    b"no_such_parameter=1", b"Limit=1", b"LIMIT=1", b"limit%20=1", b"%20limit=1", b"limit[]=1", b"limit[0]=1",
    b"limit%5B%5D=1", b"limit.x=1", b"filter[x]=1",
    b"offset=10", b"page=2", b"sort=id", b"order=desc", b"fields=*", b"include=all", b"expand=1", b"q=x",
    b"_method=DELETE", b"_=1", b"callback=x",
    b"access_token=x", b"token=x", b"api_key=x", b"debug=1", b"admin=true", b"=", b"=1", b"a", b"a=", b"&x=1",
    b"x=1&", b"x=1&&y=2", b"a=b=c", b"a;b",
    b"__proto__[x]=1", b"constructor.prototype=1", b"$where=1", b"a%00=1", b"utm_source=x", b"%E4%B8%AD=1",
    b"\xe4\xb8\xad=1", b"+=1", b"limit+=1",
    b"applicant_id=x", b"county=530000", b"role=administrator", b"X-HTTP-Method-Override=DELETE", b"request=1",
    b"self=1", b"db=1", b"actor=1", b"body=1",
)  # fmt: skip
_NOT_TEXT = (
    b"limit=%FF",
    b"%FF=1",
    b"x=%00",
    b"%00",
    b"x=%C0%80",
    b"x=%ED%A0%80",
    b"limit=%C3%28",
    b"x=%80",
    b"\xff=1",
    b"x=\xff\xfe",
    b"x=%F8%88%80%80%80",
)
_ODD = (
    b"?", b"??", b"?limit=1", b"#", b"limit=1#x", b"limit=1?x=2", b"limit==1", b"limit=1;cursor=x",
    b"limit=1%26x=2",
    b"limit=1%3Bx", b"%", b"%%", b"%1", b"limit=%",
    b"limit=%3", b"limit=%zz", b"limit=%u0031", b"limit=1%", b"&", b"&&&&", b";", b"limit:1", b"{}", b"[]",
    b"<x>",
    b"'", b'"', b"limit='1'", b"limit=\"1\"",
    b"a=" + b"x" * 10_000, b"x" * 10_000, b"&".join(b"p%d=%d" % (n, n) for n in range(1000)), b"&" * 5000,
    b"limit=1&" * 500, b"a[" * 1000 + b"]" * 1000, b"=" * 2000,
)  # fmt: skip
_POSITIONS = (b"", b"x", b"0", b"\xff", b"019ac0de-0000-7000-8000-000000000001", b"1:x", b":")
_CURSORS = (
    b"a", b"AA", b"AAAA", b"A" * 16, b"A" * 22, b"A" * 43, b"A" * 64, b"A" * 199, b"A" * 200, b"A" * 201,
    b"A" * 5000,
    b"====", b"AA==", b"AA=", b"-", b"_", b"-_-_",
    b"%2B%2F", b"++//", b"null", b"0", b"1", b"undefined", b"eyJpZCI6MX0", b"..", b"%20", b"%00", b"%E4%B8%AD",
    *(base64.urlsafe_b64encode(b"\0" * 16 + text).rstrip(b"=") for text in _POSITIONS),
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return all queries and cursors."""
    yield from raw(Slot.QUERY, "repeated", _REPEATED, refused=True)
    yield from raw(Slot.QUERY, "unknown", _UNKNOWN, refused=True)
    yield from raw(Slot.QUERY, "not-text", _NOT_TEXT, refused=True)
    yield from raw(Slot.QUERY, "odd", _ODD)
    yield from raw(Slot.QUERY, "cursor", [b"cursor=" + cursor for cursor in _CURSORS], refused=True)
    yield from raw(Slot.PARAM, "cursor", _CURSORS)
