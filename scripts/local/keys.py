"""`scripts/keys`: lists the data keys, announces new ones, destroys retired ones, wraps all of them anew.

The installation is the one whose settings are in the environment (DATABASE_URL, DIBAO_…), or the local one in --data,
which has to be running. Rotation is begun here and done by the worker; `--wait` watches it.
"""

import argparse
import asyncio
import json
import secrets
import timeit
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from app.core.clock import OffsetClock, SystemClock
from app.core.crypto import GENERAL, DataKey, DataKeys, EnvironmentKeys, Suite, Vault, make_vault
from app.core.crypto.suites import aead, fresh_key
from app.core.db import Database, make_engine
from app.core.errors import DomainError
from app.core.outages import SUSPECTS, is_outage
from app.core.reach import EVERYTHING
from app.keys import KEYS_ROLE
from app.keys.commands import begin_resealing, destroy_keys, rotate_key, wrap_anew
from app.keys.loading import PROPAGATION
from app.keys.models import DataKeyRecord
from app.keys.queries import list_keys, list_runs
from app.settings import load_settings
from scripts.local.installation import KEY_FILES, make_key_files, point_at
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop, StopRequested

Act = Callable[[Database, argparse.Namespace, Stop], Awaitable[None]]
_LOOKS_EVERY = 1.0


def keys(arguments: Sequence[str], stop: Stop) -> int:
    """Run one of the sub-commands.

    Raises:
        Refusal: what was asked for is not possible now.
        StopRequested: somebody asked us to end; a rotation that was begun goes on.
    """
    options = _parser().parse_args(arguments)
    if options.act == "bench":
        measure()
        return 0
    if options.act == "files":
        _write_files(options.folder)
        return 0
    point_at(options.data)
    try:
        asyncio.run(_with_database(_ACTS[options.act], options, stop))
    except DomainError as refusal:
        raise Refusal(str(refusal)) from None
    except SUSPECTS as error:
        if not is_outage(error):
            raise
        raise Refusal("The database does not answer: the service does not run.") from None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/keys", description=__doc__)
    parser.add_argument("--data", type=Path, help="a running local installation (default: .data/serve)")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="all keys, and the rotations under way")
    for name, words in (
        ("rotate", "announce a new key and seal everything of the division anew under it"),
        ("reseal", "seal anew what is not under the active key, without a new key"),
        ("destroy", "destroy the retired keys: what still lies under them is erased"),
    ):
        act = acts.add_parser(name, help=words)
        which = act.add_mutually_exclusive_group(required=True)
        which.add_argument("--division", help="six digits of a county, or 000000 for what belongs to no county")
        which.add_argument("--all", action="store_true", help="every division that has keys")
        if name != "destroy":
            act.add_argument("--wait", action="store_true", help="watch until the worker has finished")
    acts.add_parser("wrap", help="wrap all data keys under the provider's present key-encryption key")
    files = acts.add_parser("files", help="write fresh key files of an installation into a folder; needs none to run")
    files.add_argument("folder", type=Path, help="files that are there stay as they are")
    acts.add_parser("bench", help="measure sealing, opening and indexing; needs no installation")
    return parser


def _write_files(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_key_files(folder)
    for name, setting in KEY_FILES.items():
        say(f"{setting}={folder.resolve() / name}")


async def _with_database(act: Act, options: argparse.Namespace, stop: Stop) -> None:
    settings = load_settings()
    moved = settings.environment == "sandbox" and settings.sandbox_clock_file
    clock = OffsetClock(settings.sandbox_clock_file) if moved and settings.sandbox_clock_file else SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(make_engine(settings.database_url, 1, role=KEYS_ROLE), clock, vault, reach=EVERYTHING)
    try:
        await act(database, options, stop)
    finally:
        await database.dispose()


async def _list(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    async with database.reading() as db:
        rows, runs = await list_keys(db), await list_runs(db)
    for row in rows:
        print(f"{row.division}  {row.id}  {Suite(row.suite).name.lower():<5}  {_state_of(row, database)}")
    for run in runs:
        print(
            f"{run.division}  being sealed anew: round {run.round}, {run.table_name or 'not begun'}, {run.total} rows"
        )


def _state_of(row: DataKeyRecord, database: Database) -> str:
    for word, since in (("destroyed", row.destroyed_at), ("retired", row.retired_at), ("replaced", row.replaced_at)):
        if since is not None:
            return f"{word} {since:%Y-%m-%d %H:%M}"
    if row.usable_from > database.clock.now():
        return f"announced for {row.usable_from:%Y-%m-%d %H:%M:%S}"
    return f"active since {row.usable_from:%Y-%m-%d %H:%M}"


async def _divisions(database: Database, options: argparse.Namespace) -> list[str]:
    if not options.all:
        return [options.division]
    async with database.reading() as db:
        return sorted({row.division for row in await list_keys(db)})


async def _rotate(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    divisions = await _divisions(database, options)
    for division in divisions:
        async with database.unit_of_work() as db:
            await rotate_key(db, division, PROPAGATION)
    say(f"{len(divisions)} keys announced, in use in {PROPAGATION.total_seconds():.0f} s; the worker does the rest.")
    await _watch(database, options, stop)


async def _reseal(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    for division in await _divisions(database, options):
        async with database.unit_of_work() as db:
            await begin_resealing(db, division)
    await _watch(database, options, stop)


async def _watch(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    told = ""
    while options.wait:
        async with database.reading() as db:
            runs = await list_runs(db)
        if not runs:
            return
        now = f"  {len(runs)} divisions to go; {runs[0].division}: {runs[0].table_name or 'waiting'}"
        if now != told:
            say(now)
        told = now
        await asyncio.sleep(_LOOKS_EVERY)
        if stop.signal:
            raise StopRequested


async def _destroy(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    count = 0
    for division in await _divisions(database, options):
        with suppress(*((DomainError,) if options.all else ())):
            async with database.unit_of_work() as db:
                count += await destroy_keys(db, division)
    say(f"{count} keys destroyed. Backups from before are erased once their key-encryption key is gone, too.")


async def _wrap(database: Database, options: argparse.Namespace, stop: Stop) -> None:
    async with database.unit_of_work() as db:
        say(f"{await wrap_anew(db)} keys wrapped anew.")


_ACTS: dict[str, Act] = {"list": _list, "rotate": _rotate, "reseal": _reseal, "destroy": _destroy, "wrap": _wrap}


def measure() -> None:
    """Print how long a seal, an opening and an index take in each suite."""
    row, text = uuid4(), "539900199001010018"
    figures = {}
    for suite in Suite:
        held = DataKeys()
        clock = SystemClock()
        held.replace([DataKey(uuid4(), GENERAL, suite, clock.now(), cipher=aead(suite, fresh_key(suite)))])
        vault = Vault(EnvironmentKeys(secrets.token_hex(32), secrets.token_hex(32)), clock, held, suite)
        value = vault.seal("members.id_number", row, text, division=GENERAL)
        figures[suite.name.lower()] = {
            "seal": _microseconds(lambda v=vault: v.seal("members.id_number", row, text, division=GENERAL)),  # type: ignore[misc]
            "open": _microseconds(lambda v=vault, s=value: v.open("members.id_number", row, s)),  # type: ignore[misc]
            "index": _microseconds(lambda v=vault: v.index("members.id_number", text)),  # type: ignore[misc]
        }
    print(json.dumps({"microseconds": figures}))


def _microseconds(act: Callable[[], object], count: int = 20_000) -> float:
    return round(min(timeit.repeat(act, number=count, repeat=5)) / count * 1e6, 2)
