"""Settlements of one worker for the same days: a rest that is paid later, a bonus, days that are paid one by one, another account of
theirs.

What was paid for days counts together, whatever settlements it was told in: the minimum wage, the pay of holidays, of overtime and by
the piece are held against all of it. One settlement stands for those of its days: the one with the longest period, up to a month,
of equals the one that was paid first. Of a longer one, for a bonus of a quarter, what was paid month by month counts towards
it, but it makes up for no month (劳动法 art. 48, 50: wages are paid by the month, and each month's are no lower than the minimum).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from services.complaints.pay.payment_rules import ZERO, Pay, last_of_months

_DAY: Final = dt.timedelta(1)


def overlap(one: Pay, other: Pay) -> bool:
    return one.period_start <= other.period_end and other.period_start <= one.period_end


def stands_for(one: Pay, other: Pay) -> bool:
    """Whether what was paid by `other` is measured with `one`."""
    if one.settlement_id == other.settlement_id:
        return False
    if (one.period_start, one.period_end) == (other.period_start, other.period_end):
        return _turn(one) < _turn(other)
    return _within(other, one) and one.period_end <= last_of_months(one.period_start)


def together(one: Pay, others: Sequence[Pay]) -> Pay | None:
    """A settlement with all that was paid for its days; None where another one stands for it. `others`: of the same worker."""
    if any(stands_for(other, one) for other in others):
        return None
    added = sorted(
        (other for other in others if other.settlement_id != one.settlement_id and _within(other, one)), key=_turn
    )
    if not added:
        return one
    parts = [one, *added]
    return replace(
        one,
        gross=sum((part.gross for part in parts), ZERO),
        deductions=[deduction for part in parts for deduction in part.deductions],
        components=[component for part in parts for component in part.components],
        orders=_orders(parts),
        unnamed=any(part.gross and not part.components for part in parts),
        parts=tuple(part.settlement_id for part in added),
        days=tuple(days for part in parts for days in part.paid_for),
    )


def _orders(parts: Sequence[Pay]) -> int | None:
    """For how many orders all of it is, at least: a rest may name those again of which a part was paid before, and a month those of
    its days; accounts have no order in common."""
    if any(part.orders is None for part in parts):
        return None
    accounts = {part.account for part in parts}
    return sum(_of_account([part for part in parts if part.account == account]) for account in accounts)


def _of_account(parts: Sequence[Pay]) -> int:
    longest = {
        (one.period_start, one.period_end)
        for one in parts
        if not any(_within(one, other) and not _within(other, one) for other in parts)
    }
    return sum(_least(days, parts) for days in longest)


def _least(days: tuple[dt.date, dt.date], parts: Sequence[Pay]) -> int:
    same = [part.orders or 0 for part in parts if (part.period_start, part.period_end) == days]
    shorter = [
        part.orders or 0
        for part in parts
        if days[0] <= part.period_start and part.period_end <= days[1] and (part.period_start, part.period_end) != days
    ]
    return max(*same, sum(shorter))


def clashing(one: Pay, others: Sequence[Pay]) -> frozenset[str]:
    """The accounts with another settlement that is for some of the days of this one, and for others: which of its pay was for which,
    nobody says."""
    return frozenset(
        other.account for other in others if overlap(one, other) and not _within(one, other) and not _within(other, one)
    )


def paid_within(one: Pay, others: Sequence[Pay], worked: Iterable[dt.date]) -> bool:
    """Whether all days of work of a settlement were paid by shorter ones of its account within it, which leaves a bonus. What comes
    to nothing paid for no day."""
    shorter = [
        other
        for other in others
        if other.gross and other.account == one.account and _within(other, one) and not _within(one, other)
    ]
    return bool(shorter) and all(
        any(other.period_start <= day <= other.period_end for other in shorter) for day in worked
    )


def _within(one: Pay, other: Pay) -> bool:
    return other.period_start <= one.period_start and one.period_end <= other.period_end


def _turn(one: Pay) -> tuple[dt.date, str]:
    return one.paid_on or dt.date.min, one.settlement_id
