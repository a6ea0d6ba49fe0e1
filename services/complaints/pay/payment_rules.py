"""A settlement by itself: when it was paid, whether in full, how long its period is, and what was deducted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.complaints.parties.rules import Footing, footing_on, held_on
from services.complaints.pay.amount_rules import shown
from services.complaints.pay.time_rules import PaidDays
from shared.contracts.base import to_fen
from shared.contracts.complaints.leads import Finding
from shared.contracts.complaints.pay_findings import (
    DeductedItem,
    DeductionTooLarge,
    DeductionUnlawful,
    PartTimePeriodTooLong,
    PayLate,
    PayPeriodTooLong,
    PayShort,
)
from shared.contracts.platform import Relation
from shared.policy.calendar import is_working_day, months_after
from shared.policy.parameters import MissingParameter, Used, parameters

ZERO = Decimal(0)
_DAY: Final = dt.timedelta(1)


def last_of_months(first: dt.date, count: int = 1) -> dt.date:
    """The last day of so many months from a day on. Pay from the 31st to the 30th begins on the last day of a shorter month, and goes
    on to the day before the last one of the month in which it ends; so with the 29th and the 30th after February."""
    following = first + _DAY
    if following.day == 1:
        return months_after(following, count) - 2 * _DAY
    return months_after(first, count) - _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What was paid for a period of legal days, both ends included. Amounts are yuan.

    `components` are parts of `gross`, empty where nothing is said of them; `net`, `due_on` and `paid_on` are None in what
    earlier versions stored, as `orders`, how many it is for. Of what several settlements paid for the same days: `parts` are
    the further ones, `unnamed` says that a part of `gross` is named by no component. `parties`: whose work for whom it pays;
    `account`: under which reference of the platform; `days`: the accounts and the days of all that is counted together.
    """

    settlement_id: str
    period_start: dt.date
    period_end: dt.date
    gross: Decimal
    deductions: Sequence[tuple[str, Decimal]] = ()
    components: Sequence[tuple[str, Decimal]] = ()
    net: Decimal | None = None
    due_on: dt.date | None = None
    paid_on: dt.date | None = None
    orders: int | None = None
    unnamed: bool = False
    parts: tuple[str, ...] = ()
    parties: str | None = None
    account: str = ""
    days: tuple[PaidDays, ...] = ()

    @property
    def paid_for(self) -> tuple[PaidDays, ...]:
        """The accounts that it pays, with their days."""
        return self.days or ((self.account, self.period_start, self.period_end),)

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset(account for account, _, _ in self.paid_for)

    @property
    def of_a_month(self) -> bool:
        """Whether it is for a month from whatever day on, as pay from the 26th to the 25th is."""
        least = months_after(self.period_start, 1) - _DAY
        return least <= self.period_end <= last_of_months(self.period_start)

    @property
    def of_whole_months(self) -> bool:
        calendar_months = self.period_start.day == 1 and (self.period_end + dt.timedelta(1)).day == 1
        return calendar_months or self.of_a_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sign: its arithmetic, the parameters that it rests on, and what a person must judge. `district`: where the work was, if it
    rests on more than that of the settlement's own days."""

    finding: Finding
    used: tuple[Used, ...] = ()
    to_judge: tuple[str, ...] = ()
    district: str | None = None


def footings_in(footings: Sequence[Footing], pay: Pay) -> set[Relation]:
    """The footings that the worker had on some day of the period."""
    days = (pay.period_end - pay.period_start).days + 1
    found = (footing_on(footings, pay.period_start + dt.timedelta(n)) for n in range(days))
    return {one for one in found if one is not None}


def late(pay: Pay, footings: set[Relation]) -> Found | None:
    """Paid after the day on which it was due (劳动法 art. 50; 劳动合同法 art. 30; 保障农民工工资支付条例 art. 12, 14). What takes
    back, or pays nothing out, was due to nobody."""
    if pay.due_on is None or pay.paid_on is None or pay.net is None or pay.net <= 0:
        return None
    due_on = payday(pay.due_on) if "employment" in footings else pay.due_on
    if pay.paid_on <= due_on:
        return None
    finding = PayLate(
        settlement_id=pay.settlement_id,
        period_start=pay.period_start,
        period_end=pay.period_end,
        due_on=due_on,
        paid_on=pay.paid_on,
        days=(pay.paid_on - due_on).days,
        net=shown(pay.net),
    )
    return Found(finding=finding, to_judge=("delay_excused", *(("payday_off",) if due_on != pay.due_on else ())))


def payday(agreed: dt.date) -> dt.date:
    """The last day to pay what is agreed for a day: the working day before it where that is a day off
    (保障农民工工资支付条例 art. 14)."""
    while not is_working_day(agreed):
        agreed -= dt.timedelta(1)
    return agreed


def short(pay: Pay) -> Found | None:
    """Less paid out than gross less the deductions told of (劳动合同法 art. 30)."""
    deducted = sum((amount for _, amount in pay.deductions), ZERO)
    expected = pay.gross - deducted
    if pay.net is None or pay.net >= expected:
        return None
    finding = PayShort(
        settlement_id=pay.settlement_id,
        period_start=pay.period_start,
        period_end=pay.period_end,
        gross=shown(pay.gross),
        deducted=shown(deducted),
        expected=shown(expected),
        net=shown(pay.net),
        shortfall=shown(expected - pay.net),
    )
    return Found(finding=finding, to_judge=("part_paid_elsewhere",))


def period_too_long(pay: Pay, footings: set[Relation]) -> Found | None:
    """Settled for more than a month at once (劳动法 art. 50; 人社厅发〔2023〕50号). Not for the self-employed, who agree on it."""
    if not footings & {"employment", "partial"}:
        return None
    law = parameters.on(pay.period_end)
    footing: Relation = "employment" if "employment" in footings else "partial"
    try:
        months = law.at(footing=footing).number("wages.settle_months")
    except MissingParameter:
        return None  # in a year before the rule
    latest = last_of_months(pay.period_start, months)
    if pay.period_end <= latest:
        return None
    finding = PayPeriodTooLong(
        settlement_id=pay.settlement_id,
        period_start=pay.period_start,
        period_end=pay.period_end,
        latest=latest,
        months=months,
    )
    return Found(finding=finding, used=law.used, to_judge=("settled_meanwhile",))


def part_time_period_too_long(pay: Pay, footings: Sequence[Footing]) -> Found | None:
    """Part-time work settled for more than fifteen days at once (劳动合同法 art. 72): of the days on which the worker was
    employed part time, the first and the last one lie too far apart."""
    days = [pay.period_start + dt.timedelta(n) for n in range((pay.period_end - pay.period_start).days + 1)]
    part_time = [day for day in days if (held := held_on(footings, day)) is not None and held.part_time]
    if not part_time:
        return None
    law = parameters.on(pay.period_end)
    try:
        longest = law.number("part_time.settle_days")
    except MissingParameter:
        return None  # in a year before the law
    latest = part_time[0] + dt.timedelta(longest - 1)
    if part_time[-1] <= latest:
        return None
    finding = PartTimePeriodTooLong(
        settlement_id=pay.settlement_id,
        period_start=pay.period_start,
        period_end=pay.period_end,
        latest=latest,
        days=longest,
    )
    return Found(finding=finding, used=law.used, to_judge=("settled_meanwhile",))


def unlawful_deductions(pay: Pay, footings: set[Relation]) -> Found | None:
    """Deductions that no law allows by itself. Deposits and fees nobody may take (劳动合同法 art. 9; 德人社发〔2022〕95 号 art. 4);
    others may rest on an agreement, which a person must see, and are the self-employed's own affair (工资支付暂行规定 art. 15).
    """
    law = parameters.on(pay.period_end)
    try:
        forbidden = frozenset(law.texts("wages.deductions_forbidden"))
        allowed = frozenset((*law.texts("wages.deductions_allowed"), *law.texts("wages.deductions_damages")))
    except MissingParameter:
        return None  # in a year before the law
    labour = bool(footings & {"employment", "partial"})
    items = tuple(
        DeductedItem(kind=kind, amount=shown(amount), forbidden=kind in forbidden)
        for kind, amount in pay.deductions
        if amount and (kind in forbidden or (labour and kind not in allowed))
    )
    if not items:
        return None
    finding = DeductionUnlawful(
        settlement_id=pay.settlement_id,
        period_start=pay.period_start,
        period_end=pay.period_end,
        items=items,
        total=shown(sum((Decimal(one.amount) for one in items), ZERO)),
    )
    open_ = () if all(one.forbidden for one in items) else ("deduction_basis",)
    return Found(finding=finding, used=law.used, to_judge=open_)


def damages_too_large(pay: Pay, footings: set[Relation]) -> Found | None:
    """More withheld for damage than a share of the month's pay, of an employee (工资支付暂行规定 art. 16)."""
    if "employment" not in footings:
        return None
    law = parameters.on(pay.period_end)
    try:
        kinds = frozenset(law.texts("wages.deductions_damages"))
        withheld = sum((amount for kind, amount in pay.deductions if kind in kinds), ZERO)
        if not withheld:
            return None
        percent = law.amount("wages.damages_percent")
    except MissingParameter:
        return None  # in a year before the rule
    allowed = to_fen(pay.gross * percent / 100)
    if withheld <= allowed:
        return None
    finding = DeductionTooLarge(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        gross=shown(pay.gross),
        deducted=shown(withheld),
        percent=str(percent),
        allowed=shown(allowed),
        excess=shown(withheld - allowed),
    )
    open_ = ("damage_proved", *(() if pay.of_whole_months else ("part_month",)))
    return Found(finding=finding, used=law.used, to_judge=open_)
