"""How a request that an officer stay away is decided, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Forbidden
from shared.states import Machine

State = Literal["asked", "agreed", "refused"]
Move = Literal["agree", "refuse"]
MatterKind = Literal["case", "dispute", "penalty"]
Side = Literal["reporter", "enterprise"]
"""Who asks: whoever filed the case or the workers of a dispute, or the enterprise."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("asked", "agree"): "agreed",
    ("asked", "refuse"): "refused",
}

STATES: Machine[State, Move, State] = Machine("recusal request", MOVES, kind="recusal-state", zh="该回避申请已经决定")


def check_decider(asked_away: str | None, decider: str) -> None:
    """Raise Forbidden where an officer would decide whether they themselves stay away."""
    if asked_away == decider:
        raise Forbidden("不能决定本人的回避", "nobody decides on their own recusal")
