"""What may happen to benefits, advances and debts, over every state and event; and that money never goes below zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.benefits import rules
from services.insurance.debts import rules as debts
from services.insurance.debts.rules import DebtState, give_up, repay
from services.insurance.recoveries.rules import recoverable
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from shared.states import Machine
from tests.unit.machines import goes_by

SINCE = dt.date(2026, 7, 10)


@pytest.mark.parametrize(
    ("paid_to", "ends"),
    [
        (None, "2026-06"),
        ("2026-05", "2026-06"),
        ("2026-07", "2026-07"),
        ("2026-09", "2026-09"),
        ("2026-11", "2026-09"),
    ],
)
def test_pay_of_suspended_work_ends_where_one_is_missing(paid_to: str | None, ends: str) -> None:
    """By hand, missing since 10 July 2026: July to September are paid once (art. 41). What was paid for them stays; what was paid for
    October and November is too much."""
    assert rules.pay_ends_with(SINCE, paid_to, parameters.on(SINCE, place="510603")) == ends


def test_care_ends_with_the_month_of_the_absence() -> None:
    kinds = ("suspended_pay", "suspended_nursing")
    assert [rules.last_before_absence(kind, SINCE) for kind in kinds] == ["2026-06", "2026-07"]


BENEFIT = {
    "open": {"amount_set": "granted", "stopped": "stopped"},
    "granted": {
        "ordered": "ordered",
        "failed": "failed",
        "postponed": "granted",
        "paid": "paid",
        "taken_over": "granted",
        "deferred": "paid",
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
        "corrected": "open",
    },
    "recovered": {"corrected": "open"},
    "partly_recovered": {"corrected": "open"},
    "written_off": {},
}


@pytest.mark.parametrize(
    ("machine", "states", "events", "table"),
    [
        (rules.STATES, rules.State, rules.Event, BENEFIT),
        (rules.ADVANCES, rules.AdvanceState, rules.AdvanceEvent, ADVANCE),
        (debts.STATES, debts.DebtState, debts.DebtEvent, DEBT),
    ],
)
def test_each_event_in_each_state(
    machine: Machine[Any, Any, Any], states: Any, events: Any, table: Mapping[str, Mapping[str, str]]
) -> None:
    assert set(table) == set(get_args(states))
    flat = {(state, event): then for state, moves in table.items() for event, then in moves.items()}
    goes_by(machine, flat, get_args(states), get_args(events))


fen = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)


few_yuan = st.integers(1, 3).map(Decimal)
"""So few that sums meet their bounds."""


@given(owed=fen, offered=st.lists(fen, max_size=20), given_up=st.booleans())
def test_no_more_comes_back_than_is_owed(owed: Decimal, offered: list[Decimal], given_up: bool) -> None:
    state: DebtState = "open"
    repaid = Decimal(0)
    for amount in offered:
        try:
            state = debts.STATES.next(state, repay(owed, repaid, amount))
            repaid += amount
        except (RuleBroken, Conflict):
            continue
    if given_up and state == "open":
        state = debts.STATES.next(state, give_up(repaid))
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
            if amount <= recoverable(paid, debts):
                debts.append(("open", amount, Decimal(0)))
        elif debts:
            debts[which % len(debts)] = after_step(step, amount, *debts[which % len(debts)])
        claimed = sum(owed for state, owed, _ in debts if state == "open")
        come_back = sum(repaid for state, _, repaid in debts if state != "open")
        assert claimed + come_back <= paid
        assert recoverable(paid, debts) == paid - claimed - come_back


def after_step(
    step: str, amount: Decimal, state: DebtState, owed: Decimal, repaid: Decimal
) -> tuple[DebtState, Decimal, Decimal]:
    """A debt after an instalment or the end of the efforts; unchanged where the rules forbid it."""
    try:
        if step == "repay":
            return debts.STATES.next(state, repay(owed, repaid, amount)), owed, repaid + amount
        return debts.STATES.next(state, give_up(repaid)), owed, repaid
    except (RuleBroken, Conflict):
        return state, owed, repaid
