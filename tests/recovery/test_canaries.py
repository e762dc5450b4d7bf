"""Planted people, twenty households of them, whose cases are played while services are killed: what lies in clear?

The full trial with a thousand is `scripts/scan-canaries`. Here it has to find what hangs on the village's board, and
the marker of nobody that was left in clear where tables and files are looked through; and nothing else.
"""

import asyncio
import json
from pathlib import Path

from scripts.local.canaries.command import CONTROLS, PUBLIC
from scripts.local.canaries.people import CONTROL
from scripts.local.children import ROOT
from scripts.local.processes import base_environment, python


async def test_nothing_personal_lies_in_clear(tmp_path: Path):
    found = tmp_path / "found.json"
    command = python("-m", "scripts.local", "scan-canaries", "--people", "60", "--json", str(found))
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**base_environment(), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 500)

    assert found.exists(), said.decode()[-4000:]
    finds = {(find["place"], find["field"]) for find in json.loads(found.read_text())}
    assert finds >= CONTROLS | PUBLIC, "the search finds what is there"
    assert {find for find in finds - PUBLIC if find[1] != CONTROL} == set()
    assert process.returncode == 0
