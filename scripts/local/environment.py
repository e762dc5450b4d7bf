"""Make the virtual environment `.venv` from the lock file, then become the command asked for.

Runs before anything is installed: standard library only. A marker file, written last, says which lock `.venv` was made
from; without the right marker it is thrown away and made again, so an interrupted installation repairs itself.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
FULL_LOCK = "requirements.lock"
RUNTIME_LOCK = "requirements-runtime.lock"
_MARKER = "made-from"


class SetupFailed(Exception):
    """The environment could not be made; the message says why in plain words."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def marker_of(root: Path, lock: str) -> str:
    """Return what a finished `.venv` made from `lock` says of itself.

    The place is part of it: the scripts inside carry absolute paths and break when the folder moves.
    """
    digest = hashlib.sha256((root / lock).read_bytes()).hexdigest()
    return f"{lock} sha256:{digest}\n{root / '.venv'}\n"


def is_ready(root: Path, locks: Sequence[str]) -> bool:
    """Tell whether `.venv` is whole and was made from one of `locks` as they are now."""
    try:
        made_from = (root / ".venv" / _MARKER).read_text()
    except OSError:
        return False
    has_python = os.access(root / ".venv" / "bin" / "python", os.X_OK)
    return has_python and any((root / lock).exists() and made_from == marker_of(root, lock) for lock in locks)


@contextmanager
def held(path: Path, waiting: str) -> Iterator[IO[str]]:
    """Hold an exclusive lock on `path`, telling `waiting` when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(waiting)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def ensure(root: Path, lock: str, good_enough: Sequence[str]) -> Path:
    """Return the Python of a `.venv` made from one of `good_enough`, else make it from `lock` first.

    Raises:
        SetupFailed: the folder cannot be written, or a package cannot be installed.
    """
    python = root / ".venv" / "bin" / "python"
    if is_ready(root, good_enough):
        return python
    try:
        with held(root / ".data" / "setup.lock", "Another start is setting up .venv; waiting for it.") as file:
            if not is_ready(root, good_enough):
                _make(root, lock, file)
    except PermissionError as error:
        raise SetupFailed(f".venv has to be made, but this user may not write {error.filename}.") from error
    return python


def _make(root: Path, lock: str, held_lock: IO[str]) -> None:
    began = time.monotonic()
    folder = root / ".venv"
    say(f"Setting up .venv with Python {sys.version.split()[0]} from {lock} (only the first time, or when it changed).")
    _throw_away(folder)
    made_from = marker_of(root, lock)  # read before it is used: a lock that changes meanwhile must not look installed
    pip = _make_empty(folder)
    _install(pip, root / lock, held_lock)
    fresh = folder / (_MARKER + ".new")
    fresh.write_text(made_from)
    fresh.rename(folder / _MARKER)
    say(f"  .venv is ready after {time.monotonic() - began:.0f} s.")


def _throw_away(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()  # what it points to is somebody else's, its marker too
    elif folder.exists():
        (folder / _MARKER).unlink(missing_ok=True)  # first: half thrown away must not look whole
        shutil.rmtree(folder)


def _make_empty(folder: Path) -> list[str]:
    """Make an empty environment and return the command that runs pip for it."""
    if importlib.util.find_spec("ensurepip") is not None:
        venv.EnvBuilder(symlinks=True, with_pip=True).create(folder)
        return [str(folder / "bin" / "python"), "-m", "pip"]
    if importlib.util.find_spec("pip") is None:
        raise SetupFailed("This Python has no pip and cannot bring one (on Debian and Ubuntu: install python3-venv).")
    venv.EnvBuilder(symlinks=True).create(folder)
    return [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]


def _install(pip: list[str], lock: Path, held_lock: IO[str]) -> None:
    total = sum("==" in line for line in lock.read_text().splitlines())
    say(f"  fetching and installing up to {total} packages, each checked against its hash")
    command = [*pip, "install", "--require-hashes", "--no-input", "--progress-bar", "off", "-r", str(lock)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_pip_environment(),
        # pip keeps the lock while it lives, even when this process is killed: no second pip beside it
        pass_fds=[held_lock.fileno()],
    )
    try:
        output = _follow(process, total)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.wait() != 0:
        raise SetupFailed("pip could not install the packages. Its last words:\n" + "".join(output[-15:]))


def _follow(process: "subprocess.Popen[str]", total: int) -> list[str]:
    """Read what pip says to its end, telling how far it is about every ten seconds."""
    output: list[str] = []
    fetched, told = 0, time.monotonic()
    for line in process.stdout or ():
        output.append(line)
        fetched += line.startswith("Collecting ")
        if line.startswith("Installing collected packages"):
            say("  all fetched; installing")
            told = float("inf")
        elif time.monotonic() - told > 10:
            told = time.monotonic()
            say(f"  {fetched} of {total} packages looked at")
    return output


def _pip_environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    home = os.environ.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        environment["PIP_NO_CACHE_DIR"] = "1"  # pip would put its cache into the root folder of the machine
    return environment


def _on_terminate(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str]) -> int:
    """Set up, then become `python -m scripts.local` with what follows `--`; without it, end."""
    parser = argparse.ArgumentParser(prog="scripts/_setup")
    parser.add_argument("--service", action="store_true", help="an environment without development tools will do")
    parser.add_argument("--runtime", action="store_true", help="make one without development tools (for images)")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _on_terminate)
    try:
        python = ensure(
            ROOT,
            RUNTIME_LOCK if options.runtime else FULL_LOCK,
            [FULL_LOCK, RUNTIME_LOCK] if options.runtime or options.service else [FULL_LOCK],
        )
    except SetupFailed as failure:
        say(f"Setup failed: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    if options.command:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # -P: the caller's folder is no place to import from. The root is: this project is run, not installed.
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execv(python, [str(python), "-P", "-m", "scripts.local", *options.command])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
