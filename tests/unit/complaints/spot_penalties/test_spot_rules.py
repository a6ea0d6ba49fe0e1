from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from services.complaints.penalty_grounds.intended_rules import Intended
from services.complaints.spot_penalties import rules
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 3, 2)
LAW = parameters.on(DAY, place="510603")
FIRM, TRADER = "91510600MA6300017Q", "92510600MA6300017Q"


@pytest.mark.parametrize(
    ("uscc", "fine", "fits"),
    [
        (FIRM, "3000", True),
        (FIRM, "3000.01", False),
        (FIRM, "0", True),
        (TRADER, "200", True),
        (TRADER, "200.01", False),
    ],
)
def test_only_a_small_fine_is_decided_on_the_spot(uscc: str, fine: str, fits: bool) -> None:
    intended = Intended(True, Decimal(fine))
    if fits:
        rules.check_on_spot(intended, uscc, LAW)
    else:
        with pytest.raises(Conflict):
            rules.check_on_spot(intended, uscc, LAW)


def test_nothing_is_confiscated_on_the_spot() -> None:
    with pytest.raises(Conflict):
        rules.check_on_spot(Intended(False, Decimal(2000), Decimal(1)), FIRM, LAW)


def test_before_the_law_of_2021_nothing_is_known_of_the_spot() -> None:
    with pytest.raises(LookupError):
        rules.check_on_spot(Intended(True, Decimal(0)), FIRM, parameters.on(dt.date(2021, 7, 14)))


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_decision_on_the_spot_is_reported_in_time(days: int, fits: bool) -> None:
    today = DAY + dt.timedelta(days)
    if fits:
        rules.check_reported(DAY, today, LAW)
    else:
        with pytest.raises(RuleBroken):
            rules.check_reported(DAY, today, LAW)


@pytest.mark.parametrize(
    ("statement", "answer", "waived", "fits"),
    [
        ("并未阻挠", "不予采纳", False, True),
        (None, None, True, True),
        (None, None, False, False),
        ("并未阻挠", None, False, False),
        ("并未阻挠", "不予采纳", True, False),
        (None, "不予采纳", True, False),
    ],
)
def test_the_party_is_heard_on_the_spot(statement: str | None, answer: str | None, waived: bool, fits: bool) -> None:
    if fits:
        rules.check_spoken(statement, answer, waived=waived)
    else:
        with pytest.raises(RuleBroken):
            rules.check_spoken(statement, answer, waived=waived)


def test_a_decision_says_where_the_party_did_not_sign() -> None:
    rules.check_signed(True, None)
    rules.check_signed(False, "拒绝签收")
    for signed, note in ((True, "拒绝签收"), (False, None)):
        with pytest.raises(RuleBroken):
            rules.check_signed(signed, note)
