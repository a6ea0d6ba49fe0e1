"""What may happen to a referral to counselling: of what is said there, nothing is published (个人信息保护法 art. 28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.states import Machine

State = Literal["asked", "assigned", "accepted", "finished", "withdrawn"]
Move = Literal["assign", "accept", "decline", "finish", "withdraw"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("asked", "assign"): "assigned",
    ("asked", "withdraw"): "withdrawn",
    ("assigned", "assign"): "assigned",
    ("assigned", "accept"): "accepted",
    ("assigned", "decline"): "asked",
    ("assigned", "withdraw"): "withdrawn",
    ("accepted", "finish"): "finished",
    ("accepted", "withdraw"): "withdrawn",
}

STATES: Machine[State, Move, State] = Machine(
    "counselling referral", MOVES, kind="counselling-state", zh="该心理服务转介的当前状态不允许此操作"
)
