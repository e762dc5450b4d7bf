"""Entry of serve, demo, test, check, fuzz, bench and the rest beside this folder, once `.venv` is there."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.errors import CannotStart
from scripts.local.bench.command import bench
from scripts.local.canaries.command import scan_canaries
from scripts.local.checks import check
from scripts.local.children import ROOT
from scripts.local.evidence import export_evidence
from scripts.local.first_administrator import first_administrator
from scripts.local.keys import keys
from scripts.local.narration import REFUSED, Refusal, complain, say
from scripts.local.processes import Stop, StopRequested, Supervisor, python
from scripts.local.run_tests import fuzz, run_tests
from scripts.local.simulate.command import simulate
from scripts.local.stack import running_stack, show_way_in
from scripts.local.token_keys import token_keys

_STOPPED = 128  # plus the number of the signal: what a shell makes of it


def serve(arguments: Sequence[str], stop: Stop) -> int:
    """Run the service until it is stopped. A stop once it is up is its usual end: exit code 0."""
    parser = _parser("serve", "Run the service on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    options = parser.parse_args(arguments)
    with running_stack(_folder(options, "serve"), options.host, options.port, _supervisor_of(stop)) as running:
        show_way_in(running)
        say("Ctrl-C ends it.")
        return _watch(running.supervisor, 0)


def demo(arguments: Sequence[str], stop: Stop) -> int:
    """Run the service, play the whole path through it, and end with the story's exit code."""
    parser = _parser("demo", "Run the service and play the whole path, from phone to bank.")
    parser.add_argument("--once", action="store_true", help="end when the story ends")
    options = parser.parse_args(arguments)
    data = _folder(options, "demo")
    with running_stack(data, "127.0.0.1", options.port, _supervisor_of(stop)) as running:
        code = running.supervisor.play(python("-m", "scripts.local.demo", "--data", str(data)), running.environment)
        if options.once:
            return code
        if code != 0:
            complain(f"The story ended early (exit code {code}); the service keeps running for a look around.")
        show_way_in(running)
        say("Ctrl-C ends it.")
        return _watch(running.supervisor, code)


def _watch(supervisor: Supervisor, code: int) -> int:
    with contextlib.suppress(StopRequested):
        supervisor.watch()
    return code


def _parser(name: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"scripts/{name}", description=description)
    parser.add_argument("--port", type=_port, default=8000, help="port of the API (default: %(default)s)")
    parser.add_argument("--data", type=Path, help=f"data folder (default: .data/{name} beside the scripts)")
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"'{text}' is not a port number (1 to 65535)")
    return int(text)


def _folder(options: argparse.Namespace, name: str) -> Path:
    return Path(options.data or ROOT / ".data" / name).resolve()


def _supervisor_of(stop: Stop) -> Callable[[Path], Supervisor]:
    return lambda data: Supervisor(data, stop)


_COMMANDS: dict[str, Callable[[Sequence[str], Stop], int]] = {
    "serve": serve,
    "demo": demo,
    "test": run_tests,
    "check": check,
    "fuzz": fuzz,
    "bench": bench,
    "keys": keys,
    "export-evidence": export_evidence,
    "first-administrator": first_administrator,
    "scan-canaries": scan_canaries,
    "simulate": simulate,
    "token-keys": token_keys,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    stop = Stop()
    stop.install()
    try:
        return _COMMANDS[arguments[0]](arguments[1:], stop)
    except (Refusal, CannotStart) as refusal:
        complain(f"scripts/{arguments[0]}: {refusal}")
        return REFUSED
    except PermissionError as error:
        complain(
            f"scripts/{arguments[0]}: {error.filename} cannot be used ({error.strerror}): it belongs to another user. "
            "Choose another folder with --data."
        )
        return REFUSED
    except StopRequested:
        return _STOPPED + stop.signal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
