"""The tree, held against RFC 6962 as it is written and against the verifier, which was written apart from it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.merkle import (
    EMPTY_ROOT,
    consistency_ranges,
    fold,
    grow,
    inclusion_ranges,
    leaf_hash,
    perfect,
    prove,
    root_of,
)
from tests.support.verifier import verifier

# The leaves that implementations of RFC 6962 share as test vectors, and the roots over the first 0 to 8 of them.
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 130


def _hashes(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def _as_written(hashes: list[bytes]) -> bytes:
    """Section 2.1, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + _as_written(hashes[:split]) + _as_written(hashes[split:])).digest()


def _prove(ranges, hashes):
    nodes = {node for span in ranges for node in perfect(span)}
    known = {(level, at): root_of(hashes[at << level : (at + 1) << level]) for level, at in nodes}
    return prove(ranges, known)


def _flip(content: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8) if place == bit // 8 else byte for place, byte in enumerate(content))


@pytest.mark.parametrize("count", range(9))
def test_the_roots_are_those_of_the_test_vectors(count):
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:count]]

    assert root_of(hashes).hex() == ROOTS[count]


def test_the_root_is_the_rfcs_for_every_size_and_grows_leaf_by_leaf():
    hashes, edge = _hashes(MOST), list[bytes]()
    assert fold(edge) == EMPTY_ROOT
    for size in range(1, MOST + 1):
        grow(edge, size - 1, hashes[size - 1])
        assert fold(edge) == root_of(hashes[:size]) == _as_written(hashes[:size])
    assert verifier.roots_at(hashes, range(MOST + 1)) == {n: root_of(hashes[:n]) for n in range(MOST + 1)}


def test_every_leaf_of_every_tree_can_be_proved_to_be_in_it():
    hashes = _hashes(MOST)
    for size in range(1, MOST + 1):
        root = root_of(hashes[:size])
        for position in range(size):
            proof = _prove(inclusion_ranges(position, size), hashes)
            assert verifier.root_by_inclusion(hashes[position], position, size, proof) == root
            assert len(proof) <= size.bit_length()


def test_every_tree_can_be_proved_to_begin_as_every_smaller_one():
    hashes = _hashes(MOST)
    roots = [root_of(hashes[:size]) for size in range(MOST + 1)]
    for second in range(1, MOST + 1):
        for first in range(second + 1):
            proof = _prove(consistency_ranges(first, second), hashes)
            assert verifier.is_consistent(first, second, roots[first], roots[second], proof), (first, second)


@given(st.integers(2, 600), st.data())
def test_no_flipped_bit_of_an_inclusion_proof_goes_through(size, data):
    hashes = _hashes(size)
    position = data.draw(st.integers(0, size - 1))
    proof = _prove(inclusion_ranges(position, size), hashes)
    parts = [hashes[position], *proof]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    forged = [_flip(part, bit) if place == which else part for place, part in enumerate(parts)]

    assert verifier.root_by_inclusion(forged[0], position, size, forged[1:]) != root_of(hashes)


@given(st.integers(2, 600), st.data())
def test_an_inclusion_proof_is_for_its_place_and_length_only(size, data):
    hashes = _hashes(size)
    position = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != position))
    proof = _prove(inclusion_ranges(position, size), hashes)

    assert verifier.root_by_inclusion(hashes[position], other, size, proof) != root_of(hashes)
    assert verifier.root_by_inclusion(hashes[position], position, size, proof[:-1]) != root_of(hashes)
    assert verifier.root_by_inclusion(hashes[position], position, size, [*proof, proof[0]]) != root_of(hashes)
    assert verifier.root_by_inclusion(hashes[position], size, size, proof) is None


@given(st.integers(2, 600), st.data())
def test_no_flipped_bit_of_a_consistency_proof_goes_through(second, data):
    hashes = _hashes(second)
    first = data.draw(st.integers(1, second - 1))
    old, new = root_of(hashes[:first]), root_of(hashes)
    proof = _prove(consistency_ranges(first, second), hashes)
    parts = [old, new, *proof]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    forged = [_flip(part, bit) if place == which else part for place, part in enumerate(parts)]

    assert verifier.is_consistent(first, second, old, new, proof)
    assert not verifier.is_consistent(first, second, forged[0], forged[1], forged[2:])
    assert not verifier.is_consistent(first, second, old, new, [*proof, old])
    assert not verifier.is_consistent(first, second, old, new, proof[:-1])
