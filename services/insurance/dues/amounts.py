"""What a month comes to, by insurance: base, rates, what was paid, what is missing and what paying late costs. Pure; yuan.

社会保险法 art. 60 to 63 and 86; 社会保险费征缴暂行条例 art. 10. A rate or base that no row has is one that a person has set
(`Figures`), or it is unknown, and what needs it goes to a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, get_args

from services.insurance.billing.rules import late_fee
from shared.contracts.base import to_fen
from shared.contracts.insurance import Insurance
from shared.policy.parameters import Law, MissingParameter, Used

INSURANCES: Final[tuple[Insurance, ...]] = get_args(Insurance)
FigureKind = Literal["pension", "medical", "unemployment", "maternity", "work_injury", "base"]
Ground = Literal["declared", "assessed", "deemed", "paid", "with_medical", "unknown"]
"""On what an amount rests: the wage that the employer declared or an officer entered, 110 % of what the employer paid for all its
people the month before (never of one person's), what was paid without a declaration here, nothing beside the medical contribution,
or nothing that is known."""

PARTS: Final[Mapping[FigureKind, tuple[str, ...]]] = {
    "pension": ("employer", "worker"),
    "medical": ("employer", "worker"),
    "unemployment": ("employer", "worker"),
    "maternity": ("employer", "worker"),
    "work_injury": ("class",),
    "base": ("floor", "cap"),
}
"""What a person sets of each: shares of the base, a unit's class of risk, or yuan a month."""
_ROWS: Final[Mapping[tuple[str, str], tuple[str, str | None]]] = {
    ("pension", "employer"): ("social_insurance.pension_rate", "employer"),
    ("pension", "worker"): ("social_insurance.pension_rate", "worker"),
    ("unemployment", "employer"): ("social_insurance.unemployment_rate", "employer"),
    ("unemployment", "worker"): ("social_insurance.unemployment_rate", "worker"),
    ("medical", "employer"): ("social_insurance.medical_employer_rate", None),
    ("medical", "worker"): ("social_insurance.medical_worker_rate", None),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What a person set, of a unit or (None) of all, from a day on; see `PARTS`."""

    kind: FigureKind
    unit: str | None
    since: dt.date
    values: Mapping[str, Decimal]
    source: str


@dataclass(slots=True)
class Figures:
    """What persons have set, and the record of what was asked for. The latest of a unit's own counts before that of all."""

    rows: Sequence[Figure] = ()
    used: list[Used] = field(default_factory=list)

    def of(self, kind: FigureKind, part: str, day: dt.date, unit: str | None) -> Decimal | None:
        fits = [one for one in self.rows if one.kind == kind and one.unit in (None, unit) and one.since <= day]
        found = max(fits, key=lambda one: (one.unit is not None, one.since), default=None)
        if found is None or part not in found.values:
            return None
        value, measure = found.values[part], {"base": "CNY/month", "work_injury": "code"}.get(kind, "ratio")
        told = Used(
            key=f"set_by_officer.{kind}[{part}]", value=str(value), unit=measure, valid_from=found.since,
            source=found.source, verified=False,
        )  # fmt: skip
        if told not in self.used:
            self.used.append(told)
        return value


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of the base."""

    employer: Decimal
    worker: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """What an employer paid for one insurance of a person's month, both shares, and when."""

    insurance: Insurance
    month: str
    on: dt.date
    employer: Decimal
    worker: Decimal

    @property
    def amount(self) -> Decimal:
        return self.employer + self.worker


@dataclass(frozen=True, slots=True)
class Owed:
    """One insurance of a person's month. `outstanding` and `late_fee` are None where nobody knows them, and `why` says what for.

    `met`: nothing of it is missing.
    """

    insurance: Insurance
    ground: Ground
    base: Decimal | None
    employer: Decimal | None
    worker: Decimal | None
    paid: Decimal
    outstanding: Decimal | None
    late_fee: Decimal | None
    met: bool
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A person's month with a unit: the wage where it was declared or (`by_officer`) entered, what the unit has paid for the person
    (of other months too: they do not count), and the last day for it. `deferred`: see `grown_fee`."""

    month: str
    unit: str
    due_on: dt.date
    wage: Decimal | None
    by_officer: bool
    paid: Sequence[Paid]
    deferred: tuple[dt.date, dt.date] | None = None


def rates(insurance: Insurance, unit: str, law: Law, figures: Figures) -> Rates:
    """The rates of a day; raises MissingParameter where neither a row nor a person says them."""
    if insurance == "work_injury":
        grade = figures.of("work_injury", "class", law.day, unit)
        if grade is None:
            note = "the class of risk of the employer's trade: a person sets it"
            raise MissingParameter("work_injury.class_rate_percent", law.day, law.scope, note)
        return Rates(law.amount("work_injury.class_rate_percent", str(int(grade))) / 100, Decimal(0))
    if insurance == "maternity" and law.flag("social_insurance.maternity_with_medical"):
        return Rates(Decimal(0), Decimal(0))
    return Rates(_rate(insurance, "employer", law, figures), _rate(insurance, "worker", law, figures))


def _rate(insurance: Insurance, part: str, law: Law, figures: Figures) -> Decimal:
    row = _ROWS.get((insurance, part))
    try:
        if row is None:
            raise MissingParameter(f"social_insurance.{insurance}_rate", law.day, law.scope, "not found")
        return law.amount(*row)
    except MissingParameter:
        found = figures.of(insurance, part, law.day, None)
        if found is None:
            raise
        return found


def limits(law: Law, figures: Figures) -> tuple[Decimal, Decimal]:
    """Floor and cap of the base of a day, yuan a month: as published, as shares of the average wage, or as a person set them.

    Raises MissingParameter.
    """
    try:
        floor, cap = (law.amount("social_insurance.base_amount", part) for part in ("floor", "cap"))
        return floor, cap
    except MissingParameter:
        entered = [figures.of("base", part, law.day, None) for part in ("floor", "cap")]
    if entered[0] is not None and entered[1] is not None:
        return entered[0], entered[1]
    wage = law.amount("social_insurance.average_wage")
    floor, cap = (to_fen(wage * law.amount("social_insurance.base_percent", part) / 100) for part in ("floor", "cap"))
    return floor, cap


def base_of(wage: Decimal, law: Law, figures: Figures) -> Decimal:
    """A wage within floor and cap."""
    floor, cap = limits(law, figures)
    return min(max(wage, floor), cap)


def owed(month: Month, day: dt.date, law: Law, figures: Figures) -> list[Owed]:
    """What each insurance of a month comes to at the end of a day, by the law of the month's first day."""
    with_medical = law.flag("social_insurance.maternity_with_medical")
    found = {one: _owed(one, month, day, law, figures) for one in INSURANCES}
    if with_medical and not any(one.insurance == "maternity" and one.month == month.month for one in month.paid):
        medical, none = found["medical"], Decimal(0)
        found["maternity"] = Owed("maternity", "with_medical", medical.base, none, none, none, none, none, medical.met)
    return [found[one] for one in INSURANCES]


def _owed(insurance: Insurance, month: Month, day: dt.date, law: Law, figures: Figures) -> Owed:
    paid = [one for one in month.paid if one.insurance == insurance and one.month == month.month]
    came = sum((one.amount for one in paid), Decimal(0))
    try:
        ground, base, shares = _due(insurance, month, paid, law, figures)
    except MissingParameter as missing:
        return Owed(insurance, "unknown", None, None, None, came, None, None, bool(paid), str(missing))
    if shares is None:
        why = "no wage was declared: the employer owes a sum for all its people (社会保险法 第62条), see the employer's month"
        return Owed(insurance, "deemed", None, None, None, came, None, None, False, why)
    whole = shares.employer + shares.worker
    left = max(whole - came, Decimal(0))
    met = left == 0 and (bool(paid) or (whole == 0 and month.wage is not None))
    rate = law.on(month.due_on).amount("social_insurance.late_fee_per_day")
    fee = grown_fee(whole, [(one.on, one.amount) for one in paid], month.due_on, day, rate, month.deferred)
    return Owed(insurance, ground, base, shares.employer, shares.worker, came, left, fee, met)


def _due(
    insurance: Insurance, month: Month, paid: Sequence[Paid], law: Law, figures: Figures
) -> tuple[Ground, Decimal | None, Rates | None]:
    """Yuan of both shares, where they are known, and on what they rest."""
    if month.wage is not None:
        base, part = base_of(month.wage, law, figures), rates(insurance, month.unit, law, figures)
        shares = Rates(to_fen(base * part.employer), to_fen(base * part.worker))
        return ("assessed" if month.by_officer else "declared"), base, shares
    if paid:
        return "paid", None, _sum(paid)
    return "deemed", None, None


def grown_fee(
    whole: Decimal,
    payments: Sequence[tuple[dt.date, Decimal]],
    due_on: dt.date,
    day: dt.date,
    rate: Decimal,
    deferred: tuple[dt.date, dt.date] | None,
) -> Decimal:
    """The late fee by the end of a day, in yuan, without what would have grown on the days (first and last) on which the dues were
    `deferred`: nothing is in arrears then (社会保险法 art. 60, 63, 86)."""

    def by(end: dt.date) -> Decimal:
        return late_fee(whole, payments, due_on, min(day, end), rate)

    if deferred is None:
        return by(day)
    first, last = deferred
    return by(day) - (by(last) - by(first - dt.timedelta(days=1)))


def deemed(last: Decimal, law: Law) -> Decimal:
    """Yuan that a unit is taken to owe for all its people where it declared nothing, of what it paid for the month before
    (社会保险法 art. 62; 征缴条例 art. 10)."""
    return to_fen(last * law.amount("social_insurance.deemed_declared_percent") / 100)


def _sum(paid: Iterable[Paid]) -> Rates:
    whole = list(paid)
    return Rates(sum((one.employer for one in whole), Decimal(0)), sum((one.worker for one in whole), Decimal(0)))


def missing(found: Iterable[Owed]) -> list[Insurance]:
    """The insurances that are not paid in full."""
    return [one.insurance for one in found if not one.met]


def total(parts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where a part of it is not known."""
    known = list(parts)
    whole = [one for one in known if one is not None]
    return sum(whole, Decimal(0)) if len(whole) == len(known) else None
