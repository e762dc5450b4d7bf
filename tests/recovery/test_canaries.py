"""Planted people, twenty households of them, whose cases are played while services are killed: what lies in clear?

The full trial with a thousand is `scripts/scan-canaries`. Here it has to find what is known to be in clear, and nothing
else: something new in clear fails this test, and so does something that is sealed by now and still listed.
"""

import asyncio
import json
from pathlib import Path

from scripts.local.canaries.command import PUBLIC
from scripts.local.canaries.people import ON_NOTICE
from scripts.local.children import ROOT
from scripts.local.processes import base_environment, python

_HEAD = ("head's name", ON_NOTICE)
_IN_TABLES = {
    *(("applications.applicant_name", field) for field in _HEAD),
    *(("citizens.name", field) for field in _HEAD),
    *(("payout_accounts.holder_name", field) for field in _HEAD),
    ("awards.payee_name", ON_NOTICE),
    ("pay_lines.payee_name", ON_NOTICE),
}
# A table's rows lie in its files.
_IN_FILES = {
    (place, field)
    for place in ("file: database", "file: write-ahead log")
    for field in {field for _, field in _IN_TABLES} - {ON_NOTICE}
}
KNOWN = _IN_TABLES | _IN_FILES


async def test_nothing_personal_lies_in_clear_but_what_is_known_to(tmp_path: Path):
    found = tmp_path / "found.json"
    command = python("-m", "scripts.local", "scan-canaries", "--people", "20", "--json", str(found))
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
    assert ("notices.applicant_name", ON_NOTICE) in finds, "the search finds what is there"
    assert finds - PUBLIC - KNOWN == set()
    assert KNOWN - finds == set()
    assert process.returncode == (1 if KNOWN else 0)
