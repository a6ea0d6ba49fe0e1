from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.directives import rules
from services.complaints.directives.rules import STATES, Move, State
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 23)
LAW = parameters.on(DAY, place="510603")


BY_LAW: dict[State, dict[Move, State]] = {
    # an order binds from its service on, and may be annulled until it is carried out; what arbitration or a court decides from
    # now on is ordered no more (劳动保障监察条例 art. 21)
    "issued": {"serve": "served", "withdraw": "withdrawn", "give_way": "to_dispute"},
    "served": {
        "extend": "served",
        "hand_in": "served",
        "pass": "overdue",
        "check": "checked",
        "withdraw": "withdrawn",
        "give_way": "to_dispute",
    },
    "overdue": {"hand_in": "overdue", "check": "checked", "withdraw": "withdrawn", "give_way": "to_dispute"},
    # a second officer confirms what the first one found; its last day may pass meanwhile
    "checked": {
        "pass": "checked",
        "confirm_met": "met",
        "confirm_unmet": "unmet",
        "reject": "served",
        "reject_late": "overdue",
        "give_way": "to_dispute",
    },
    # who has not obeyed in time may be punished (art. 30), and may obey late
    "unmet": {"hand_in": "unmet", "check": "checked", "withdraw": "withdrawn"},
    "met": {},
    "withdrawn": {},
    "to_dispute": {},
}


def test_an_order_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_how_an_order_ends() -> None:
    assert STATES.final == {"met", "withdrawn", "to_dispute"}


def test_what_an_enterprise_said_is_not_written_over() -> None:
    assert rules.with_more(None, "已支付") == "已支付"
    assert rules.with_more("已支付", "附凭证") == "已支付\n\n附凭证"
    with pytest.raises(Conflict):
        rules.with_more("长" * rules.LONGEST_TEXT, "再补充")


def test_compensation_is_reckoned_for_each_person_to_the_fen() -> None:
    owed = [Decimal("100.01"), Decimal("33.33")]
    assert rules.total(owed) == Decimal("133.34")
    assert rules.compensation(owed, Decimal(50), LAW) == [Decimal("50.01"), Decimal("16.67")]
    assert rules.compensation(owed, Decimal(100), LAW) == owed


@given(percent=st.integers(0, 1000))
def test_no_compensation_is_outside_of_50_to_100_per_cent(percent: int) -> None:
    if 50 <= percent <= 100:
        [added] = rules.compensation([Decimal(1000)], Decimal(percent), LAW)
        assert added == 10 * percent
    else:
        with pytest.raises(RuleBroken):
            rules.compensation([Decimal(1000)], Decimal(percent), LAW)


@pytest.mark.parametrize("days", [0, 61])
def test_a_deadline_outside_of_the_range_is_refused(days: int) -> None:
    with pytest.raises(RuleBroken):
        rules.check_days(days, LAW)


def test_an_order_on_paper_is_recorded_within_the_limitation() -> None:
    rules.check_issued(DAY, DAY, LAW)
    rules.check_issued(DAY - dt.timedelta(days=700), DAY, LAW)
    for wrong in (DAY + dt.timedelta(days=1), DAY - dt.timedelta(days=800)):
        with pytest.raises(RuleBroken):
            rules.check_issued(wrong, DAY, LAW)


def test_what_shows_who_reported_stands_in_no_order() -> None:
    rules.check_silence(["支付差额"], ["w-1"])
    with pytest.raises(Conflict):
        rules.check_silence(["向w-1支付差额"], ["w-1"])


def test_an_order_is_not_found_unmet_before_its_term_is_over() -> None:
    rules.check_unmet(True, DAY, DAY)
    rules.check_unmet(False, DAY, DAY + dt.timedelta(days=1))
    with pytest.raises(Conflict):
        rules.check_unmet(False, DAY, DAY)
