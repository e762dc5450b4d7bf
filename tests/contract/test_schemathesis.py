"""schemathesis against the running application: every phase, every check, several identities.

In the suite it is bounded and its seed is fixed; `scripts/fuzz` runs it for as long as one likes, with a new seed.
"""

import json
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.contract.live import INBOUND_SECRET, Live

ROOT = Path(__file__).parents[2]
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
_SETTINGS = Path(__file__).with_name("schemathesis.toml")
_BOUNDED = ("--max-examples", "3", "--seed", "20261123", "--generation-deterministic", "--no-shrink")


@pytest.mark.parametrize("audience", ["citizens", "staff", "partners", "nobody"])
def test_the_application_keeps_its_contract(live: Live, written: dict[str, Any], tmp_path: Path, audience: str):
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(_SETTINGS.read_text() + _dictionaries(live) + _sample(written))
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(settings), "run"]
    command += [f"{live.url}/openapi.json", "--checks", "all", "--no-color"]
    command += _who(live, tmp_path, audience) + _how_long()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FUZZ_TOKENS": json.dumps(list(live.tokens.values())),
        "FUZZ_SPARE_TOKENS": json.dumps(live.spare_tokens),
    }

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    print(done.stdout[-1500:])
    assert done.returncode == 0, done.stdout + done.stderr


def _who(live: Live, folder: Path, audience: str) -> list[str]:
    """Choose identities and the operations they are for. More than one: each must not get what is another's."""
    headers = {name: {"Authorization": f"Bearer {token}"} for name, token in live.tokens.items()}
    headers["bank"] = {"Authorization": f"Bearer {INBOUND_SECRET}"}
    identities, chosen = {
        "citizens": (
            ("applicant", "recipient", "neighbour"),
            ["--include-tag", "applicant", "--include-tag", "sign-in"],
        ),
        "staff": (("handler", "administrator"), ["--include-tag-regex", "^console"]),
        "partners": (("bank",), ["--include-tag", "partner"]),
        "nobody": ((), ["--include-tag", "public", "--include-tag", "health"]),
    }[audience]
    if not identities:
        return chosen
    users = [
        {"name": name, "fixedHeaders": [{"name": key, "value": value} for key, value in headers[name].items()]}
        for name in identities
    ]
    document = folder / "identities.json"
    document.write_text(json.dumps({"auth": users}))
    return [*chosen, "--auth-wfc", str(document)]


def _how_long() -> list[str]:
    if not MINUTES:
        return list(_BOUNDED)
    return ["--max-time", str(int(MINUTES * 60 / 4)), "--seed", str(random.randrange(2**32))]


def _sample(document: dict[str, Any]) -> str:
    """In the suite, leave the phase of thousands of cases to one operation in four, always the same ones."""
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    left_out = [name for name in names if zlib.crc32(name.encode()) % 4]
    if MINUTES:
        return ""
    return f"\n[[operations]]\ninclude-operation-id = {json.dumps(left_out)}\nphases.coverage.enabled = false\n"


def _dictionaries(live: Live) -> str:
    """Let path parameters mostly name what is there."""
    lines = []
    for name, values in live.ids.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
    lines.append("[parameters]")
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.7 }}' for name in live.ids]
    lines += ['"header.x-partner" = { dictionary = "partner", probability = 0.9 }', "[dictionaries.partner]"]
    lines.append('values = ["paying_bank"]')
    return "\n" + "\n".join(lines) + "\n"
