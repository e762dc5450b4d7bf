"""The whole product on one machine, in the order in which it has to come up."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local import children
from scripts.local.data_folder import claimed, write_json
from scripts.local.installation import Installation
from scripts.local.narration import Refusal, say
from scripts.local.postgres import EmbeddedPostgres, check_server
from scripts.local.processes import Service, Supervisor, python

_SANDBOX_ABOVE = 100  # the sandbox's port is that far above the API's, so that the next port is free for a second copy
# No access log: addresses of the sandbox carry telephone numbers. No proxy stands before this machine.
_UVICORN = ("-m", "uvicorn", "--factory", "--no-access-log", "--no-proxy-headers", "--no-server-header")
_BOUNDED = ("--http", "app.api.common.http_protocol:BoundedHttp", "--ws", "none")
_PATIENCE = ("--timeout-graceful-shutdown", "5")


@dataclass(frozen=True)
class People:
    """Who can sign in. Applicants: name, phone, id_number. Staff: username, password, role, division."""

    applicants: list[dict[str, Any]]
    to_try: list[dict[str, Any]]
    staff: list[dict[str, str]]


@dataclass(frozen=True)
class Running:
    """A stack that is up."""

    supervisor: Supervisor
    installation: Installation
    environment: dict[str, str]
    people: People


@contextlib.contextmanager
def running_stack(data: Path, host: str, port: int, supervisor_of: Callable[[Path], Supervisor]) -> Iterator[Running]:
    """Start everything over `data`, yield when it is ready, end everything.

    Raises:
        Refusal: the folder is in use, the port is taken, or a part does not come up.
        StopRequested: somebody asked us to end meanwhile.
    """
    began = time.monotonic()
    with claimed(data):
        installation = _installation(data, host, port)
        (data / "sandbox.json").unlink(missing_ok=True)  # its readers wait for it: none may see the last run's
        say(f"Starting in {data}")
        installation.make_files()
        try:
            with supervisor_of(data) as supervisor:
                running = _bring_up(supervisor, installation)
                say(f"Ready after {time.monotonic() - began:.1f} s.")
                yield running
                say("Stopping.")
        finally:
            say("Stopped; nothing is left running.")


def _bring_up(supervisor: Supervisor, installation: Installation) -> Running:
    environment = installation.environment(_start_database(supervisor, installation.data))
    _prepare_database(supervisor, environment)
    people = _seed(supervisor, environment)
    say("  starting the sandbox of agencies, the worker and the API")
    supervisor.start(*_services(installation, environment))
    write_json(installation.data / "sandbox.json", _sandbox_file(installation, environment, people))
    return Running(supervisor, installation, environment, people)


def _installation(data: Path, host: str, port: int) -> Installation:
    _wait_for_port(host, port, killed_before=any((data / "run").glob("*.pid")))
    remembered = data / "sandbox.port"
    last = [int(remembered.read_text())] if remembered.exists() else []
    above = [port + _SANDBOX_ABOVE] if port + _SANDBOX_ABOVE < 65536 else []
    sandbox_port = children.free_port("127.0.0.1", *above, *last)
    remembered.write_text(f"{sandbox_port}\n")
    return Installation(data, host, port, sandbox_port, children.free_port("127.0.0.1"))


def _wait_for_port(host: str, port: int, *, killed_before: bool) -> None:
    """See that the port is free; after a killed run its API may need a moment to be gone.

    Raises:
        Refusal: it is taken.
    """
    deadline = time.monotonic() + (5 if killed_before else 0)
    while not children.port_is_free(host, port):
        if time.monotonic() >= deadline:
            raise Refusal(
                f"Port {port} on {host} is taken, by another copy or another program. Choose another with --port."
            )
        time.sleep(0.1)


def _start_database(supervisor: Supervisor, data: Path) -> str:
    """Return the address of a database that is up: the one DATABASE_URL names, else the embedded one."""
    given = os.environ.get("DATABASE_URL", "")
    if given:
        say("  using the PostgreSQL that DATABASE_URL names")
        check_server(given)
        return given
    is_new = not (data / "postgres").exists()
    say("  making a new embedded PostgreSQL" if is_new else "  starting the embedded PostgreSQL")
    postgres = EmbeddedPostgres(data)
    supervisor.start(postgres.service())
    postgres.create_database()
    return postgres.url()


def _prepare_database(supervisor: Supervisor, environment: dict[str, str]) -> None:
    say("  bringing the schema up to date")
    supervisor.run("migrations", python("-m", "alembic", "upgrade", "head"), environment)
    say("  loading the reference data")
    supervisor.run("reference", python("-m", "scripts.local.load_reference"), environment)


def _seed(supervisor: Supervisor, environment: dict[str, str]) -> People:
    say("  signing up the staff of the sandbox")
    answer = supervisor.data / "run" / "people.json"
    supervisor.run("seed", python("-m", "scripts.local.seed", str(answer)), environment)
    people = People(**json.loads(answer.read_text()))
    answer.unlink()  # passwords are in one file, not two
    return people


def _services(installation: Installation, environment: dict[str, str]) -> Sequence[Service]:
    host, port, sandbox_port = installation.host, installation.port, installation.sandbox_port
    sandbox = python(
        *_UVICORN, *_PATIENCE, "--host", "127.0.0.1", "--port", str(sandbox_port), "app.sandbox.main:create_app"
    )
    api = python(*_UVICORN, *_BOUNDED, *_PATIENCE, "--host", host, "--port", str(port), "app.main:create_app")
    own = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound # nosec B104
    return [
        Service("sandbox", lambda: sandbox, environment, ready=lambda: children.accepts("127.0.0.1", sandbox_port)),
        Service("worker", lambda: python("-m", "app.worker"), environment),
        Service("api", lambda: api, environment, ready=lambda: children.answers(own, port, "/readyz")),
    ]


def _sandbox_file(installation: Installation, environment: dict[str, str], people: People) -> dict[str, object]:
    return {
        "base_url": installation.base_url,
        "sandbox_url": installation.sandbox_url,
        "database_url": environment["DATABASE_URL"],
        "applicants": people.applicants,
        "to_try": people.to_try,
        "staff": people.staff,
    }


def show_way_in(running: Running) -> None:
    """Print addresses and sign-ins."""
    installation = running.installation
    say("")
    say(f"  API                {installation.base_url}")
    say(f"  API documentation  {installation.base_url}/docs")
    say(f"  Sandbox            {installation.sandbox_url}  (GET /sms?phone=…, POST /clock, POST /faults)")
    say(f"  Sign-ins           {installation.data / 'sandbox.json'}")
    say(f"  Logs               {installation.data / 'logs'}")
    if running.people.applicants:
        say("  Applicants (the code they get by SMS is shown by the sandbox):")
        for applicant in running.people.applicants[:3]:
            say(f"    {applicant['name']}  phone {applicant['phone']}  identity number {applicant['id_number']}")
    staff = running.people.staff
    if staff:
        say("  Staff (user / password, division):")
        one_county = [person for person in staff if person["division"][:6] == staff[0]["division"][:6]]
        for person in one_county:
            say(f"    {person['role']:<20} {person['username']} / {person['password']}  {person['division']}")
        say(f"    … and {len(staff) - len(one_county)} more in sandbox.json")
    say("")
