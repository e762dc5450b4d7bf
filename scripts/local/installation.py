"""One installation: its keys, its connections to the agencies, and the environment its processes get."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.audit import signing
from app.core import crypto
from app.identity import keys
from app.partners.base import Authentication
from app.partners.registry import AGENCIES as REGISTERED
from app.sandbox.certificates import make_certificates
from app.sandbox.main import CERTIFICATES
from app.sandbox.world import AGENCIES
from scripts.local.children import ROOT
from scripts.local.data_folder import write_json
from scripts.local.narration import Refusal
from scripts.local.processes import base_environment

SMS = "sms_gateway"
KEY_FILES = {  # file → the setting that names it
    "vault.json": "DIBAO_VAULT_FILE",
    "tokens.json": "DIBAO_TOKEN_KEY_FILE",
    "evidence.json": "DIBAO_EVIDENCE_KEY_FILE",
}


@dataclass(frozen=True)
class Installation:
    """Where one copy of the product keeps its data and listens."""

    data: Path
    host: str
    port: int
    sandbox_port: int
    sandbox_tls_port: int = 0  # 0: nobody listens

    @property
    def base_url(self) -> str:
        """Where phones, caseworkers and partners reach the API from this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where the stand-ins of the agencies, the bank and the SMS gateway listen."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    def environment(self, database_url: str) -> dict[str, str]:
        """Return what every process of the product gets; the caller's own DIBAO_ settings stay where we set none."""
        return {
            **base_environment(),
            "DATABASE_URL": database_url,
            "DIBAO_ENVIRONMENT": "sandbox",
            **{setting: str(self.data / "keys" / name) for name, setting in KEY_FILES.items()},
            "DIBAO_STORAGE_DIR": str(self.data / "files"),
            "DIBAO_PARTNERS_FILE": str(self.data / "partners.json"),
            "DIBAO_SANDBOX_CLOCK_FILE": str(self.data / "clock"),
            "DIBAO_SANDBOX_TLS_PORT": str(self.sandbox_tls_port),
            "DIBAO_PUBLIC_URL": self.base_url,
            "DIBAO_SWEEP_SECONDS": "1",
        }

    def make_files(self) -> None:
        """Make what is not there yet: keys, folders, and the secrets shared with each agency."""
        for name in ("keys", "files", "logs", "run"):
            (self.data / name).mkdir(exist_ok=True, mode=0o700)
        make_key_files(self.data / "keys")
        path = self.data / "partners.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        write_json(path, self._partners(known))

    def _partners(self, known: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """Return all connections: secrets stay, addresses and certificates are those of the sandbox of today."""
        made = make_certificates(self.data / CERTIFICATES)
        shown = {
            "certificate": str(made.certificate("us")),
            "key": str(made.key("us")),
            "authority": str(made.authority),
        }
        by_certificate = {each.code for each in REGISTERED if each.authentication is Authentication.MUTUAL_TLS}
        connections = {
            code: {
                "base_url": f"{self.sandbox_url}/agencies/{code}",
                "secret": _secret(),
                "inbound_secret": _secret(),
                "inbound_key": _secret(),
                **known.get(code, {}),
            }
            for code in AGENCIES
        }
        for code, connection in connections.items():
            connection["base_url"] = f"{self.sandbox_url}/agencies/{code}"
            if code in by_certificate:
                connection |= shown | {"base_url": f"https://127.0.0.1:{self.sandbox_tls_port}/agencies/{code}"}
        gateway = {"secret": _secret(), "inbound_secret": _secret(), **known.get(SMS, {})}
        return connections | {SMS: gateway | {"base_url": f"{self.sandbox_url}/sms-gateway"}}


def make_key_files(folder: Path) -> None:
    """Write the key files that are not in the folder yet, each readable by its owner only."""
    crypto.write_new_key_file(folder / "vault.json")
    keys.write_new_key_file(folder / "tokens.json")
    signing.write_new_key_file(folder / "evidence.json")


def point_at(data: Path | None) -> None:
    """Put the settings of a running local installation into the environment; those that are there stay, without `data`.

    Raises:
        Refusal: nothing was ever started there.
    """
    if data is None and os.environ.get("DATABASE_URL"):
        return
    folder = Path(data or ROOT / ".data" / "serve").resolve()
    if not (folder / "sandbox.json").exists():
        raise Refusal(f"There is no installation in {folder}. Name another with --data, or set DATABASE_URL.")
    url: str = json.loads((folder / "sandbox.json").read_text())["database_url"]
    os.environ.update(Installation(folder, "127.0.0.1", 8000, 8100).environment(url))


def _secret() -> str:
    return secrets.token_urlsafe(32)
