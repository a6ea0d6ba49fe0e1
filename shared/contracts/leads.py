"""What complaints tells of leads: signs in the data that a rule was broken, each with its arithmetic.

A finding is what the data show, by kind; whoever finds a new kind of sign adds its struct here and to `Finding`, its name to
`LeadKind`, and its line to `services/complaints/leads/kinds.yaml`. Amounts are yuan, times seconds, days legal days.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Fact, Id, Instant, Money, SignedMoney, event
from shared.contracts.complaints import LEAD
from shared.contracts.platform import District

LeadKind = Literal[
    "pay_below_hourly_minimum",
    "pay_below_monthly_minimum",
    "pay_late",
    "pay_short",
    "pay_period_too_long",
    "deduction_unlawful",
    "deduction_too_large",
    "holiday_pay",
    "rest_exceeded",
    "driving_without_break",
    "daily_hours_exceeded",
]
Outcome = Literal["taken_up", "dismissed", "withdrawn"]
BecameKind = Literal["case", "inspection_task", "directive"]


class OfSettlement(msgspec.Struct, frozen=True, kw_only=True):
    """What every finding in a settlement says of it."""

    settlement_id: Id
    period_start: date
    period_end: date


class MinimumPart(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which one minimum held, by the hour of working time or by the month.

    By the hour `due` is for the working time, longer by `waiting_percent`. By the month `minimum` is the monthly one, and `due`
    is for `paid_days`, of 21.75 to a part month. `collective_contract_id`: by which more was due than by the minimum wage
    alone; by the hour `minimum` is then the higher of both.
    """

    first: date
    last: date
    working_seconds: int
    minimum: Money
    waiting_percent: str | None
    collective_contract_id: Id | None
    due: Money
    measure: Literal["hourly", "monthly"]
    paid_days: int | None


class BelowMinimum(OfSettlement, frozen=True, kw_only=True):
    """`pay` is what counts: gross without what a minimum wage does not include (`excluded`) and what was deducted wrongly."""

    orders: int
    working_seconds: int
    pay: Money
    due: Money
    shortfall: Money
    parts: tuple[MinimumPart, ...]
    excluded: Money


class PayBelowHourlyMinimum(BelowMinimum, frozen=True, kw_only=True, tag_field="kind", tag="pay_below_hourly_minimum"):
    """Pay for working time under the hourly minimum (德人社发〔2022〕95 号 art. 5; 人社厅发〔2023〕50号)."""


class PayBelowMonthlyMinimum(
    BelowMinimum, frozen=True, kw_only=True, tag_field="kind", tag="pay_below_monthly_minimum"
):
    """Pay of an employee under the monthly minimum (劳动法 art. 48); other days may be measured by the hour."""


class PayLate(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="pay_late"):
    """Paid after the day on which it was due (劳动法 art. 50; 劳动合同法 art. 30; 保障农民工工资支付条例 art. 12)."""

    due_on: date
    paid_on: date
    days: int
    net: SignedMoney


class PayShort(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="pay_short"):
    """Less was paid out than gross less the deductions told (劳动合同法 art. 30)."""

    gross: Money
    deducted: Money
    expected: SignedMoney
    net: SignedMoney
    shortfall: Money


class PayPeriodTooLong(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="pay_period_too_long"):
    """Settled after a longer time than is allowed (劳动法 art. 50; 人社厅发〔2023〕50号). `latest`: the last day in time."""

    latest: date
    months: int


class DeductedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A deduction that no law allows by itself; `forbidden`: one that the law names as such."""

    kind: Id
    amount: Money
    forbidden: bool


class DeductionUnlawful(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="deduction_unlawful"):
    """Deposits, fees and other deductions without a ground in law (劳动合同法 art. 9; 德人社发〔2022〕95 号 art. 4)."""

    items: tuple[DeductedItem, ...]
    total: Money


class DeductionTooLarge(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="deduction_too_large"):
    """More withheld for damage than may be (工资支付暂行规定 art. 16)."""

    gross: Money
    deducted: Money
    percent: str
    allowed: Money
    excess: Money


class HolidayPay(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="holiday_pay"):
    """Work on statutory holidays paid no higher than it must be (劳动法 art. 44; 德人社发〔2022〕95 号 art. 6).

    `percent`: what is due of the normal hour's pay, null where it is only to be higher. `normal_hourly`: what the other hours
    of the period were paid, null where there are none.
    """

    days: tuple[date, ...]
    holiday_seconds: int
    holiday_pay: Money
    normal_seconds: int
    normal_hourly: Money | None
    percent: str | None
    due: Money | None


class OfDay(msgspec.Struct, frozen=True, kw_only=True):
    """What every finding in a day's work says of it: a person worked longer than `limit_seconds`, over all platforms.

    `spans` are the merged spans of it, the first ones where there are many (`spans_left_out`); `platform_seconds` is the part of
    the lead's platform, `other_platforms` the others concerned. `collective_contract_id`: where the limit is agreed.
    """

    day: date
    worked_seconds: int
    limit_seconds: int
    platform_seconds: int
    other_platforms: tuple[Id, ...]
    reached_at: Instant
    spans: tuple[tuple[Instant, Instant], ...]
    spans_left_out: int
    collective_contract_id: Id | None


class RestExceeded(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="rest_exceeded"):
    """Work without a break of `break_seconds` that was longer than the limit (人社厅发〔2023〕50号 art. 5)."""

    break_seconds: int


class DrivingWithoutBreak(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="driving_without_break"):
    """Driving for more than four hours without a rest of 20 minutes (道路交通安全法实施条例 art. 62(7))."""

    break_seconds: int


class DailyHoursExceeded(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="daily_hours_exceeded"):
    """A day's work that was longer than the limit; the agreed allowance for waiting is in `worked_seconds`, not in `spans`."""


Finding = (
    PayBelowHourlyMinimum
    | PayBelowMonthlyMinimum
    | PayLate
    | PayShort
    | PayPeriodTooLong
    | DeductionUnlawful
    | DeductionTooLarge
    | HolidayPay
    | RestExceeded
    | DrivingWithoutBreak
    | DailyHoursExceeded
)


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
