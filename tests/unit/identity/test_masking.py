import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.masking import mask_bank_account, mask_email, mask_id, mask_name, mask_phone, mask_text
from tests.unit.identity.numbers import make

ids = st.builds(
    make,
    st.sampled_from(["510603", "810000", "911156", "132230"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 23)),
    st.integers(0, 999),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
# Anything may stand around a number but another digit, or a hyphen or blank that could belong to it.
around = st.text(st.characters(exclude_categories=["N", "Z", "Cc"], exclude_characters="-+"), max_size=8)


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_id("51060319900101001X"), "5106**********001X"),
        (mask_id("1234"), "****"),
        (mask_phone("13800001234"), "138****1234"),
        (mask_email("wangwu@example.com"), "w*****@example.com"),
        (mask_bank_account("6222020000000001234"), "***************1234"),
        (mask_name("王小明"), "王**"),
        (mask_name("欧阳娜娜"), "欧阳**"),
        (mask_name("欧阳"), "欧*"),
        (mask_name("阿卜杜·外力"), "阿*****"),
        (mask_name("李"), "*"),
        (mask_name(""), ""),
    ],
)
def test_the_telling_part_is_hidden(masked: str, expected: str) -> None:
    assert masked == expected


@given(around, ids, around)
def test_an_id_number_in_a_text_is_masked(before: str, number: str, after: str) -> None:
    for written in (number, number.lower()):
        assert mask_text(f"{before}{written}{after}") == f"{before}{mask_id(written)}{after}"


@given(around, ids.map(lambda number: number[:6] + number[8:17]), around)
def test_an_old_id_number_in_a_text_is_masked(before: str, number: str, after: str) -> None:
    assert mask_text(f"{before}{number}{after}") == f"{before}{mask_id(number)}{after}"


@given(around, mobiles, around, st.sampled_from(["", "+86", "86 ", "0086-"]))
def test_a_mobile_number_in_a_text_is_masked(before: str, number: str, after: str, country: str) -> None:
    assert mask_text(f"{before}{country}{number}{after}") == f"{before}{country}{mask_phone(number)}{after}"


def test_a_mobile_number_in_groups_is_masked() -> None:
    assert mask_text("请拨打138 0000 1234或139-0000-5678。") == "请拨打138****1234或139****5678。"


def test_every_number_of_a_text_is_masked() -> None:
    assert mask_text("13800001234,51060319900101001x;13900005678") == "138****1234,5106**********001x;139****5678"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T12:00:00.123456+08:00",
        "0190f3e1-7c1a-7c1a-8c1a-0f8123456781",
        "order 202611230000000001 of 91510600MA00000X1K",
        "offset 1380000123456 of 13800001234567",
        "account 62220213800001234",
        "claim 1234567 closed",
        "",
    ],
)
def test_what_is_nobodys_number_stays_readable(text: str) -> None:
    assert mask_text(text) == text
