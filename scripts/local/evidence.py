"""`scripts/export-evidence`: records, checkpoints and keys of an installation as files, as they are at one moment.

The files hold ids of staff and citizens and are readable by their owner only. Checkpoints kept earlier, and the key,
are the verifier's own: what is exported here is what the installation says now.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from app.audit.export import export_records
from app.audit.queries import list_checkpoints, list_keys
from app.core.db import ReadSession, make_engine
from app.core.outages import SUSPECTS, is_outage
from app.core.reach import EVERYTHING
from scripts.local.children import ROOT
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop

RECORDS, CHECKPOINTS, KEYS = "records.jsonl", "checkpoints.jsonl", "keys.txt"
_AT_ONCE = 1_000


def export_evidence(arguments: Sequence[str], stop: Stop) -> int:
    """Write the three files into a folder.

    Raises:
        Refusal: there is no database to read, or it does not answer.
    """
    parser = argparse.ArgumentParser(prog="scripts/export-evidence", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--data", type=Path, help="a running local installation (default: .data/serve)")
    options = parser.parse_args(arguments)
    data = options.data or ROOT / ".data" / "serve"
    given = os.environ.get("DATABASE_URL") if options.data is None else None
    database_url = given or _database(data)
    options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        counted = asyncio.run(write_evidence(database_url, options.folder))
    except SUSPECTS as error:
        if not is_outage(error):
            raise
        raise Refusal(
            f"The database does not answer: the service of {data} does not run. Start it, or name a server in "
            "DATABASE_URL."
        ) from None
    say(f"Wrote {counted} records to {options.folder}.")
    return 0


async def write_evidence(database_url: str, folder: Path) -> int:
    """Write records, checkpoints and keys into a folder that is there; returns how many records."""
    engine = make_engine(database_url, 1)
    counted = 0
    try:
        async with ReadSession(engine, info={"reach": EVERYTHING}) as db:
            snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            await db.connection(execution_options=snapshot)
            with _open(folder / RECORDS) as records:
                async for line in export_records(db):
                    records.write(line + "\n")
                    counted += 1
            await _write_checkpoints(db, folder)
    finally:
        await engine.dispose()
    return counted


async def _write_checkpoints(db: ReadSession, folder: Path) -> None:
    after = -1
    with _open(folder / CHECKPOINTS) as checkpoints:
        while rows := await list_checkpoints(db, after=after, limit=_AT_ONCE):
            for row in rows:
                checkpoints.write(json.dumps({"note": row.note}, ensure_ascii=False) + "\n")
            after = rows[-1].size
    with _open(folder / KEYS) as keys:
        keys.writelines(f"{key.verifier_key}\n" for key in await list_keys(db))


def _open(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")


def _database(data: Path) -> str:
    told = data / "sandbox.json"
    if not told.exists():
        raise Refusal(f"Nothing runs in {data}. Name its data folder with --data, or a server in DATABASE_URL.")
    url: str = json.loads(told.read_text())["database_url"]
    return url
