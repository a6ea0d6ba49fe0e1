import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity import phones, regions, uscc
from tests.unit.identity.numbers import make_uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.text(ALPHABET, min_size=9, max_size=9))
def test_a_credit_code_holds_in_capitals_or_not(organisation: str) -> None:
    code = make_uscc(organisation)
    assert uscc.parse(code) == uscc.parse(code.lower()) == code


@given(st.text(ALPHABET, min_size=9, max_size=9), st.sampled_from(ALPHABET))
def test_a_credit_code_with_another_check_digit_is_refused(organisation: str, digit: str) -> None:
    code = make_uscc(organisation)
    if digit != code[17]:
        with pytest.raises(uscc.InvalidUscc):
            uscc.parse(code[:17] + digit)


@pytest.mark.parametrize(
    "code", ["", "9111 0000600037341L", "91110000600037341", "A1110000600037341L", "91110000600037341O"]
)
def test_another_shape_of_credit_code_is_refused(code: str) -> None:
    with pytest.raises(uscc.InvalidUscc):
        uscc.parse(code)


@pytest.mark.parametrize(
    "text",
    ["13800001234", "+8613800001234", "0086 138 0000 1234", "138-0000-1234", "86 13800001234", "+86 138 0000 1234"],
)
def test_a_mobile_number_is_read_however_it_is_written(text: str) -> None:
    assert phones.parse(text) == "13800001234"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        "0838-2501234",
        "+852 51234567",
        "+1 650 253 0000",
        "+49 15112345678",
        "138000012345",
        "1380000123",
        "x" * 500,
    ],
)
def test_what_no_sms_can_reach_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(phones.InvalidPhone) as refused:
        phones.parse(text)
    assert not text or text not in str(refused.value)


def test_deyang_has_six_districts_today() -> None:
    assert dict(regions.DISTRICTS) == {
        "510603": "旌阳区",
        "510604": "罗江区",
        "510623": "中江县",
        "510681": "广汉市",
        "510682": "什邡市",
        "510683": "绵竹市",
    }


@pytest.mark.parametrize("code", ["510600", "510626", "510104", ""])
def test_the_city_past_codes_and_other_cities_are_no_district(code: str) -> None:
    assert not regions.is_district(code)


def test_past_codes_are_deyangs_and_lead_to_todays() -> None:
    assert regions.name("510626") == "罗江县"
    for region in regions.REGIONS.values():
        assert (region.until is not None) == bool(region.successors)
        assert all(regions.is_district(code) for code in region.successors)
