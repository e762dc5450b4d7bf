"""What the person at the terminal can put right is told in one line on stderr, with exit code 2 and without a stack."""

import json
from pathlib import Path

import pytest

from app.core.errors import CannotStart
from scripts.local import __main__ as commands
from scripts.local.children import free_port
from scripts.local.data_folder import claimed
from scripts.local.installation import Installation
from scripts.local.narration import Refusal
from scripts.local.processes import Supervisor, python
from tests.scripts.test_stack import signals  # noqa: F401 - a fixture


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """The data folder of an installation that does not run any more."""
    url = f"postgresql://dibao:hushhush@127.0.0.1:{free_port('127.0.0.1')}/dibao"
    for name in ("keys", "files"):
        (tmp_path / name).mkdir()
    Installation(tmp_path, "127.0.0.1", 8000, 8100).make_files()
    (tmp_path / "sandbox.json").write_text(json.dumps({"database_url": url}))
    return tmp_path


def refused(capfd, *arguments: str) -> str:
    """Run a command that is refused; return the one line that says why."""
    code = commands.main(arguments)
    said = capfd.readouterr().err
    assert code == 2
    [line] = said.splitlines()
    assert line.startswith(f"scripts/{arguments[0]}: ")
    return line


def test_a_service_that_does_not_run_cannot_be_asked(capfd, stopped: Path, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    for command in (("export-evidence", str(tmp_path / "evidence")), ("keys", "list")):
        line = refused(capfd, command[0], "--data", str(stopped), *command[1:])
        assert "does not run" in line
        assert "hushhush" not in line


def test_what_keeps_a_process_from_starting_keeps_a_command_from_it(capfd, monkeypatch):
    def ask(*_):
        raise CannotStart("The database is empty.")

    monkeypatch.setitem(commands._COMMANDS, "keys", ask)

    assert "The database is empty." in refused(capfd, "keys", "list")


def test_a_folder_in_use_is_named(capfd, tmp_path: Path):
    with claimed(tmp_path):
        assert str(tmp_path) in refused(capfd, "serve", "--data", str(tmp_path))


def test_a_file_of_another_user_is_named(capfd, tmp_path: Path, monkeypatch):
    def read(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / "partners.json"))

    monkeypatch.setattr(Installation, "make_files", read)

    line = refused(capfd, "serve", "--data", str(tmp_path), "--port", str(free_port("127.0.0.1")))

    assert str(tmp_path / "partners.json") in line
    assert "another user" in line


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "８０００", "1.5"])
def test_a_port_that_is_none_is_said_to_be_none(capfd, port: str):
    with pytest.raises(SystemExit) as ended:
        commands.main(["serve", f"--port={port}"])

    assert ended.value.code == 2
    assert f"'{port}' is not a port number" in capfd.readouterr().err


def test_keys_that_do_not_fit_the_database_are_told_in_one_line(database, database_url: str, tmp_path: Path):
    first, other = tmp_path / "first", tmp_path / "other"
    with Supervisor(first) as supervisor:
        supervisor.run("reference", python("-m", "scripts.local.load_reference"), _environment(first, database_url))

    with Supervisor(other) as supervisor, pytest.raises(Refusal) as refusal:
        supervisor.run("seed", python("-m", "scripts.local.seed", "answer"), _environment(other, database_url))

    assert str(refusal.value).startswith("The keys given are not those of this database")
    assert len(str(refusal.value).splitlines()) == 1


def test_key_files_are_made_once_and_for_their_owner_alone(capsys, tmp_path: Path):
    folder = tmp_path / "keys"
    assert commands.main(["keys", "files", str(folder)]) == 0
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = capsys.readouterr().out.splitlines()

    assert commands.main(["keys", "files", str(folder)]) == 0

    assert first == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert f"DIBAO_VAULT_FILE={folder / 'vault.json'}" in said
    assert len(said) == len(first) == 3


def _environment(data: Path, database_url: str) -> dict[str, str]:
    installation = Installation(data, "127.0.0.1", 8000, 8100)
    installation.make_files()
    return installation.environment(database_url)
