"""How a claim and the appeals against it go on: every state with every event."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from services.insurance.claims import rules
from services.insurance.claims.rules import APPEAL_MOVES, MOVES, AppealEvent, AppealState, Event, Forbidden, State

ROW = re.compile(r"^\| (\w+) +\| (\w+) +\| (\w+) +\|$", re.MULTILINE)
CLAIMS, APPEALS = (
    {(state, event): after for state, event, after in ROW.findall(part) if state != "state"}
    for part in (rules.__doc__ or "").split("Appeals against")
)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("event", get_args(Event))
def test_a_claim_goes_on_as_the_table_says_and_in_no_other_way(state: State, event: Event) -> None:
    after = CLAIMS.get((state, event))
    if after is not None:
        assert rules.next_state(state, event) == after
    else:
        with pytest.raises(Forbidden):
            rules.next_state(state, event)


@pytest.mark.parametrize("state", get_args(AppealState))
@pytest.mark.parametrize("event", get_args(AppealEvent))
def test_an_appeal_goes_on_as_the_table_says_and_in_no_other_way(state: AppealState, event: AppealEvent) -> None:
    after = APPEALS.get((state, event))
    if after is not None:
        assert rules.next_appeal_state(state, event) == after
    else:
        with pytest.raises(Forbidden):
            rules.next_appeal_state(state, event)


def test_the_tables_have_the_rows_of_the_docstring_and_every_state_is_reached() -> None:
    assert sum(map(len, MOVES.values())) == len(CLAIMS)
    assert sum(map(len, APPEAL_MOVES.values())) == len(APPEALS)
    reached = {after for moves in MOVES.values() for after in moves.values()} | {"reported"}
    assert reached == set(get_args(State)) == set(MOVES)


def test_the_states_before_a_decision_are_those_that_none_has_been_taken_in() -> None:
    decided = {"refused", "recognised", "not_recognised", "assessing", "assessed", "closed", "duplicate"}
    assert set(get_args(State)) - decided == rules.UNDECIDED
