import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.market_regulation.adapter import MarketRegulation
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

TRADE = '<Entity kind="个体工商户" state="存续" role="经营者" capital="1.000000"/>'


async def ask(
    *entities: str, count: int | None = None, status: int = 200, number: str | None = None, text: str | None = None
) -> Answer:
    query = query_for(Item.BUSINESSES, "539900198303140156", "测试李阿普")
    request = number or str(query.reference)
    head = f'version="2.1" request="{request}" date="2026年11月22日"'
    written = f'<Holdings {head} count="{len(entities) if count is None else count}">{"".join(entities)}</Holdings>'
    body = (text or written).replace("{request}", request)
    return await answer_of(MarketRegulation, query, lambda _: httpx.Response(status, content=body.encode()))


async def test_what_exists_and_is_owned_counts() -> None:
    answer = await ask(
        TRADE,
        '<Entity kind="有限责任公司" state="吊销" role="股东"/>',
        '<Entity kind="有限责任公司" state="注销" role="股东"/>',
        '<Entity kind="有限责任公司" state="存续" role="监事"/>',
    )

    assert answer.facts[FactKey.BUSINESS_COUNT].value == 2


async def test_no_record_is_a_404_with_their_element() -> None:
    assert await ask(status=404, text='<NotFound request="{request}"/>') == Answer.none()


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>404 Not Found</body></html>",
        '<Holdings request="{request}"/>',
        '<NotFound request="018f0000-0000-7000-8000-000000000000"/>',
        "",
    ],
)
async def test_another_404_is_garbage(text: str) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(status=404, text=text or " ")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "1">]><Holdings/>',
        '<!DOCTYPE x SYSTEM "http://agency.test/evil.dtd"><Holdings/>',
        '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Holdings>&b;</Holdings>',
        '<NotFound request="{request}"/>',
        '<Holdings version="2.0" request="{request}" date="2026年11月22日" count="1"/>',
        '<Holdings version="2.1" request="{request}" date="2026-11-22" count="1">' + TRADE + "</Holdings>",
        "<unclosed>",
    ],
)
async def test_what_is_no_answer_of_theirs_is_garbage(text: str) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(text=text)


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_entities_that_were_promised_and_are_missing_make_it_garbage(count: int) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(TRADE, TRADE, count=count)


@pytest.mark.parametrize("change", [("存续", "歇业"), ("经营者", "店员"), ("个体工商户", "商场"), ('state="存续"', "")])
async def test_words_nobody_knows_are_garbage(change: tuple[str, str]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(TRADE.replace(*change))


async def test_an_answer_to_another_question_is_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(TRADE, number=str(new_id()))
