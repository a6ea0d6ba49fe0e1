"""What HTTP shows of an estimate of the subsidy."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from services.subsidies.decisions.rules import Outcome
from services.subsidies.flexible.rules import GROUNDS, Assessment, Part
from shared.contracts.insurance import Insurance
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class EstimatedGround(BaseModel):
    """A condition, whether it is met (null: an officer judges), and what it says."""

    code: str
    met: bool | None
    text: str


class PartView(BaseModel):
    """What was paid to a scheme for a month, yuan; `left_out`: the condition for which nothing of it is subsidised.

    `amount` is null where nothing is, or where the wage that caps it is not known.
    """

    month: str
    insurance: Insurance
    base: Yuan
    paid: Yuan
    amount: Yuan | None
    left_out: str | None

    @classmethod
    def of(cls, part: Part) -> Self:
        return cls(
            month=part.month,
            insurance=part.insurance,
            base=part.base,
            paid=part.paid,
            amount=part.amount,
            left_out=part.left_out,
        )


class Estimate(BaseModel):
    """What the machine would propose today. An officer decides on an application."""

    grounds: list[EstimatedGround]
    parts: list[PartView]
    amount: Yuan | None
    used: list[Used]

    @classmethod
    def of(cls, found: Assessment, outcome: Outcome) -> Self:
        return cls(
            grounds=[EstimatedGround(code=code, met=met, text=GROUNDS[code]) for code, met in found.grounds.items()],
            parts=[PartView.of(part) for part in found.parts],
            amount=outcome.amount,
            used=list(outcome.used),
        )
