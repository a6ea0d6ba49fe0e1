"""Advances by platforms, with their recourse."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from services.insurance.benefits.documents import Step
from services.insurance.benefits.rules import AdvanceState
from services.insurance.debts.documents import Debt
from shared.contracts.base import money
from shared.contracts.insurance import AdvanceFields
from shared.storage.fields import Yuan
from shared.storage.records import Record


class Advance(Record):
    """What a platform must advance, or has, in its partner firm's place; its id is `<benefit id>:a<n>`.

    `due_on`: until when; `recourse`: what the partner firm owes the platform, once it has advanced.
    """

    benefit_id: str
    claim_id: str
    worker_id: str
    platform: str
    partner: str
    district: str
    month: str | None
    amount: Yuan
    state: AdvanceState = "due"
    due_on: dt.date
    reminders: int = 0
    paid_on: dt.date | None = None
    recourse: Debt | None = None
    history: list[Step] = []

    class Settings:
        name = "advances"
        indexes = [
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("partner", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    def note(self, event: str, by: str, reason: str | None = None) -> None:
        self.history.append(Step.now(self.id, event, by, reason))

    def facts(self) -> AdvanceFields:
        """What every event of an advance says."""
        return {
            "advance_id": self.id,
            "benefit_id": self.benefit_id,
            "claim_id": self.claim_id,
            "worker_id": self.worker_id,
            "platform": self.platform,
            "partner": self.partner,
            "amount": money(self.amount),
        }
