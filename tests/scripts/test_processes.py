"""The supervisor, with tiny programs in place of the product."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.local import processes
from scripts.local.narration import Refusal
from scripts.local.processes import Service, Stop, StopRequested, Supervisor
from tests.scripts.test_children import is_alive

_SLEEP = "import time; time.sleep(60)"


def program(name: str, code: str = _SLEEP, **more) -> Service:
    return Service(name, lambda: [sys.executable, "-c", code], {}, **more)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, told, monkeypatch) -> Supervisor:
    monkeypatch.setattr(processes, "_TICK", 0.01)
    monkeypatch.setattr(processes, "_BACK_OFF", (0.01, 0.02))
    return Supervisor(tmp_path, Stop(), told.append)


def tick_until(supervisor: Supervisor, condition, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        supervisor._tick()


def test_leaving_ends_all_services_the_last_one_first(supervisor, tmp_path):
    note = (
        "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('{0}', flush=True), sys.exit()))\n"
    )
    note += "open('{1}', 'w').close()\ntime.sleep(60)"
    with supervisor:
        for name in ("first", "second"):
            mark = tmp_path / name
            supervisor.start(program(name, note.format(name, mark), ready=mark.exists))
        pids = supervisor.pids()

    assert not any(is_alive(pid) for pid in pids.values())
    ended = [(tmp_path / "logs" / f"{name}.log").stat().st_mtime_ns for name in ("second", "first")]
    assert ended == sorted(ended)
    assert list((tmp_path / "run").glob("*.pid")) == []


def test_a_killed_service_is_started_again_and_its_id_file_follows(supervisor, tmp_path, told):
    with supervisor:
        supervisor.start(program("worker"))
        first = supervisor.pids()["worker"]

        os.kill(first, signal.SIGKILL)
        tick_until(supervisor, lambda: supervisor.pids()["worker"] != first)

        second = supervisor.pids()["worker"]
        assert is_alive(second)
        assert int((tmp_path / "run" / "worker.pid").read_text()) == second
    assert "worker stopped (killed by SIGKILL)" in told[0]


def test_a_service_that_keeps_failing_is_given_up_with_its_last_words(supervisor):
    with supervisor:
        supervisor.start(program("api", "import time; time.sleep(0.2); print('no such table'); raise SystemExit(3)"))

        with pytest.raises(Refusal, match=r"api keeps failing \(exit code 3\)[\s\S]*no such table"):
            supervisor.watch()


def test_a_service_that_settled_before_it_died_does_not_count_as_failing(supervisor, monkeypatch):
    monkeypatch.setattr(processes, "_SETTLED", 0.0)
    with supervisor:
        supervisor.start(program("worker", "import time; time.sleep(0.05)"))
        seen = set()
        deadline = time.monotonic() + 10
        while len(seen) < 5:
            supervisor._tick()
            seen.add(supervisor.pids()["worker"])
            assert time.monotonic() < deadline


def test_a_service_that_dies_before_it_is_ready_stops_the_start(supervisor):
    with pytest.raises(Refusal, match=r"api ended before it was ready[\s\S]*bad setting"), supervisor:
        supervisor.start(program("api", "print('bad setting')", ready=lambda: False))


def test_a_service_that_is_never_ready_stops_the_start(supervisor):
    with pytest.raises(Refusal, match="was not ready after"), supervisor:
        supervisor.start(program("api", ready=lambda: False, ready_seconds=0.1))


def test_a_first_start_may_be_tried_again(supervisor, tmp_path):
    mark = tmp_path / "tried"
    code = (
        f"import os, time\nif not os.path.exists({str(mark)!r}):\n    open({str(mark)!r}, 'w').close()\n    exit(1)\n"
    )
    code += f"open({str(mark) + '2'!r}, 'w').close(); time.sleep(60)"
    with supervisor:
        supervisor.start(program("postgres", code, attempts=2, ready=(tmp_path / "tried2").exists))

        assert is_alive(supervisor.pids()["postgres"])


def test_a_failed_step_says_why(supervisor):
    with supervisor, pytest.raises(Refusal, match=r"'migrations' failed \(exit code 1\)[\s\S]*two heads"):
        supervisor.run("migrations", [sys.executable, "-c", "raise SystemExit('two heads')"], {})


def test_the_exit_code_of_a_story_comes_back_while_services_are_looked_after(supervisor):
    with supervisor:
        supervisor.start(program("worker", "import time; time.sleep(0.05)"))

        code = supervisor.play([sys.executable, "-c", "import time; time.sleep(0.1); raise SystemExit(7)"], {})

    assert code == 7


def test_a_stop_during_a_step_ends_the_step(supervisor, tmp_path):
    mark = tmp_path / "runs"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    asks = threading.Timer(0.3, lambda: setattr(supervisor.stop, "signal", signal.SIGTERM))
    asks.start()

    with supervisor, pytest.raises(StopRequested):
        supervisor.run("long", [sys.executable, "-c", code], {})

    asks.join()
    assert not is_alive(int(mark.read_text()))
