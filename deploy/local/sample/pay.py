"""Half-monthly settlements: most clearly above the hourly minimum, some clearly below it."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from deploy.local.sample.roster import SHANGHAI
from deploy.local.sample.shifts import Order

HALVES = (
    (date(2026, 9, 1), date(2026, 9, 15)),
    (date(2026, 9, 16), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 10, 15)),
    (date(2026, 10, 16), date(2026, 10, 31)),
)
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid for one half of a month, in yuan."""

    first: date
    last: date
    orders: int
    gross: Decimal
    deductions: tuple[tuple[str, Decimal], ...]

    @property
    def net(self) -> Decimal:
        return self.gross - sum((amount for _, amount in self.deductions), Decimal(0))


def settlements(rng: random.Random, orders: list[Order], employed: bool) -> Iterator[Settlement]:
    """One settlement for each half-month with orders, about one in ten of them short."""
    for first, last in HALVES:
        inside = [order for order in orders if first <= order.finished_at.date() <= last]
        if inside:
            hours = _hours(orders, first, last)
            earned = max(sum((order.fee for order in inside), Decimal(0)), hours * rng.randint(27, 40))
            yield Settlement(first, last, len(inside), *_pay(rng, hours, earned, employed))


def _pay(
    rng: random.Random, hours: Decimal, earned: Decimal, employed: bool
) -> tuple[Decimal, tuple[tuple[str, Decimal], ...]]:
    if rng.random() < 0.05:
        return _fen(hours * rng.randint(9, 17)), ()
    if rng.random() < 0.06:
        # Enough at first sight: the fines make it short.
        gross = _fen(earned)
        return gross, (("fine", gross - _fen(hours * rng.randint(10, 16))),)
    if employed:
        # Short at first sight: what is withheld for the worker's own insurance and tax is pay.
        gross = _fen(hours * 27)
        return gross, (("social_insurance", _fen(hours * 7)), ("income_tax", _fen(hours)))
    equipment = (("equipment", _fen(hours)),) if rng.random() < 0.2 else ()
    return _fen(earned), equipment


def _hours(orders: Iterable[Order], first: date, last: date) -> Decimal:
    until = datetime.combine(first, time.min, SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
    worked = timedelta()
    for order in sorted(orders, key=lambda order: order.taken_at):
        begin, stop = max(order.taken_at, until), min(order.finished_at, end)
        if stop > begin:
            worked += stop - begin
            until = stop
    return Decimal(worked // timedelta(seconds=1)) / 3600


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(_FEN, ROUND_HALF_UP)
