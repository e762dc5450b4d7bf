"""Wiring only: a signer."""

import pytest

from app.audit.signing import Signer, load_signer, write_new_key_file


@pytest.fixture(scope="session")
def signer(tmp_path_factory) -> Signer:
    path = tmp_path_factory.mktemp("evidence") / "key.json"
    write_new_key_file(path)
    return load_signer(path)
