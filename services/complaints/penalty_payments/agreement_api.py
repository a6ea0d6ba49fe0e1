"""An agreement on how a decision is carried out over HTTP, for officers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.complaints.penalties.body import Taking, Text
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_payments import agreement_commands as commands
from services.complaints.penalty_payments.agreement_commands import Agreed

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class AgreementBody(BaseModel):
    """What was agreed with the party in writing. `harmless`: it harms neither the public nor anybody's rights; `parts`: monthly, from
    `first` on; `relief`: what is waived of what was added (yuan), for the `remedy`, which the party has taken already."""

    text: Text
    harmless: bool
    parts: int = Field(ge=1, le=100)
    first: dt.date
    relief: Decimal = Field(default=Decimal("0.00"), ge=0, max_digits=12, decimal_places=2)
    remedy: Text | None = None

    @property
    def agreed(self) -> Agreed:
        return Agreed(**self.model_dump())


@router.post("/penalties/{penalty_id}/execution-agreement")
async def agree(body: AgreementBody, step: Taking) -> PenaltyFile:
    """Agree on payment in parts once it is overdue (执行协议; 行政强制法 art. 42); a part that is not paid in time breaks it."""
    return await step.take("agreed", "approver", lambda one, who, tx: commands.agree(one, body.agreed, who, tx))
