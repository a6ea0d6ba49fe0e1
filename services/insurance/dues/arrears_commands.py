"""What a unit owes for a month once its last day is near or over: reckoned, told to the unit, and kept for the letter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.insurance.contributions.documents import Contribution
from services.insurance.dues import amounts, arrears
from services.insurance.dues.amounts import Paid
from services.insurance.dues.arrears import UnitOwed
from services.insurance.dues.commands import GATHER, MONTH_LAPSE, erased_among, lapses_at, month_of, still_owed
from services.insurance.dues.documents import MonthDue, UnitMonth, figures
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import DuesMonthOverdue, DuesNear
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.calendar import first_day
from shared.policy.parameters import Law, Used, parameters
from shared.storage.records import find
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Arrears:
    """What a unit's month comes to as of today, by insurance, for how many people something is missing, and what it rests on."""

    insurances: Sequence[UnitOwed]
    people: int
    used: Sequence[Used]

    @property
    def clear(self) -> bool:
        return all(one.clear for one in self.insurances)

    @property
    def unknown(self) -> list[UnitOwed]:
        return [one for one in self.insurances if one.outstanding is None]


async def arrears_of(unit: UnitMonth, tx: Transaction | None = None) -> Arrears:
    """What a unit owes for a month, with its late fee by the end of today."""
    dues = [one for one in await find(MonthDue, {"unit": unit.unit, "month": unit.month}, tx) if one.state != "void"]
    last_month = f"{calendar.months_after(first_day(unit.month), -1):%Y-%m}"
    before = await paid_in(unit.unit, last_month, tx)
    came = await paid_in(unit.unit, unit.month, tx)
    today, lacking = calendar.shanghai_date(clock.now()), [one for one in dues if one.state in ("owed", "overdue")]
    used: list[Used] = []
    if dues and all(one.wage is None for one in dues):
        law = parameters.on(first_day(unit.month), place=CITY)
        missing = {insurance for one in lacking for insurance in one.missing}
        everything = [one for several in came.values() for one in several]
        earlier = [one for several in before.values() for one in several]
        due_on = min((one.due_on for one in lacking), default=unit.due_on)  # later for who is to be registered later
        deferred = (unit.deferred.first, unit.deferred.last) if unit.deferred else None
        found = arrears.undeclared(earlier, everything, missing, unit.deemed, due_on, today, law, deferred)
        used = list(law.used)
    else:
        told, laws, erased = await figures(tx), dict[str, Law](), await erased_among(dues, tx)
        people = []
        for one in dues:
            law = laws.setdefault(one.district, parameters.on(first_day(one.month), place=one.district))
            owed = amounts.owed(month_of(one, came[one.worker_id]), today, law, told)
            people.append(still_owed(one, owed, erased))
        found = arrears.declared(people)
        rows = [*(one for law in laws.values() for one in law.used), *told.used]
        used = [one for at, one in enumerate(rows) if one not in rows[:at]]
    return Arrears(found, len(lacking), used)


async def paid_in(unit: str, month: str, tx: Transaction | None) -> dict[str, list[Paid]]:
    """What a unit paid for a month and what stands of it, by the worker."""
    found: dict[str, list[Paid]] = defaultdict(list)
    for one in await find(Contribution, {"payer": unit, "month": month}, tx):
        if not one.reversed:
            part = Paid(one.insurance, one.month, one.paid_on, one.employer_amount, one.worker_amount)
            found[one.worker_id or ""].append(part)
    return found


async def remind(unit_month: str, tx: Transaction) -> None:
    """Say that a unit's month is due soon, where something of it is owed."""
    unit = await UnitMonth.of(unit_month, tx)
    owing = await _people(unit, "owed", tx) if unit else 0
    if unit is not None and owing and not _too_early(unit):
        tx.publish(DuesNear(platform=unit.unit, month=unit.month, due_on=unit.payable_by, people=owing))


def _too_early(unit: UnitMonth) -> bool:
    """Whether the day is far off since the month was deferred: then the reminder comes before that day."""
    days = parameters.on(unit.due_on).days("social_insurance.dues_remind_days")
    return calendar.shanghai_date(clock.now()) + dt.timedelta(days=days) < unit.payable_by


async def lapse(unit_month: str, tx: Transaction) -> None:
    """Determine what a unit owes that has not paid for everybody in time, and tell it once of all (社会保险法 art. 62, 86)."""
    unit = await UnitMonth.of(unit_month, tx)
    if unit is None:
        return
    if unit.deferred is not None and calendar.shanghai_date(clock.now()) <= unit.deferred.last:
        tx.schedule(MONTH_LAPSE, unit.id, lapses_at(unit.deferred.last) + GATHER)
        return
    owing = await _people(unit, "overdue", tx)
    if not owing:
        await _wait_for_later(unit, tx)
        return
    found = await determine(unit, tx)
    known = {one.insurance: money(one.amount) for one in found.insurances if one.amount is not None}
    tx.publish(
        DuesMonthOverdue(
            platform=unit.unit,
            month=unit.month,
            due_on=unit.payable_by,
            people=owing,
            ground="deemed" if unit.deemed else "declared",
            amounts=known,
            unknown=tuple(one.insurance for one in found.unknown),
            owed=_sum(one.outstanding for one in found.insurances),
            late_fee=_sum(one.late_fee for one in found.insurances),
        )
    )


async def _wait_for_later(unit: UnitMonth, tx: Transaction) -> None:
    """Look again when the last day has passed of those who were to be registered later (社会保险法 art. 58)."""
    owed = await tx.find(MonthDue, {"unit": unit.unit, "month": unit.month, "state": "owed"})
    erased = await erased_among(owed, tx)
    owed = [one for one in owed if one.worker_id not in erased]
    if owed:
        tx.schedule(MONTH_LAPSE, unit.id, lapses_at(min(one.due_on for one in owed)) + GATHER)


async def determine(unit: UnitMonth, tx: Transaction) -> Arrears:
    """Keep what is deemed of a month, and whether a person has to set something of it."""
    found = await arrears_of(unit, tx)
    deemed = {one.insurance: one.amount for one in found.insurances if one.ground == "deemed"}
    unit.deemed = {insurance: amount for insurance, amount in deemed.items() if amount is not None}
    unit.waits = bool(found.unknown)
    await unit.put(tx)
    return found


def _sum(parts: Iterable[Decimal | None]) -> str | None:
    whole = amounts.total(parts)
    return None if whole is None else money(whole)


async def _people(unit: UnitMonth, state: str, tx: Transaction) -> int:
    query = {"unit": unit.unit, "month": unit.month, "state": state}
    return len(await tx.rows(MonthDue, query, {"_id": 1}))
