"""What may happen to a lead, who deals with it, and what its id is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.complaints.leads import Finding, LeadKind, Outcome
from shared.policy.parameters import Used
from shared.states import Machine

State = Literal["raised", "taken_up", "dismissed", "withdrawn"]
Move = Literal["raise", "change", "take_up", "dismiss", "withdraw"]

_NAMESPACE: Final = uuid.UUID("6f9b1d0e-6d5e-5c57-9d0b-3a1f6f2f7c11")

MOVES: Final[Mapping[tuple[State | None, Move], State]] = {
    (None, "raise"): "raised",
    ("raised", "change"): "raised",
    ("raised", "take_up"): "taken_up",
    ("raised", "dismiss"): "dismissed",
    ("raised", "withdraw"): "withdrawn",
    ("withdrawn", "raise"): "raised",
    # what a person has decided stays; what the data show goes on being kept beside it
    ("taken_up", "change"): "taken_up",
    ("taken_up", "withdraw"): "taken_up",
    ("dismissed", "change"): "dismissed",
    ("dismissed", "withdraw"): "dismissed",
}

STATES: Machine[State | None, Move, State] = Machine(
    "lead", MOVES, kind="lead-state", zh="该线索的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a finder has found. `about` is what the sign is about, by natural keys: with the kind it makes the lead's id.

    `events` are the ids of the events that it rests on,
    `to_judge` names what the data leave open (`kinds.yaml`).
    """

    about: str
    platform: str
    worker_ref: str | None
    worker_id: str | None
    district: str
    finding: Finding
    events: Sequence[str]
    used: Sequence[Used]
    to_judge: Sequence[str]

    @property
    def kind(self) -> LeadKind:
        return kind_of(self.finding)

    @property
    def lead_id(self) -> str:
        return lead_id(self.kind, self.about)


def kind_of(finding: Finding) -> LeadKind:
    kind: LeadKind = type(finding).__struct_config__.tag  # type: ignore[assignment]
    return kind


def lead_id(kind: LeadKind, about: str) -> str:
    """The id of the one lead of a kind about something, in whatever order the data come."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}|{about}"))


OUTCOMES: Final[Mapping[State, Outcome]] = {"taken_up": "taken_up", "dismissed": "dismissed", "withdrawn": "withdrawn"}
"""The states in which nobody waits for an officer."""
