"""Ways to end a path, beside the parameters in it."""

from collections.abc import Iterator

from tests.hostile.corpus.base import Case, Slot, raw

_NUL = (
    b"%00",
    b"a%00",
    b"%00a",
    b"a%00b",
    b"%2500%00",
    b"%ED%A0%80",
    b"%ed%bf%bf",
    b"%C0%80",
    b"%C0%AE%C0%AE",
    b"%FF",
    b"%FE%FF",
    b"%80",
    b"a%FFb",
)
_ENDINGS = (
    b"%2e%2e%2f", b"%2f%2fexample.com", b"%5cexample.com", b"x%3Fq=1", b"x%23f", b"x.json", b"x.html", b"x;v=1",
    b"x:submit", b"x/",
    b"x//", b"/x", b"x/y/z", b"x" * 500, b"%E6%B5%8B" * 100, b"x%0D%0AHost:%20a", b"{x}", b"[x]", b"<x>",
    b"x|y",
    b"x^y", b"x`y", b"x\"y",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return what stands where an id should stand."""
    yield from raw(Slot.PATH, "not-text", _NUL, refused=True)
    yield from raw(Slot.PATH, "ending", _ENDINGS)
