"""The data folder of one installation: who holds it, its secrets, and small files that are whole or not there."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.local.narration import Refusal


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Hold `folder` for this process; the kernel lets go of it when the process ends in whatever way.

    Raises:
        Refusal: another process holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(f"The data folder {folder} cannot be used ({error.strerror}). Choose one with --data.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 20).decode().strip() or "unknown"
            raise Refusal(
                f"The data folder {folder} is in use by a copy that runs already (process {holder}). "
                "End that one, or choose another folder with --data and another port with --port."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield folder
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def claimed_temporary_folder(parent: Path, before_removal: Callable[[Path], None]) -> Iterator[Path]:
    """Hold a fresh folder in `parent` and remove it at the end; first remove those of runs that were killed."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent, before_removal)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
    except OSError:  # somebody else's
        folder = Path(tempfile.mkdtemp(prefix="dibao-test-"))
    try:
        with claimed(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path, before_removal: Callable[[Path], None]) -> None:
    for folder in parent.glob("run-*"):
        if (folder / "lock").exists():
            with contextlib.suppress(Refusal), claimed(folder):
                before_removal(folder)
                shutil.rmtree(folder, ignore_errors=True)


def write_secret(path: Path, text: str) -> None:
    """Write `path` whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def write_json(path: Path, content: Any) -> None:
    """Write `content` for people and programs, whole or not at all, readable by its owner only."""
    write_secret(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def read_or_make(path: Path, names: Sequence[str], *, made_before: Path) -> dict[str, str]:
    """Return the secrets called `names` from `path`, making the file at first use.

    Raises:
        Refusal: the file is gone, but `made_before`, which only these secrets open, is still there.
    """
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    if made_before.exists():
        raise Refusal(f"{path} is missing, and only it opens {made_before}. Put it back, or remove {path.parent}.")
    fresh = {name: secrets.token_hex(16) for name in names}
    write_json(path, fresh)
    return fresh
