"""What callers send about outlets' statements, and what they see."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from services.insurance.outlet_statements.rules import Statement
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.fields import Month


class MonthAsked(BaseModel):
    """A month."""

    month: Month


class WageAsked(BaseModel):
    """The average wage that a contribution is calculated from, and the document that it stands in."""

    average_wage: Annotated[Yuan, Field(gt=Decimal(0), description="Yuan a month, decimal string")]
    source: Annotated[str, Field(min_length=1, max_length=300, description="The document in which the figure stands")]


class StatementView(BaseModel):
    """What an outlet's insurance costs in a month. Amounts in yuan: `base` is the average wage times the base ratio times
    the people insured on a day of the month; `amount` is due from the `insurer`, `worker_amount` from the people (nothing).

    `state`: `waiting` for an officer to enter the average wage (`reason`), or `drawn`. `used`: the parameters, with source.
    """

    outlet: str
    month: str
    insurer: str
    state: Statement
    people: int
    average_wage: Yuan | None
    entered_from: str | None
    base: Yuan | None
    amount: Yuan | None
    worker_amount: Yuan | None
    reason: str | None
    used: list[Used]
