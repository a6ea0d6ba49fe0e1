"""What may happen to a consultation (集体合同规定 art. 32-36).

`answer` is an enterprise's word that it takes part, `refuse` that it does not when it is the last one to say so; `conclude`
is a contract or minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, get_args

from shared.contracts.registry import Subject
from shared.policy.calendar import Deadline, add_days
from shared.policy.parameters import Law
from shared.states import Machine

Level = Literal["enterprise", "industry", "region"]
Side = Literal["union", "representatives"]
Outcome = Literal["contract", "minutes", "failed", "withdrawn"]

MOST_NOTES = 100
"""How many notes one caller may put to one consultation: ours, not the law's."""

State = Literal["asked", "refused", "talking", "closed"]
Event = Literal["answer", "refuse", "note", "conclude", "withdraw", "fail"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("asked", "answer"): "talking",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "closed",
    ("asked", "fail"): "closed",
    ("refused", "answer"): "talking",
    ("refused", "withdraw"): "closed",
    ("refused", "fail"): "closed",
    ("talking", "answer"): "talking",
    ("talking", "refuse"): "talking",
    ("talking", "note"): "talking",
    ("talking", "conclude"): "closed",
    ("talking", "withdraw"): "closed",
    ("talking", "fail"): "closed",
}

STATES: Machine[State, Event, State] = Machine(
    "consultation", MOVES, kind="consultation-state", zh="该集体协商的当前状态不允许此操作"
)


def subject_names(law: Law) -> dict[Subject, str]:
    """The subjects of consultations with their Chinese names (德人社发〔2022〕95 号 art. 10)."""
    return dict(zip(get_args(Subject), law.texts("bargaining.topics"), strict=True))


def answer_by(asked_on: dt.date, law: Law) -> Deadline:
    """Until when the other side must answer in writing (集体合同规定 art. 32); raises MissingParameter."""
    return add_days(asked_on, law.days("bargaining.answer_days"))
