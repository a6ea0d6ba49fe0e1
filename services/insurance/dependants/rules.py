"""Who is a dependant, what share of the dead worker's wage is whose in which month, and when a share ends. Pure.

因工死亡职工供养亲属范围规定 art. 2-5; 工伤保险条例 art. 39, 1, 2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final, Literal

from shared.contracts.base import FEN, to_fen
from shared.errors import RuleBroken
from shared.policy.calendar import month_after, months_after

Relation = Literal["spouse", "child", "parent", "grandparent", "grandchild", "sibling"]

OLD: Final = frozenset({"spouse", "parent", "grandparent"})
"""Who draws a pension for their age; children, grandchildren and siblings do for their youth."""

NEXT_IN_LINE: Final = frozenset({"grandparent", "grandchild", "sibling"})
"""Who does only where those nearer to them are dead or cannot work (art. 3, items 5 to 7)."""

LAST = "9999-12"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody whom the worker supported. `incapacitated`: has lost all capacity for work; `next_in_line`: the nearer relatives are
    dead or have lost theirs. `born` and `male` are the id number's."""

    relation: Relation
    born: dt.date
    male: bool
    incapacitated: bool = False
    next_in_line: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What a dependant draws: per cent of the wage, from a month to a last one (YYYY-MM; None: until something ends it)."""

    percent: Decimal
    first_month: str
    last_month: str | None = None

    def drawn_in(self, month: str) -> bool:
        return self.first_month <= month <= (self.last_month or LAST)


def birthday(born: dt.date, age: int) -> dt.date:
    return months_after(born, 12 * age)


def check(relative: Relative, day: dt.date, ages: Mapping[str, str]) -> None:
    """Raise RuleBroken where somebody was no dependant on the day of the death (art. 3)."""
    of_age = not relative.incapacitated
    if relative.relation in OLD:
        age = int(ages["man" if relative.male else "woman"])
        of_age = of_age and day < birthday(relative.born, age)
    else:
        of_age = of_age and day >= birthday(relative.born, int(ages["minor"]))
    if of_age or (relative.relation in NEXT_IN_LINE and not relative.next_in_line):
        raise RuleBroken("not-a-dependant", "不符合供养亲属条件", "whoever is named is no dependant by the rules")


def last_month(relative: Relative, ages: Mapping[str, str]) -> str | None:
    """The month (YYYY-MM) with which youth ends a pension: that of the birthday (art. 4, item 1); None where it does not."""
    if relative.incapacitated or relative.relation in OLD:
        return None
    return f"{birthday(relative.born, int(ages['minor'])):%Y-%m}"


def percent(relation: Relation, lone: bool, table: Mapping[str, str]) -> Decimal:
    """Per cent of the wage: the spouse's, or another's, and more for a lone old person or an orphan."""
    of = Decimal(table["spouse" if relation == "spouse" else "other"])
    return of + (Decimal(table["lone"]) if lone else 0)


def divide(wage: Decimal, percents: Sequence[Decimal], cap: Decimal) -> list[Decimal]:
    """Each one's sum of a month, in yuan to the fen, in their order.

    Each is rounded by itself, so that one's end leaves the others as they are, unless together they would be more than `cap` per
    cent of the wage: then they divide that by their per cents, and every fen of it is somebody's; of those cut alike the first ones
    get the fen that is left.
    """
    alone = [to_fen(wage * one / HUNDRED) for one in percents]
    most = (wage * cap / HUNDRED).quantize(FEN, ROUND_DOWN)
    if sum(alone, Decimal(0)) <= most:
        return alone
    whole = sum(percents, Decimal(0))
    exact = [most * one / whole for one in percents]
    shares = [one.quantize(FEN, ROUND_DOWN) for one in exact]
    left = int((most - sum(shares, Decimal(0))) / FEN)
    by_rest = sorted(range(len(shares)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[:left]:
        shares[place] += FEN
    return shares


def schedule(wage: Decimal, shares: Sequence[Share], cap: Decimal, since: str) -> list[list[tuple[str, Decimal]]]:
    """By dependant, the months from `since` on with which another sum begins, and the sum: whenever somebody comes or goes."""
    begins = {max(one.first_month, since) for one in shares}
    ends = {month_after(one.last_month) for one in shares if one.last_month is not None}
    found: list[list[tuple[str, Decimal]]] = [[] for _ in shares]
    for month in sorted(begins | {one for one in ends if one > since} | {since}):
        there = [place for place, one in enumerate(shares) if one.drawn_in(month)]
        sums = divide(wage, [shares[place].percent for place in there], cap)
        for place, amount in zip(there, sums, strict=True):
            if not found[place] or found[place][-1][1] != amount:
                found[place].append((month, amount))
    return found
