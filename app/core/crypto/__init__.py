"""Protection of personal fields: sealed values, the keys they lie under, and blind indexes.

Three kinds of keys. Data keys, one division each, are random and seal the values; the table of data keys holds them
wrapped (`app/keys`). The key-encryption key that opens them, and the root of the index keys, only a key provider knows.
A dump of the database, without the provider, is worth nothing.
"""

from app.core.crypto.blobs import BlobKey
from app.core.crypto.columns import OwnersIndex, SealedColumn, sealed
from app.core.crypto.errors import KeyUnknown, ValueErased
from app.core.crypto.keys import GENERAL, DataKey, DataKeys
from app.core.crypto.providers import (
    EnvironmentKeys,
    FileKeys,
    KekUnknown,
    KeyProvider,
    write_new_key_file,
)
from app.core.crypto.suites import Suite
from app.core.crypto.vault import Vault, key_of, make_vault

__all__ = [
    "GENERAL",
    "BlobKey",
    "DataKey",
    "DataKeys",
    "EnvironmentKeys",
    "FileKeys",
    "KekUnknown",
    "KeyProvider",
    "KeyUnknown",
    "OwnersIndex",
    "SealedColumn",
    "Suite",
    "ValueErased",
    "Vault",
    "key_of",
    "make_vault",
    "sealed",
    "write_new_key_file",
]
