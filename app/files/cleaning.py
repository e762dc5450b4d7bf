"""Checks and cleans a finished file: pictures are drawn anew, PDFs are looked through, each in a process of its own.

Nothing of a picture but its pixels survives, so neither the place it was taken at nor anything hidden in it. A process
costs a quarter of a second and buys that a file made to crash, hang or seize its reader gets nothing else.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import run_process

from app.files.reader import UNFIT
from app.files.unfit import Unfit

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class CleanFile:
    """What is kept."""

    media_type: str
    content: bytes


async def clean_file(content: bytes) -> CleanFile:
    """Return the file as it may be kept. Cancelling ends the work at once, whatever it is doing.

    Raises:
        Unfit: none we take, or one that cannot be read within the bounds.
    """
    media_type = sniff(content)
    answer = await read_apart([sys.executable, "-P", "-m", "app.files.reader", media_type], content)
    kept_type, _, kept = answer.partition(b"\n")
    return CleanFile(kept_type.decode("ascii"), kept)


async def read_apart(command: Sequence[str], content: bytes) -> bytes:
    """Run the reader on a file and return its answer. It gets nothing of our environment, so none of our secrets.

    Raises:
        Unfit: it says so, or did not survive the file.
    """
    environment = {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"}
    done = await run_process(command, input=content, check=False, env=environment, cwd=_ROOT)
    if done.returncode == UNFIT:
        raise Unfit(done.stderr.decode(errors="replace").strip()[:200])
    if done.returncode != 0:
        raise Unfit("file_too_costly")
    return done.stdout


def sniff(content: bytes) -> str:
    """Return the media type by the first bytes, whatever the caller calls it.

    Raises:
        Unfit: none that we take.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    raise Unfit("file_kind")
