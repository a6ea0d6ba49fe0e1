"""A month's contribution of an outlet (人社厅发〔2021〕101 号; 95 号 art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.contracts.base import to_fen
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

Statement = Literal["waiting", "drawn"]


State = Literal["none"] | Statement


Event = Literal["incomplete", "draw"]


STATES: Machine[State, Event, Statement] = Machine(
    "outlet's monthly statement",
    {
        ("none", "incomplete"): "waiting",
        ("none", "draw"): "drawn",
        ("waiting", "incomplete"): "waiting",
        ("waiting", "draw"): "drawn",
        ("drawn", "draw"): "drawn",
    },
    kind="statement-state",
    zh="该缴费单已核定",
)
"""Incomplete: the average wage is known to nobody, and an officer must enter it. Drawn again from what is known then."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A month's contribution in yuan. `base` is the average wage times the ratio times the people insured."""

    base: Decimal
    amount: Decimal
    worker_amount: Decimal


def average_wage(entered: Decimal | None, law: Law) -> Decimal | None:
    """Yuan a month: what an officer entered, else the parameter; None where nobody knows it."""
    if entered is not None:
        return entered
    try:
        return law.amount("express_outlet.average_wage")
    except MissingParameter:
        return None


def contribution(people: int, wage: Decimal, law: Law) -> Contribution:
    """What a month costs, rounded half up to the fen; the outlet pays it, and its people what the law says: nothing."""
    base = wage * law.amount("express_outlet.base_ratio") * people
    rates = (law.amount("express_outlet.rate"), law.amount("express_outlet.worker_rate"))
    whole, workers = (to_fen(base * rate) for rate in rates)
    return Contribution(to_fen(base), whole, workers)
