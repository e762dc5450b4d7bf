"""The Node programs' folder repairs itself, and its lock names no registry."""

import json
from pathlib import Path

import pytest

from scripts.local import node
from scripts.local.narration import Refusal


def _source(folder: Path) -> Path:
    """Make a package that needs none."""
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "nothing", "version": "1.0.0", "private": true}')
    lock = {"name": "nothing", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "nothing"}}}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


def test_the_lock_carries_hashes_and_no_address_to_fetch_from():
    lock = json.loads((node.TOOLS / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_a_folder_is_installed_once_and_again_when_the_lock_changed(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    source, folder = _source(tmp_path / "source"), tmp_path / "node"

    node.packages(folder, source)
    node.packages(folder, source)

    assert capfd.readouterr().out.count("Installing") == 1
    with (source / "package.json").open("a") as file:
        file.write("\n")
    node.packages(folder, source)
    assert capfd.readouterr().out.count("Installing") == 1


def test_an_interrupted_installation_starts_again(tmp_path: Path):
    source, folder = _source(tmp_path / "source"), tmp_path / "node"
    (folder / "node_modules" / "half").mkdir(parents=True)

    node.packages(folder, source)

    assert not (folder / "node_modules" / "half").exists()


def test_what_npm_refuses_is_told_and_leaves_nothing_that_looks_ready(tmp_path: Path):
    source, folder = _source(tmp_path / "source"), tmp_path / "node"
    (source / "package-lock.json").write_text("not a lock")

    with pytest.raises(Refusal, match="npm could not install"):
        node.packages(folder, source)
    with pytest.raises(Refusal):
        node.packages(folder, source)


def test_without_a_home_caches_stay_beside_the_programs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "")
    monkeypatch.delenv("npm_config_cache", raising=False)

    environment = node.node_environment()

    assert environment["npm_config_cache"].startswith(str(node.FOLDER.parent))
    assert environment["HOME"]
