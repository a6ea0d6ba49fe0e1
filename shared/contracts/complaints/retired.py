"""What complaints told before: published no more, and still read where it was kept."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Money, event
from shared.contracts.complaints.cases import CASE, CaseFact
from shared.contracts.complaints.leads import LEAD


@event("cn.deyang.complaints.case.deadline_missed.v1", topic=CASE, key="case_id")
class CaseDeadlineMissed(CaseFact, frozen=True, kw_only=True):
    """A case was not taken up or investigated in time: told by its term, `term.missed`, as of every matter."""

    step: Literal["accept", "investigate"]
    due_on: date


@event("cn.deyang.complaints.lead.raised.v1", topic=LEAD, key="lead_id")
class LeadRaised(Fact, frozen=True, kw_only=True):
    """A sign in the data that a rule was broken, as it was told before version 2; published no more.

    Amounts are yuan, time is seconds. `collective_contract_id` is the contract by which more was due than by the minimum
    wage alone: `minimum` is then the higher of both, and `waiting_percent` of the working time is added to it.
    `agreement_id` says the same.
    """

    lead_id: Id
    kind: Literal["pay_below_minimum"]
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    settlement_id: Id
    pay: Money
    working_seconds: int
    minimum: Money
    shortfall: Money
    verified: bool
    agreement_id: Id | None = None
    waiting_percent: str | None = None
    collective_contract_id: Id | None = None
