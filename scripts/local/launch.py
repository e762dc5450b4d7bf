"""Become another program that dies with its parent, if need be under another identity.

Every child of the supervisor starts through here. The kernel sends the death signal when the parent is gone for
whatever reason, kill -9 included. A separate program and not `preexec_fn`, because Python code between fork and exec
may deadlock where the parent has threads (the test runner has). Standard library only; it costs about 20 ms.
"""

import argparse
import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
FAILED = 71  # EX_OSERR of sysexits.h: the program itself never ran


def main(arguments: Sequence[str]) -> int:
    """Set death signal and identity, then exec. Returns only on failure."""
    parser = argparse.ArgumentParser(prog="launch")
    parser.add_argument("--parent", type=int, required=True, help="end at once when this is not the parent")
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--namespace", metavar="UID", type=int, help="appear as UID inside a new user namespace")
    parser.add_argument("--become", metavar="UID:GID", help="drop root's rights for these")
    parser.add_argument("--needs", action="append", default=[], metavar="FOLDER", help="fail unless it can be passed")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    try:
        if options.namespace is not None:
            _enter_namespace(options.namespace)
        if options.become is not None:
            _become(*map(int, options.become.split(":")))
        for folder in options.needs:
            if not os.access(folder, os.X_OK):
                raise PermissionError(f"{folder} is out of reach")
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)  # Python and `&` in a shell ignore some; that would be inherited
        die_with_parent(options.death_signal, options.parent)
        os.execv(options.command[0], options.command)
    except OSError as error:
        print(f"launch: {error}", file=sys.stderr)
    return FAILED


def _enter_namespace(uid: int) -> None:
    """Map our own user to `uid` in a new user namespace: files stay ours, but programs no longer see root."""
    own_uid, own_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, content in (("setgroups", "deny"), ("uid_map", f"{uid} {own_uid} 1"), ("gid_map", f"{uid} {own_gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with_parent(number: int, parent: int) -> None:
    """Ask for the death signal, after every change of identity: each of them clears it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no death signal")
    if os.getppid() != parent:  # it died before we could ask
        raise ProcessLookupError("the parent is gone")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
