"""What an officer may decide of a course, and when it waits for them."""

from __future__ import annotations

import pytest

from services.registry.courses.rules import MOVES, STATES, Event, State, decided
from shared.errors import Conflict, RuleBroken

STATE_NAMES: tuple[State, ...] = ("open", "decided")
EVENTS: tuple[Event, ...] = ("meet", "decide")


@pytest.mark.parametrize("state", STATE_NAMES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_in_every_state(state: State, event: Event) -> None:
    if (state, event) in MOVES:
        assert STATES.next(state, event) == MOVES[state, event]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


def test_a_decision_says_one_thing_of_some_trade() -> None:
    word = decided(["courier"], ["freight"], None)
    assert (word.covers("courier"), word.covers("freight"), word.covers("other")) == (True, True, False)
    with pytest.raises(RuleBroken):
        decided([], [], 12)
    with pytest.raises(RuleBroken):
        decided(["courier"], ["courier"], 12)
