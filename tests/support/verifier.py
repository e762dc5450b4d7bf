"""The stand-alone verifier as a module: it is a program of its own and imports nothing of ours."""

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

PLACE = Path(__file__).parents[2] / "scripts" / "verify-evidence"


def load_verifier() -> ModuleType:
    """Return the program's functions."""
    loader = SourceFileLoader("verify_evidence", str(PLACE))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # no compiled copy beside the scripts
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


verifier = load_verifier()
