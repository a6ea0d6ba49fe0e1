"""What HTTP shows of recognitions."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.recognition.documents import Recognition
from services.subsidies.recognition.rules import Ending, State
from shared.policy.parameters import Used


class RecognitionView(BaseModel):
    """A recognition as hard to employ, first and last day included; `until` is null while no end is set.

    `check_by`: the last day of the next yearly check; `reason`: why an officer ended it, or proposes to (`proposed`); `assist_by`:
    until when the office is to offer help to work, `offers`: how often it did; `used`: the parameters that its days rest on.
    """

    recognition_id: str
    number: str
    worker_id: str
    category: str
    district: str
    state: State
    since: dt.date
    until: dt.date | None
    check_by: dt.date | None
    checked_on: dt.date | None
    ended_on: dt.date | None
    ending: Ending | None
    reason: str | None
    proposed: Ending | None
    assist_by: dt.date | None
    offers: int
    used: list[Used]

    @classmethod
    def of(cls, one: Recognition) -> Self:
        kept = one.model_dump(include=set(cls.model_fields) - {"recognition_id", "category", "reason", "proposed"})
        proposed = None if one.proposed is None else one.proposed.ending
        return cls(
            recognition_id=one.id, category=one.clear_category, reason=one.clear_reason, proposed=proposed, **kept
        )
