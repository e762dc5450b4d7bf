"""The data folder: one holder, secrets that are kept, files that are whole."""

import json
import os
from pathlib import Path

import pytest

from scripts.local.data_folder import claimed, claimed_temporary_folder, read_or_make, write_json
from scripts.local.narration import Refusal


def test_a_second_copy_over_the_same_folder_is_refused_and_told_who_has_it(tmp_path: Path):
    folder = tmp_path / "made" / "on the way"
    with (
        claimed(folder),
        pytest.raises(Refusal, match=rf"in use by a copy that runs already \(process {os.getpid()}\)"),
        claimed(folder),
    ):
        pass

    with claimed(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(Refusal, match="--data"), claimed(tmp_path / "file"):
        pass


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path):
    first = read_or_make(tmp_path / "secrets.json", ["one", "two"], made_before=tmp_path / "postgres")
    second = read_or_make(tmp_path / "secrets.json", ["one", "two"], made_before=tmp_path / "postgres")

    assert first == second
    assert first["one"] != first["two"]
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_lost_secrets_are_not_replaced_where_something_depends_on_them(tmp_path: Path):
    (tmp_path / "postgres").mkdir()

    with pytest.raises(Refusal, match="missing"):
        read_or_make(tmp_path / "secrets.json", ["one"], made_before=tmp_path / "postgres")


def test_a_file_is_replaced_whole(tmp_path: Path):
    write_json(tmp_path / "sandbox.json", {"name": "旧"})
    write_json(tmp_path / "sandbox.json", {"name": "新"})

    assert json.loads((tmp_path / "sandbox.json").read_text()) == {"name": "新"}
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox.json"]


def test_what_a_killed_test_run_left_is_cleared_away_and_a_living_one_is_not(tmp_path: Path):
    (tmp_path / "run-dead").mkdir()
    (tmp_path / "run-dead" / "lock").touch()
    cleared: list[str] = []
    temporary = claimed_temporary_folder(tmp_path, lambda folder: cleared.append(folder.name))
    with claimed(tmp_path / "run-alive"), temporary as fresh:
        assert fresh.parent == tmp_path
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["run-alive", fresh.name])

    assert cleared == ["run-dead"]
    assert not fresh.exists()
