"""What a mask shows, and that it never shows more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.masks import (
    mask_account,
    mask_address,
    mask_childs_name,
    mask_date,
    mask_id_number,
    mask_name,
    mask_numbers,
    mask_phone,
)

RARE = "\U00020000"  # 𠀀, outside the BMP
CHARACTERS = st.characters(categories=("Lo", "Lu", "Ll"))  # what names are made of; none of them is a star
DIGITS = st.characters(categories=("Nd",), max_codepoint=127)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("测", "*"),
        ("测甲", "测*"),
        ("测试甲", "测*甲"),
        ("测试甲乙", "测**乙"),
        ("测试·甲乙丙丁", "测**丁"),
        (f"{RARE}试", f"{RARE}*"),
        (f"测试{RARE}", f"测*{RARE}"),
        ("测\U000e0100试", "测\U000e0100*"),  # a variant selector is no character of its own
    ],
)
def test_a_name_shows_its_ends_and_characters_are_what_a_reader_counts(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("测", "*"), ("测试", "测**"), ("测试小明", "测**"), (f"{RARE}试", f"{RARE}**")]
)
def test_of_a_childs_name_a_notice_shows_the_first_character(name, shown):
    assert mask_childs_name(name) == shown


def test_each_kind_of_number_has_its_mask():
    assert mask_id_number("539900198001010014") == "5399******0014"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_account("6200000000001234") == "****1234"
    assert mask_date(date(1980, 5, 17)) == "1980-**-**"
    assert mask_address("测试村") == "测试村***"


@given(st.text(CHARACTERS, max_size=50))
def test_a_name_never_shows_more_than_its_two_ends(name):
    shown = mask_name(name)

    assert len(shown.replace("*", "")) <= min(2, len(name) // 2 + len(name) % 2)
    assert shown.replace("*", "") in {"", name[:1], name[:1] + name[-1:]}


@given(st.text(CHARACTERS, min_size=4, max_size=50))
def test_a_mask_does_not_tell_how_long_a_name_of_four_or_more_is(name):
    assert mask_name(name) == f"{name[0]}**{name[-1]}"


@given(st.text(DIGITS, max_size=40))
def test_a_number_shows_no_more_than_its_rule_and_not_its_length(number):
    for mask, digits, length in ((mask_id_number, 8, 14), (mask_phone, 7, 11), (mask_account, 4, 8)):
        shown = mask(number)
        visible = shown.replace("*", "")
        assert shown == "***" or (len(visible), len(shown)) == (digits, length)
        assert not visible or len(visible) < len(number)


GOOD = "539900198001010014"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"身份证号{GOOD}，", "身份证号5399******0014，"),
        (f"证号{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}。", "证号5399******0014。"),
        ("旧证539900800101001已换", "旧证5399******1001已换"),
        ("电话19000000001或+86 190-0000-0002", "电话190****0001或+86 190****0002"),
        ("\uff11\uff19\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff13", "190****0003"),
        ("卡号9900001234567890128", "卡号****0128"),
        ("存折 9900 0012 3456 7890", "存折 ****7890"),
        ("tel19000000004", "tel190****0004"),
        (GOOD[:-1] + ("5" if GOOD[-1] != "5" else "6"), "****0015"),  # mistyped it is still nobody else's to read
    ],
)
def test_numbers_that_people_write_are_masked_as_fields_are(written, shown):
    assert mask_numbers(written) == shown
    assert mask_numbers(shown) == shown


@pytest.mark.parametrize(
    "written",
    [
        "2026年11月23日，月收入455000分，面积12050平方米",
        "2026-11-23 2026-11-24",
        "受理编号DB532502261123ABCDEFGH7，通知书TZ532529261123K3TQ9W2ZFA",
        "区划530000000000，邮编661400，座机0873-4621234",
        "房产证号202611230001",
        "123456789012345",
        "",
    ],
)
def test_what_is_no_such_number_stays_to_be_read(written):
    assert mask_numbers(written) == written
