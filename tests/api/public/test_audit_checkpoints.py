"""The signed states of the audit's tree, at their public address."""

import pytest

from app.audit.signing import load_signer, write_new_key_file
from tests.builders.records import build_log
from tests.support.verifier import verifier

BASE = "/v1/public/audit-checkpoints"


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    path = tmp_path_factory.mktemp("evidence") / "key.json"
    write_new_key_file(path)
    return load_signer(path)


@pytest.fixture
async def log(database, signer, clock):
    await build_log(database, signer, clock, [7, 1, 12])


async def test_without_a_sealed_record_there_is_no_state(anyone):
    answer = await anyone.get(f"{BASE}/latest")

    assert (answer.status_code, answer.json()["code"]) == (404, "checkpoint_not_found")
    assert (await anyone.get(BASE)).json() == {"items": [], "next": None}


async def test_the_states_are_listed_from_the_smallest_on_and_after_the_last_one_kept(anyone, log):
    every = (await anyone.get(BASE)).json()["items"]
    later = (await anyone.get(BASE, params={"after": 7})).json()["items"]
    page = (await anyone.get(BASE, params={"limit": 2})).json()
    rest = (await anyone.get(BASE, params={"cursor": page["next"]})).json()

    assert [each["size"] for each in every] == [7, 8, 20]
    assert later == every[1:]
    assert page["items"] + rest["items"] == every


async def test_each_state_is_signed_by_the_published_key(anyone, signer, log):
    keys = (await anyone.get("/v1/public/audit-keys")).json()["items"]
    states = (await anyone.get(BASE)).json()["items"]

    assert [each["verifier_key"] for each in keys] == [signer.verifier_key]
    key = verifier.Key.read(keys[0]["verifier_key"])
    for state in states:
        checkpoint = verifier.read_note(state["note"])
        assert verifier.signature_holds(checkpoint, [key])
        assert checkpoint.size == state["size"]


async def test_one_state_never_changes_and_may_be_cached(anyone, log):
    latest, one = await anyone.get(f"{BASE}/latest"), await anyone.get(f"{BASE}/20")
    again = await anyone.get(f"{BASE}/20", headers={"If-None-Match": one.headers["ETag"]})

    assert latest.json() == one.json()
    assert "immutable" in one.headers["Cache-Control"]
    assert "max-age=5" in latest.headers["Cache-Control"]
    assert again.status_code == 304
    assert (await anyone.get(f"{BASE}/19")).status_code == 404


async def test_a_later_state_is_proved_to_begin_as_an_earlier_one(anyone, signer, log):
    address = "/v1/public/audit-consistency-proofs"
    answer = (await anyone.get(address, params={"first": 7, "second": 20})).json()
    turned = (await anyone.get(address, params={"first": 20, "second": 7})).json()

    keys = [verifier.Key.read(signer.verifier_key)]
    assert verifier.verify_consistency(answer, keys).findings == []
    assert turned == answer
    answer["proof"][0] = answer["proof"][1]
    assert verifier.verify_consistency(answer, keys).findings


async def test_what_is_shown_is_nobodys(anyone, log):
    answers = [await anyone.get(address) for address in (BASE, f"{BASE}/20", "/v1/public/audit-keys")]

    assert {answer.status_code for answer in answers} == {200}
    assert not any(word in answer.text for answer in answers for word in ("532529", "application", "township"))
