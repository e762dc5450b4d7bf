"""Signed notes: written by us, read by the verifier."""

from datetime import UTC, datetime

import pytest

from app.audit.signing import load_signer, write_new_key_file
from tests.support.verifier import verifier

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ROOT = bytes(range(32))


@pytest.fixture
def signer(tmp_path):
    write_new_key_file(tmp_path / "evidence.json")
    return load_signer(tmp_path / "evidence.json")


def test_a_checkpoint_says_name_size_root_and_time(signer):
    note = signer.sign(7, ROOT, AT)

    body, _, signature = note.partition("\n\n")
    assert body.split("\n") == [
        signer.origin, "7", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "time 2026-11-23T04:00:00Z"
    ]  # fmt: skip
    assert signature.startswith(f"\u2014 {signer.origin} ")
    assert signer.has_signed(note, 7, ROOT)
    assert not signer.has_signed(note, 8, ROOT)
    assert not signer.has_signed(note, 7, bytes(32))


def test_the_verifier_knows_it_by_the_public_key_alone(signer):
    checkpoint = verifier.read_note(signer.sign(7, ROOT, AT))
    key = verifier.Key.read(signer.verifier_key)

    assert (checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.at) == (signer.origin, 7, ROOT, AT)
    assert verifier.signature_holds(checkpoint, [key])


def test_no_changed_character_of_a_note_goes_through(signer):
    note, key = signer.sign(7, ROOT, AT), verifier.Key.read(signer.verifier_key)
    for place, character in enumerate(note):
        forged = note[:place] + ("B" if character == "A" else "A") + note[place + 1 :]
        try:
            assert not verifier.signature_holds(verifier.read_note(forged), [key]), forged
        except verifier.NotReadable:
            continue


def test_another_logs_key_signs_nothing_of_ours(signer, tmp_path):
    write_new_key_file(tmp_path / "other.json")
    other = load_signer(tmp_path / "other.json")

    assert not verifier.signature_holds(
        verifier.read_note(other.sign(7, ROOT, AT)), [verifier.Key.read(signer.verifier_key)]
    )


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "evidence.json"
    write_new_key_file(path)
    first = path.read_text()
    write_new_key_file(path)

    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
