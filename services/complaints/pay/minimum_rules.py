"""Pay held against the minimum wage of each day, by the footing of each day (德人社发〔2022〕95号 art. 5).

| footing | measured by |
|---|---|
| employment | the monthly minimum (劳动法 art. 48), for a month from any day on; for a part of one by paid days of 21.75 |
| employment by the hour, as the platform declares it | the hourly minimum (劳动合同法 art. 72) |
| partial | the hourly minimum for the time of orders (人社厅发〔2023〕50号) |
| self-employed | nothing: their pay is agreed |

Where a collective contract binds the platform or the trade, what it agrees stands in place of the minimum if it is more: its
hourly pay, and its allowance for waiting, which is added to the time of orders (劳动合同法 art. 54-55). What a minimum wage does
not include is left out of the pay where the settlement names it (德府规〔2022〕4号). Paid days are Monday to Friday, with the
statutory holidays (劳社部发〔2008〕3号). Where no platform declares employment as part-time, the finding shows the working time and
leaves that to a person (劳动合同法 art. 68, 72).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.parties.rules import Footing, held_on
from services.complaints.pay.amount_rules import shown
from services.complaints.pay.payment_rules import ZERO, Found, Pay
from services.complaints.pay.time_rules import Interval, on_paid_days, place_of, trade_of, within_days, working_time
from shared.contracts.base import to_fen
from shared.contracts.complaints.pay_findings import MinimumPart, PayBelowHourlyMinimum, PayBelowMonthlyMinimum
from shared.contracts.platform import Relation
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter, Used, parameters

_DAY: Final = dt.timedelta(1)
_SECOND: Final = dt.timedelta(seconds=1)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_HOUR: Final = dt.timedelta(hours=1)
_READ: Final = frozenset(
    {"minimum_wage.hourly", "minimum_wage.monthly", "footing.minimum_wage", "wages.days_per_month"}
)
NO_FOOTING: Final = "no engagement says on which footing the work was done"


@lru_cache(maxsize=2)
def changes(edition: int | None = None) -> frozenset[dt.date]:
    """The days from which another minimum may hold; `edition`: `parameters.edition`."""
    return frozenset(
        day
        for parameter in parameters
        if parameter.key in _READ
        for row in parameter.rows
        for day in (row.valid_from, *([row.valid_to + _DAY] if row.valid_to else []))
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """What pay is held against: yuan per hour of the time of orders with the allowance. `contract_id`: whose it is."""

    hourly: Decimal
    waiting_percent: Decimal = ZERO
    contract_id: str | None = None

    @property
    def hundredfold(self) -> Decimal:
        """A hundred times what an hour of the time of orders is worth."""
        return self.hourly * (100 + self.waiting_percent)

    def due(self, time: dt.timedelta) -> Fraction:
        """What working time is worth, exactly."""
        return Fraction(self.hundredfold) / 100 * Fraction(time // _MICROSECOND, _HOUR // _MICROSECOND)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one footing and one minimum hold. `relation`: None where no engagement is known; `by`: how it is measured;
    `monthly`: the monthly minimum; `bar`: what an hour is held against, with a contract's alone where it is by the month."""

    first: dt.date
    last: dt.date
    relation: Relation | None
    by: str | None
    monthly: Decimal | None
    bar: Bar | None

    def goes_on_in(self, other: Stretch) -> bool:
        """Whether the stretch that follows is measured alike, within the month where that counts."""
        alike = (self.relation, self.by, self.monthly, self.bar) == (other.relation, other.by, other.monthly, other.bar)
        return alike and (self.by != "monthly" or self.first.month == other.first.month)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out. `undecided`: why a person must look; `agreed`: on some days the pay is measured by nothing but agreement."""

    found: Found | None = None
    undecided: str | None = None
    agreed: bool = False
    used: tuple[Used, ...] = ()


def bar(
    minimum: Decimal, contracts: Iterable[CollectiveContract], day: dt.date, industry: str | None, district: str
) -> Bar:
    """The highest of the minimum wage and what is agreed; the law's own where they are equal."""
    bars = [Bar(minimum)]
    for contract in sorted(contracts, key=lambda one: one.contract_id):
        agreed = contract.pay_on(day, industry, district)
        if agreed is not None:
            hourly = max(minimum, agreed.hourly_pay or ZERO)
            bars.append(Bar(hourly, agreed.waiting_percent or ZERO, contract.contract_id))
    return max(bars, key=lambda one: one.hundredfold)


def excluded(pay: Pay, kinds: Iterable[str]) -> Decimal:
    """The components that do not count towards a minimum wage."""
    out = frozenset(kinds)
    return sum((amount for kind, amount in pay.components if kind in out), ZERO)


def countable(pay: Pay, inside: Iterable[str], outside: Iterable[str] = ()) -> Decimal:
    """What counts against the minimum: gross less the components `outside` it and every deduction not `inside` it, zero at
    least."""
    kinds = frozenset(inside)
    deducted = sum((amount for kind, amount in pay.deductions if kind not in kinds), ZERO)
    return max(pay.gross - excluded(pay, outside) - deducted, ZERO)


def paid_days(first: dt.date, last: dt.date) -> int:
    """The days of a stretch for which a month's wage is paid: those that are no weekend (劳社部发〔2008〕3号)."""
    return sum((first + dt.timedelta(n)).weekday() < 5 for n in range((last - first).days + 1))


def month_share(first: dt.date, last: dt.date, pay: Pay, per_month: Decimal) -> Fraction:
    """How much of a monthly wage days within one month are worth: their share of the month where the period has all of it, or is one
    from another day on (劳动法 art. 50), else their paid days of 21.75."""
    begin = first.replace(day=1)
    end = months_after(begin, 1) - _DAY
    if pay.of_a_month:
        begin, end = pay.period_start, pay.period_end
    if pay.period_start <= begin and end <= pay.period_end:
        return Fraction(paid_days(first, last), paid_days(begin, end))
    return min(Fraction(paid_days(first, last)) / Fraction(per_month), Fraction(1))


def cuts(
    start: dt.date, end: dt.date, footings: Sequence[Footing], contracts: Sequence[CollectiveContract] = ()
) -> list[tuple[dt.date, dt.date]]:
    """A period, cut where the footing, a minimum, a contract or the month may change."""
    begins = {start, *changes(parameters.edition)}
    begins |= {day for one in footings for day in (one.first, *([one.last + _DAY] if one.last else []))}
    for contract in contracts:
        begins |= {contract.valid_from, contract.valid_to + _DAY, *(agreed.since for agreed in contract.pay)}
    month = months_after(start.replace(day=1), 1)
    while month <= end:
        begins.add(month)
        month = months_after(month, 1)
    firsts = sorted(day for day in begins if start <= day <= end)
    return list(zip(firsts, [*(day - _DAY for day in firsts[1:]), end], strict=True))


def measure_of(held: Footing, law: Law) -> str:
    """How pay is measured on a footing: by the month, by the hour, or by agreement alone. Raises MissingParameter."""
    return "hourly" if held.part_time else law.at(footing=held.relation).text("footing.minimum_wage")


def stretches(
    pay: Pay,
    footings: Sequence[Footing],
    contracts: Sequence[CollectiveContract],
    industry: str | None,
    district: str,
    used: dict[Used, None],
) -> list[Stretch]:
    """The period by how its days are measured; `used` takes in what that rests on. Raises MissingParameter."""
    found: list[Stretch] = []
    for first, last in cuts(pay.period_start, pay.period_end, footings, contracts):
        held = held_on(footings, first)
        relation = None if held is None else held.relation
        law = parameters.on(first, place=district)
        by, monthly, held_to = None, None, None
        if held is not None:
            by = measure_of(held, law)
            if by == "monthly":
                monthly = law.amount("minimum_wage.monthly")
                held_to = bar(ZERO, contracts, first, industry, district)
            elif by == "hourly":
                held_to = bar(law.amount("minimum_wage.hourly"), contracts, first, industry, district)
        used |= dict.fromkeys(law.used)
        one = Stretch(first, last, relation, by, monthly, held_to)
        if found and found[-1].goes_on_in(one):
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(one)
    return found


def measure(
    pay: Pay, intervals: Sequence[Interval], footings: Sequence[Footing], contracts: Sequence[CollectiveContract]
) -> Measured:
    """Hold a settlement against what each day's footing calls for, exactly. Without an order in the period nothing shows work,
    and nothing is measured. Where a minimum or a footing is not known the check goes to a person."""
    worked = on_paid_days(intervals, pay.paid_for)
    if not worked:
        return Measured()
    district, industry = place_of(worked), trade_of(worked)
    used: dict[Used, None] = {}
    law = parameters.on(pay.period_end, place=district)
    try:
        days = stretches(pay, footings, contracts, industry, district, used)
        outside = law.texts("minimum_wage.excluded") if pay.components else ()
        paid = countable(pay, law.texts("minimum_wage.within"), outside)
        per_month = law.amount("wages.days_per_month") if any(one.by == "monthly" for one in days) else ZERO
    except MissingParameter as missing:
        return Measured(undecided=str(missing), used=(*used, *law.used))
    in_month = Counter[dt.date]()
    for one in days:
        if one.by == "monthly":
            in_month[one.first.replace(day=1)] += paid_days(one.first, one.last)
    parts: list[MinimumPart] = []
    total, unknown = Fraction(0), False
    for one in days:
        inside = within_days(worked, one.first, one.last)
        unknown = unknown or (one.relation is None and bool(inside))
        if one.by == "monthly" or (one.by == "hourly" and inside):
            # the stretches of a part month are worth no more than the month
            of_month = max(per_month, Decimal(in_month[one.first.replace(day=1)]))
            part, due = _part(one, working_time(inside), pay, of_month)
            parts.append(part)
            total += due
    agreed, rests_on = any(one.by == "agreed" for one in days), (*used, *law.used)
    due_fen = _fen(total)
    if paid >= due_fen:
        return Measured(undecided=NO_FOOTING if unknown else None, agreed=agreed, used=rests_on)
    monthly = any(part.measure == "monthly" for part in parts)
    kind = PayBelowMonthlyMinimum if monthly else PayBelowHourlyMinimum
    finding = kind(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        orders=len(worked),
        working_seconds=working_time(worked) // _SECOND,
        pay=shown(paid),
        due=shown(due_fen),
        shortfall=shown(due_fen - paid),
        parts=tuple(parts),
        excluded=shown(excluded(pay, outside)),
    )
    asked = (
        ("normal_labour", True),
        ("components_unknown", not pay.components or pay.unnamed),
        ("part_time", monthly),
        ("part_month", monthly and not pay.of_whole_months),
        ("footing_changed", len({one.relation for one in days}) > 1),
    )
    to_judge = tuple(code for code, applies in asked if applies)
    return Measured(found=Found(finding=finding, used=rests_on, to_judge=to_judge), agreed=agreed, used=rests_on)


def _part(one: Stretch, time: dt.timedelta, pay: Pay, per_month: Decimal) -> tuple[MinimumPart, Fraction]:
    """What is due for a stretch: by the hour, or by the month where a contract does not give more for the hours."""
    assert one.bar is not None
    held_to, due = one.bar, one.bar.due(time)
    share = month_share(one.first, one.last, pay, per_month) if one.monthly is not None else Fraction(0)
    by_month = Fraction(one.monthly or ZERO) * share
    agreed = held_to.contract_id is not None and (one.monthly is None or due > by_month)
    due = max(due, by_month)
    part = MinimumPart(
        measure="hourly" if one.monthly is None else "monthly",
        first=one.first,
        last=one.last,
        working_seconds=time // _SECOND,
        paid_days=None if one.monthly is None else paid_days(one.first, one.last),
        minimum=shown(held_to.hourly if one.monthly is None else one.monthly),
        waiting_percent=str(held_to.waiting_percent) if agreed and held_to.waiting_percent else None,
        collective_contract_id=held_to.contract_id if agreed else None,
        due=shown(_fen(due)),
    )
    return part, due


def _fen(amount: Fraction) -> Decimal:
    return to_fen(Decimal(amount.numerator) / Decimal(amount.denominator))
