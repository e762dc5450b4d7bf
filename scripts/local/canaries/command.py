"""`scripts/scan-canaries`: plants people, kills services in the middle of their cases, and looks for them everywhere.

What is looked through: every table (through SQL, as a dump would hold it), the database's files and its write-ahead
log, all other files of the installation, the logs of every process of the product, what the partner's webhook received,
and what was answered to people who had no business there.

What is not, and why: the agencies' own memory and log (sandbox.db, sandbox.log) are the outside world, which knows
these people by right; the memory of running processes has to hold what it works on.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg

from scripts.local.canaries.people import CONTROL, ENDS, MEMBERS, ON_NOTICE, markers, plant
from scripts.local.canaries.search import Search
from scripts.local.children import ROOT, free_port
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop, Supervisor, python
from scripts.local.stack import Running, running_stack

Finds = Counter[tuple[str, str, str]]  # place, field, carriage → how often

# The notice names the applicant, by law and for all to see (D57 art. 24): no secret on the village's board. Anywhere
# else the same name is one, also where notices are kept.
PUBLIC = frozenset({("notices to all", ON_NOTICE)})
# Where the marker is found that was left in clear: whoever looks there and does not find it would find nothing.
CONTROLS = frozenset(
    {(place, CONTROL) for place in ("webhook_endpoints.description", "file: database", "file: write-ahead log")}
)
_OUTSIDE = ("sandbox.db", "sandbox.log")
_CHUNK = 8_000_000
_OVERLAP = 4_000  # longer than anything a marker is carried in
_KINDS_OF_TABLES = {"pgqueuer": "job payloads", "events": "events", "kept_answers": "idempotency records"}


def scan_canaries(arguments: Sequence[str], stop: Stop) -> int:
    """Plant, play, scan; return 1 when a marker was found in clear.

    Raises:
        Refusal: a part does not come up, or the people got stuck.
        StopRequested: somebody asked us to end.
    """
    parser = argparse.ArgumentParser(prog="scripts/scan-canaries", description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="how many, three a household (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="a folder that is not there yet (default: a temporary one)")
    parser.add_argument("--json", type=Path, help="write what was found there, too")
    options = parser.parse_args(arguments)
    households = -(-options.people // MEMBERS)
    if households < len(ENDS):
        parser.error(f"{len(ENDS) * MEMBERS} people at least: each of {len(ENDS)} households goes another way")
    with tempfile.TemporaryDirectory(prefix="dibao-canaries-") as temporary:
        data = Path(options.data or Path(temporary) / "data").resolve()
        if data.exists():
            raise Refusal(f"{data} is there already: what an earlier run left in it would be found as well.")
        finds = _run(data, Path(temporary) / "heard.json", households, stop)
    if options.json:
        told = [{"place": p, "field": f, "carriage": c, "times": n} for (p, f, c), n in sorted(finds.items())]
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return _report(finds)


def _run(data: Path, heard: Path, count: int, stop: Stop) -> Finds:
    search, finds = Search(markers(plant(count))), Finds()
    # One machine asks like a thousand phones; and its database has to be one whose files we can read.
    os.environ.update(DIBAO_LIMIT_FACTOR="1000000", DIBAO_SANDBOX_ANSWER_SECONDS="0.2", DIBAO_LOG_LEVEL="debug")
    os.environ.pop("DATABASE_URL", None)
    with running_stack(data, "127.0.0.1", free_port("127.0.0.1"), lambda place: Supervisor(place, stop)) as running:
        _play(running, count, heard)
        _rotate_keys(running)
        say("Looking through every table")
        asyncio.run(_tables(running.environment["DATABASE_URL"], search, finds))
    told = json.loads(heard.read_text())
    for part, place in (("answers", "answers to others"), ("webhooks", "webhooks"), ("notices", "notices to all")):
        for each in told[part]:
            text = each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
            _add(finds, place, search, text.encode("utf-8", "surrogateescape"))
    say("Looking through every file")
    for path in sorted(path for path in data.rglob("*") if path.is_file() and not path.name.startswith(_OUTSIDE)):
        for chunk in _chunks(path):
            _add(finds, _place_of(path.relative_to(data)), search, chunk)
    return finds


def _play(running: Running, count: int, heard: Path) -> None:
    say(f"Planting {count * MEMBERS} people in {count} households, and as many who report them")
    command = python("-m", "scripts.local.canaries", "--data", str(running.installation.data))
    command += ["--households", str(count), "--out", str(heard)]
    if running.supervisor.play(command, running.environment) != 0:
        raise Refusal(f"The planted people got stuck. Logs are in {running.installation.data / 'logs'}.")


def _rotate_keys(running: Running) -> None:
    """Let every key be changed, where the product can: what is sealed anew must not pass through a file in clear."""
    keys = ROOT / "scripts" / "keys"
    if not keys.exists():
        say("No key rotation here yet: skipped")
        return
    say("Rotating all keys")
    running.supervisor.run("keys", [str(keys), "rotate", "--all"], running.environment)


async def _tables(url: str, search: Search, finds: Finds) -> None:
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, ordinal_position"
        )
        for table, column in columns:
            await _column(connection, table, column, search, finds)
    finally:
        await connection.close()


async def _column(connection: asyncpg.Connection, table: str, column: str, search: Search, finds: Finds) -> None:
    parts = bytearray()

    async def take(chunk: bytes) -> None:
        parts.extend(chunk)

    await connection.copy_from_table(table, columns=[column], output=take)
    kind = _KINDS_OF_TABLES.get(table.removesuffix("_log"), "")
    _add(finds, f"{table}.{column}" + (f" ({kind})" if kind else ""), search, bytes(parts))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _place_of(path: Path) -> str:
    """Call a file by what it is, not by its name."""
    if path.parts[:2] == ("postgres", "pg_wal"):
        return "file: write-ahead log"
    if path.parts[0] == "postgres":
        return "file: database"
    return f"file: {path.parts[0]}" + (f"/{path.name}" if path.parts[0] == "logs" else "")


def _add(finds: Finds, place: str, search: Search, data: bytes) -> None:
    for (field, carriage), times in search.find(data).items():
        finds[place, field, carriage] += times


def _report(finds: Finds) -> int:
    public = {find for find in finds if find[:2] in PUBLIC}
    controls = {find for find in finds if find[1] == CONTROL}
    secret = set(finds) - public - controls
    for title, part in (("Left there on purpose", controls), ("Public by law", public), ("In clear", secret)):
        say(f"\n{title}: {len(part)} kinds of find")
        for place, field, carriage in sorted(part):
            say(f"  {place:<46} {field:<18} {carriage:<22} {finds[place, field, carriage]:>8}")
    blind = sorted(place for place, _ in (CONTROLS | PUBLIC) - {find[:2] for find in finds})
    if blind:
        say(f"Not found where it had to be, so that nothing else would have been: {', '.join(blind)}")
    elif not secret:
        say("No marker was found in clear.")
    return 1 if secret or blind else 0
