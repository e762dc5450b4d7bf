"""The life of a signing key, as those who sign, those who check and those who hold an old token meet it."""

import json
import os
from datetime import timedelta

import pytest

from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.errors import TokenRejected
from app.identity.keys import (
    ACCESS_LIFETIME,
    ANNOUNCED,
    KeyState,
    KeysUnusable,
    load_key_ring,
    read_keys,
    rotate,
    withdraw,
    write_new_key_file,
)
from app.identity.tokens import issue_access_token, read_access_token


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "tokens.json"
    write_new_key_file(file)
    return file


def _token(ring, now):
    return issue_access_token(ring, new_id(), Role.APPLICANT, new_id(), now)


def _states(path, now):
    return [key.state(now) for key in read_keys(path)]


def test_a_key_is_announced_signs_verifies_and_is_gone(path, clock):
    first = clock.now()
    rotate(path, first)
    change = first + ANNOUNCED

    assert _states(path, first) == [KeyState.SIGNING, KeyState.ANNOUNCED]
    assert _states(path, change) == [KeyState.VERIFYING, KeyState.SIGNING]
    assert _states(path, change + ACCESS_LIFETIME) == [KeyState.VERIFYING, KeyState.SIGNING]
    assert _states(path, change + ACCESS_LIFETIME + timedelta(minutes=1)) == [KeyState.GONE, KeyState.SIGNING]


def test_at_every_minute_of_a_rotation_each_token_is_good_for_its_whole_life(path, clock):
    rotate(path, clock.now())
    signer, checker = load_key_ring(path), load_key_ring(path)
    issued = []
    for _ in range(60):
        now = clock.now()
        issued.append((now, _token(signer, now)))
        for since, token in issued:
            if now < since + ACCESS_LIFETIME:
                read_access_token(checker, token, now)
            else:
                with pytest.raises(TokenRejected):
                    read_access_token(checker, token, now)
        assert signer.signing(now).kid in {key.kid for key in checker.published(now)}
        clock.advance(timedelta(minutes=1))


def test_running_processes_notice_a_changed_file(path, clock):
    running, now = load_key_ring(path), clock.now()
    rotate(path, now)

    later = now + ANNOUNCED
    running._looked -= 5  # the machine's seconds pass
    assert running.signing(later).kid == read_keys(path)[1].kid


def test_a_process_that_has_not_looked_yet_accepts_what_another_signs_with_a_new_key(path, clock):
    behind, now = load_key_ring(path), clock.now()
    rotate(path, now, announced=timedelta())

    read_access_token(behind, _token(load_key_ring(path), now), now)


def test_the_file_is_not_looked_at_for_every_token(path, clock, monkeypatch):
    ring, looks = load_key_ring(path), []
    token = _token(ring, clock.now())
    monkeypatch.setattr("app.identity.keys.time.monotonic", lambda: ring._looked + 0.5)
    monkeypatch.setattr("app.identity.keys._mark", lambda path: looks.append(path))

    for _ in range(100):
        read_access_token(ring, token, clock.now())

    assert not looks


def test_a_withdrawn_key_takes_its_tokens_along_at_once_also_those_already_checked(path, clock):
    ring, now = load_key_ring(path), clock.now()
    token = _token(ring, now)
    read_access_token(ring, token, now)

    withdraw(path, ring.signing(now).kid, now)
    ring._looked -= 5

    with pytest.raises(TokenRejected):
        read_access_token(ring, token, now)
    read_access_token(ring, _token(ring, now), now)


def test_two_rotations_do_not_announce_two_keys(path, clock):
    rotate(path, clock.now())
    with pytest.raises(KeysUnusable):
        rotate(path, clock.now())

    clock.advance(timedelta(hours=1))
    rotate(path, clock.now())
    assert _states(path, clock.now()) == [KeyState.SIGNING, KeyState.ANNOUNCED]  # the first one was taken out


def test_a_spoilt_file_ends_no_running_process(path, clock):
    ring = load_key_ring(path)
    path.write_text("{")
    ring._looked -= 5

    read_access_token(ring, _token(ring, clock.now()), clock.now())


def test_a_file_of_before_is_read_and_rotated(path, clock):
    key = read_keys(path)[0]
    path.write_text(json.dumps({"current": key.kid, "keys": {key.kid: key.pem}}))
    ring = load_key_ring(path)
    token = _token(ring, clock.now())

    rotate(path, clock.now())

    read_access_token(load_key_ring(path), token, clock.now())
    assert len(read_keys(path)) == 2


def test_the_file_is_its_owners_alone(path, clock):
    rotate(path, clock.now())

    assert os.stat(path).st_mode & 0o077 == 0
