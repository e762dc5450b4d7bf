"""Bytes that are not the UTF-8 they should be, and labels that lie about them."""

import gzip
import zlib
from collections.abc import Iterator

from tests.hostile.corpus.base import JSON, Case, Slot, raw, sources

_TEXT = '{"name":"测试甲","phone":"19000000001"}'
_BROKEN = (
    b"\xc0\x80", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x80\xaf", b"\xe0\x9f\xbf",
    b"\xf0\x80\x80\x80",
    b"\xf0\x80\x80\xaf", b"\xf0\x8f\xbf\xbf", b"\xf8\x80\x80\x80\x80", b"\xf8\x88\x80\x80\x80",
    b"\xfc\x80\x80\x80\x80\x80",
    b"\xfe", b"\xff", b"\xfe\xfe\xff\xff", b"\xed\xa0\x80", b"\xed\xad\xbf", b"\xed\xae\x80", b"\xed\xaf\xbf",
    b"\xed\xb0\x80", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80", b"\xed\xaf\xbf\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80", b"\xf7\xbf\xbf\xbf", b"\xc2", b"\xdf", b"\xe4", b"\xe4\xb8", b"\xf0", b"\xf0\x9f",
    b"\xf0\x9f\x98", b"\x80", b"\xbf", b"\x80\xbf", b"\xe4\xb8\xe4\xb8", b"\xc2\x41", b"\xe4\x41\x41", b"a\xcc",
    b"\xb2\xe2\xca\xd4", b"\xb4\xfa\xb8\xd5", b"\x83e\x83X\x83g",
)  # fmt: skip
_CODECS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig", "gbk", "gb18030",
    "big5",
    "utf-7", "hz", "shift_jis", "euc-kr", "cp037",
)  # fmt: skip
_LABELS = (
    b"", b"text/plain", b"text/html", b"text/json", b"application/xml", b"application/x-www-form-urlencoded",
    b"multipart/form-data", b"multipart/form-data; boundary=x", b"multipart/form-data; boundary=" + b"-" * 5000,
    b"application/octet-stream", b"application/x-json", b"application/jsonp", b"application/json5",
    b"application/*",
    b"*/*", b"*", b"json", b"/", b"application/", b"/json", b"application//json", b"application/json/json",
    b"application/ json", b"application /json", b"application/json,application/json", b"application/json;",
    b";",
    b"x" * 5000,
    b"application/json; charset=utf-16", b"application/json; charset=latin-1", b"application/json; charset=gbk",
    b"application/json; charset=", b"application/json; charset=\"utf-8", b"application/json; charset=nothing",
    b"application/json; charset=UTF-8; charset=utf-16", b"\xa0application/json", b"\x85application/json",
    b"application/json\xa0", b"application\xa0/json", b"APPLICATION/JSON;CHARSET=UTF-16",
    b"application/json; a*0=b; a*1=c",
    b"application/json; a*=utf-8''%FF", b"application/json; " + b"a=b;" * 1000, b"text/x+json",
    b"application/x+json",
    b"application/vnd.api+json", b"application/ld+json", b"application/json-seq", b"application/xml+json",
    b"application/merge-patch+json", b"application/json-patch+json", b"application/problem+json",
    b"message/rfc822",
    b"image/png", b"application/json; version=\"\\\"", b"application/json (comment)", b"application/json\tx",
)  # fmt: skip
# Wherever the reader might trust a label and the framework another one, half a surrogate pair must not slip through.
_SLY = b'{"name":"\\ud800","phone":"\\u0000","a":1,"a":NaN}'


def cases() -> Iterator[Case]:
    """Return all cases of bytes and labels."""
    yield from sources("broken-utf8", [b'"' + broken + b'"' for broken in _BROKEN], refused=True)
    yield from sources("broken-utf8-after", [b'"a' + broken + b'b"' for broken in _BROKEN], refused=True)
    yield from sources("high-byte", [b'"%c"' % code for code in range(128, 256)], refused=True)
    yield from raw(Slot.PARAM, "broken-utf8", [_percent(broken) for broken in _BROKEN], refused=True)
    yield from raw(Slot.PATH, "broken-utf8", [_percent(broken) for broken in _BROKEN], refused=True)
    for codec in _CODECS:
        yield Case(Slot.BODY, f"codec-{codec}", _encoded(codec), JSON, refused=codec not in ("utf-7", "hz"))
        label = b"application/json; charset=" + codec.encode()
        yield Case(Slot.BODY, f"labelled-{codec}", _encoded(codec), ((b"content-type", label),), refused=True)
    for number, label in enumerate(_LABELS):
        yield Case(Slot.BODY, f"label-{number}", _TEXT.encode(), ((b"content-type", label),))
        yield Case(Slot.BODY, f"sly-label-{number}", _SLY, ((b"content-type", label),), refused=True)
        deep = b"[" * 20_000 + b"]" * 20_000
        yield Case(Slot.BODY, f"deep-label-{number}", deep, ((b"content-type", label),), refused=True)
    yield Case(Slot.BODY, "no-label", _TEXT.encode(), ())
    yield Case(Slot.BODY, "sly-no-label", _SLY, (), refused=True)
    yield from _packed()


def _packed() -> Iterator[Case]:
    """Bodies packed, or said to be packed, by a coding; a bomb among them."""
    bomb = gzip.compress(b" " * 50_000_000, 9, mtime=0)
    texts = {"gzip": gzip.compress(_TEXT.encode(), mtime=0), "deflate": zlib.compress(_TEXT.encode()), "bomb": bomb}
    for name, text in texts.items():
        yield Case(Slot.BODY, f"packed-unlabelled-{name}", text, JSON, refused=True)
        for coding in (b"gzip", b"deflate", b"br", b"zstd", b"x-gzip", b"identity", b"gzip, gzip", b"nothing", b""):
            headers = (*JSON, (b"content-encoding", coding))
            yield Case(Slot.BODY, f"packed-{name}-as-{coding.decode() or 'empty'}", text, headers, refused=True)
    for coding in (b"gzip", b"deflate", b"br", b"identity"):
        headers = (*JSON, (b"content-encoding", coding))
        yield Case(Slot.BODY, f"not-packed-as-{coding.decode()}", _TEXT.encode(), headers)


def _encoded(codec: str) -> bytes:
    name = {"shift_jis": "試験", "euc-kr": "시험", "cp037": "x", "big5": "試驗"}.get(codec, "测试甲")
    return _TEXT.replace("测试甲", name).encode(codec)


def _percent(text: bytes) -> bytes:
    return "".join(f"%{byte:02X}" for byte in text).encode()
