"""The two suites of authenticated encryption, by the number that every sealed value begins with."""

import os
from enum import IntEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

NONCE = 12  # random: one key seals 2^32 values before a repeated nonce is as likely as 2^-32 (NIST SP 800-38D, 8.3)
TAG = 16


class Suite(IntEnum):
    """Which algorithms a key is used with. The number is written into every value: never give one a second meaning."""

    INTL = 1  # AES-256-GCM
    GUOMI = 2  # SM4-GCM (GB/T 32907), for systems that are assessed for commercial cryptography

    @classmethod
    def named(cls, name: str) -> "Suite":
        """Return the suite a setting names: 'intl' or 'guomi'."""
        return cls[name.upper()]

    @property
    def key_length(self) -> int:
        """Bytes of a key."""
        return 32 if self is Suite.INTL else 16


class Aead(Protocol):
    """Authenticated encryption under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the plain bytes.

        Raises:
            cryptography.exceptions.InvalidTag: not what `encrypt` gave for this nonce and associated data.
        """
        ...


class _Sm4Gcm:
    """SM4-GCM in the shape of the library's AESGCM, which it does not offer for SM4."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < TAG:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG]) + decryptor.finalize()


def aead(suite: Suite, key: bytes) -> Aead:
    """Return the cipher of a suite under a key."""
    return AESGCM(key) if suite is Suite.INTL else _Sm4Gcm(key)


def fresh_key(suite: Suite) -> bytes:
    """Return a random key of the suite's length."""
    return os.urandom(suite.key_length)
