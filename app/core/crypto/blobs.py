"""Keys of single files. Each file lies under a key of its own, which is kept sealed like any other personal field.

So a rotation seals small keys anew and touches no file; and whoever forgets the row with the key forgets the file, also
in every copy of the storage there is.
"""

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag

from app.core.crypto.suites import NONCE, TAG, Suite, aead, fresh_key


@dataclass(frozen=True)
class BlobKey:
    """The key of one file and of the parts it arrives in."""

    suite: Suite
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, suite: Suite) -> "BlobKey":
        """Make a random key."""
        return cls(suite, fresh_key(suite))

    @classmethod
    def read(cls, text: str) -> "BlobKey":
        """Read back what `write` gave."""
        suite, _, secret = text.partition(":")
        return cls(Suite(int(suite)), bytes.fromhex(secret))

    def write(self) -> str:
        """Return the key as text, to be sealed."""
        return f"{self.suite.value}:{self.secret.hex()}"

    def seal(self, place: str, content: bytes) -> bytes:
        """Encrypt what is to lie at `place`: nonce (12 bytes) · ciphertext and tag. Elsewhere it does not open."""
        nonce = os.urandom(NONCE)
        return nonce + aead(self.suite, self.secret).encrypt(nonce, content, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made for the same place.

        Raises:
            cryptography.exceptions.InvalidTag: changed, cut, or moved from another place.
        """
        if len(sealed) < NONCE + TAG:
            raise InvalidTag
        return aead(self.suite, self.secret).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
