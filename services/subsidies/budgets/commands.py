"""Reserve, release, spend and take back money of a budget; change a budget by two officers; serve what waits for money.

Other rooms call `reserve` when an application is approved, `release` when it is not to be paid after all; `payments` does the
rest. What waits gets its money when there is some, and the timer `subsidies.budget_reserved` says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import msgspec

from services.subsidies.budgets import rules
from services.subsidies.budgets.documents import NOTHING, Budget, BudgetChange, Reservation, encrypted_reason
from services.subsidies.budgets.rules import Line, Purpose, Source, Step
from shared import clock
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.transaction import IDS_AT_ONCE, Transaction
from shared.storage.writes import encode, stored

QUEUE_AT_ONCE = 50


class Reserved(msgspec.Struct, frozen=True):
    """For which application a budget has given money that it had waited for."""

    application_id: str


BUDGET_RESERVED = TimerKind("subsidies.budget_reserved", Reserved)
"""Due at once when what waited for money has it; keyed by the id that it was reserved under. `applications` handles it."""

CARRY = TimerKind[None]("subsidies.budget_carry")
"""Due when what waits in the budget of a past year is to be moved into this year's; keyed by its id."""

SERVE = TimerKind[None]("subsidies.budget_queue")
"""Due when a budget may have money for what waits; keyed by its id."""


async def reserve(
    *, application_id: str, kind: str, source: Source, year: int, district: str, amount: Decimal, tx: Transaction
) -> bool:
    """Reserve money for an approved application; False where the budget is exhausted or others wait already: it waits then too.

    Asked again, it says how that application stands. `application_id` may name a part of one. Raises RuleBroken for what is
    no amount.
    """
    rules.check_amount(amount)
    known = await Reservation.of(application_id, tx)
    if known is not None and not known.released:
        return known.place is None
    line = Line(year=year, kind=kind, source=source, district=district)
    there = {"_id": line.id, "available": {"$gte": amount}, "waiting": 0}
    has = await tx.update_many(Budget, stored(there), {"$inc": stored(rules.moved("reserve", amount))}) == 1
    place = None if has else (await _change(line, {"waiting": 1, "queued": 1}, tx))["queued"]
    values = {
        "budget": line.id,
        "amount": amount,
        "place": place,
        "reserved": amount if has else Decimal("0.00"),
        "released": False,
    }
    await (Reservation(id=application_id, **values) if known is None else known.changed(values)).put(tx)
    return has


def year_of(reservation: Reservation) -> int:
    """Out of which year's budget money is reserved."""
    return int(reservation.budget.partition(":")[0])


async def release(application_id: str, tx: Transaction) -> None:
    """Give back what is reserved for an application, or let it wait no longer; nothing happens where nothing is."""
    known = await Reservation.of(application_id, tx)
    if known is None or known.released:
        return
    if known.place is not None:
        await tx.change(Budget, known.budget, {"$inc": {"waiting": -1}})
        known.place, known.released = None, True
        tx.schedule(SERVE, known.budget, clock.now())  # who stood behind it may fit
    elif known.reserved:
        await _step(known, "release", known.reserved, tx)
        known.released = not (known.spent or known.returned)
    await known.put(tx)


async def spend(application_id: str, tx: Transaction) -> None:
    """Say that what is reserved for an application was paid out."""
    known = await _reservation(application_id, tx)
    await _step(known, "spend", known.reserved, tx)
    await known.put(tx)


async def send_back(application_id: str, amount: Decimal, tx: Transaction) -> None:
    """Say that the bank or a debtor has sent back what was paid out, or a part of it."""
    known = await _reservation(application_id, tx)
    await _step(known, "send_back", amount, tx)
    await known.put(tx)


async def reserve_again(application_id: str, tx: Transaction) -> None:
    """Reserve what came back for the same application, to be paid out anew: out of what is available where an officer has made it
    available to others meanwhile. Raises Conflict where they have it already."""
    known = await _reservation(application_id, tx)
    amount = known.returned
    if not amount:
        return
    try:
        await _add(known.budget, dict(rules.moved("reserve_again", amount)), tx)
    except Conflict:
        await _add(known.budget, dict(rules.moved("reserve", amount)), tx)
    known.returned, known.reserved = NOTHING, known.reserved + amount
    await known.put(tx)


async def reclaim(application_id: str, tx: Transaction) -> None:
    """Make available what came back for an application and is not paid anew; where an officer has done so already, nothing moves."""
    known = await _reservation(application_id, tx)
    if not known.returned:
        return
    with suppress(Conflict):
        await _add(known.budget, dict(rules.moved("reclaim", known.returned)), tx)
        tx.schedule(SERVE, known.budget, clock.now())
    known.returned = NOTHING
    known.released = not (known.spent or known.reserved)
    await known.put(tx)


async def spend_all(application_ids: Sequence[str], tx: Transaction) -> None:
    """Say of many applications that what is reserved for them was paid out: one step for each budget."""
    paid: dict[str, Decimal] = {}
    for start in range(0, len(application_ids), IDS_AT_ONCE):
        ids = list(application_ids[start : start + IDS_AT_ONCE])
        rows = await tx.rows(Reservation, {"_id": {"$in": ids}}, {"budget": 1, "reserved": 1, "spent": 1})
        if len(rows) != len(ids):
            raise NotFound("该申请的预算占用", "a reservation of this application")
        alike: dict[tuple[Decimal, Decimal], list[str]] = {}
        for row in rows:
            amount, spent = row["reserved"].to_decimal(), row["spent"].to_decimal()
            alike.setdefault((amount, spent), []).append(row["_id"])
            paid[row["budget"]] = paid.get(row["budget"], Decimal(0)) + amount
        for (amount, spent), some in alike.items():
            heaps = stored({"reserved": Decimal("0.00"), "spent": spent + amount})
            await tx.update_many(Reservation, {"_id": {"$in": some}}, {"$set": heaps, "$inc": {"revision": 1}})
    for budget, amount in sorted(paid.items()):
        await _move(budget, "spend", amount, tx)


async def propose(line: Line, purpose: Purpose, amount: Decimal, reason: str, by: str, tx: Transaction) -> BudgetChange:
    """Propose a change of a budget, or a new budget."""
    rules.check_amount(amount)
    change_id = new_id()
    change = BudgetChange(
        id=change_id,
        year=line.year,
        kind=line.kind,
        source=line.source,
        department=line.department,
        district=line.district,
        purpose=purpose,
        amount=amount,
        reason=encrypted_reason(change_id, reason),
        proposed_by=by,
    )
    return await change.put(tx)


async def approve(change: BudgetChange, by: str, tx: Transaction) -> BudgetChange:
    """Carry out a change that another officer proposed; raises Conflict where a heap does not hold so much."""
    _decide(change, "approve", by)
    line, added = change.line, rules.changed(change.purpose, change.amount)
    if change.purpose == "allot":
        await _change(line, added, tx)
    else:
        await _add(line.id, added, tx)
    if added.get("available", Decimal(0)) > 0:
        tx.schedule(SERVE, line.id, clock.now())
    return await change.put(tx)


async def refuse(change: BudgetChange, by: str, tx: Transaction) -> BudgetChange:
    """Refuse a change that another officer proposed."""
    _decide(change, "refuse", by)
    return await change.put(tx)


async def carry(budget: Budget, tx: Transaction) -> None:
    """Have what waits for money of a past year wait for this year's, ahead of what waits there: a budget ends with its year
    (预算法 art. 18), and an approval stands. Raises Conflict where the year is not over, or nothing waits."""
    rules.check_over(budget.year, _this_year())
    if not budget.waiting:
        raise Conflict("nothing-waits", "该预算没有待支付的排队申请", "nothing waits for money of this budget")
    tx.schedule(CARRY, budget.id, clock.now())


async def carry_some(budget_id: str, tx: Transaction) -> None:
    """Move the next that wait in the budget of a past year into this year's."""
    waiting = await tx.find(Reservation, waiting_of(budget_id), sort="place", limit=QUEUE_AT_ONCE)
    budget = await Budget.of(budget_id, tx)
    if budget is None or not waiting:
        return
    line = dataclasses.replace(budget.line, year=_this_year())
    for one in waiting:
        assert one.place is not None
        one.budget, one.place = line.id, rules.carried(one.place, line.year - budget.year)
        await one.put(tx)
    await _add(budget_id, {"waiting": -len(waiting)}, tx)
    await _change(line, {"waiting": len(waiting)}, tx)
    tx.schedule(SERVE, line.id, clock.now())
    if len(waiting) == QUEUE_AT_ONCE:
        tx.schedule(CARRY, budget_id, clock.now())


async def serve(budget_id: str, tx: Transaction) -> None:
    """Give money to what waits for it, in its order, as long as there is enough for the next."""
    waiting = await tx.find(Reservation, waiting_of(budget_id), sort="place", limit=QUEUE_AT_ONCE)
    budget = await Budget.of(budget_id, tx)
    left, served = Decimal(0) if budget is None else budget.available, Decimal(0)
    count = 0
    for one in waiting:
        if one.amount > left:
            break
        left, served, count = left - one.amount, served + one.amount, count + 1
        one.place, one.reserved = None, one.amount
        await one.put(tx)
        tx.schedule(BUDGET_RESERVED, one.id, clock.now(), Reserved(one.id))
    if count:
        await _add(budget_id, {**rules.moved("reserve", served), "waiting": -count}, tx)
    if count == QUEUE_AT_ONCE:
        tx.schedule(SERVE, budget_id, clock.now())


async def _reservation(application_id: str, tx: Transaction) -> Reservation:
    known = await Reservation.of(application_id, tx)
    if known is None:
        raise NotFound("该申请的预算占用", "a reservation of this application")
    return known


async def _step(known: Reservation, step: Step, amount: Decimal, tx: Transaction) -> None:
    """Move money of one reservation, in its budget and in itself."""
    for heap, added in rules.moved(step, amount).items():
        if heap != "available":
            setattr(known, heap, getattr(known, heap) + added)
            if getattr(known, heap) < 0:
                raise rules.too_little()
    await _move(known.budget, step, amount, tx)


async def _move(budget_id: str, step: Step, amount: Decimal, tx: Transaction) -> None:
    if amount:
        await _add(budget_id, dict(rules.moved(step, amount)), tx)
    if step == "release":
        budget = await Budget.of(budget_id, tx)
        if budget is not None and budget.waiting:
            tx.schedule(SERVE, budget_id, clock.now())


async def _add(budget_id: str, added: dict[str, Decimal] | Row, tx: Transaction) -> None:
    """Add to the heaps of a budget, where none falls below nothing; raises Conflict otherwise."""
    enough = {heap: {"$gte": -amount} for heap, amount in added.items() if amount < 0}
    if await tx.update_many(Budget, stored({"_id": budget_id, **enough}), {"$inc": stored(added)}) != 1:
        raise rules.too_little()


async def _change(line: Line, added: Row, tx: Transaction) -> Row:
    """Add to a budget that is made where it is not there; the row after it."""
    new = Budget(id=line.id, department=line.department, **dataclasses.asdict(line))
    fresh = {name: value for name, value in encode(new).items() if name != "_id" and name not in added}
    return await tx.change(Budget, line.id, {"$inc": stored(added), "$setOnInsert": fresh})


def waiting_of(budget_id: str) -> Row:
    """The condition on what waits for money of a budget: null is no place."""
    return {"budget": budget_id, "place": {"$gt": -(2**62)}}


def _this_year() -> int:
    return shanghai_date(clock.now()).year


def _decide(change: BudgetChange, move: rules.ChangeMove, by: str) -> None:
    rules.check_decider(by, change.proposed_by)
    change.state = rules.CHANGES.next(change.state, move)
    change.decided_by, change.decided_at = by, clock.now()
