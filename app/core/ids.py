"""Identifiers: UUIDv7 for rows, a spoken number with a check character for people."""

import secrets
from datetime import date
from uuid import UUID

from stdnum.iso7064 import mod_37_36
from uuid_utils.compat import uuid7

# Crockford's alphabet: no I, L, O, U, so that a number survives a telephone call and bad handwriting.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """Return a fresh UUIDv7: unique everywhere, and near in the index to what was made near in time."""
    return uuid7()


def new_number(prefix: str, county: str, on: date) -> str:
    """Return a human number: prefix, county (6 digits), date (YYMMDD), 8 random characters, check character.

    The county stands in it so that a look-up by number can go straight to the county's data; the random part makes
    neighbours unguessable. E.g. 'DB530102261122K3TQ9W2ZF'.
    """
    body = f"{prefix}{county}{on:%y%m%d}" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return body + str(mod_37_36.calc_check_digit(body))


def number_is_valid(number: str) -> bool:
    """Say whether the check character (ISO 7064 MOD 37-36) fits."""
    return bool(mod_37_36.is_valid(number))


def county_of_number(number: str) -> str:
    """Return the county a human number was issued in."""
    return number[2:8]


def new_secret_code(length: int = 12) -> str:
    """Return a random code for people to keep, from the same unambiguous alphabet (60 bits at 12)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
