from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.penalty_grounds import gain_rules
from services.complaints.penalty_grounds.gain_rules import Gain
from shared.errors import RuleBroken
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 3, 2), place="510603")
FEN = Decimal("0.01")
sums = st.integers(0, 10_000_000).map(lambda fen: fen * FEN)


@given(sums, sums, sums)
def test_what_was_gained_is_owed_back_or_confiscated(received: Decimal, owed_back: Decimal, repaid: Decimal) -> None:
    gain = Gain(received, owed_back, repaid)
    if not repaid <= owed_back <= received:
        with pytest.raises(RuleBroken):
            gain_rules.check_gain(gain)
        return
    gain_rules.check_gain(gain)
    assert gain.confiscable + gain.repaid + gain.left_to_repay == received
    gain_rules.check_confiscated(gain.confiscable, gain)
    for other in (gain.confiscable + FEN, gain.confiscable - FEN):
        with pytest.raises(RuleBroken):
            gain_rules.check_confiscated(other, gain)


def test_what_is_owed_back_is_not_confiscated_though_unpaid() -> None:
    gain_rules.check_confiscated(Decimal(0), Gain(Decimal(900), Decimal(900)))
    gain_rules.check_confiscated(Decimal(0), None)
    with pytest.raises(RuleBroken):
        gain_rules.check_confiscated(Decimal(1), None)


def test_a_ground_that_confiscates_asks_what_was_gained() -> None:
    gain_rules.check_stated(None, confiscates=False)
    gain_rules.check_stated(Gain(Decimal(0)), confiscates=True)
    with pytest.raises(RuleBroken):
        gain_rules.check_stated(None, confiscates=True)


def test_a_large_confiscation_is_one_from_the_dated_sum_on() -> None:
    assert gain_rules.is_large(Decimal(50000), LAW)
    assert not gain_rules.is_large(Decimal("49999.99"), LAW)
    assert not gain_rules.is_large(Decimal(0), LAW)
