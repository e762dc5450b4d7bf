"""The order in which things come up, and what is refused before anything starts."""

import http.server
import json
import signal
import sys
from pathlib import Path

import pytest

from scripts.local import __main__ as commands
from scripts.local import stack
from scripts.local.children import accepts, free_port
from scripts.local.narration import Refusal
from scripts.local.processes import Service, Stop, StopRequested, Supervisor

_PERSON = {"name": "测试甲", "phone": "19000000001", "id_number": "539900199001010011"}
_CLERK = {"username": "clerk", "password": "secret", "role": "administrator", "division": "530000000000"}


@pytest.fixture(autouse=True)
def signals():
    """Give pytest its Ctrl-C back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [(number, signal.getsignal(number)) for number in numbers]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.fixture
def stand_ins(monkeypatch) -> None:
    """Replace the product by a web server that lists its folder, and the steps before it by nothing."""

    def services(installation, environment):
        port = installation.port
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        return [Service("api", lambda: command, environment, ready=lambda: accepts("127.0.0.1", port))]

    monkeypatch.setattr(stack, "_start_database", lambda supervisor, data: "postgresql://nowhere")
    monkeypatch.setattr(stack, "_prepare_database", lambda supervisor, environment: None)
    monkeypatch.setattr(stack, "_seed", lambda supervisor, environment: stack.People([_PERSON], [], [_CLERK]))
    monkeypatch.setattr(stack, "_services", services)


def story(monkeypatch, code: str) -> None:
    monkeypatch.setattr(commands, "python", lambda *arguments: [sys.executable, "-c", code, *arguments])


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path):
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        port = other.server_port
        starting = stack.running_stack(tmp_path / "data", "127.0.0.1", port, Supervisor)
        with pytest.raises(Refusal, match=f"Port {port} .* --port"), starting:
            pass

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]


def test_programs_find_everything_in_one_file_once_all_is_ready(tmp_path: Path, stand_ins):
    port = free_port("127.0.0.1")
    with stack.running_stack(tmp_path, "127.0.0.1", port, Supervisor):
        told = json.loads((tmp_path / "sandbox.json").read_text())

    assert set(told) == {"base_url", "sandbox_url", "database_url", "applicants", "to_try", "staff"}
    assert told["base_url"] == f"http://127.0.0.1:{port}"
    assert told["applicants"] == [_PERSON]
    assert told["staff"] == [_CLERK]


def test_the_demo_ends_with_the_exit_code_of_its_story_and_leaves_nothing(
    tmp_path: Path, stand_ins, monkeypatch, capfd
):
    story(monkeypatch, "import sys; print('told', sys.argv[3:]); sys.exit(5)")
    port = free_port("127.0.0.1")

    code = commands.main(["demo", "--once", "--port", str(port), "--data", str(tmp_path)])

    assert code == 5
    assert f"told ['--data', '{tmp_path}']" in capfd.readouterr().out
    assert not accepts("127.0.0.1", port)


def test_the_demo_stays_for_a_look_around_until_it_is_stopped(tmp_path: Path, stand_ins, monkeypatch, capfd):
    story(monkeypatch, "pass")
    monkeypatch.setattr(Supervisor, "watch", _stopped)

    code = commands.main(["demo", "--port", str(free_port("127.0.0.1")), "--data", str(tmp_path)])

    shown = capfd.readouterr().out
    assert code == 0
    assert "19000000001" in shown
    assert "clerk / secret" in shown


def test_a_stop_before_it_is_up_is_no_success(tmp_path: Path, stand_ins, monkeypatch):
    monkeypatch.setattr(stack, "_seed", _stopped)
    monkeypatch.setattr(Stop, "install", lambda stop: setattr(stop, "signal", 15))

    assert commands.main(["serve", "--port", str(free_port("127.0.0.1")), "--data", str(tmp_path)]) == 143


def _stopped(*arguments):
    raise StopRequested
