"""The mock agencies, one module each, found here by being here. `router(world)` of a module returns its addresses."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

CODES = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
"""The codes of all agencies: the names of their modules."""


def routers() -> list[Callable[[Any], Any]]:
    """Return how to build the addresses of each agency."""
    return [importlib.import_module(f"{__name__}.{code}").router for code in CODES]
