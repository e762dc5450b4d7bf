import hashlib
import hmac
from datetime import date

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits
from app.partners.natural_resources.adapter import NaturalResources
from app.sandbox.population import people
from tests.partners.recorded import CONNECTION, replying
from tests.partners.suite import PATIENT, about, query_for
from tests.sandbox.outside import Outside

HOUSE = "<House><Area>72.50</Area></House>"


def signed(secret: str, number: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{number}\n".encode() + body, hashlib.sha256).hexdigest()


def response(number: str, body: str, *, code: str = "0000", declaration: str = "") -> str:
    head = f"<Head><SeqNo>{number}</SeqNo><RetCode>{code}</RetCode></Head>"
    return f"{declaration}<Response>{head}<Body>{body}</Body></Response>"


def dwellings(*houses: str, on: str = "2026/11/22") -> str:
    return f"<DataDate>{on}</DataDate>" + "".join(houses)


async def ask(
    body: str,
    *,
    item: Item = Item.REAL_ESTATE,
    code: str = "0000",
    declaration: str = "<?xml version='1.0' encoding='GB18030'?>",
    encoding: str = "gb18030",
    about_number: str | None = None,
    secret: str = "ours",
) -> Answer:
    """Ask an agency that answers `body`, signed as it should be unless a test says otherwise."""
    query = query_for(item, "539900198303140156", "测试李阿普")
    number = str(query.reference)

    def answer(request: httpx.Request) -> httpx.Response:
        written = response(about_number or number, body, code=code, declaration=declaration).encode(encoding)
        return httpx.Response(200, content=written, headers={"X-Signature": signed(secret, number, written)})

    async with replying(answer) as http:
        return await NaturalResources(CONNECTION, http).ask(query)


async def test_areas_become_square_centimetres() -> None:
    answer = await ask(dwellings("<House><Area>112.40</Area><Address>测试𬱖村·1号</Address></House>", HOUSE))

    assert answer.facts[FactKey.DWELLING_AREA].value == 1_849_000
    assert answer.facts[FactKey.DWELLING_COUNT].value == 2
    assert answer.facts[FactKey.DWELLING_AREA].as_of == date(2026, 11, 22)


async def test_no_record_needs_their_code() -> None:
    assert await ask("", code="0001") == Answer.none()


@pytest.mark.parametrize(
    "body",
    [
        "",
        dwellings(),
        HOUSE,
        dwellings(HOUSE, on="2026-11-22"),
        dwellings(HOUSE, on="2026/02/30"),
        dwellings("<House><Area>72.5</Area></House>"),
        dwellings("<House><Area>72,50</Area></House>"),
        dwellings("<House><Area>-72.50</Area></House>"),
        dwellings("<House><Area>٧٢.50</Area></House>"),
        dwellings("<House><Area>99999999999.00</Area></House>"),
        dwellings("<House><Area>1e3</Area></House>"),
        dwellings("<House></House>"),
        "<unclosed>",
    ],
)
async def test_an_answer_that_makes_no_sense_is_garbage(body: str) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(body)


async def test_entities_and_outside_references_are_garbage() -> None:
    for declaration in (
        '<!DOCTYPE Response [<!ENTITY a "72.50">]>',
        '<!DOCTYPE Response SYSTEM "http://agency.test/evil.dtd">',
        '<!DOCTYPE Response [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ):
        with pytest.raises(PartnerUnavailable, match="garbage"):
            await ask(dwellings(HOUSE), declaration=declaration)


async def test_bytes_that_are_not_gb18030_are_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(dwellings("<House><Area>72.50</Area><A>é\xff</A></House>"), encoding="latin-1", declaration="")


async def test_an_answer_to_another_question_is_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(dwellings(HOUSE), about_number=str(new_id()))


async def test_an_answer_that_somebody_else_signed_is_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(dwellings(HOUSE), secret="somebody else's")


async def test_another_code_of_theirs_is_an_error() -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask("", code="0002")


async def test_a_question_signed_long_ago_is_refused(outside: Outside) -> None:
    late = NaturalResources(
        outside.connections["natural_resources"], outside.http, Limits(), epoch=lambda: 1_000_000_000.0
    )

    with pytest.raises(PartnerUnavailable, match="refused"):
        await late.ask(about(people()[0], Item.REAL_ESTATE))


async def test_names_beyond_the_basic_plane_reach_them_whole(outside: Outside) -> None:
    person = next(person for person in people() if "𬱖" in person.name)

    answer = await NaturalResources(outside.connections["natural_resources"], outside.http, PATIENT).ask(
        about(person, Item.REAL_ESTATE)
    )

    assert answer == Answer.none()
