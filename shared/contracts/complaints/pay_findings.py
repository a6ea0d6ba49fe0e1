"""What leads show of pay: the arithmetic of each finding. Amounts are yuan, times seconds, days legal days."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Id, Money, Month, SignedMoney


class OfSettlement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every finding in a settlement says of it. `further_settlements`: the others that it rests on as well, paid for the same
    days or for others of the month that the period then is."""

    settlement_id: Id
    period_start: date
    period_end: date
    further_settlements: tuple[Id, ...] = ()


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


class RatedOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Orders for each of which a collective contract agrees the same piece rate."""

    collective_contract_id: Id
    rate: Money
    orders: int
    due: Money


class PieceRateShort(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="piece_rate_short"):
    """Less paid than the piece rates that a collective contract agrees for the orders come to (德人社发〔2022〕95 号 art. 10).

    `orders`: how many the settlement is for; `pay`: gross without what is paid beside the piece rate (`excluded`).
    """

    orders: int
    parts: tuple[RatedOrders, ...]
    pay: Money
    excluded: Money
    due: Money
    shortfall: Money


class CommissionExceeded(OfSettlement, frozen=True, kw_only=True, tag_field="kind", tag="commission_exceeded"):
    """More taken of the fees as commission than a collective contract agrees (`percent` of gross)."""

    collective_contract_id: Id
    percent: str
    gross: Money
    allowed: Money
    taken: Money
    excess: Money


class PayMissing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="pay_missing"):
    """Days of a month on which a person worked and which no settlement pays, long after the month (劳动法 art. 50).

    `due_on`: the last day on which the month's pay was to be told of, `after_days` after its end. `settled_for_nothing`: those of the
    days that a settlement names and that it pays nothing for.
    """

    month: Month
    worked_days: int
    unpaid_days: tuple[date, ...]
    unpaid_seconds: int
    due_on: date
    after_days: int
    settled_for_nothing: tuple[date, ...] = ()
