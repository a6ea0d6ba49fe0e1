"""Settlements for parts of one month, of whoever is paid by the month: halves, weeks, ten days.

Whoever works full time is due the minimum by the month, also when paid by the week or day (最低工资规定 art. 5; 工资支付暂行规定
art. 7), as what is withheld for damage is a share of the month's (art. 16). So where settlements that follow one another without a
gap are for all days of a month on which somebody is employed, they are measured as one, with the first of them; those of two
accounts, each for its own work, may overlap. Where one is missing, overlaps another of its account or reaches into another month, each
is measured by its share of the month, and a person asks further.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.complaints.parties.rules import Footing, held_on
from services.complaints.pay import together_rules
from services.complaints.pay.minimum_rules import cuts, measure_of
from services.complaints.pay.payment_rules import ZERO, Pay
from services.complaints.pay.time_rules import apart
from shared.policy.calendar import months_after
from shared.policy.parameters import MissingParameter, parameters

_DAY: Final = dt.timedelta(1)

Days = tuple[dt.date, dt.date]
"""A first and a last day."""


@dataclass(frozen=True, slots=True)
class Month:
    """What several settlements paid for a month, as one. `in_parts`: some of its days were paid by more than one of them;
    `clashing`: accounts of which a further settlement is for some of these days and for others."""

    pay: Pay
    in_parts: bool
    clashing: frozenset[str]

    def is_told_by(self, one: Pay) -> bool:
        """Whether what the month shows is shown with this settlement: the first of its settlements."""
        return one.settlement_id == self.pay.settlement_id


def whole_months(first: dt.date, last: dt.date) -> Days:
    """All days of the months that some days lie in."""
    return first.replace(day=1), months_after(last.replace(day=1), 1) - _DAY


def reach(first: dt.date, last: dt.date, footings: Sequence[Footing]) -> Days:
    """The days of which settlements may be measured with one of these days: whole months of whoever is paid by the month."""
    begin, end = whole_months(first, last)
    return (
        begin if paid_by_month(*whole_months(first, first), footings) else first,
        end if paid_by_month(*whole_months(last, last), footings) else last,
    )


def paid_by_month(first: dt.date, last: dt.date, footings: Sequence[Footing]) -> list[Days]:
    """The days on which pay is measured by the month; none where that is not known."""
    found: list[Days] = []
    try:
        for begin, end in cuts(first, last, footings):
            held = held_on(footings, begin)
            if held is not None and measure_of(held, parameters.on(begin)) == "monthly":
                found.append((begin, end))
    except MissingParameter:
        return []
    return found


def of_month(one: Pay, others: Sequence[Pay], footings: Sequence[Footing]) -> Month | None:
    """All that was paid for the month of which a settlement is for a part, if it and `others` are for all of it; None otherwise.
    `others`: the worker's settlements for some days of the month."""
    first, last = whole_months(one.period_start, one.period_start)
    if one.period_end > last or (one.period_start, one.period_end) == (first, last):
        return None
    employed = paid_by_month(first, last, [held for held in footings if held.parties == one.parties])
    told = [one, *others]
    parts = sorted(
        (
            whole
            for part in told
            if part.parties == one.parties
            and first <= part.period_start
            and part.period_end <= last
            and any(part.period_start <= end and begin <= part.period_end for begin, end in employed)
            and (whole := together_rules.together(part, told)) is not None
        ),
        key=lambda part: (part.period_start, part.settlement_id),
    )
    if len(parts) == 1 or not any(part.settlement_id == one.settlement_id for part in parts):
        return None
    begins, ends = parts[0].period_start, max(part.period_end for part in parts)
    if not _follow(parts) or not all(begins <= begin and end <= ends for begin, end in employed):
        return None
    counted = {own for part in parts for own in (part.settlement_id, *part.parts)}
    beside = [other for other in told if other.settlement_id not in counted]
    return Month(
        _as_one(parts),
        in_parts=any(part.parts for part in parts),
        clashing=frozenset().union(*(together_rules.clashing(part, beside) for part in parts)),
    )


def _follow(parts: Sequence[Pay]) -> bool:
    """Whether parts of a month, by their first days, leave none of its days out, and pay none of an account twice."""
    paid: dict[str, dt.date] = {}
    until = parts[0].period_start - _DAY
    for part in parts:
        if part.period_start > until + _DAY:
            return False
        for account, first, last in apart(part.paid_for):
            if first <= paid.get(account, dt.date.min):
                return False
            paid[account] = last
        until = max(until, part.period_end)
    return True


def _as_one(parts: Sequence[Pay]) -> Pay:
    further = [one for part in parts for one in (part.settlement_id, *part.parts)][1:]
    orders = [part.orders for part in parts if part.orders is not None]
    return replace(
        parts[0],
        period_end=max(part.period_end for part in parts),
        gross=sum((part.gross for part in parts), ZERO),
        deductions=[deduction for part in parts for deduction in part.deductions],
        components=[component for part in parts for component in part.components],
        orders=sum(orders) if len(orders) == len(parts) else None,
        unnamed=any(part.unnamed or (part.gross and not part.components) for part in parts),
        parts=tuple(further),
        days=tuple(days for part in parts for days in part.paid_for),
    )
