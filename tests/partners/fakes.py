"""The fakes of all agencies, found by what the registry names."""

import importlib
from typing import Any

from app.partners.memory import MemoryAgency
from app.partners.registry import AGENCIES


def build_fakes() -> dict[str, Any]:
    """Make all agencies in memory, by code; they know nobody."""
    return {agency.code: _fake_of(agency.code)() for agency in AGENCIES}


def _fake_of(code: str) -> type[MemoryAgency]:
    module = importlib.import_module(f"app.partners.{code}.fake")
    (fake,) = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    assert issubclass(fake, MemoryAgency)
    return fake
