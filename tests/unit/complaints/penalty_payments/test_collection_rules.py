from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from services.complaints.penalties.rules import Why
from services.complaints.penalty_payments import rules
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 3, 2), place="510603")


@pytest.mark.parametrize(
    ("why", "fine", "on_spot", "same_day", "asked", "fits"),
    [
        ("small", "100", True, True, False, True),
        ("small", "100.01", True, True, False, False),
        ("small", "100", False, True, False, False),
        ("small", "100", True, False, False, False),
        ("hard_later", "3000", True, True, False, True),
        ("hard_later", "3000", False, True, True, False),
        ("remote", "3000", False, False, True, True),
        ("remote", "100", True, True, False, False),
    ],
)
def test_officers_collect_only_where_the_law_lets_them(
    why: Why, fine: str, on_spot: bool, same_day: bool, asked: bool, fits: bool
) -> None:
    def check(amount: Decimal) -> None:
        owed = Decimal(fine)
        rules.check_collection(why, amount, owed, owed, LAW, on_spot=on_spot, same_day=same_day, asked=asked)

    if fits:
        check(Decimal(fine))
        with pytest.raises(Conflict):
            check(Decimal(fine) - 1)
    else:
        with pytest.raises(Conflict):
            check(Decimal(fine))


def test_officers_collect_nothing_that_was_paid() -> None:
    """What the bank received counts whether it is owed or not; they themselves take in nothing beyond it."""
    fine, most = Decimal(2000), {"on_spot": True, "same_day": True, "asked": False}
    rules.check_collection("hard_later", fine, fine, fine, LAW, **most)
    with pytest.raises(RuleBroken) as refused:
        rules.check_collection("hard_later", fine, fine, Decimal("1999.99"), LAW, **most)
    assert refused.value.kind == "too-much"
