"""What an officer may decide of a course, and when it waits for them."""

from __future__ import annotations

from typing import get_args

import pytest

from services.registry.courses.rules import STATES, Event, State, decided
from shared.errors import RuleBroken
from tests.unit.machines import goes_by

BY_LAW: dict[State, dict[Event, State]] = {
    # nobody works without safety training (95号文 art. 7; 安全生产法 art. 28): a course opens no gate until an officer says so
    "open": {"meet": "open", "decide": "decided"},
    # of a trade that nothing was said of, it waits anew; what was said may be said otherwise
    "decided": {"meet": "open", "decide": "decided"},
}


def test_a_course_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, event): then for state, events in BY_LAW.items() for event, then in events.items()}
    goes_by(STATES, table, get_args(State), get_args(Event))


def test_a_decision_says_one_thing_of_some_trade() -> None:
    word = decided(["courier"], ["freight"], None)
    assert (word.covers("courier"), word.covers("freight"), word.covers("other")) == (True, True, False)
    with pytest.raises(RuleBroken):
        decided([], [], 12)
    with pytest.raises(RuleBroken):
        decided(["courier"], ["courier"], 12)
