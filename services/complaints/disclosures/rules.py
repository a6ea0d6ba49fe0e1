"""When who reported may be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict
from shared.states import Machine

State = Literal["asked", "approved", "refused", "used"]
Move = Literal["approve", "refuse", "read"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("asked", "approve"): "approved",
    ("asked", "refuse"): "refused",
    ("approved", "read"): "used",
}

STATES: Machine[State, Move, State] = Machine(
    "disclosure", MOVES, kind="disclosure-state", zh="该披露申请的当前状态不允许此操作"
)


def check_approver(asked_by: str, approver: str) -> None:
    """Raise Conflict where somebody approves what they asked for themselves."""
    if asked_by == approver:
        raise Conflict("own-request", "不能审批本人的披露申请", "nobody approves their own request")
