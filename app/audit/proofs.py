"""Proofs about the tree: that a leaf is in it, and that a later tree only added to an earlier one."""

from collections.abc import Sequence

from app.audit.merkle import Node, Range, consistency_ranges, inclusion_ranges, perfect, prove, root_of
from app.audit.queries import list_edge, list_tiles
from app.core.db import ReadSession

HEIGHT = 8  # storeys of one tile
WIDTH = 1 << HEIGHT
_HASH = 32


async def prove_inclusion(db: ReadSession, positions: Sequence[int], size: int) -> dict[int, list[bytes]]:
    """Return for each leaf the hashes that prove it is in the tree of `size` leaves (RFC 6962, 2.1.1)."""
    ranges = {position: inclusion_ranges(position, size) for position in positions}
    known = await _nodes(db, [span for spans in ranges.values() for span in spans])
    return {position: prove(spans, known) for position, spans in ranges.items()}


async def prove_consistency(db: ReadSession, first: int, second: int) -> list[bytes]:
    """Return the hashes that prove that the tree of `second` leaves begins with that of `first` (RFC 6962, 2.1.2)."""
    ranges = consistency_ranges(first, second)
    return prove(ranges, await _nodes(db, ranges))


async def _nodes(db: ReadSession, ranges: Sequence[Range]) -> dict[Node, bytes]:
    """Return the hashes of all perfect subtrees in these ranges: two statements for each storey of tiles."""
    wanted = {node for span in ranges for node in perfect(span)}
    known = dict[Node, bytes]()
    for level in sorted({node[0] // HEIGHT for node in wanted}):
        here = {node for node in wanted if node[0] // HEIGHT == level}
        tiles = await _tiles(db, level, sorted({_first(node) // WIDTH for node in here}))
        for node in here:
            tile, start = divmod(_first(node), WIDTH)
            known[node] = root_of(tiles[tile][start : start + (1 << node[0] % HEIGHT)])
    return known


async def _tiles(db: ReadSession, level: int, places: Sequence[int]) -> dict[int, Sequence[bytes]]:
    whole = {place: _cut(hashes) for place, hashes in await list_tiles(db, level, places)}
    # What is not whole yet stands at the growing edge, where the tile's hashes lie one by one.
    return {
        place: whole[place] if place in whole else await list_edge(db, level, place * WIDTH, (place + 1) * WIDTH)
        for place in places
    }


def _first(node: Node) -> int:
    """Return the place of a node's first hash on its tile's level."""
    return node[1] << node[0] % HEIGHT


def _cut(hashes: bytes) -> Sequence[bytes]:
    return [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]
