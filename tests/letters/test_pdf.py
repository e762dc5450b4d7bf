"""The letter on paper says all that the letter says, and is the same file each time."""

import asyncio
import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
from pypdf import PdfReader

from app.letters import printing
from app.letters.printing import digest_print, print_letter
from tests.support.pdf_text import text_of

ISSUED = datetime(2026, 11, 23, 4, tzinfo=UTC)
CHECK_AT = "https://dibao.example/v1/public/letter-checks"
DIGEST = "0a" * 32


def letter(**given: Any) -> dict[str, Any]:
    """Write what a refusal says."""
    body = {
        "title": "不予确认最低生活保障通知书",
        "number": "TZ532529261123K3TQ9W2ZFA",
        "issued_on": "2026-11-23",
        "authority": {"level": "county", "division": "532529000000", "name": "红河县民政局"},
        "addressee": "测试甲",
        "before": ["经审核，决定不予确认。理由如下："],
        "points": ["家庭人均收入高于当地标准", "家庭财产超过规定"],
        "after": ["每月发放1137.50元。"],
        "law": ["社会救助法第四十四条", "社会救助法第四十五条"],
        "remedies": [{"text": "可以自知道本决定之日起60日内申请行政复议。"}, {"text": "也可以提起行政诉讼。"}],
        "check_code": "7H3K9Q2MT4XA",
    }
    return {**body, **given}


async def printed(**given: Any) -> bytes:
    return (await print_letter(letter(**given), digest=DIGEST, issued_at=ISSUED, check_at=CHECK_AT)).content


async def test_everything_the_letter_says_stands_on_it():
    text = text_of(await printed())

    body = letter()
    parts = [body["title"], body["number"], "测试甲：", *body["before"], *body["after"]]
    parts += ["法律依据：社会救助法第四十四条、第四十五条。"]
    parts += ["1．家庭人均收入高于当地标准", "2．家庭财产超过规定", *(remedy["text"] for remedy in body["remedies"])]
    parts += ["红河县民政局", "2026年11月23日", body["check_code"], CHECK_AT, DIGEST]
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))


async def test_the_same_letter_is_the_same_file_and_another_is_not():
    first = await print_letter(letter(), digest=DIGEST, issued_at=ISSUED, check_at=CHECK_AT)

    assert first.content == await printed()
    assert first.sha256 == hashlib.sha256(first.content).hexdigest()
    assert first.content != await printed(addressee="测试乙")


async def test_who_checks_a_letter_has_it_printed_once_however_often_and_by_how_many_at_once(monkeypatch):
    prints = []

    async def counted(*args, **options):
        prints.append(args)
        return await run_process(*args, **options)

    run_process = anyio.run_process
    monkeypatch.setattr("app.letters.printing.anyio.run_process", counted)
    known = {"digest": DIGEST, "issued_at": ISSUED, "check_at": CHECK_AT}
    ours, other = letter(addressee="测试子"), letter(addressee="测试丑")

    first = await digest_print(ours, **known)
    again = await asyncio.gather(*(digest_print(ours, **known) for _ in range(20)))
    assert len(prints) == 1
    assert set(again) == {first} == {(await print_letter(ours, **known)).sha256}
    await asyncio.gather(*(digest_print(other, **known) for _ in range(20)))
    assert len(prints) <= 4  # the two above, and no more than are printed at once
    assert await digest_print(other, **known) != first


def test_digests_asked_for_least_recently_are_forgotten_first():
    digests = printing._Digests(2)
    for key in (b"a", b"b", b"a", b"c"):
        if digests.find(key) is None:
            digests.keep(key, key.hex())

    assert [digests.find(key) for key in (b"a", b"b", b"c")] == ["61", None, "63"]


async def test_a_page_is_a4_and_brings_its_letters_along_but_not_the_whole_font():
    content = await printed()

    [page] = PdfReader(io.BytesIO(content)).pages
    assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == (210, 297)
    assert len(content) < 200_000


@pytest.mark.parametrize(("name", "shown"), [("测试𠮷", "测试〔U+20BB7〕："), ("测试·娜", "测试·娜：")])
async def test_what_the_font_cannot_draw_is_named_and_nothing_is_left_out(name, shown):
    assert shown in text_of(await printed(addressee=name))


async def test_a_long_letter_goes_on_on_the_next_page():
    reasons = [f"第{place}项理由：" + "情况说明" * 60 for place in range(12)]

    content = await printed(points=reasons)

    assert len(PdfReader(io.BytesIO(content)).pages) > 1
    assert all(reason in text_of(content) for reason in reasons)


async def test_each_act_is_cited_once_with_all_its_articles():
    measures = "最低生活保障审核确认办法（民发〔2021〕57号）"
    notice = "关于进一步做好最低生活保障等社会救助兜底工作的通知（2022年）"
    law = [f"{measures}第二十条", "社会救助法第十八条", f"{measures}第七条第二款", notice, "社会救助法第十八条第一款"]

    text = text_of(await printed(law=law))

    assert f"法律依据：{measures}第二十条、第七条第二款；社会救助法第十八条、第十八条第一款；{notice}。" in text


@pytest.mark.parametrize("paragraphs", [7, 8, 9, 10])  # the last that fits on one sheet, and those after it
async def test_what_tells_a_true_letter_never_stands_alone_on_a_page(paragraphs):
    content = await printed(before=["情况说明" * 12] * paragraphs)

    last = PdfReader(io.BytesIO(content)).pages[-1].extract_text().replace("\0", "")
    words = "".join(last.split())
    assert "也可以提起行政诉讼。红河县民政局" in words
    assert words.endswith(DIGEST)


async def test_words_of_several_lines_stay_several_lines():
    text = text_of(await printed(points=["一、收入\n二、财产"]))

    assert "一、收入" in text
    assert "二、财产" in text
