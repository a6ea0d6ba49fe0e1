"""What HTTP shows of a panel's decision."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.grants.documents import PanelDecision
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class PanelView(BaseModel):
    """What a panel decided on an application, yuan; `used`: the parameters that it rests on."""

    application_id: str
    district: str
    decided_on: dt.date
    members: int
    amount: Yuan
    minutes: str
    used: list[Used]

    @classmethod
    def of(cls, one: PanelDecision) -> Self:
        kept = one.model_dump(include=set(cls.model_fields) - {"minutes"})
        return cls(minutes=one.clear_minutes, **kept)
