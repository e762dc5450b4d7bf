"""Each agency is reached over connections of its own."""

import httpx
import pytest

from app.partners.transport import PoolPerAddress


class Pool(httpx.MockTransport):
    """Answers with its name, and remembers whether it was closed."""

    def __init__(self, name: str) -> None:
        super().__init__(lambda _request: httpx.Response(200, text=name))
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("url", "pool"),
    [
        ("https://gateway.test/tax/v1/income", "tax"),
        ("https://gateway.test/tax-archive/v1", "other"),
        ("https://gateway.test/tax/archive/v1", "archive"),
        ("https://gateway.test:8443/tax/v1", "other"),
        ("https://elsewhere.test/", "elsewhere"),
    ],
)
async def test_a_request_goes_by_the_pool_of_the_longest_address_it_begins_with(url: str, pool: str) -> None:
    pools = {
        "https://gateway.test/tax": Pool("tax"),
        "https://gateway.test/tax/archive/": Pool("archive"),
        "https://elsewhere.test": Pool("elsewhere"),
    }
    async with httpx.AsyncClient(transport=PoolPerAddress(pools, Pool("other"))) as http:
        assert (await http.get(url)).text == pool


async def test_all_pools_are_closed_with_their_client() -> None:
    pools, other = {"https://a.test": Pool("a"), "https://b.test": Pool("b")}, Pool("other")
    async with httpx.AsyncClient(transport=PoolPerAddress(pools, other)):
        pass

    assert all(pool.closed for pool in (*pools.values(), other))
