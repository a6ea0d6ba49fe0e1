"""What help to work is, and what may happen to an offer of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.states import Machine

Kind = Literal["vacancy", "public_post", "training", "guidance", "subsidy"]
KINDS: Final[Mapping[Kind, str]] = {
    "vacancy": "岗位推荐",
    "public_post": "公益性岗位安置",
    "training": "职业技能培训",
    "guidance": "职业指导",
    "subsidy": "政策补贴",
}
"""How help is given (就业促进法 art. 52, 53)."""

State = Literal["offered", "accepted", "declined"]
Move = Literal["accept", "decline"]

STATES: Machine[State, Move, State] = Machine(
    "offer of employment assistance",
    {("offered", "accept"): "accepted", ("offered", "decline"): "declined"},
    kind="offer-state",
    zh="该就业援助已经答复",
)
"""Declining one offer takes nothing from the person."""
