from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.persons import retirement_rules
from services.subsidies.persons.retirement_rules import Group
from shared.policy.calendar import months_after
from shared.policy.parameters import MissingParameter, parameters

LAW = parameters.on(dt.date(2026, 3, 1), place="510603")
ORIGINAL = {"male": 720, "female_cadre": 660, "female_worker": 600}
CAP = {"male": 36, "female_cadre": 36, "female_worker": 60}


@pytest.mark.parametrize(
    ("born_on", "group", "retires_on"),
    [
        (dt.date(1964, 12, 31), "male", dt.date(2024, 12, 31)),  # 60 before 2025-01: not delayed
        (dt.date(1965, 1, 1), "male", dt.date(2025, 2, 1)),  # m = 0: ceil(1/4) = 1 month
        (dt.date(1965, 4, 30), "male", dt.date(2025, 5, 30)),  # m = 3: ceil(4/4) = 1 month
        (dt.date(1965, 5, 1), "male", dt.date(2025, 7, 1)),  # m = 4: ceil(5/4) = 2 months
        (dt.date(1970, 3, 15), "male", dt.date(2031, 7, 15)),  # m = 62: ceil(63/4) = 16 months
        (dt.date(1976, 8, 1), "male", dt.date(2039, 7, 1)),  # m = 139: ceil(140/4) = 35 months
        (dt.date(1976, 12, 1), "male", dt.date(2039, 12, 1)),  # m = 143: 36 months
        (dt.date(1990, 6, 15), "male", dt.date(2053, 6, 15)),  # the cap: 63 years
        (dt.date(1970, 1, 1), "female_cadre", dt.date(2025, 2, 1)),  # m = 0: 1 month
        (dt.date(1990, 1, 1), "female_cadre", dt.date(2048, 1, 1)),  # the cap: 58 years
        (dt.date(1975, 1, 1), "female_worker", dt.date(2025, 2, 1)),  # m = 0: ceil(1/2) = 1 month
        (dt.date(1975, 3, 1), "female_worker", dt.date(2025, 5, 1)),  # m = 2: ceil(3/2) = 2 months
        (dt.date(1984, 11, 1), "female_worker", dt.date(2039, 11, 1)),  # m = 118: ceil(119/2) = 60, the cap
        (dt.date(1990, 1, 1), "female_worker", dt.date(2045, 1, 1)),  # the cap: 55 years
    ],
)
def test_the_age_rises_by_the_steps_of_2025(born_on: dt.date, group: Group, retires_on: dt.date) -> None:
    assert retirement_rules.retires_on(born_on, group, LAW) == retires_on


@given(st.dates(dt.date(1950, 1, 1), dt.date(2005, 12, 31)), st.sampled_from(["male", "female_cadre", "female_worker"]))
def test_nobody_retires_earlier_or_beyond_the_cap(born_on: dt.date, group: Group) -> None:
    day = retirement_rules.retires_on(born_on, group, LAW)
    assert months_after(born_on, ORIGINAL[group]) <= day <= months_after(born_on, ORIGINAL[group] + CAP[group])


@given(st.dates(dt.date(1950, 1, 1), dt.date(2004, 12, 1)), st.sampled_from(["male", "female_cadre", "female_worker"]))
def test_who_is_born_later_never_retires_earlier(born_on: dt.date, group: Group) -> None:
    earlier, later = born_on, months_after(born_on.replace(day=1), 1)
    assert retirement_rules.retires_on(earlier, group, LAW) <= retirement_rules.retires_on(later, group, LAW)


def test_a_mans_group_needs_no_word_of_his() -> None:
    assert retirement_rules.group_of("male", None, LAW) == "male"
    assert retirement_rules.group_of("male", "female_worker", LAW) == "male"


def test_a_womans_group_is_confirmed_while_no_rule_is_known() -> None:
    assert retirement_rules.group_of("female", None, LAW) is None
    assert retirement_rules.group_of("female", "female_cadre", LAW) == "female_cadre"


def test_before_2025_the_steps_are_not_known() -> None:
    with pytest.raises(MissingParameter):
        retirement_rules.retires_on(dt.date(1965, 1, 1), "male", parameters.on(dt.date(2024, 12, 31)))
