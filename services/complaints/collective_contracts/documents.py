"""Copies of collective contracts."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.collective_contracts.rules import (
    AgreedHours,
    AgreedPay,
    AgreedRate,
    AgreedRates,
    CollectiveContract,
)
from shared.contracts.platform import Industry
from shared.contracts.registry import ClauseUnit, Subject
from shared.storage.fields import Yuan
from shared.storage.records import Record, find
from shared.storage.transaction import Transaction


class AgreedClause(BaseModel):
    """A piece rate (`amount` yuan for each `unit`), a commission (`percent` of the fee), or anything else that is agreed on a
    subject; its wording is read at the registry. `since` and `until` are its own days, None where they are those of the terms."""

    subject: Subject
    industry: Industry | None
    amount: Yuan | None
    unit: ClauseUnit | None
    percent: Yuan | None
    since: dt.date | None
    until: dt.date | None

    @property
    def is_rate(self) -> bool:
        """Whether a settlement can be held against it: a rate for each order, or a commission."""
        return (self.subject == "piece_rates" and self.unit == "order") or self.subject == "commission"

    @property
    def rate(self) -> AgreedRate:
        return AgreedRate(**self.model_dump(include={"industry", "amount", "percent", "since", "until"}))


class AgreedTerms(BaseModel):
    """What a collective contract agrees from a day on; None is not agreed."""

    since: dt.date
    hourly_pay: Yuan | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Yuan | None
    clauses: list[AgreedClause] = []


class CollectiveTerms(Record):
    """Copy of a collective contract, by its id; `told_at` is when the registry published it last."""

    platforms: list[str]
    industry: Industry | None
    district: str
    valid_from: dt.date
    valid_to: dt.date
    terms: list[AgreedTerms]
    told_at: dt.datetime

    class Settings:
        name = "collective_terms"
        indexes = [IndexModel([("valid_to", ASCENDING)])]

    @classmethod
    async def not_ended_by(cls, day: dt.date, tx: Transaction | None = None) -> list[CollectiveContract]:
        """The contracts that hold on a day or later; there are few."""
        found = await find(cls, {"valid_to": {"$gte": day}}, tx)
        return [one.contract for one in found]

    @property
    def contract(self) -> CollectiveContract:
        return CollectiveContract(
            contract_id=self.id,
            platforms=frozenset(self.platforms),
            industry=self.industry,
            district=self.district,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            pay=[
                AgreedPay(since=one.since, hourly_pay=one.hourly_pay, waiting_percent=one.waiting_percent)
                for one in self.terms
            ],
            hours=[
                AgreedHours(
                    since=one.since,
                    continuous_minutes=one.longest_continuous_minutes,
                    daily_minutes=one.longest_daily_minutes,
                )
                for one in self.terms
            ],
            rates=[
                AgreedRates(since=one.since, rates=[clause.rate for clause in one.clauses if clause.is_rate])
                for one in self.terms
                if any(clause.is_rate for clause in one.clauses)
            ],
        )
