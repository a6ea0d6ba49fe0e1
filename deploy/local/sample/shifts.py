"""Orders as they are taken through a day: a lunch and an evening peak, overlapping where one carries several."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from deploy.local.sample.roster import FIRST, LAST, OCTOBER, Job, at


@dataclass(frozen=True, slots=True)
class Order:
    taken_at: datetime
    finished_at: datetime
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Pace:
    """How an industry works: shifts in two months, orders a shift; minutes of an order and to the next; fees in fen."""

    shifts: tuple[int, int]
    orders: tuple[int, int]
    minutes: tuple[int, int]
    gap: tuple[int, int]
    overlaps: bool
    fee: tuple[int, int]


PACES = {
    "instant_delivery": Pace((5, 8), (3, 6), (18, 45), (6, 20), True, (450, 950)),
    "ride_hailing": Pace((4, 8), (3, 5), (12, 40), (3, 15), False, (1200, 4500)),
    "freight": Pace((4, 8), (1, 3), (40, 140), (10, 40), False, (6000, 26000)),
    "courier": Pace((6, 10), (3, 6), (10, 30), (5, 15), True, (150, 350)),
}

Shift = list[Order]


def shifts(rng: random.Random, job: Job, work: int = 100) -> list[Shift]:
    """Every shift of a job in the sample's two months, in order, each with its orders; `work`: percent of the usual."""
    pace = PACES[job.platform.industry]
    days = [
        first + timedelta(days=place)
        for first, last in job.stretches()
        for place in range((min(last, LAST) - first).days + 1)
    ]
    usual = rng.randint(*pace.shifts)
    wanted = usual * work * len(days) // (100 * ((LAST - FIRST).days + 1))
    chosen = sorted(rng.sample(days, min(len(days), max(1, wanted))))
    found = [_shift(rng, pace, _peak(rng, day)) for day in chosen]
    if job.role == "plain" and rng.random() < 0.2:
        # Over midnight at the end of the month, which in UTC is still the afternoon before.
        found.append(_shift(rng, pace, at(OCTOBER - timedelta(days=1), 23, rng.randint(5, 35))))
    if job.role == "employed until" and job.ended_on is not None:
        # No longer employed, and still delivering.
        found.append(_shift(rng, pace, _peak(rng, job.ended_on + timedelta(days=3))))
    return sorted(filter(None, found), key=lambda shift: shift[0].taken_at)


def _peak(rng: random.Random, day: date) -> datetime:
    lunch = at(day, 11) + timedelta(minutes=max(-60, round(rng.gauss(25, 20))))
    evening = at(day, 17, 30) + timedelta(minutes=round(rng.gauss(20, 25)))
    between = at(day, rng.randint(7, 15), rng.randrange(60))
    return rng.choices((lunch, evening, between), (9, 9, 2))[0]


def _shift(rng: random.Random, pace: Pace, start: datetime) -> Shift:
    orders: Shift = []
    taken = start + timedelta(seconds=rng.randrange(60))
    for _ in range(rng.randint(*pace.orders)):
        finished = taken + timedelta(minutes=rng.randint(*pace.minutes), seconds=rng.randrange(60))
        if finished.date() > LAST:
            break
        orders.append(Order(taken, finished, Decimal(rng.randint(*pace.fee)) / 100))
        # Whoever carries several takes the next while the last is under way.
        resume = taken if pace.overlaps else finished
        taken = resume + timedelta(minutes=rng.randint(*pace.gap), seconds=rng.randrange(60))
    return orders
