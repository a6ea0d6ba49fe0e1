"""What becomes of a difference."""

from __future__ import annotations

from typing import get_args

from services.insurance.differences.rules import STATES, DifferenceEvent, DifferenceState
from tests.unit.machines import goes_by

STEPS: dict[tuple[str, str], str] = {
    ("mending", "found"): "mending",
    ("mending", "mended"): "mended",
    ("mending", "refused"): "open",
    ("mending", "vanished"): "mended",
    ("open", "found"): "open",
    ("open", "changed"): "open",
    ("open", "vanished"): "mended",
    ("open", "noted"): "resolved",
    ("open", "put_right"): "mending",
    ("resolved", "found"): "resolved",
    ("resolved", "changed"): "open",
    ("resolved", "vanished"): "mended",
    ("mended", "found"): "open",
    ("mended", "changed"): "open",
}


def test_every_state_and_event_of_a_difference() -> None:
    goes_by(STATES, STEPS, get_args(DifferenceState), get_args(DifferenceEvent))
