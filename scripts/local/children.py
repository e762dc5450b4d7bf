"""Starting one child process, ending it, and seeing whether it answers."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from scripts.local.identity import OURSELVES, Identity

ROOT = Path(__file__).resolve().parents[2]
_LAUNCH = Path(__file__).with_name("launch.py")
_LOG_LIMIT = 10_000_000  # bytes; beyond it the log of the last runs moves aside


def launch_command(
    command: Sequence[str],
    identity: Identity = OURSELVES,
    death_signal: int = signal.SIGKILL,
    needs: Sequence[Path] = (),
) -> list[str]:
    """Return the command that runs `command` under `identity` and dies by `death_signal` when this process dies."""
    launch = [sys.executable, "-I", "-S", str(_LAUNCH), "--parent", str(os.getpid())]
    launch += ["--death-signal", str(int(death_signal)), *identity.options()]
    for folder in needs:
        launch += ["--needs", str(folder)]
    return [*launch, "--", *command]


def spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path | None,
    *,
    identity: Identity = OURSELVES,
    death_signal: int = signal.SIGKILL,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, writing to `log` (None: to our own terminal).

    A session of its own, because Ctrl-C goes to all processes of the terminal's group at once, and we end ours in
    order.
    The death signal is tied to the thread that calls: call from the main thread.
    """
    output = _open_log(log) if log is not None else None
    try:
        return subprocess.Popen(
            launch_command(command, identity, death_signal),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output and subprocess.STDOUT,
            env=dict(environment),
            cwd=ROOT,
            start_new_session=True,
        )
    finally:
        if output is not None:
            output.close()


def end(process: "subprocess.Popen[bytes]", number: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask a child to end, and end it when it does not within `seconds`."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def _open_log(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.rename(log.with_suffix(".log.1"))
    return log.open("ab")


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: a closing one is no obstacle
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str, *preferred: int) -> int:
    """Return the first of `preferred` that is free, else any free port."""
    for port in preferred:
        if port_is_free(host, port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.bind((host, 0))
        return int(attempt.getsockname()[1])


def answers(host: str, port: int, path: str) -> bool:
    """Tell whether a web server there answers `path` with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def accepts(host: str, port: int) -> bool:
    """Tell whether something there accepts connections."""
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False
