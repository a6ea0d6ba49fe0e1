"""What a union would file, as HTTP shows it to the union and to the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, Field

from services.complaints.cases.rules import Dispute, Kind
from services.complaints.union_filings.documents import UnionFiling
from shared.contracts.complaints import Category
from shared.policy.parameters import Used


class UnionFilingView(BaseModel):
    """A filing that waits for the worker's word until the end of `confirm_by` (a legal day); then it goes."""

    filing_id: str
    unions: list[str] = Field(description="The names of the unions for which whoever proposes it acts, for the worker.")
    worker_id: str
    confirm_by: dt.date
    proposed_at: dt.datetime
    platform: str | None
    category: Category | None
    text: str
    district: str | None
    occurred_on: dt.date
    continuing: bool
    kind: Kind
    confidential: bool
    dispute: Dispute | None
    used: list[Used]

    @classmethod
    def of(cls, waits: UnionFiling, unions: Sequence[str] = ()) -> Self:
        own = {"filing_id", "unions", "proposed_at", "text"}
        return cls(
            filing_id=waits.id,
            unions=list(unions),
            proposed_at=waits.created_at,
            text=waits.clear_text,
            **waits.model_dump(include={*cls.model_fields} - own),
        )
