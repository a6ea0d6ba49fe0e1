import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.resident_id import InvalidResidentId, parse
from tests.unit.identity.numbers import make

TODAY = dt.date(2026, 11, 23)

regions = st.one_of(
    st.sampled_from(["510603", "510626", "512821", "810000", "820000", "830000", "911156", "132230", "330113"]),
    st.integers(0, 9999).map(lambda tail: f"51{tail:04}"),
)
births = st.dates(dt.date(1900, 1, 1), TODAY)
numbers = st.builds(make, regions, births, st.integers(0, 999))


@given(regions, births, st.integers(0, 999))
def test_a_number_says_where_when_and_for_whom_it_was_issued(region: str, birth: dt.date, serial: int) -> None:
    found = parse(make(region, birth, serial), TODAY)
    assert (found.region_code, found.birth_date) == (region, birth)
    assert found.sex == ("male" if serial % 2 else "female")


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(number: str, place: int, digit: str) -> None:
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong != number:
        with pytest.raises(InvalidResidentId):
            parse(wrong, TODAY)


@given(numbers, st.integers(0, 16))
def test_two_neighbours_changed_over_are_always_found(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        with pytest.raises(InvalidResidentId):
            parse(wrong, TODAY)


@pytest.mark.parametrize("number", ["51060319900101001X", "510681198512310027", "510623200002290034"])
def test_known_numbers_hold(number: str) -> None:
    assert parse(number, TODAY).number == number


def test_a_small_x_is_taken_as_a_capital() -> None:
    assert parse("51060319900101001x", TODAY).number == "51060319900101001X"


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "910156"])
def test_permits_of_people_from_elsewhere_hold(region: str) -> None:
    assert parse(make(region, dt.date(1988, 2, 29), 7), TODAY).region_code == region


@pytest.mark.parametrize("region", ["160000", "000000", "700000", "840000", "059999"])
def test_a_province_that_does_not_exist_is_refused(region: str) -> None:
    with pytest.raises(InvalidResidentId):
        parse(make(region, dt.date(1988, 2, 29), 7), TODAY)


def test_a_day_that_does_not_exist_is_refused() -> None:
    number = make("510603", dt.date(1990, 2, 28), 1)
    with pytest.raises(InvalidResidentId, match="does not exist") as refused:
        parse(number[:6] + "19900230" + number[14:], TODAY)
    assert refused.value.__cause__ is None


def test_a_birth_tomorrow_is_refused_and_one_today_is_not() -> None:
    assert parse(make("510603", TODAY, 1), TODAY).birth_date == TODAY
    with pytest.raises(InvalidResidentId, match="future"):
        parse(make("510603", TODAY + dt.timedelta(days=1), 1), TODAY)


@pytest.mark.parametrize(
    "text", ["", "510603900101001", "5106031990010100１X", " 51060319900101001X", "51060319900101001X\n"]
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidResidentId):
        parse(text, TODAY)


@given(numbers.map(lambda number: number[:17] + ("1" if number[17] != "1" else "2")))
def test_a_refusal_tells_nothing_of_the_number(number: str) -> None:
    with pytest.raises(InvalidResidentId) as refused:
        parse(number, TODAY)
    assert not any(character.isdigit() for character in str(refused.value))
    assert refused.value.__context__ is None


def test_a_number_does_not_show_when_it_is_printed() -> None:
    assert "1990" not in repr(parse("51060319900101001X", TODAY))
