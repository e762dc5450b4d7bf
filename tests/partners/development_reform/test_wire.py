from datetime import date
from uuid import UUID

import httpx
import pytest

from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.development_reform.adapter import DevelopmentReform
from app.partners.development_reform.wire import write_question
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

OTHERS = UUID(int=7)  # a question that is not ours; the same in every process, for it names a test
MOVED = "R|20190928|530627003004|集中安置"


async def ask(text: str, *, encoding: str = "gb18030") -> Answer:
    query = query_for(Item.RELOCATION, "539900198303140156", "测试李阿普")
    body = text.replace("#", str(query.reference)).replace("\n", "\r\n").encode(encoding)
    return await answer_of(DevelopmentReform, query, lambda _: httpx.Response(200, content=body))


async def test_the_last_resettlement_counts() -> None:
    facts = (await ask(f"A|#|0000|20261122|2\n{MOVED}\nR|20170101|530622102003|分散安置\nZ|3\n")).facts

    assert facts[FactKey.RELOCATED_TO].value == "530627003004"
    assert facts[FactKey.RELOCATED_ON].value == date(2019, 9, 28)
    assert facts[FactKey.RELOCATED_ON].as_of == date(2026, 11, 22)


async def test_no_record_is_their_code_and_no_line() -> None:
    assert await ask("A|#|0001|20261122|0\nZ|1\n") == Answer.none()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A|#|0000|20261122|1\n",
        f"A|#|0000|20261122|1\n{MOVED}\n",
        f"A|#|0000|20261122|1\n{MOVED}\nZ|2",
        f"A|#|0000|20261122|2\n{MOVED}\nZ|2\n",
        f"A|#|0000|20261122|1\n{MOVED}\nZ|3\n",
        "A|#|0000|20261122|0\nZ|1\n",
        f"A|#|0001|20261122|1\n{MOVED}\nZ|2\n",
        f"A|#|0000|2026-11-22|1\n{MOVED}\nZ|2\n",
        "A|#|0000|20261122|1\nR|20190931|530627003004|集中安置\nZ|2\n",
        "A|#|0000|20261122|1\nR|20190928|5306|集中安置\nZ|2\n",
        "A|#|0000|20261122|1\nR|20190928|530627003004\nZ|2\n",
        f"A|{OTHERS}|0000|20261122|1\n{MOVED}\nZ|2\n",
        "A|#|0000|20261122|30\n" + f"{MOVED}\n" * 30 + "Z|31\n",
    ],
)
async def test_lines_that_make_no_whole_are_garbage(text: str) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(text)


async def test_bytes_that_are_not_gb18030_are_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask("A|#|0000|20261122|1\nR|20190928|530627003004|é\xff\nZ|2\n", encoding="latin-1")


async def test_another_code_is_an_error() -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask("A|#|0009|20261122|0\nZ|1\n")


def test_a_field_that_would_end_early_is_never_sent() -> None:
    with pytest.raises(ValueError, match="end early"):
        write_question(query_for(Item.RELOCATION, "539900198303140156", "测试|李"))
