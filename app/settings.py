"""Typed environment, read once where a process is built (main, worker, migrations, scripts) and passed down as values.

Every variable begins with DIBAO_, but DATABASE_URL, which keeps its usual name. An unknown DIBAO_ variable stops the
process: a mistyped setting must not be a setting silently left at its default.
"""

import json
import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.connections import Connection

_PREFIX = "DIBAO_"


def _read_networks(listed: object) -> object:
    if not isinstance(listed, str):
        return listed
    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_read_networks)]


class PartnersFileWrong(ValueError):
    """The partners file says something of a partner that cannot be; which, and what, is in the message."""


class Settings(BaseSettings):
    """All settings of a process. Paths are absolute or relative to the working folder."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    environment: Literal["sandbox", "production"] = "production"
    database_url: str = Field(validation_alias="DATABASE_URL")
    pool_size: int = Field(default=10, ge=1, le=200)
    vault_file: Path | None = None  # the key file; or, injected, the two keys below
    vault_kek: SecretStr | None = None  # wraps data keys: 64 hexadecimal digits; several by commas, the first wraps
    vault_kek_file: Path | None = None  # the same, as a mounted file
    vault_index_key: SecretStr | None = None  # what blind indexes derive from: 64 hexadecimal digits, never changed
    vault_index_key_file: Path | None = None
    crypto_suite: Literal["intl", "guomi"] = "intl"  # of new data keys: AES-256-GCM, or SM4-GCM
    token_key_file: Path
    evidence_key_file: Path | None = None  # signs the audit's checkpoints; the worker does not start without it
    storage_dir: Path
    storage_s3_file: Path | None = None  # names an S3-compatible service that takes the folder's place
    partners_file: Path
    # Whether staff need an authenticator beside the password; unless said, in production they do.
    staff_second_factor: Literal["required", "optional"] | None = None
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: Networks = ()  # whose X-Forwarded-For is believed; nobody's by default
    limit_factor: int = Field(default=1, ge=1, le=10**6)  # widens all limits but those of secrets: for load tests
    sandbox_clock_file: Path | None = None
    sandbox_tls_port: int | None = Field(default=None, ge=0, le=65535)  # where mock agencies ask for a certificate
    sandbox_population: int = Field(default=10_000, ge=0, le=1_500_000)  # about how many persons its registers know
    sandbox_answer_seconds: float = Field(default=1.0, ge=0, le=3600)  # how long the mock banks take to answer
    sweep_seconds: float = Field(default=60.0, gt=0)  # how often the worker looks for what has fallen due
    seal_seconds: float = Field(default=1.0, gt=0, le=60)  # how often the worker seals audit records
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def second_factor_required(self) -> bool:
        """Say whether staff without an authenticator have to set one up before anything else."""
        if self.staff_second_factor is None:
            return self.environment == "production"
        return self.staff_second_factor == "required"

    @field_validator("vault_file", mode="before")
    @classmethod
    def _empty_is_none(cls, said: object) -> object:
        return said or None  # an image that names a file can be told that there is none

    @model_validator(mode="after")
    def _keys_come_from_one_place(self) -> Self:
        keks = self.vault_kek is not None, self.vault_kek_file is not None
        indexes = self.vault_index_key is not None, self.vault_index_key_file is not None
        from_file = self.vault_file is not None
        if (sum(keks), sum(indexes)) != ((0, 0) if from_file else (1, 1)):
            raise ValueError(
                "either DIBAO_VAULT_FILE, or DIBAO_VAULT_KEK and DIBAO_VAULT_INDEX_KEY (each itself or as …_FILE)"
            )
        return self

    def injected_keys(self) -> tuple[str, str] | None:
        """Return the injected key-encryption keys and index key; None where a key file is used."""
        if self.vault_file is not None:
            return None
        return _secret(self.vault_kek, self.vault_kek_file), _secret(self.vault_index_key, self.vault_index_key_file)

    def partners(self) -> dict[str, Connection]:
        """Read the partners file: {code: {base_url, secret, …}, as `Connection` says}.

        Raises:
            PartnersFileWrong: it says something of a partner that no connection has, or that none can have.
        """
        content = json.loads(self.partners_file.read_text())
        return {code: _connection(code, entry) for code, entry in content.items()}


def _connection(code: str, entry: dict[str, Any]) -> Connection:
    try:
        return Connection(**entry)
    except ValidationError as wrong:
        faults = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors(include_input=False))
        raise PartnersFileWrong(f"{code}: {'; '.join(faults)}") from None


def _secret(said: SecretStr | None, file: Path | None) -> str:
    if said is not None:
        return said.get_secret_value()
    return file.read_text() if file is not None else ""


class UnknownSetting(Exception):
    """An environment variable begins with DIBAO_ and is not a setting."""


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        UnknownSetting: a DIBAO_ variable that is no setting.
        pydantic.ValidationError: one is missing or out of range.
    """
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)
    if unknown:
        raise UnknownSetting(", ".join(unknown))
    return Settings()
