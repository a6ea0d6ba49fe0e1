"""What complaints tells of leads: signs in the data that a rule was broken, each with its arithmetic.

A finding is what the data show, by kind; whoever finds a new kind of sign adds its struct here and to `Finding`, its name to
`LeadKind`, and its line to `services/complaints/leads/kinds.yaml`. Amounts are yuan, times seconds, days legal days.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Fact, Id, Instant, Money, Month, SignedMoney, Topic, event
from shared.contracts.insurance import PolicyKind, Scheme
from shared.contracts.platform import District
from shared.contracts.registry import LicenceKind, PaperKind

LEAD = Topic("complaints.lead")

LeadKind = Literal[
    "pay_below_hourly_minimum",
    "pay_below_monthly_minimum",
    "pay_late",
    "pay_short",
    "pay_period_too_long",
    "deduction_unlawful",
    "deduction_too_large",
    "holiday_pay",
    "overtime_pay",
    "part_time_period_too_long",
    "pay_missing",
    "overtime_exceeded",
    "weekly_rest_missing",
    "rest_exceeded",
    "driving_without_break",
    "daily_hours_exceeded",
    "agreement_missing",
    "enrolment_overdue",
    "bill_overdue",
    "advance_unpaid",
    "partner_default",
    "cooperation_unlicensed",
    "licence_lapsed",
    "dispatch_share_exceeded",
    "work_while_blocked",
    "insurance_gap",
    "policy_gap",
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


class OvertimePay(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="overtime_pay"):
    """An employee's overtime, and work on days of rest, paid less than they must be (劳动法 art. 44).

    Overtime is what went beyond `daily_seconds` on a day; of a week, Monday to Sunday, that was worked without a day of rest the
    shortest day counts as one. `normal_hourly` is what the other hours were paid.
    """

    daily_seconds: int
    overtime_seconds: int
    rest_days: tuple[date, ...]
    rest_day_seconds: int
    overtime_pay: Money
    normal_seconds: int
    normal_hourly: Money
    overtime_percent: str
    rest_day_percent: str
    due: Money
    shortfall: Money


class PartTimePeriodTooLong(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="part_time_period_too_long"):
    """Part-time work settled for more than `days` at once (劳动合同法 art. 72). `latest`: the last day in time."""

    latest: date
    days: int


class PayMissing(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="pay_missing"):
    """Days of a month on which a person worked and which no settlement covers, long after the month (劳动法 art. 50).

    `due_on`: the last day on which the month's pay was to be told of, `after_days` after its end.
    """

    month: Month
    worked_days: int
    unpaid_days: tuple[date, ...]
    unpaid_seconds: int
    due_on: date
    after_days: int


class OvertimeDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day with more overtime than is ordinarily allowed."""

    day: date
    working_seconds: int
    overtime_seconds: int


class OvertimeExceeded(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="overtime_exceeded"):
    """An employee's overtime of a month at one employer (劳动法 art. 36, 41): what went beyond `daily_seconds` on each day, and
    `beyond_weeks`, what the rest of the `weeks` that end in the month came to beyond `week_seconds` each.

    `days` are those with more than `ordinary_seconds`; of them `beyond_special` had more than `special_seconds`, which no reason
    allows. `overtime_seconds` is that of the whole month, of which `month_seconds` are allowed.
    """

    month: Month
    daily_seconds: int
    ordinary_seconds: int
    special_seconds: int
    month_seconds: int
    overtime_seconds: int
    days: tuple[OvertimeDay, ...]
    beyond_special: int
    week_seconds: int = 0
    weeks: int = 0
    beyond_weeks: int = 0


class WeekWorked(msgspec.Struct, frozen=True, kw_only=True):
    """A week, Monday to Sunday, with too few days of rest."""

    first: date
    last: date
    worked_days: int
    working_seconds: int


class WeeklyRestMissing(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="weekly_rest_missing"):
    """Weeks, by the month in which they end, in which an employee had fewer than `rest_days` at one employer (劳动法 art. 38)."""

    month: Month
    rest_days: int
    weeks: tuple[WeekWorked, ...]


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


class AgreementMissing(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="agreement_missing"):
    """No paper of the right kind when it was due, or one signed late (劳动合同法 art. 10; 德人社发〔2022〕95 号 art. 2).

    For a labour contract, where the days are known: double wage from one day to another, both included, over `double_wage_months`
    begun, and from when a contract without term is taken to exist (劳动合同法 art. 82; 劳动合同法实施条例 art. 5-7).
    """

    engagement_id: Id
    paper: PaperKind
    due_on: date | None
    signed_on: date | None
    days_late: int | None
    double_wage_from: date | None
    double_wage_until: date | None
    double_wage_months: int | None
    open_ended_from: date | None


class EnrolmentOverdue(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="enrolment_overdue"):
    """A person was not registered by `due_on` (社会保险法 art. 58). The fines follow where it is not put right in the time set
    (art. 84): of the unit in multiples of what was due, of the person responsible in yuan."""

    enrolment_id: Id
    engagement_id: Id
    scheme: Scheme
    starts_on: date
    due_on: date | None
    days_late: int | None
    refused: str | None
    unit_fine_least: str | None
    unit_fine_most: str | None
    person_fine_least: Money | None
    person_fine_most: Money | None


class BillUnpaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="bill_overdue"):
    """A premium was not paid by `due_on`, or only after it (社会保险法 art. 86). `late_fee` is as insurance told it last."""

    bill_id: Id
    month: Month
    premium: SignedMoney
    outstanding: Money
    due_on: date
    paid_on: date | None
    days_late: int
    late_fee: Money
    late_fee_per_day: str | None


class AdvanceUnpaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="advance_unpaid"):
    """A platform has not advanced in time what its partner firm did not pay (德人社发〔2022〕95 号 art. 3)."""

    advance_id: Id
    claim_id: Id
    partner: Id
    amount: Money
    due_on: date
    days_late: int


class PartnerDefault(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="partner_default"):
    """A partner firm has not paid a benefit in time (德人社发〔2022〕95 号 art. 3). `advanced_on`: by `advanced_by` in its place."""

    advance_id: Id
    claim_id: Id
    advanced_by: Id
    amount: Money
    advanced_on: date | None
    recovered: Money | None
    outstanding: Money


class UnlicensedCooperation(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="cooperation_unlicensed"):
    """A partner firm, through which people work, lacks a licence since a day (劳动合同法 art. 57; 德人社发〔2022〕95 号 art. 3)."""

    cooperation_id: Id
    partner: Id
    form: Literal["outsourcing", "dispatch"]
    missing: tuple[LicenceKind, ...]
    since: date
    ended_on: date | None


class LapsedLicence(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="licence_lapsed"):
    """People work through an enterprise whose licence was valid until `valid_to`, and which has no other of its kind."""

    licence_id: Id
    licence: LicenceKind
    number: str
    valid_to: date


class TooManyDispatched(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="dispatch_share_exceeded"):
    """More people are dispatched than the law allows (劳动合同法 art. 66; 劳务派遣暂行规定 art. 4). `excess`: persons too many."""

    on: date
    dispatched: int
    employed: int
    percent: str
    limit_percent: str
    allowed: int
    excess: int


class WorkOnDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which orders were done though something stood in the way."""

    engagement_id: Id
    days: int
    first_on: date
    last_on: date


class WorkWhileBlocked(WorkOnDays, frozen=True, kw_only=True, tag_field="kind", tag="work_while_blocked"):
    """Orders of a person who may not work without safety training (德人社发〔2022〕95 号 art. 7)."""


class InsuranceGap(WorkOnDays, frozen=True, kw_only=True, tag_field="kind", tag="insurance_gap"):
    """Orders of a person whose cover rests, was refused, or was not confirmed in time (德人社发〔2022〕95 号 art. 9)."""

    enrolment_id: Id
    scheme: Scheme
    causes: tuple[Literal["suspended", "refused", "unconfirmed"], ...]


class PolicyGap(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="policy_gap"):
    """A commercial policy was not renewed (德人社发〔2022〕95 号 art. 9). `until`: the last day without one, null while it goes on."""

    policy: PolicyKind
    since: date
    until: date | None
    days: int | None
    persons: int


Finding = (
    PayBelowHourlyMinimum
    | PayBelowMonthlyMinimum
    | PayLate
    | PayShort
    | PayPeriodTooLong
    | DeductionUnlawful
    | DeductionTooLarge
    | HolidayPay
    | OvertimePay
    | PartTimePeriodTooLong
    | PayMissing
    | OvertimeExceeded
    | WeeklyRestMissing
    | RestExceeded
    | DrivingWithoutBreak
    | DailyHoursExceeded
    | AgreementMissing
    | EnrolmentOverdue
    | BillUnpaid
    | AdvanceUnpaid
    | PartnerDefault
    | UnlicensedCooperation
    | LapsedLicence
    | TooManyDispatched
    | WorkWhileBlocked
    | InsuranceGap
    | PolicyGap
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
