"""Typed environment, read once where a process is built (main, worker, migrations, scripts) and passed down as values.

Every variable begins with DIBAO_, but DATABASE_URL, which keeps its usual name. An unknown DIBAO_ variable stops the
process: a mistyped setting must not be a setting silently left at its default.
"""

import json
import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.connections import Connection

_PREFIX = "DIBAO_"


def _read_networks(listed: object) -> object:
    if not isinstance(listed, str):
        return listed
    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_read_networks)]


class Settings(BaseSettings):
    """All settings of a process. Paths are absolute or relative to the working folder."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    environment: Literal["sandbox", "production"] = "production"
    database_url: str = Field(validation_alias="DATABASE_URL")
    pool_size: int = Field(default=10, ge=1, le=200)
    vault_file: Path
    token_key_file: Path
    storage_dir: Path
    storage_s3_file: Path | None = None  # names an S3-compatible service that takes the folder's place
    partners_file: Path
    # Whether staff need an authenticator beside the password; unless said, in production they do.
    staff_second_factor: Literal["required", "optional"] | None = None
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: Networks = ()  # whose X-Forwarded-For is believed; nobody's by default
    limit_factor: int = Field(default=1, ge=1, le=10**6)  # widens all limits but those of secrets: for load tests
    sandbox_clock_file: Path | None = None
    sandbox_answer_seconds: float = Field(default=1.0, ge=0, le=3600)  # how long the mock banks take to answer
    sweep_seconds: float = Field(default=60.0, gt=0)  # how often the worker looks for what has fallen due
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def second_factor_required(self) -> bool:
        """Say whether staff without an authenticator have to set one up before anything else."""
        if self.staff_second_factor is None:
            return self.environment == "production"
        return self.staff_second_factor == "required"

    def partners(self) -> dict[str, Connection]:
        """Read the partners file: {code: {base_url, secret, inbound_secret}}."""
        content = json.loads(self.partners_file.read_text())
        return {code: Connection(**entry) for code, entry in content.items()}


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
