"""Ids: other spellings of a UUID, other versions, and what tries to be a path."""

from collections.abc import Iterator

from tests.hostile.corpus.base import Case, Slot, raw, spelled, values

_ID = "019ac0de-0000-7000-8000-000000000001"
_SPELLINGS = (
    _ID, _ID.upper(), _ID.replace("-", ""), "{" + _ID + "}", "urn:uuid:" + _ID, "URN:UUID:" + _ID,
    "uuid:" + _ID,
    "(" + _ID + ")",
    f'"{_ID}"', _ID + " ", " " + _ID, _ID + "\n", _ID + "\t", _ID + "0", _ID[:-1], _ID[:-1] + "g",
    _ID[:-1] + "１",
    _ID.replace("-", "_"), _ID.replace("-", "\u2010"), _ID.replace("-", " "),
    "-".join(_ID.replace("-", "")[i : i + 4] for i in range(0, 32, 4)),
    "0-1-9-a" + _ID[5:], "{" + _ID, _ID + "}", "urn:uuid:{" + _ID + "}", "urn:" + _ID, _ID + _ID,
    _ID + "," + _ID,
    "0x" + _ID.replace("-", ""),
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "019ac0de-0000-0000-8000-000000000001",
    *(f"019ac0de-0000-{version:x}000-8000-000000000001" for version in range(1, 16) if version != 7),
    *(f"019ac0de-0000-7000-{variant:x}000-000000000001" for variant in (0, 4, 12, 14)),
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "AZrA3gAAcACAAAAAAAAAAQ", "01KB0DW0000000000000000001",
    "5f2b8c1e9d3a4b7c8e6f0a1b",
    "019AC0DE-0000-7000-8000-00000000000A", "٠19ac0de-0000-7000-8000-000000000001", "1", "0", "-1", "me", "all",
    "null", "undefined", "*", "%",
    "new", "latest", "id", "NaN", "true", "[object Object]", "$id", "{application_id}", ":id", "<id>", "{{id}}",
    "a/b", "a\\b",
)  # fmt: skip
_TRAVERSALS = (
    b"..", b".", b"%2e%2e", b"%2E%2E%2F", b"..%2f..%2fetc%2fpasswd", b"..%5c..%5cwin.ini", b"%252e%252e%252f",
    b"..%c0%af", b"%2e",
    b"..;", b"..;/x", b"%00", b"%00.json", b"..%00/", b".%2e", b"%2e.", b"....//", b"..././", b"%2f", b"%2F%2F",
    b"//", b"/", b"%5c",
    b"\\", b"~", b"%7e", b".git", b".env", b"%09", b"%0a", b"%0d%0a", b"%0d%0aSet-Cookie:a=b", b"%20", b"+",
    b"%2b",
    b"%25", b"%", b"%%",
    b"%1", b"%zz", b"%u0041", b"%E4%B8%AD%E6%96%87", b";a=b", b";jsessionid=1", b"a;b=c", b"a,b", b"a=b",
    b"a&b",
    b"a?b", b"a%3Fb", b"a%23b",
    b"@", b":", b"::", b"$", b"!", b"'", b"(", b")", b"*", b"%22", b"%3C", b"%3E", b"%7B%7D", b"%7C", b"%5E",
    b"%60",
    b"%5B%5D", b"%7F", b"%C2%80",
    b"%EF%BB%BF", b"%E2%80%AE", b"%E2%80%8B", b"%F0%9F%98%80", b"index.php", b"wp-admin", b"actuator",
    b"x" * 2000,
    b"%41" * 1000, b"a/" * 500,
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Return all ids: as members of bodies, in parameters, in paths."""
    yield from values("id", _SPELLINGS)
    yield from spelled(Slot.PARAM, "id", _SPELLINGS)
    yield from spelled(Slot.PATH, "id", _SPELLINGS)
    yield from raw(Slot.PATH, "traversal", _TRAVERSALS)
    yield from raw(Slot.PARAM, "traversal", _TRAVERSALS[::2])
