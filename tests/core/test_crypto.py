"""What a sealed value is, what it is bound to, and what a vault says when it cannot open one."""

import json
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.clock import FixedClock
from app.core.crypto import GENERAL, DataKey, DataKeys, FileKeys, KeyUnknown, Suite, ValueErased, Vault, key_of
from app.core.crypto.suites import aead, fresh_key
from app.core.ids import new_id
from tests.support.vaults import LONG_AGO, provider, self_made_vault

COLUMN, ROW, TEXT, COUNTY = "members.name", new_id(), "测试娃", "532529"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(params=list(Suite))
def suite(request) -> Suite:
    return request.param


@pytest.fixture
def vault(suite: Suite) -> Vault:
    return self_made_vault(suite)


def make_key(division: str = COUNTY, since: datetime = LONG_AGO, **more) -> DataKey:
    suite = Suite.INTL
    return DataKey(new_id(), division, suite, since, **{"cipher": aead(suite, fresh_key(suite)), **more})


def make_vault(*keys: DataKey, now: datetime = NOW) -> tuple[Vault, FixedClock]:
    held, clock = DataKeys(), FixedClock(now)
    held.replace(keys)
    return Vault(provider(), clock, held), clock


def test_a_sealed_value_opens_for_its_row_and_column(vault):
    assert vault.open(COLUMN, ROW, vault.seal(COLUMN, ROW, TEXT, division=COUNTY)) == TEXT


def test_a_sealed_value_is_suite_key_nonce_and_ciphertext(vault, suite):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    assert sealed[0] == suite.value
    assert UUID(bytes=sealed[1:17]) == key_of(sealed) == vault.key_for(COUNTY).id
    assert len(sealed) == 1 + 16 + 12 + len(TEXT.encode()) + 16
    assert TEXT.encode() not in sealed


def test_the_same_text_never_gives_the_same_bytes(vault):
    assert len({vault.seal(COLUMN, ROW, TEXT, division=COUNTY) for _ in range(50)}) == 50


def test_a_value_moved_to_another_row_does_not_open(vault):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    with pytest.raises(InvalidTag):
        vault.open(COLUMN, new_id(), sealed)


def test_a_value_moved_to_another_column_does_not_open(vault):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    with pytest.raises(InvalidTag):
        vault.open("members.profile", ROW, sealed)


def test_a_value_relabelled_as_another_divisions_does_not_open(vault):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)
    other = vault.key_for("532524").id.bytes

    with pytest.raises(InvalidTag):
        vault.open(COLUMN, ROW, sealed[:1] + other + sealed[17:])


def test_a_value_said_to_be_of_the_other_suite_does_not_open(vault, suite):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    with pytest.raises(InvalidTag):
        vault.open(COLUMN, ROW, bytes([3 - suite]) + sealed[1:])


def test_no_bit_of_nonce_ciphertext_or_tag_can_be_changed(vault):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    for place in range(17 * 8, len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(InvalidTag):
            vault.open(COLUMN, ROW, bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 2, 17, 20, 29, 44])
def test_a_truncated_value_does_not_open(vault, length):
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    with pytest.raises((InvalidTag, KeyUnknown)):
        vault.open(COLUMN, ROW, sealed[:length])


def test_each_division_has_a_key_of_its_own(vault):
    keys = {key_of(vault.seal(COLUMN, ROW, TEXT, division=each)) for each in (COUNTY, "532524", GENERAL)}

    assert len(keys) == 3


def test_the_blind_index_is_the_same_whatever_the_keys_and_the_suite():
    one, other = self_made_vault(Suite.INTL), self_made_vault(Suite.GUOMI)

    assert one.index("citizens.phone", "19000000001") == other.index("citizens.phone", "19000000001")
    assert one.index("citizens.phone", "19000000001") != one.index("members.id_number", "19000000001")
    assert one.index("citizens.phone", "19000000001") != one.index("citizens.phone", "19000000002")


def test_an_unknown_key_is_asked_for_and_the_caller_told_to_come_back(vault):
    sealed = self_made_vault().seal(COLUMN, ROW, TEXT, division=COUNTY)

    with pytest.raises(KeyUnknown) as refusal:
        vault.open(COLUMN, ROW, sealed)

    assert refusal.value.retry_after == 1
    assert vault.keys.wanted.is_set()


def test_a_division_without_a_key_is_asked_for():
    vault, _ = make_vault(make_key(COUNTY))

    with pytest.raises(KeyUnknown):
        vault.seal(COLUMN, ROW, TEXT, division="532524")

    assert vault.keys.wanted.is_set()


def test_what_lay_under_a_destroyed_key_is_said_to_be_erased():
    key, later = make_key(retired=False), make_key(since=NOW)
    vault, _ = make_vault(key, now=NOW - timedelta(days=1))
    sealed = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    vault.keys.replace([DataKey(key.id, COUNTY, key.suite, key.usable_from, retired=True, cipher=None), later])

    with pytest.raises(ValueErased):
        vault.open(COLUMN, ROW, sealed)


def test_an_announced_key_opens_at_once_and_seals_only_when_its_time_has_come():
    old, new = make_key(), make_key(since=NOW + timedelta(seconds=60))
    vault, clock = make_vault(old, new)
    ahead, _ = make_vault(old, new, now=NOW + timedelta(seconds=60))

    before = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)
    early = ahead.seal(COLUMN, ROW, TEXT, division=COUNTY)
    clock.advance(timedelta(seconds=60))
    after = vault.seal(COLUMN, ROW, TEXT, division=COUNTY)

    assert (key_of(before), key_of(early), key_of(after)) == (old.id, new.id, new.id)
    assert vault.open(COLUMN, ROW, early) == TEXT


def test_a_clock_set_back_does_not_bring_a_retired_key_into_use():
    retired, new = make_key(retired=True), make_key(since=NOW)
    vault, _ = make_vault(retired, new, now=NOW - timedelta(days=1))

    assert key_of(vault.seal(COLUMN, ROW, TEXT, division=COUNTY)) == new.id


def sealed_as_before(master: bytes, column: str, row: UUID, text: str) -> bytes:
    """Seal as it was done before there were data keys."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"seal:{column}".encode()).derive(master)
    nonce = os.urandom(12)
    return b"\x01\x01" + nonce + AESGCM(key).encrypt(nonce, text.encode(), column.encode() + b"\x00" + row.bytes)


def test_values_of_the_first_layout_still_open(tmp_path):
    master, path = os.urandom(32), tmp_path / "vault.json"
    path.write_text(json.dumps({"current": 1, "keys": {"1": master.hex()}}))
    vault = Vault(FileKeys(path), FixedClock(NOW), DataKeys())
    sealed = sealed_as_before(master, COLUMN, ROW, TEXT)

    assert vault.open(COLUMN, ROW, sealed) == TEXT
    with pytest.raises(KeyUnknown):
        vault.open(COLUMN, new_id(), sealed)


def test_blind_indexes_of_a_key_file_from_before_stay_the_same(tmp_path):
    master, path = os.urandom(32), tmp_path / "vault.json"
    path.write_text(json.dumps({"current": 1, "keys": {"1": master.hex()}}))
    before = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"index:citizens.phone").derive(master)

    assert FileKeys(path).derive("index:citizens.phone") == before
