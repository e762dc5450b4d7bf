"""Vaults for tests: one that makes its keys in memory, and ones that read theirs from the database like a process."""

from datetime import UTC, datetime

from app.core.clock import Clock, FixedClock
from app.core.crypto import DataKey, DataKeys, EnvironmentKeys, Suite, Vault
from app.core.crypto.suites import aead, fresh_key
from app.core.ids import new_id

KEK, INDEX_KEY = bytes(range(32)).hex(), bytes(range(32, 64)).hex()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class SelfMadeKeys(DataKeys):
    """Keys that come into being when they are asked for: tests that are not about keys need no table of them."""

    def __init__(self, suite: Suite = Suite.INTL) -> None:
        super().__init__()
        self._suite = suite

    def missing(self, division: str) -> DataKey:
        key = DataKey(new_id(), division, self._suite, LONG_AGO, cipher=aead(self._suite, fresh_key(self._suite)))
        self.replace([*self.held().values(), key])
        return key


def provider() -> EnvironmentKeys:
    """Return a provider that always knows the same keys."""
    return EnvironmentKeys(KEK, INDEX_KEY)


def self_made_vault(suite: Suite = Suite.INTL) -> Vault:
    """Return a vault that needs no database."""
    return Vault(provider(), FixedClock(LONG_AGO), SelfMadeKeys(suite), suite)


def reading_vault(clock: Clock, suite: Suite = Suite.INTL) -> Vault:
    """Return a vault without keys, as a process has it before it read the table."""
    return Vault(provider(), clock, DataKeys(), suite)
