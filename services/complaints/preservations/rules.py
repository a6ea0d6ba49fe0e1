"""What may happen to evidence that is registered and kept, and who does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict
from shared.states import Machine

OriginKind = Literal["case", "inspection", "penalty"]

State = Literal["asked", "refused", "kept", "decided", "lapsed"]
Move = Literal["approve", "refuse", "decide", "lapse"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("asked", "approve"): "kept",
    ("asked", "refuse"): "refused",
    ("kept", "decide"): "decided",
    ("kept", "lapse"): "lapsed",
}

STATES: Machine[State, Move, State] = Machine(
    "preservation", MOVES, kind="preservation-state", zh="该登记保存的当前状态不允许此操作"
)

Outcome = Literal["returned", "filed", "examined", "transferred"]
"""What is decided on things that were kept: given back (解除), taken to the file as evidence, given to be examined, or handed to the
body that is competent. Labour inspection has no power to seal or seize them."""


def check_another(officer: str, asked_by: str) -> None:
    """Raise Conflict where somebody gives leave to, or decides on, what they asked for themselves (行政处罚法 art. 56)."""
    if officer == asked_by:
        raise Conflict("same-officer", "应由另一名人员办理", "this is for another officer")
