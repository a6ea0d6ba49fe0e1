"""State machines: what a table allows, what it refuses, and how it is shown."""

from __future__ import annotations

from typing import Literal

import pytest

from shared import states
from shared.errors import Conflict
from shared.states import Machine

State = Literal["open", "shut", "gone"]
Event = Literal["make", "open", "shut", "remove"]

DOOR: Machine[State | None, Event, State] = Machine(
    "door",
    {(None, "make"): "shut", ("shut", "open"): "open", ("open", "shut"): "shut", ("shut", "remove"): "gone"},
    zh="门的当前状态不允许此操作",
)
BELL: Machine[str, str, tuple[str, str | None]] = Machine("bell", {("still", "ring"): ("rung", "loud")})


def test_an_event_leads_to_the_next_state() -> None:
    assert DOOR.next(None, "make") == "shut"
    assert BELL.next("still", "ring") == ("rung", "loud")


def test_what_a_state_forbids_is_a_conflict_in_both_languages() -> None:
    with pytest.raises(Conflict) as refused:
        DOOR.next("open", "remove")
    assert refused.value.kind == "not-in-this-state"
    assert refused.value.zh == "门的当前状态不允许此操作"
    assert refused.value.en == "remove is not possible: the door is open"
    assert not DOOR.allows("open", "remove")
    assert DOOR.allows("shut", "remove")


def test_a_state_is_final_where_nothing_leads_out_of_it() -> None:
    assert DOOR.final == {"gone"}
    assert BELL.final == {"rung"}


def test_a_machine_is_shown_as_a_table_and_as_mermaid() -> None:
    assert states.as_table(DOOR).splitlines()[2:4] == ["| none | make | shut |", "| shut | open | open |"]
    drawn = states.as_mermaid(DOOR).splitlines()
    assert drawn[:3] == ["stateDiagram-v2", "    [*] --> shut: make", "    shut --> open: open"]
    assert drawn[-1] == "    gone --> [*]"
