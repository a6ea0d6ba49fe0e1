"""What complaints tells of leads: signs in the data that a rule was broken, each with its arithmetic.

A finding is what the data show, by kind; whoever finds a new kind of sign adds its struct here and to `Finding`, its name to
`LeadKind`, and its line to `services/complaints/leads/kinds.yaml`. Amounts are yuan, times seconds, days legal days.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Fact, Id, Money, event
from shared.contracts.complaints import LEAD
from shared.contracts.platform import District

LeadKind = Literal["pay_below_hourly_minimum"]
Outcome = Literal["taken_up", "dismissed", "withdrawn"]
BecameKind = Literal["case", "inspection_task", "directive"]


class OfSettlement(msgspec.Struct, frozen=True, kw_only=True):
    """What every finding in a settlement says of it."""

    settlement_id: Id
    period_start: date
    period_end: date


class HourlyPart(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which one hourly minimum held: `due` is for the working time on them, longer by `waiting_percent`.

    `collective_contract_id`: by which more was due than by the minimum wage alone; `minimum` is then the higher of both.
    """

    first: date
    last: date
    working_seconds: int
    minimum: Money
    waiting_percent: str | None
    collective_contract_id: Id | None
    due: Money


class PayBelowHourlyMinimum(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="pay_below_hourly_minimum"):
    """Pay for working time under the hourly minimum (德人社发〔2022〕95 号 art. 5; 人社厅发〔2023〕50号)."""

    orders: int
    working_seconds: int
    pay: Money
    due: Money
    shortfall: Money
    parts: tuple[HourlyPart, ...]


Finding = PayBelowHourlyMinimum


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """The matter that a lead was taken up as."""

    kind: BecameKind
    id: Id


class LeadFact(Fact, frozen=True, kw_only=True):
    """A lead as it stands after this event. `verified`: every parameter that it rests on is. `holds`: the data still show it."""

    lead_id: Id
    kind: LeadKind
    platform: Id
    worker_ref: Id | None
    worker_id: Id | None
    district: District
    departments: tuple[str, ...]
    lead_department: str
    verified: bool
    holds: bool


@event("cn.deyang.complaints.lead.raised.v2", topic=LEAD, key="lead_id")
class LeadRaised(LeadFact, frozen=True, kw_only=True):
    """The data show that a rule was broken; for an officer to look into. Raised again where a withdrawn sign is back."""

    finding: Finding


@event("cn.deyang.complaints.lead.changed.v1", topic=LEAD, key="lead_id")
class LeadChanged(LeadFact, frozen=True, kw_only=True):
    """Later data have changed what a lead shows, or show it no more although an officer has decided on it."""

    finding: Finding


@event("cn.deyang.complaints.lead.closed.v1", topic=LEAD, key="lead_id")
class LeadClosed(LeadFact, frozen=True, kw_only=True):
    """A lead was taken up by an officer as a matter (`became`), dismissed for a reason (`leads.dismissal_reasons`), or withdrawn,
    since later data show that it is not so."""

    outcome: Outcome
    reason: str | None
    became: Became | None
