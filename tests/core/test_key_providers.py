"""What every key provider promises, asked of each of them; and where settings let keys come from."""

import json
import secrets
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from pydantic import ValidationError

from app.core.crypto import EnvironmentKeys, FileKeys, KekUnknown, KeyProvider, Suite, write_new_key_file
from app.core.crypto.suites import fresh_key
from app.settings import Settings

CONTEXT = b"key 1 of 532529"


class Injected:
    """An installation whose keys are injected."""

    def __init__(self, folder: Path) -> None:
        self._keks, self._index = [secrets.token_hex(32)], secrets.token_hex(32)

    def provider(self) -> KeyProvider:
        return EnvironmentKeys(",".join(self._keks), self._index)

    def add_kek(self) -> None:
        self._keks.insert(0, secrets.token_hex(32))

    def take_old_keks_away(self) -> None:
        del self._keks[1:]


class InFile:
    """An installation with a key file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys" / "vault.json"
        write_new_key_file(self._path)

    def provider(self) -> KeyProvider:
        return FileKeys(self._path)

    def add_kek(self) -> None:
        content = json.loads(self._path.read_text())
        number = len(content["keys"]) + 1
        content["keys"][str(number)], content["current"] = secrets.token_hex(32), number
        self._path.write_text(json.dumps(content))

    def take_old_keks_away(self) -> None:
        content = json.loads(self._path.read_text())
        content["keys"] = {str(content["current"]): content["keys"][str(content["current"])]}
        self._path.write_text(json.dumps(content))


@pytest.fixture(params=[Injected, InFile])
def installation(request, tmp_path):
    return request.param(tmp_path)


@pytest.fixture(params=list(Suite))
def suite(request) -> Suite:
    return request.param


async def test_a_wrapped_key_comes_back_also_after_a_restart(installation, suite):
    key = fresh_key(suite)
    wrapped = await installation.provider().wrap(suite, key, CONTEXT)

    assert await installation.provider().unwrap(wrapped, CONTEXT) == key
    assert key not in wrapped


async def test_a_wrapped_key_is_bound_to_what_it_is_the_key_of(installation, suite):
    provider = installation.provider()
    wrapped = await provider.wrap(suite, fresh_key(suite), CONTEXT)

    with pytest.raises(InvalidTag):
        await provider.unwrap(wrapped, b"key 1 of 532524")


async def test_another_installation_cannot_unwrap(installation, suite, tmp_path):
    wrapped = await installation.provider().wrap(suite, fresh_key(suite), CONTEXT)

    with pytest.raises(KekUnknown):
        await type(installation)(tmp_path / "other").provider().unwrap(wrapped, CONTEXT)


async def test_of_two_key_encryption_keys_the_newer_wraps_and_both_unwrap(installation, suite):
    key = fresh_key(suite)
    before = await installation.provider().wrap(suite, key, CONTEXT)
    installation.add_kek()
    after = await installation.provider().wrap(suite, key, CONTEXT)

    assert await installation.provider().unwrap(before, CONTEXT) == key
    installation.take_old_keks_away()
    assert await installation.provider().unwrap(after, CONTEXT) == key
    with pytest.raises(KekUnknown):
        await installation.provider().unwrap(before, CONTEXT)


async def test_index_keys_outlive_the_key_encryption_key(installation):
    before = installation.provider().derive("index:citizens.phone")
    installation.add_kek()
    installation.take_old_keks_away()

    assert installation.provider().derive("index:citizens.phone") == before
    assert installation.provider().derive("index:citizens.id_number") != before


@pytest.mark.parametrize("keks", ["", "00", "zz" * 32, "00" * 31])
def test_a_key_that_is_none_is_refused(keks):
    with pytest.raises(ValueError, match=r"32 bytes|hexadecimal"):
        EnvironmentKeys(keks, "00" * 32)


def settings(**keys) -> Settings:
    return Settings(
        DATABASE_URL="postgresql://nobody@127.0.0.1/nothing",
        token_key_file="t",
        storage_dir="s",
        partners_file="p",
        **keys,
    )


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"vault_kek": "00" * 32},
        {"vault_index_key": "00" * 32},
        {"vault_file": "v", "vault_kek": "00" * 32},
        {"vault_kek": "00" * 32, "vault_kek_file": "k", "vault_index_key": "00" * 32},
    ],
)
def test_settings_that_name_no_keys_or_too_many_are_refused(keys):
    with pytest.raises(ValidationError, match="DIBAO_VAULT_FILE, or"):
        settings(**keys)


def test_keys_may_be_injected_as_variables_or_as_mounted_files(tmp_path):
    (tmp_path / "kek").write_text("11" * 32 + "\n")

    found = settings(vault_kek_file=tmp_path / "kek", vault_index_key="22" * 32).injected_keys()

    assert found is not None
    assert EnvironmentKeys(*found).derive("x") == EnvironmentKeys("11" * 32, "22" * 32).derive("x")


def test_a_key_file_that_an_image_names_can_be_unset():
    assert settings(vault_file="", vault_kek="11" * 32, vault_index_key="22" * 32).injected_keys() is not None


def test_injected_keys_are_not_in_what_settings_look_like():
    assert "11" * 32 not in repr(settings(vault_kek="11" * 32, vault_index_key="22" * 32))
