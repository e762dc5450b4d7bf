"""Under which user PostgreSQL runs."""

import os
import pwd
from pathlib import Path

import pytest

from scripts.local import identity
from scripts.local.identity import OURSELVES, Identity, candidates, choose
from scripts.local.narration import Refusal

NEIGHBOUR = (1234, 1235)


def test_an_ordinary_user_runs_it_as_they_are():
    assert candidates(1000, known=True, cluster_owner=None, neighbours=[]) == [OURSELVES]


def test_a_user_the_system_does_not_know_takes_a_known_one_in_a_namespace():
    first, second = candidates(1000, known=False, cluster_owner=None, neighbours=[])

    assert first.namespace is not None
    assert pwd.getpwuid(first.namespace)
    assert second == OURSELVES


def test_root_tries_a_namespace_first_and_another_user_second():
    first, second = candidates(0, known=True, cluster_owner=None, neighbours=[])

    assert first.namespace
    assert second.become
    assert second.become[0] != 0


def test_root_prefers_the_owner_of_the_folder_to_a_stranger():
    assert candidates(0, known=True, cluster_owner=0, neighbours=[NEIGHBOUR])[1] == Identity(become=NEIGHBOUR)


def test_root_stays_with_the_user_who_owns_the_database_files():
    (only,) = candidates(0, known=True, cluster_owner=4321, neighbours=[NEIGHBOUR])

    assert only.become
    assert only.become[0] == 4321


@pytest.fixture
def closed(tmp_path: Path, monkeypatch) -> Path:
    """A folder that root keeps to itself, with one inside that others may pass; we act as root."""
    (tmp_path / "closed" / "data").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    (tmp_path / "closed" / "data").chmod(0o751)
    ours = {(tmp_path / "closed").stat().st_ino, (tmp_path / "closed" / "data").stat().st_ino}
    monkeypatch.setattr(identity.os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity, "_neighbour", lambda folder: None)
    monkeypatch.setattr(identity, "_may_pass", lambda status, user: status.st_mode & 1 or status.st_ino not in ours)
    return tmp_path / "closed"


def mode_of(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_where_namespaces_are_refused_root_opens_only_the_folders_that_are_closed(closed: Path, capsys):
    data = closed / "data"

    chosen = choose(data / "postgres", data / "program", lambda tried: bool(tried.become) and mode_of(closed) == 0o701)

    assert chosen.become
    assert mode_of(data) == 0o751
    assert capsys.readouterr().out.count("may now pass") == 1


def test_what_was_opened_in_vain_is_closed_again_and_the_message_says_what_to_do(closed: Path):
    with pytest.raises(Refusal, match="DATABASE_URL"):
        choose(closed / "data" / "postgres", closed / "data" / "program", lambda tried: False)

    assert mode_of(closed) == 0o700


@pytest.mark.parametrize(
    ("mode", "user", "passes"),
    [(0o700, "owner", True), (0o070, "owner", False), (0o701, "stranger", True), (0o770, "stranger", False)],
)
def test_who_may_pass_a_folder(tmp_path: Path, mode, user, passes):
    tmp_path.chmod(mode)
    status = tmp_path.stat()
    tmp_path.chmod(0o700)
    someone = (status.st_uid, status.st_gid) if user == "owner" else (status.st_uid + 1, status.st_gid + 1)

    assert identity._may_pass(status, someone) is passes


def test_our_own_files_stay_ours(tmp_path: Path):
    identity.hand_over(tmp_path, OURSELVES)

    assert tmp_path.stat().st_uid == os.geteuid()
