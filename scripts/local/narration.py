"""What the commands say: plain English lines, at once."""

import os
import sys
from pathlib import Path

REFUSED = 2  # the exit code of who refuses; 1 is for a story or a test that failed


class Refusal(Exception):
    """Something the person at the terminal can put right; the message says how. Shown without a stack."""


def say(text: str) -> None:
    """Tell the person at the terminal, if there still is one: a service does not end because nobody reads it."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def complain(text: str) -> None:
    """Tell the person at the terminal what went wrong."""
    print(text, file=sys.stderr, flush=True)


def last_words(log: Path, lines: int = 12) -> str:
    """Return the end of a log, indented, to be put under a message."""
    try:
        content = log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return ""
    return "".join(f"\n    {line}" for line in content)
