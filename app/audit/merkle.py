"""The Merkle tree of RFC 6962, section 2.1: hashes, and which parts of the tree make up a proof.

Pure. A proof is first a list of ranges of leaves; each range is covered by few perfect subtrees, whose hashes the store
has. Where the store keeps them is not known here.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]  # leaves from the first to before the second
Node: TypeAlias = tuple[int, int]  # level (0: leaves) and place in it: a perfect subtree of 2**level leaves

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (or over the roots of equal perfect subtrees)."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        # One without a partner goes up as it is: that is where RFC 6962's split puts it, too.
        level = paired + level[len(paired) * 2 :]
    return level[0]


def grow(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Add one leaf to the edge of a tree of `size` leaves: the roots of its perfect subtrees, the largest first."""
    while size & 1:
        leaf = node_hash(edge.pop(), leaf)
        size >>= 1
    edge.append(leaf)


def fold(edge: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring perfect subtrees, the largest first."""
    if not edge:
        return EMPTY_ROOT
    *others, root = edge
    for left in reversed(others):
        root = node_hash(left, root)
    return root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that leaf `index` is in the tree of `size`, from the leaf up (2.1.1)."""
    found, start, end = list[Range](), 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """Return the ranges whose hashes prove that the tree of `second` leaves began as the tree of `first` (2.1.2)."""
    if first in (0, second):
        return []
    found, start, end, whole = list[Range](), 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def perfect(span: Range) -> Iterator[Node]:
    """Cut a range, as proofs have them, into perfect subtrees, the largest first."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def prove(ranges: Sequence[Range], known: Mapping[Node, bytes]) -> list[bytes]:
    """Return a proof's hashes, once those of all its perfect subtrees are known."""
    return [fold([known[node] for node in perfect(span)]) for span in ranges]


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
