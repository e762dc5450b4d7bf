"""Writes openapi/openapi.json from the application, or sees that it is current (--check)."""

import argparse
import difflib
import json
import sys

from app.main import openapi_document
from scripts.local.children import ROOT
from scripts.local.narration import complain, say

PLACE = ROOT / "openapi" / "openapi.json"


def render() -> str:
    """Return the document as it is committed: in the application's order, one member a line, Chinese as it is."""
    return json.dumps(openapi_document(), ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    """Write the document; with --check only compare, and return 1 when it differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    current = render()
    known = PLACE.read_text(encoding="utf-8") if PLACE.exists() else ""
    if not options.check:
        PLACE.write_text(current, encoding="utf-8")
        say(f"Wrote {PLACE.relative_to(ROOT)} ({len(current):,} bytes).")
        return 0
    if current == known:
        return 0
    changes = difflib.unified_diff(known.splitlines(), current.splitlines(), "committed", "application", "", "", 2, "")
    complain("\n".join([line for line, _ in zip(changes, range(40), strict=False)]))
    complain("openapi/openapi.json is not current: run .venv/bin/python -m scripts.local.openapi and commit it.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
