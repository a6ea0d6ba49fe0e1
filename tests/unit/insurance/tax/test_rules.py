"""What becomes of a statement to the tax office, and how it differs from what is there."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import get_args

import pytest

from services.insurance.tax import rules
from services.insurance.tax.rules import STATES, Event, Ours, State, Theirs
from tests.unit.machines import goes_by

STEPS: dict[tuple[str, str], str] = {
    ("waiting", "accept"): "accepted",
    ("waiting", "reject"): "rejected",
    ("waiting", "change"): "waiting",
    ("accepted", "change"): "waiting",
    ("accepted", "lost"): "waiting",
    ("accepted", "collected"): "collected",
    ("rejected", "change"): "waiting",
    ("rejected", "ask_again"): "waiting",
    ("collected", "change"): "waiting",
    ("collected", "lost"): "waiting",
    ("collected", "uncollected"): "accepted",
}
TEN, FIVE, NONE = Decimal(10), Decimal(5), Decimal(0)


def test_every_state_and_event() -> None:
    goes_by(STATES, STEPS, get_args(State), get_args(Event))


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        (None, Theirs("accepted", TEN, NONE), "tax_unknown_here"),
        (None, Theirs("accepted", TEN, NONE, replaced=True), None),
        (None, Theirs("rejected", TEN, NONE), None),
        (Ours("accepted", TEN, NONE), None, "send_again"),
        (Ours("collected", TEN, TEN), None, "send_again"),
        (Ours("waiting", TEN, NONE), None, None),
        (Ours("rejected", TEN, NONE), None, None),
        (Ours("accepted", TEN, NONE), Theirs("accepted", FIVE, NONE), "tax_other_amount"),
        (Ours("waiting", TEN, NONE), Theirs("accepted", TEN, NONE), "take_answer"),
        (Ours("accepted", TEN, NONE), Theirs("rejected", TEN, NONE), "tax_answered_otherwise"),
        (Ours("rejected", TEN, NONE), Theirs("accepted", TEN, NONE), "tax_answered_otherwise"),
        (Ours("accepted", TEN, FIVE), Theirs("accepted", TEN, NONE), "tax_other_paid"),
        (Ours("collected", TEN, TEN), Theirs("accepted", TEN, TEN), None),
    ],
)
def test_each_difference(ours: Ours | None, theirs: Theirs | None, found: str | None) -> None:
    assert rules.compare(ours, theirs) == found


def test_money_that_came_or_went_back() -> None:
    assert rules.collected("accepted", TEN, FIVE) is None
    assert rules.collected("accepted", TEN, TEN) == "collected"
    assert rules.collected("accepted", NONE, NONE) == "collected"
    assert rules.collected("collected", TEN, FIVE) == "uncollected"
    for state, paid in product(get_args(State), (NONE, FIVE, TEN)):
        event = rules.collected(state, TEN, paid)
        assert event is None or STATES.allows(state, event)
