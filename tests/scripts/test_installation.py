"""What the processes of one installation are told."""

import json
import os
from pathlib import Path

import pytest

from app.core.crypto import FileKeys
from app.identity.keys import load_key_ring
from app.partners.registry import AGENCIES
from app.settings import load_settings
from scripts.local.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path, "127.0.0.1", 8000, 8100)
    made.make_files()
    return made


def test_the_environment_is_one_the_product_accepts(installation: Installation, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIBAO_")]:
        monkeypatch.delenv(name)
    for name, value in installation.environment("postgresql://nobody@127.0.0.1/nothing").items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert settings.environment == "sandbox"
    assert settings.vault_file is not None
    assert FileKeys(settings.vault_file).derive("x")
    assert load_key_ring(settings.token_key_file)
    assert settings.partners()["banking"].base_url == "http://127.0.0.1:8100/agencies/banking"


def test_on_another_port_addresses_follow_and_secrets_stay(installation: Installation):
    before = json.loads((installation.data / "partners.json").read_text())

    Installation(installation.data, "127.0.0.1", 9000, 9100).make_files()

    after = json.loads((installation.data / "partners.json").read_text())
    assert set(after) == {*(agency.code for agency in AGENCIES), "paying_bank", "sms_gateway"}
    assert after["sms_gateway"]["base_url"] == "http://127.0.0.1:9100/sms-gateway"
    for code, connection in after.items():
        assert connection["secret"] == before[code]["secret"] != connection["inbound_secret"]
        assert connection.get("inbound_key") == before[code].get("inbound_key") != connection["inbound_secret"]
    assert all(connection["inbound_key"] for code, connection in after.items() if code != "sms_gateway")


def test_secrets_are_readable_by_their_owner_only(installation: Installation):
    for name in ("partners.json", "keys/vault.json", "keys/tokens.json"):
        assert (installation.data / name).stat().st_mode & 0o777 == 0o600


def test_calls_to_this_machine_never_take_a_proxy(installation: Installation, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "example.org")

    assert installation.environment("postgresql://x")["NO_PROXY"] == "example.org,127.0.0.1,localhost"
