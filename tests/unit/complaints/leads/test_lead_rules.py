"""What may happen to a lead."""

from __future__ import annotations

from typing import get_args

from services.complaints.leads.rules import OUTCOMES, STATES, Move, State
from tests.unit.machines import goes_by

TABLE = {
    (None, "raise"): "raised",
    ("raised", "change"): "raised",
    ("raised", "take_up"): "taken_up",
    ("raised", "dismiss"): "dismissed",
    ("raised", "withdraw"): "withdrawn",
    ("withdrawn", "raise"): "raised",
    ("taken_up", "change"): "taken_up",
    ("taken_up", "withdraw"): "taken_up",
    ("dismissed", "change"): "dismissed",
    ("dismissed", "withdraw"): "dismissed",
}


def test_a_lead_goes_by_its_table() -> None:
    goes_by(STATES, TABLE, [None, *get_args(State)], get_args(Move))


def test_what_a_person_has_decided_stays_decided() -> None:
    for (state, _), then in TABLE.items():
        assert then == state or state not in ("taken_up", "dismissed")
    assert OUTCOMES.keys() == {*get_args(State)} - {"raised"}
