"""One child: it dies with its parent, whatever the parent dies of."""

import os
import signal
import socket
import subprocess
import sys
import time

from scripts.local.children import ROOT, free_port, launch_command, port_is_free, spawn
from scripts.local.launch import FAILED

_PARENT = """
import sys, time
from scripts.local.children import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], {}, None)
print(child.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


def test_a_child_dies_when_its_parent_is_killed():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)

        parent.kill()

    assert wait_until(lambda: not is_alive(child))


def test_a_child_whose_parent_is_gone_before_it_could_ask_ends_at_once():
    command = launch_command([sys.executable, "-c", "print('ran')"])
    command[command.index("--parent") + 1] = "1"

    done = subprocess.run(command, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (FAILED, "")


def test_a_child_starts_with_no_signal_ignored(tmp_path):
    log = tmp_path / "child.log"
    ask = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a background job of a shell script
    try:
        assert spawn([sys.executable, "-c", ask], {}, log).wait(10) == 0
    finally:
        signal.signal(signal.SIGINT, before)

    assert log.read_text() == "True\n"


def test_a_taken_port_is_seen_and_passed_over():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert not port_is_free("127.0.0.1", taken)
        assert free_port("127.0.0.1", taken) != taken

    assert free_port("127.0.0.1", taken) == taken
