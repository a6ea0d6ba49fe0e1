"""Wages that employers declare or officers enter, what a unit's month comes to by them, and rates and bases that a person sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Literal

from services.insurance.dues import amounts, rules
from services.insurance.dues.amounts import INSURANCES, PARTS, FigureKind, Figures
from services.insurance.dues.arrears_commands import determine, paid_in
from services.insurance.dues.commands import (
    AT_ONCE,
    CALCULATE,
    MONTHS,
    MonthOver,
    calculate,
    erased_among,
    follow,
    step,
    tell_unit,
)
from services.insurance.dues.documents import DuesMonth, Figure, MonthDue, UnitMonth, figures
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import DuesDeclared, Insurance
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import MissingParameter, parameters
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

Who = Literal["employer", "officer"]
LAW = TimerKind("insurance.dues_law", MonthOver)
"""Months from one on are reckoned again, some at a time; `after`: the id of the last of them."""


async def declare(unit: str, month: str, wages: Mapping[str, Decimal], who: Who, tx: Transaction) -> UnitMonth:
    """Take the wages (yuan) of a unit's people for a month by the worker's id, and calculate what it comes to once all are known.

    An employer's word takes the place of any earlier one (社会保险法 art. 62); an officer's that of an officer's.
    Raises NotFound where the unit owes nothing for that month, RuleBroken for a person whom it does not owe it for, and Conflict.
    """
    unit_month = await UnitMonth.of(f"{unit}|{month}", tx)
    if unit_month is None:
        raise NotFound("该单位该月应缴记录", "the unit's month")
    ids = {worker: MonthDue.id_of(unit, worker, month) for worker in wages}
    await tx.load(MonthDue, ids.values())
    for worker, wage in wages.items():
        due = await MonthDue.of(ids[worker], tx)
        if due is None or due.state == "void":
            raise RuleBroken("not-owed", "名单中有该单位该月无需缴费的人员", "the unit owes nothing for one of them")
        if who == "officer" and due.wage_by == "employer":
            raise Conflict("declared", "单位已申报工资，不能核定", "the employer has declared it")
        due.wage, due.wage_by = wage, who
        await due.put(tx)
    await follow(sorted(wages), tx)
    await _calculate(unit_month, tx)
    return unit_month


async def recalculate(unit_month_id: str, tx: Transaction) -> None:
    """Reckon a month again that was declared or deemed, or waits for a person: a rate or a base was set, somebody else is, or is not,
    employed in it after all, or it was paid."""
    unit_month = await UnitMonth.of(unit_month_id, tx)
    if unit_month is not None and (unit_month.declared or unit_month.deemed or unit_month.waits):
        await _calculate(unit_month, tx)
        await _follow_wages(unit_month, tx)


async def _follow_wages(unit_month: UnitMonth, tx: Transaction) -> None:
    """Look again at whose wage is known: by another rate or base, what was paid may be too little now, or enough."""
    dues = [due for due in await _dues_of(unit_month, tx) if due.wage is not None]
    paid, told, erased = (
        await paid_in(unit_month.unit, unit_month.month, tx),
        await figures(tx),
        await erased_among(dues, tx),
    )
    for due in dues:
        if due.worker_id not in erased:
            await step(due, (due.engagement_id, due.district), paid[due.worker_id], told, tx)


async def _dues_of(unit_month: UnitMonth, tx: Transaction) -> list[MonthDue]:
    """The months of those whom the unit employed then."""
    dues = await tx.find(MonthDue, {"unit": unit_month.unit, "month": unit_month.month})
    return [due for due in dues if due.state != "void"]


async def _calculate(unit_month: UnitMonth, tx: Transaction) -> None:
    await _calculate_month(unit_month, await figures(tx), tx)
    if unit_month.declared or calendar.shanghai_date(clock.now()) <= unit_month.due_on:
        unit_month.deemed, unit_month.waits = {}, bool(unit_month.declared and unit_month.unknown)
        await unit_month.put(tx)
        return
    before = dict(unit_month.deemed)
    await determine(unit_month, tx)
    if unit_month.deemed not in (before, {}):
        await tell_unit(unit_month.id, tx)


async def _calculate_month(unit_month: UnitMonth, told: Figures, tx: Transaction) -> None:
    dues = await _dues_of(unit_month, tx)
    if any(due.wage is None for due in dues):
        unit_month.declared = False
        return
    sums: dict[Insurance, Decimal | None] = dict.fromkeys(INSURANCES, Decimal(0))
    for due in dues:
        for one in calculate(due, (), told):
            share = None if one.employer is None or one.worker is None else one.employer + one.worker
            sums[one.insurance] = amounts.total([sums[one.insurance], share])
    found = {insurance: amount for insurance, amount in sums.items() if amount is not None}
    before = (unit_month.declared, unit_month.people, unit_month.amounts, unit_month.unknown)
    unknown = [insurance for insurance, amount in sums.items() if amount is None]
    if before == (True, len(dues), found, unknown):
        return
    unit_month.declared, unit_month.people = True, len(dues)
    unit_month.amounts = {str(insurance): amount for insurance, amount in found.items()}
    unit_month.unknown = unknown
    tx.publish(
        DuesDeclared(
            platform=unit_month.unit,
            month=unit_month.month,
            due_on=unit_month.due_on,
            people=len(dues),
            amounts={insurance: money(amount) for insurance, amount in found.items()},
            unknown=tuple(unknown),
        )
    )


async def follow_law(_: Running | None = None) -> None:
    """At each start: have months reckoned again where a parameter is another than when they were: one published late, or put right."""
    await transact(_follow_law)


async def _follow_law(tx: Transaction) -> None:
    known, today = await DuesMonth.of(MONTHS, tx), rules.rows()
    since = None if known is None else rules.first_difference(known.law, today)
    if known is not None and since is not None:
        tx.schedule(LAW, MONTHS, clock.now(), MonthOver(since))
        await known.changed({"law": today}).put(tx)


async def recalculate_since(asked: MonthOver, tx: Transaction) -> None:
    """Have the next months reckoned again, of whatever unit."""
    wanted = {"_id": {"$gt": asked.after}}
    found = await tx.rows(UnitMonth, wanted, {"month": 1}, sort="_id", limit=AT_ONCE)
    for row in found:
        if row["month"] >= asked.month:
            tx.schedule(CALCULATE, row["_id"], clock.now())
    if len(found) == AT_ONCE:
        tx.schedule(LAW, MONTHS, clock.now(), MonthOver(asked.month, found[-1]["_id"]))


async def follow_payments(paid: Collection[tuple[str, str]], tx: Transaction) -> None:
    """Have a unit's month reckoned again for which a person was to set something since nothing was known to be paid for the month
    before. `paid`: unit and month of what has come."""
    for one in await tx.find(UnitMonth, {"unit": {"$in": sorted({unit for unit, _ in paid})}, "waits": True}):
        if (one.unit, f"{calendar.months_after(calendar.first_day(one.month), -1):%Y-%m}") in paid:
            tx.schedule(CALCULATE, one.id, clock.now())


async def set_figure(
    kind: FigureKind,
    unit: str | None,
    since: dt.date,
    values: Mapping[str, Decimal],
    source: str,
    by: str,
    tx: Transaction,
) -> Figure:
    """Set what no row has, from a day on, and calculate again what waited for it. One of the same day takes the earlier one's place.

    Raises RuleBroken where it is not a figure of that kind, and Conflict where a row has the value.
    """
    _check(kind, unit, values)
    if _has_row(kind, since):
        raise Conflict("figure-known", "政策参数库已有该数值", "the parameters have the value")
    figure_id = f"{kind}|{unit or 'all'}|{since}"
    told = {part: str(value) for part, value in values.items()}
    known = await Figure.of(figure_id, tx)
    if known is None:
        known = Figure(id=figure_id, kind=kind, unit=unit, since=since, values=told, source=source, set_by=by)
    else:
        known.changed({"values": told, "source": source, "set_by": by})
    await known.put(tx)
    since_then = {"month": {"$gte": f"{since:%Y-%m}"}}
    for waiting in ({"declared": True}, {"waits": True}):
        for one in await tx.find(UnitMonth, waiting | since_then):
            if unit in (None, one.unit):
                tx.schedule(CALCULATE, one.id, clock.now())
    return known


def _check(kind: FigureKind, unit: str | None, values: Mapping[str, Decimal]) -> None:
    wrong = RuleBroken("not-a-figure", "数值与险种不符", "not a figure of that kind")
    if set(values) != set(PARTS[kind]) or (unit is not None) != (kind == "work_injury"):
        raise wrong
    if kind == "work_injury" and values["class"] not in range(1, 9):
        raise wrong
    if kind == "base" and not 0 < values["floor"] <= values["cap"]:
        raise wrong
    if kind not in ("work_injury", "base") and not all(0 <= value < 1 for value in values.values()):
        raise wrong


def _has_row(kind: FigureKind, since: dt.date) -> bool:
    """Whether the parameters have all that the figure would say."""
    if kind == "work_injury":
        return False
    law = parameters.on(since, place="510600")
    try:
        if kind == "base":
            amounts.limits(law, Figures())
        else:
            amounts.rates(kind, "", law, Figures())
    except MissingParameter:
        return False
    return True
