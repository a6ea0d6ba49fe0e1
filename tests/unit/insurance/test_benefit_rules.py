"""What may happen to benefits, advances and debts, over every state and event; and that money never goes below zero."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.benefits import rules
from services.insurance.benefits.rules import DebtState, Forbidden, TooMuch

BENEFIT = {
    "open": {"amount_set": "granted", "stopped": "stopped"},
    "granted": {
        "ordered": "ordered",
        "failed": "failed",
        "postponed": "granted",
        "paid": "paid",
        "taken_over": "granted",
        "stopped": "stopped",
    },
    "ordered": {"paid": "paid", "failed": "failed", "postponed": "granted"},
    "failed": {"corrected": "granted", "stopped": "stopped"},
    "paid": {"next_month": "granted", "adjusted": "paid", "stopped": "stopped"},
    "stopped": {},
}
ADVANCE = {"due": {"advanced": "advanced", "moot": "dropped"}, "advanced": {}, "dropped": {}}
DEBT = {
    "open": {
        "repaid_in_part": "open",
        "repaid_in_full": "recovered",
        "given_up_in_part": "partly_recovered",
        "given_up_whole": "written_off",
    },
    "recovered": {},
    "partly_recovered": {},
    "written_off": {},
}


@pytest.mark.parametrize(
    ("after", "states", "events", "table"),
    [
        (rules.after, rules.State, rules.Event, BENEFIT),
        (rules.advance_after, rules.AdvanceState, rules.AdvanceEvent, ADVANCE),
        (rules.debt_after, rules.DebtState, rules.DebtEvent, DEBT),
    ],
)
def test_each_event_in_each_state(after: Any, states: Any, events: Any, table: Mapping[str, Mapping[str, str]]) -> None:
    assert set(table) == set(get_args(states))
    for state, event in product(get_args(states), get_args(events)):
        if event in table[state]:
            assert after(state, event) == table[state][event]
        else:
            with pytest.raises(Forbidden):
                after(state, event)


def test_the_docstring_shows_the_tables() -> None:
    rows = {
        tuple(cell.strip() for cell in line.strip("|").split("|")[:3])
        for line in (rules.__doc__ or "").splitlines()
        if line.startswith("| ")
    }
    moves = [(state, *move) for table in (BENEFIT, ADVANCE, DEBT) for state in table for move in table[state].items()]
    assert rows == {("state", "event", "next state"), *moves}


fen = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)


few_yuan = st.integers(1, 3).map(Decimal)
"""So few that sums meet their bounds."""


@given(owed=fen, offered=st.lists(fen, max_size=20), given_up=st.booleans())
def test_no_more_comes_back_than_is_owed(owed: Decimal, offered: list[Decimal], given_up: bool) -> None:
    state: DebtState = "open"
    repaid = Decimal(0)
    for amount in offered:
        try:
            state = rules.debt_after(state, rules.repay(owed, repaid, amount))
            repaid += amount
        except (TooMuch, Forbidden):
            continue
    if given_up and state == "open":
        state = rules.debt_after(state, rules.give_up(repaid))
    assert 0 <= repaid <= owed
    assert (state == "recovered") == (repaid == owed)
    assert (state == "written_off") == (given_up and repaid == 0)
    assert (state == "partly_recovered") == (given_up and 0 < repaid < owed)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["pay", "reclaim", "repay", "give_up"]), few_yuan, st.integers(0, 3)), max_size=40
    )
)
def test_no_more_is_reclaimed_than_was_paid(steps: list[tuple[str, Decimal, int]]) -> None:
    paid = Decimal(0)
    debts: list[tuple[DebtState, Decimal, Decimal]] = []
    for step, amount, which in steps:
        if step == "pay":
            paid += amount
        elif step == "reclaim":
            if amount <= rules.recoverable(paid, debts):
                debts.append(("open", amount, Decimal(0)))
        elif debts:
            debts[which % len(debts)] = after_step(step, amount, *debts[which % len(debts)])
        claimed = sum(owed for state, owed, _ in debts if state == "open")
        come_back = sum(repaid for state, _, repaid in debts if state != "open")
        assert claimed + come_back <= paid
        assert rules.recoverable(paid, debts) == paid - claimed - come_back


def after_step(
    step: str, amount: Decimal, state: DebtState, owed: Decimal, repaid: Decimal
) -> tuple[DebtState, Decimal, Decimal]:
    """A debt after an instalment or the end of the efforts; unchanged where the rules forbid it."""
    try:
        if step == "repay":
            return rules.debt_after(state, rules.repay(owed, repaid, amount)), owed, repaid + amount
        return rules.debt_after(state, rules.give_up(repaid)), owed, repaid
    except (TooMuch, Forbidden):
        return state, owed, repaid
