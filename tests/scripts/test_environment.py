"""The virtual environment: made once, made again when it is half made, moved or outdated."""

import threading
from pathlib import Path

import pytest

from scripts.local import environment
from scripts.local.environment import FULL_LOCK, RUNTIME_LOCK, ensure, is_ready


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FULL_LOCK).write_text("one==1 --hash=sha256:00\n")
    (tmp_path / RUNTIME_LOCK).write_text("one==1 --hash=sha256:00\n")
    return tmp_path


@pytest.fixture
def installed(monkeypatch) -> list[str]:
    """Replace pip: an installation is an executable file and a note of which lock it was for."""
    done: list[str] = []

    def make_empty(folder: Path) -> list[str]:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch(mode=0o755)
        return ["pip"]

    monkeypatch.setattr(environment, "_make_empty", make_empty)
    monkeypatch.setattr(environment, "_install", lambda pip, lock, held: done.append(lock.name))
    return done


def test_it_is_made_once(root, installed):
    first = ensure(root, FULL_LOCK, [FULL_LOCK])
    second = ensure(root, FULL_LOCK, [FULL_LOCK])

    assert first == second == root / ".venv" / "bin" / "python"
    assert installed == [FULL_LOCK]


def test_a_changed_lock_file_makes_it_again(root, installed):
    ensure(root, FULL_LOCK, [FULL_LOCK])
    (root / FULL_LOCK).write_text("one==2 --hash=sha256:00\n")

    ensure(root, FULL_LOCK, [FULL_LOCK])

    assert installed == [FULL_LOCK, FULL_LOCK]


def test_an_interrupted_installation_is_thrown_away_and_made_again(root, installed, monkeypatch):
    def interrupted(pip, lock, held):
        (root / ".venv" / "half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ensure(root, FULL_LOCK, [FULL_LOCK])
    assert not is_ready(root, [FULL_LOCK])

    ensure(root, FULL_LOCK, [FULL_LOCK])

    assert is_ready(root, [FULL_LOCK])
    assert not (root / ".venv" / "half").exists()


def test_a_moved_folder_makes_it_again(root, installed, tmp_path_factory):
    ensure(root, FULL_LOCK, [FULL_LOCK])
    elsewhere = tmp_path_factory.mktemp("moved") / "a place with spaces"
    root.rename(elsewhere)

    assert not is_ready(elsewhere, [FULL_LOCK])


def test_the_service_is_content_without_development_tools_and_the_tests_are_not(root, installed):
    ensure(root, RUNTIME_LOCK, [FULL_LOCK, RUNTIME_LOCK])

    assert is_ready(root, [FULL_LOCK, RUNTIME_LOCK])
    assert not is_ready(root, [FULL_LOCK])


def test_two_starts_at_once_make_it_once(root, installed, monkeypatch):
    entered, go_on = threading.Event(), threading.Event()

    def slow(pip, lock, held):
        installed.append(lock.name)
        entered.set()
        go_on.wait(5)

    monkeypatch.setattr(environment, "_install", slow)
    starts = [threading.Thread(target=ensure, args=(root, FULL_LOCK, [FULL_LOCK])) for _ in range(2)]
    for start in starts:
        start.start()
    entered.wait(5)
    go_on.set()
    for start in starts:
        start.join(5)

    assert installed == [FULL_LOCK]
    assert is_ready(root, [FULL_LOCK])


@pytest.mark.parametrize("lock", [FULL_LOCK, RUNTIME_LOCK])
def test_the_lock_files_pin_every_package_by_hash_and_name_no_address(lock):
    text = (environment.ROOT / lock).read_text()
    packages = text.replace("\\\n", " ").strip().splitlines()

    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    assert "://" not in text


def test_one_that_only_points_elsewhere_is_made_anew_and_leaves_the_other_whole(root, installed, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for lock in (FULL_LOCK, RUNTIME_LOCK):
        (other / lock).write_bytes((root / lock).read_bytes())
    ensure(other, FULL_LOCK, [FULL_LOCK])
    (root / ".venv").symlink_to(other / ".venv")

    ensure(root, FULL_LOCK, [FULL_LOCK])

    assert is_ready(root, [FULL_LOCK])
    assert is_ready(other, [FULL_LOCK])
