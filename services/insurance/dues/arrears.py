"""What a unit owes for a month when its last day has passed, by insurance, for all its people together. Pure; yuan.

社会保险法 art. 62: where nothing was declared, 110 % of what the unit paid the month before; art. 86: 0.05 % a day from the day
after the last one. All of it is reckoned here; a person is needed only where a value is known to nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.insurance.dues import amounts
from services.insurance.dues.amounts import INSURANCES, Owed, Paid
from shared.contracts.insurance import Insurance
from shared.policy.parameters import Law

UnitGround = Literal["declared", "deemed", "paid", "with_medical", "unknown"]
"""As `amounts.Ground`; a wage that an officer entered counts as declared."""


@dataclass(frozen=True, slots=True)
class UnitOwed:
    """One insurance of a unit's month. Null where nobody knows it, and `why` says what a person must set."""

    insurance: Insurance
    ground: UnitGround
    amount: Decimal | None
    paid: Decimal
    outstanding: Decimal | None
    late_fee: Decimal | None
    why: str | None = None

    @property
    def clear(self) -> bool:
        """Whether nothing is owed."""
        return self.outstanding == 0 and self.late_fee == 0


def declared(people: Iterable[Sequence[Owed]]) -> list[UnitOwed]:
    """The sums over all people of a unit, whose wages are known or who were paid for without a declaration."""
    found: list[UnitOwed] = []
    parts: dict[Insurance, list[Owed]] = {insurance: [] for insurance in INSURANCES}
    for one in (one for person in people for one in person):
        parts[one.insurance].append(one)
    for insurance, several in parts.items():
        shares = [share for one in several for share in (one.employer, one.worker)]
        amount = amounts.total(shares)
        grounds = {one.ground for one in several}
        ground: UnitGround = "declared"
        if amount is None:
            ground = "unknown"
        elif len(grounds) == 1 and grounds <= {"paid", "with_medical"}:
            ground = "paid" if "paid" in grounds else "with_medical"
        found.append(
            UnitOwed(
                insurance,
                ground,
                amount,
                paid=sum((one.paid for one in several), Decimal(0)),
                outstanding=None if amount is None else amounts.total(one.outstanding for one in several),
                late_fee=None if amount is None else amounts.total(one.late_fee for one in several),
                why=next((_why(one) for one in several if one.outstanding is None), None),
            )
        )
    return found


def _why(one: Owed) -> str | None:
    if one.ground == "deemed":
        return "the wages of some people were not declared: a person enters them (社会保险法 第58条、第62条)"
    return one.why


def undeclared(
    before: Sequence[Paid],
    came: Sequence[Paid],
    lacking: Collection[Insurance],
    settled: dict[Insurance, Decimal],
    due_on: dt.date,
    day: dt.date,
    law: Law,
    deferred: tuple[dt.date, dt.date] | None = None,
) -> list[UnitOwed]:
    """Of a month of which nothing was declared: what is `lacking` for somebody is deemed by what was paid for the month before
    (`before`, all people), or as it was determined once (`settled`); everything else was paid. `came`: what was paid for the month.

    Where nothing was paid for the month before, a person sets the wages (征缴条例 art. 10).
    """
    found = {one: _undeclared(one, before, came, lacking, settled, due_on, day, law, deferred) for one in INSURANCES}
    own = any(one.insurance == "maternity" for one in (*before, *came))
    if law.flag("social_insurance.maternity_with_medical") and not own:
        none = Decimal(0)
        found["maternity"] = UnitOwed("maternity", "with_medical", none, none, none, none)
    return [found[one] for one in INSURANCES]


def _undeclared(
    insurance: Insurance,
    before: Sequence[Paid],
    came: Sequence[Paid],
    lacking: Collection[Insurance],
    settled: dict[Insurance, Decimal],
    due_on: dt.date,
    day: dt.date,
    law: Law,
    deferred: tuple[dt.date, dt.date] | None,
) -> UnitOwed:
    payments = [(one.on, one.amount) for one in came if one.insurance == insurance]
    paid = sum((amount for _, amount in payments), Decimal(0))
    last = sum((one.amount for one in before if one.insurance == insurance), Decimal(0))
    ground: UnitGround = "paid"
    whole = paid
    if insurance in lacking:
        ground = "deemed"
        whole = settled.get(insurance, amounts.deemed(last, law))
        if whole == 0:
            why = "nothing was declared, nor paid for the month before: a person enters the wages (征缴条例 第10条)"
            return UnitOwed(insurance, "unknown", None, paid, None, None, why)
    rate = law.on(due_on).amount("social_insurance.late_fee_per_day")
    fee = amounts.grown_fee(whole, payments, due_on, day, rate, deferred)
    return UnitOwed(insurance, ground, whole, paid, max(whole - paid, Decimal(0)), fee)
