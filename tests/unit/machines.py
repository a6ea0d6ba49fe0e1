"""What every state machine is held against: its table, written down once more by the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pytest

from shared.errors import Conflict
from shared.states import Machine


def goes_by(
    machine: Machine[Any, Any, Any], table: Mapping[tuple[Any, Any], Any], states: Iterable[Any], events: Iterable[Any]
) -> None:
    """Assert that each event leads from each state to what the table says, and is a conflict where it says nothing."""
    assert set(table) == set(machine.moves)
    for state, event in product(list(states), list(events)):
        if (state, event) in table:
            assert machine.next(state, event) == table[state, event]
        else:
            with pytest.raises(Conflict) as refused:
                machine.next(state, event)
            assert refused.value.kind == machine.kind
