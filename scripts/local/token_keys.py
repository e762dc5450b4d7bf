"""The keys that sign access tokens: shown, rotated, withdrawn. Running processes follow the file within a second."""

import argparse
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.core.clock import OffsetClock
from app.identity.keys import KeysUnusable, read_keys, rotate, withdraw
from scripts.local.children import ROOT
from scripts.local.narration import Refusal, say
from scripts.local.processes import Stop


def token_keys(arguments: Sequence[str], stop: Stop) -> int:
    """List the keys, announce the next one, or withdraw one whose secret got out.

    Raises:
        Refusal: there is no such file, or what was asked does not fit its keys.
    """
    parser = argparse.ArgumentParser(prog="scripts/token-keys", description=token_keys.__doc__)
    parser.add_argument("command", choices=("list", "rotate", "withdraw"))
    parser.add_argument("kid", nargs="?", help="the key to withdraw: every token it signed is refused from now on")
    parser.add_argument("--data", type=Path, help="data folder of a local installation (default: .data/serve)")
    parser.add_argument("--file", type=Path, help="the key file (default: DIBAO_TOKEN_KEY_FILE, or the data folder's)")
    options = parser.parse_args(arguments)
    if (options.kid is not None) != (options.command == "withdraw"):
        parser.error("a key is named to withdraw it, and only then")
    data = options.data or ROOT / ".data" / "serve"
    given = options.file or (None if options.data else os.environ.get("DIBAO_TOKEN_KEY_FILE"))
    path = Path(given or data / "keys" / "tokens.json")
    now = OffsetClock(
        data / "clock"
    ).now()  # a local installation's clock may have been moved; others have no such file
    try:
        if options.command == "rotate":
            rotate(path, now)
        elif options.command == "withdraw":
            withdraw(path, options.kid, now)
        _show(path, now)
    except FileNotFoundError:
        raise Refusal(f"There is no key file {path}.") from None
    except KeysUnusable as error:
        raise Refusal(f"{path}: {error}.") from None
    return 0


def _show(path: Path, now: datetime) -> None:
    for key in read_keys(path):
        dates = (("signs from", key.signs_from), ("signs until", key.signs_until), ("gone from", key.gone_from))
        said = ", ".join(f"{words} {instant:%Y-%m-%d %H:%M:%S}Z" for words, instant in dates if instant is not None)
        say(f"{key.kid}  {key.state(now):<9}  {said}".rstrip())
