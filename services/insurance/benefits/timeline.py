"""What a monthly benefit comes to in each month: its sums by the month from which they hold, the yearly factors, and a floor. Pure.

Months are YYYY-MM, sums yuan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from pydantic import BaseModel

from shared.contracts.base import FEN
from shared.storage.fields import Yuan


class Sum(BaseModel):
    """A month's sum from a month on; factors count that hold from a later month than `grows_from`."""

    from_month: str
    amount: Yuan
    grows_from: str


class Growth(BaseModel):
    """A yearly adjustment (工伤保险条例 art. 40): what sums are multiplied by from a month on, and what is added then; `factor` is
    decimal text."""

    from_month: str
    factor: str = "1"
    plus: Yuan = Decimal(0)


def owed(
    sums: Sequence[Sum], growths: Iterable[Growth], month: str, floor: Decimal | None = None, *, down: bool = False
) -> Decimal | None:
    """What is owed for a month, to the fen; None where no sum holds yet. `down`: cut to the fen, so that shares of one sum never
    grow beyond it."""
    holds = [one for one in sums if one.from_month <= month]
    if not holds:
        return None
    latest = holds[-1]
    amount = latest.amount
    for growth in growths:
        if latest.grows_from < growth.from_month <= month:
            amount = amount * Decimal(growth.factor) + growth.plus
    amount = amount.quantize(FEN, ROUND_DOWN if down else ROUND_HALF_UP)
    return amount if floor is None else max(amount, floor)


def replaced(sums: Sequence[Sum], later: Sequence[Sum]) -> list[Sum]:
    """The sums with those from the first of `later` on put in place of what was to come."""
    if not later:
        return list(sums)
    return [*(one for one in sums if one.from_month < later[0].from_month), *later]


def arrears(
    paid: Iterable[tuple[str, Decimal]], owed_for: Callable[[str], Decimal | None]
) -> list[tuple[int, Decimal]]:
    """By the place of each payment (month and sum, with what was made up), what it fell short of."""
    short = []
    for place, (month, amount) in enumerate(paid):
        owes = owed_for(month)
        if owes is not None and owes > amount:
            short.append((place, owes - amount))
    return short
