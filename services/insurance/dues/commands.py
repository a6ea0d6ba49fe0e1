"""Follow the months that employers owe: which there are, what of them is paid, what is reminded of and what is missed.

A month is looked at when it is over, when an employment changes, when a contribution comes and when a wage is declared; each time from
what is kept then, so that nothing depends on the order in which facts come.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

import msgspec
from pymongo.errors import DuplicateKeyError

from services.insurance.contributions.documents import Contribution
from services.insurance.dues import amounts, rules
from services.insurance.dues.amounts import Figures, Month, Owed, Paid
from services.insurance.dues.documents import DuesMonth, EmployedPerson, MonthDue, UnitMonth, figures
from services.insurance.dues.rules import STATES, Employment
from services.insurance.enrolment.queries import employer_segments, registration_due
from services.insurance.persons import commands as people
from services.insurance.persons.documents import Merged, Person
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import DuesOverdue, DuesSettled
from shared.policy import calendar
from shared.policy.calendar import first_day, month_after
from shared.policy.parameters import parameters
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

AT_ONCE = 50
GATHER = dt.timedelta(hours=1)
"""How long after the first month of a unit is missed its employer is told of all, at least: our own."""


class MonthOver(msgspec.Struct, frozen=True):
    """A month that is over, and up to which worker it was looked at."""

    month: str
    after: str = ""


MONTHS = "months"
MONTH = TimerKind("insurance.dues_month", MonthOver)
LAPSE = TimerKind("insurance.dues_lapse")
NEAR = TimerKind("insurance.dues_near")
MONTH_LAPSE = TimerKind("insurance.dues_month_lapse")
CALCULATE = TimerKind("insurance.dues_reckon")
CALENDAR = TimerKind("insurance.dues_calendar")
MONTH_CALENDAR = TimerKind("insurance.dues_month_calendar")
STORED = (
    Stored(CALENDAR, MonthDue, from_day("due_on")),
    Stored(MONTH_CALENDAR, UnitMonth, from_day("due_on")),
)
"""By the id of a unit's month: what it comes to is to be reckoned again."""


async def begin(_: Running) -> None:
    """At the service's first start: look at this month when it is over, and at every one after it."""
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def _begin(tx: Transaction) -> None:
    if await DuesMonth.of(MONTHS, tx) is None:
        month = calendar.month_of(clock.now())
        await DuesMonth(id=MONTHS, since=month, law=rules.rows()).put(tx)
        _schedule_month(month, tx)


def _schedule_month(month: str, tx: Transaction) -> None:
    tx.schedule(MONTH, "next", calendar.start_of_day(first_day(month_after(month))), MonthOver(month))


async def end_month(over: MonthOver, tx: Transaction) -> None:
    """Look at the employed, some at a time, when a month is over."""
    rows = await tx.rows(EmployedPerson, {"_id": {"$gt": over.after}}, {"_id": 1}, sort="_id", limit=AT_ONCE)
    await follow([row["_id"] for row in rows], tx)
    if len(rows) == AT_ONCE:
        tx.schedule(MONTH, "next", clock.now(), MonthOver(over.month, rows[-1]["_id"]))
    else:
        _schedule_month(month_after(over.month), tx)


async def follow(workers: Collection[str], tx: Transaction) -> None:
    """Make the months of these workers fit their employments and what was paid."""
    await tx.load(Merged, workers)
    present = {worker for worker in workers if await people.present_id(worker, tx) == worker}
    employed: dict[str, list[Employment]] = defaultdict(list)
    for enrolment, stored, span in await employer_segments(present, tx):
        one = Employment(stored.worker_id, stored.unit, enrolment.id, enrolment.district, span, stored.due_on)
        employed[stored.worker_id].append(one)
    known: dict[str, list[MonthDue]] = defaultdict(list)
    for due in await tx.find(MonthDue, {"worker_id": {"$in": sorted(workers)}}):
        known[due.worker_id].append(due)
    paid = await paid_for({*known, *employed}, tx)
    told = await figures(tx) if known or employed else Figures()
    await tx.load(EmployedPerson, {*known, *employed})
    await tx.load_all_of(Merged, "worker_id", sorted(employed))
    for worker in sorted({*known, *employed}):
        if known[worker] and await _is_erased(worker, tx):
            continue
        if employed[worker] and await EmployedPerson.of(worker, tx) is None:
            await EmployedPerson(id=worker).put(tx)
        await _follow(worker, employed[worker], known[worker], paid[worker], told, tx)


async def _is_erased(worker: str, tx: Transaction) -> bool:
    """Whether a worker with months on file was erased since: what was paid is nobody's then, and an event may still come late."""
    return await EmployedPerson.of(worker, tx) is None and await Person.of(worker, tx) is None


async def once_employed(workers: Collection[str], tx: Transaction | None = None) -> set[str]:
    """Those of these workers whom a unit employs, or once did."""
    found = await find(EmployedPerson, {"_id": {"$in": sorted(workers)}}, tx) if workers else []
    return {one.id for one in found}


async def erased_among(dues: Iterable[MonthDue], tx: Transaction | None = None) -> set[str]:
    """The workers of these months whose record was erased: what was paid for them is nobody's since, so that what is missing of their
    months is what was found before."""
    workers = {one.worker_id for one in dues}
    return workers - await once_employed(workers, tx)


def still_owed(due: MonthDue, owed: Iterable[Owed], erased: Collection[str]) -> list[Owed]:
    """What a month comes to; of an erased worker's what was missing when they were erased."""
    return [one for one in owed if due.worker_id not in erased or one.insurance in due.missing]


async def paid_for(workers: Collection[str], tx: Transaction | None = None) -> dict[str, dict[str, list[Paid]]]:
    """What was paid for workers and stands, by the worker and the unit that paid; what they paid themselves is not among it."""
    query = {"worker_id": {"$in": sorted(workers)}}
    rows = await find(Contribution, query, tx) if workers else []
    found: dict[str, dict[str, list[Paid]]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        if one.payer is not None and one.worker_id is not None and not one.reversed:
            part = Paid(one.insurance, one.month, one.paid_on, one.employer_amount, one.worker_amount)
            found[one.worker_id][one.payer].append(part)
    return found


async def _follow(
    worker: str,
    employed: Sequence[Employment],
    known: Sequence[MonthDue],
    paid: dict[str, list[Paid]],
    told: Figures,
    tx: Transaction,
) -> None:
    today = calendar.shanghai_date(clock.now())
    first = min([rules.looked_back_to(today, parameters.on(today)), *(one.month for one in known)])
    last = f"{calendar.months_after(today.replace(day=1), -1):%Y-%m}"
    wanted = rules.months_of(employed, first, last)
    dues = {(one.unit, one.month): one for one in known}
    earlier: list[str] = []  # the ids that the worker's record had before
    if new := wanted.keys() - dues.keys():
        earlier = sorted(one.id for one in await tx.all_of(Merged, {"worker_id": worker}))
        await tx.load(UnitMonth, [f"{unit}|{month}" for unit, month in sorted(new)])
    for unit, month in sorted({*wanted, *dues}):
        employment, due = wanted.get((unit, month)), dues.get((unit, month))
        if due is None:
            assert employment is not None
            due = await _new(worker, earlier, unit, month, employment, tx)
        place = (employment.engagement_id, employment.district) if employment else None
        await step(due, place, paid[unit], told, tx)


async def _new(
    worker: str, earlier: Sequence[str], unit: str, month: str, employment: Employment, tx: Transaction
) -> MonthDue:
    law = parameters.on(rules.law_day(month))
    due_on = rules.due_on(month, employment.register_by, law)
    declared = await _declared_before(earlier, unit, month, tx)
    whole = await UnitMonth.of(f"{unit}|{month}", tx)
    if whole is None:
        await _watch(UnitMonth(id=f"{unit}|{month}", unit=unit, month=month, due_on=rules.pay_by(month, law)), tx)
    return MonthDue(
        id=MonthDue.id_of(unit, worker, month),
        unit=unit,
        worker_id=worker,
        month=month,
        engagement_id=employment.engagement_id,
        district=employment.district,
        due_on=due_on,
        state="void",
        wage=declared.wage if declared else None,
        wage_by=declared.wage_by if declared else None,
        used=list(law.used),
        deferred=whole.deferred if whole else None,
    )


async def _declared_before(earlier: Sequence[str], unit: str, month: str, tx: Transaction) -> MonthDue | None:
    """What was declared of the month under an id that the worker's record had before: the employer's word stands."""
    found = [await MonthDue.of(MonthDue.id_of(unit, one, month), tx) for one in earlier]
    return next((one for one in found if one is not None and one.wage is not None), None)


async def _watch(unit: UnitMonth, tx: Transaction) -> None:
    law, now = parameters.on(unit.due_on), clock.now()
    near = calendar.start_of_day(unit.due_on - dt.timedelta(days=law.days("social_insurance.dues_remind_days")))
    if near > now:
        tx.schedule(NEAR, unit.id, near)
    tx.schedule(MONTH_LAPSE, unit.id, lapses_at(unit.due_on) + GATHER)
    await unit.put(tx)


async def move_day(dues_id: str, tx: Transaction) -> None:
    """Move the last day of a person's month, where it is another by the days off that are published now."""
    due = await MonthDue.of(dues_id, tx)
    if due is None:
        return
    register_by = await registration_due(due.engagement_id, due.unit, due.month, tx)
    day = rules.due_on(due.month, register_by, parameters.on(rules.law_day(due.month)))
    if day == due.due_on:
        return
    due.due_on = day
    if due.state == "owed":
        tx.schedule(LAPSE, due.id, lapses_at(day))
    await due.put(tx)


async def move_month(unit_month: str, tx: Transaction) -> None:
    """Move the day by which a unit pays a month, where the days off have been published that it rests on."""
    unit = await UnitMonth.of(unit_month, tx)
    if unit is None:
        return
    day = rules.pay_by(unit.month, parameters.on(rules.law_day(unit.month)))
    if day != unit.due_on:
        unit.due_on = day
        await _watch(unit, tx)


def _is_deferred(due: MonthDue) -> bool:
    return due.deferred is not None and calendar.shanghai_date(clock.now()) <= due.deferred.last


def lapses_at(due_on: dt.date) -> dt.datetime:
    """When a month counts as missed: word of a payment in time has had its days, also where the month is known only now."""
    days = dt.timedelta(days=parameters.on(due_on).days("social_insurance.dues_told_days"))
    return max(calendar.end_of_day(due_on), clock.now()) + days


def month_of(due: MonthDue, paid: Iterable[Paid]) -> Month:
    """What a month is reckoned from."""
    deferred = (due.deferred.first, due.deferred.last) if due.deferred else None
    return Month(due.month, due.unit, due.due_on, due.wage, due.wage_by == "officer", tuple(paid), deferred)


def calculate(due: MonthDue, paid: Iterable[Paid], told: Figures) -> list[Owed]:
    """What a month comes to today, by insurance."""
    law = parameters.on(first_day(due.month), place=due.district)
    return amounts.owed(month_of(due, paid), calendar.shanghai_date(clock.now()), law, told)


async def step(
    due: MonthDue, place: tuple[str, str] | None, paid: Sequence[Paid], told: Figures, tx: Transaction
) -> None:
    """Make a month fit what it comes to and what was paid. `place`: the engagement and the district that make it owed; None where
    nobody is employed in it."""
    owed = calculate(due, paid, told)
    missing = amounts.missing(owed)
    before: rules.Before = due.state if due.revision else "none"
    event = rules.event_of(before, employed=place is not None, missing=bool(missing))
    place = place or (due.engagement_id, due.district)
    if event is None and missing == due.missing and place == (due.engagement_id, due.district):
        return
    changed, more, due.missing = missing != due.missing, bool({*missing} - {*due.missing}), missing
    due.engagement_id, due.district = place
    if event is not None:
        due.state = STATES.next(before, event)
    if before in ("none", "void") or event == "void":
        await _recalculate(due, tx)
    if event in ("employed", "missing"):
        tx.schedule(LAPSE, due.id, lapses_at(due.due_on))
    elif event in ("paid", "void"):
        tx.cancel(LAPSE, due.id)
        if before == "overdue":
            tx.publish(DuesSettled(**due.fields, how="void" if event == "void" else "paid"))
            await _calculate_waiting(due, tx)
    elif due.state == "overdue" and changed and not _is_deferred(due):
        _tell_overdue(due, owed, tx)
        if more:
            await tell_unit(f"{due.unit}|{due.month}", tx)
    await due.put(tx)


async def tell_unit(unit_month: str, tx: Transaction) -> None:
    """Have a unit, and the tax office, told what it owes for a month of which more is missed than they have heard, or something else.

    At a full hour: many people of one unit have it set at once.
    """
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    await tx.schedule_once(MONTH_LAPSE, unit_month, hour + 2 * GATHER)


async def _recalculate(due: MonthDue, tx: Transaction) -> None:
    """Somebody else is, or is not, employed in a month after all: what was declared of it is to be looked at again."""
    unit_month = await UnitMonth.of(f"{due.unit}|{due.month}", tx)
    if unit_month is not None and (unit_month.declared or unit_month.deemed):
        tx.schedule(CALCULATE, unit_month.id, clock.now())


async def _calculate_waiting(due: MonthDue, tx: Transaction) -> None:
    """A month for which a person was to set something may wait for nobody any more."""
    unit_month = await UnitMonth.of(f"{due.unit}|{due.month}", tx)
    if unit_month is not None and unit_month.waits:
        tx.schedule(CALCULATE, unit_month.id, clock.now())


async def lapse(dues_id: str, tx: Transaction) -> None:
    """The last day has passed: say what is missing, where something is (社会保险法 art. 63, 86)."""
    due = await MonthDue.of(dues_id, tx)
    if due is None or due.state != "owed":
        return
    if due.deferred is not None and _is_deferred(due):
        tx.schedule(LAPSE, due.id, lapses_at(due.deferred.last))
        return
    paid = await paid_for([due.worker_id], tx)
    owed = calculate(due, paid[due.worker_id][due.unit], await figures(tx))
    due.missing = amounts.missing(owed)
    due.state = STATES.next(due.state, "lapsed" if due.missing else "paid")
    if due.missing:
        _tell_overdue(due, owed, tx)
        await tell_unit(f"{due.unit}|{due.month}", tx)
    await due.put(tx)


def _tell_overdue(due: MonthDue, owed: Iterable[Owed], tx: Transaction) -> None:
    lacking = [one for one in owed if one.insurance in due.missing]
    left, fee = (
        amounts.total(parts) for parts in zip(*((one.outstanding, one.late_fee) for one in lacking), strict=True)
    )
    told = {"owed": _money(left), "late_fee": _money(fee)}
    tx.publish(DuesOverdue(**due.fields, insurances=tuple(due.missing), **told))


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)
