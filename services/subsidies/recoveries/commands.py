"""Claim back what was paid wrongly, take what comes back, and end it.

`applications` calls `propose` when officers have decided that a decision does not hold; who was paid is heard before another officer
decides that it is claimed back. What comes back is the budget's again.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from services.subsidies.budgets import commands as budgets
from services.subsidies.payments import commands as payments
from services.subsidies.payments import rules as payment_rules
from services.subsidies.payments.documents import Payment
from services.subsidies.recoveries import events, rules
from services.subsidies.recoveries.documents import (
    CountedTransfer,
    Part,
    Receipt,
    Recovery,
    encrypted_note,
    encrypted_statement,
)
from services.subsidies.recoveries.rules import Reason
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import add_days, end_of_day, rolled, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


class DueOn(msgspec.Struct, frozen=True):
    """Until the end of which day an instalment was to be paid."""

    day: dt.date


INSTALMENT = TimerKind("subsidies.recovery_instalment", DueOn)
HEARING = TimerKind("subsidies.recovery_hearing")
CALENDAR = TimerKind("subsidies.recovery_calendar")
STORED = Stored(
    CALENDAR, Recovery, lambda since: {"$or": [{"heard_by": {"$gte": since}}, {"parts.due_on": {"$gte": since}}]}
)
"""Due when the day of an instalment is over, and when who was paid need no longer be waited for; keyed by the recovery's id."""


async def propose(
    payment: Payment, amount: Decimal, reason: Reason, note: str, instalments: int, by: str, tx: Transaction
) -> Recovery:
    """Propose to claim back a part of what was paid, or all of it, and ask who was paid for their view.

    Raises Conflict where it is not paid, RuleBroken for more than that.
    """
    if payment.state != "paid":
        raise Conflict("not-paid", "该笔款项尚未发放", "it has not been paid")
    payment_rules.check_sure(payment.doubted)
    rules.check_claim(amount, payment.amount, payment.claimed)
    law = _law(payment.district)
    rules.plan(amount, instalments, _today(), law)
    payment.recoveries += 1
    payment.claimed += amount
    recovery_id = f"{payment.id}:r{payment.recoveries}"
    recovery = Recovery(
        id=recovery_id,
        payment_id=payment.id,
        department=payment.department,
        district=payment.district,
        role=payment.role,
        applicant=payment.applicant,
        amount=amount,
        reason=reason,
        note=encrypted_note(recovery_id, note),
        heard_by=add_days(_today(), law.days("subsidy_recovery.hearing_days")).due,
        asked=instalments,
        opened_by=by,
        used=list(law.used),
    )
    tx.schedule(HEARING, recovery_id, end_of_day(recovery.heard_by))
    tx.publish(events.proposed(recovery, payment))
    await payment.put(tx)
    return await recovery.put(tx)


async def state(recovery: Recovery, text: str, tx: Transaction) -> Recovery:
    """Take what who was paid says before it is decided; said again, the later stands."""
    recovery.state = rules.STATES.next(recovery.state, "state")
    waited_for = recovery.statement is None and _today() <= recovery.heard_by
    recovery.statement = encrypted_statement(recovery.id, text)
    tx.cancel(HEARING, recovery.id)
    if waited_for:
        tx.publish(events.heard(recovery, await _payment(recovery, tx), stated=True))
    return await recovery.put(tx)


async def recalculate(recovery_id: str, tx: Transaction) -> None:
    """Move the last day to say a view, or the first instalment, where it is a day off by what has been published since."""
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None:
        return
    changed = False
    if recovery.state == "proposed" and rolled(recovery.heard_by) != recovery.heard_by:
        recovery.heard_by, changed = rolled(recovery.heard_by), True
        if recovery.statement is None:
            tx.schedule(HEARING, recovery.id, end_of_day(recovery.heard_by))
    first = recovery.parts[0].due_on if recovery.parts and recovery.left else None
    if first is not None and first >= _today() and rolled(first) != first:
        recovery.parts = [recovery.parts[0].model_copy(update={"due_on": rolled(first)}), *recovery.parts[1:]]
        _watch(recovery, _today(), tx)
        changed = True
    if changed:
        await recovery.put(tx)


async def hearing_over(recovery_id: str, tx: Transaction) -> None:
    """Say that who was paid has let the time to say their view pass: it can be decided."""
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is not None and recovery.state == "proposed":
        tx.publish(events.heard(recovery, await _payment(recovery, tx), stated=False))


async def claim(recovery: Recovery, by: str, tx: Transaction) -> Recovery:
    """Decide, as another officer than who proposed it and after who was paid was heard, that it is claimed back."""
    recovery.state = rules.STATES.next(recovery.state, "claim")
    rules.check_decider(by, recovery.opened_by)
    rules.check_heard(recovery.heard_by, _today(), stated=recovery.statement is not None)
    law = _law(recovery.district)
    first = add_days(_today(), law.days("subsidy_recovery.term_days")).due
    parts = rules.plan(recovery.amount, recovery.asked, first, law)
    recovery.parts = [Part(due_on=one.due_on, amount=one.amount) for one in parts]
    recovery.used = list(dict.fromkeys([*recovery.used, *law.used]))
    recovery.decided_by = by
    tx.cancel(HEARING, recovery.id)
    _watch(recovery, _today(), tx)
    payment = await _payment(recovery, tx)
    payments.claimed(payment, recovery.id, tx)
    tx.publish(events.opened(recovery, payment))
    return await recovery.put(tx)


async def receive(
    recovery: Recovery, reference: str, amount: Decimal, on: dt.date, by: str, tx: Transaction
) -> Recovery:
    """Take what came back, by what the bank names the transfer; the same transfer again changes nothing.

    Raises Conflict where the transfer counts for another recovery: one who owes twice transfers twice.
    """
    for known in recovery.receipts:
        if rules.plain(known.reference) == rules.plain(reference):
            rules.check_same(amount, on, known.amount, known.on)
            return recovery
    rules.STATES.next(recovery.state, "receive")
    rules.check_receipt(amount, recovery.left)
    if on > _today():
        raise RuleBroken("day-ahead", "到账日期不得晚于今天", "the day is ahead")
    await _count(reference, recovery, tx)
    recovery.receipts = [*recovery.receipts, Receipt(reference=reference, amount=amount, on=on, by=by)]
    recovery.received += amount
    await budgets.send_back(recovery.payment_id, amount, tx)
    if recovery.left:
        return await recovery.put(tx)
    return await _end(recovery, "settle", by, tx)


async def agree(recovery: Recovery, instalments: int, first: dt.date, tx: Transaction) -> Recovery:
    """Agree on other instalments for what is still owed, from a day on."""
    recovery.state = rules.STATES.next(recovery.state, "agree")
    if first < _today():
        raise RuleBroken("day-over", "首期日期不得早于今天", "the first day is over")
    law = _law(recovery.district)
    paid = [Part(due_on=one.on, amount=one.amount) for one in recovery.receipts]
    parts = rules.plan(recovery.left, instalments, first, law)
    recovery.parts = [*paid, *(Part(due_on=one.due_on, amount=one.amount) for one in parts)]
    recovery.used = list(dict.fromkeys([*recovery.used, *law.used]))
    _watch(recovery, _today() - dt.timedelta(days=1), tx)
    return await recovery.put(tx)


async def miss(recovery_id: str, day: dt.date, tx: Transaction) -> None:
    """Say that an instalment was not paid in time, and wait for the next."""
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None or not rules.STATES.allows(recovery.state, "miss"):
        return
    lacking = rules.missing(recovery.instalments, recovery.received, day)
    if lacking:
        payment = await _payment(recovery, tx)
        recovery.state = rules.STATES.next(recovery.state, "miss")
        tx.publish(events.overdue(recovery, payment, day, lacking))
        await recovery.put(tx)
    _watch(recovery, day, tx)


async def cancel(recovery: Recovery, by: str, tx: Transaction) -> Recovery:
    """End what was not owed, as another officer than who made it."""
    rules.check_decider(by, recovery.opened_by)
    return await _end(recovery, "cancel", by, tx)


async def write_off(recovery: Recovery, by: str, tx: Transaction) -> Recovery:
    """Give up what is still owed; a head alone may, which the caller has checked."""
    return await _end(recovery, "write_off", by, tx)


async def open_of(payment: Payment, tx: Transaction) -> bool:
    """Whether something of a payment is still to come back."""
    ids = [f"{payment.id}:r{number}" for number in range(1, payment.recoveries + 1)]
    found = [await Recovery.of(one, tx) for one in ids]
    return any(one is not None and rules.STATES.allows(one.state, "cancel") for one in found)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Let what is claimed back of a person be that of the record that has taken the other's place."""
    moved = {"$set": {"applicant": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Recovery, {"role": "worker", "applicant": merged_worker_id}, moved)


async def _end(
    recovery: Recovery, move: Literal["settle", "cancel", "write_off"], by: str, tx: Transaction
) -> Recovery:
    recovery.state = rules.STATES.next(recovery.state, move)
    recovery.ended_by = by
    tx.cancel(INSTALMENT, recovery.id)
    tx.cancel(HEARING, recovery.id)
    payment = await _payment(recovery, tx)
    payment.claimed -= recovery.left
    match recovery.state:
        case "recovered" | "cancelled" | "written_off" as ending:
            tx.publish(events.closed(recovery, payment, ending))
    if recovery.state == "recovered":
        payments.recovered(payment, recovery.id, tx)
    await payment.put(tx)
    return await recovery.put(tx)


async def _count(reference: str, recovery: Recovery, tx: Transaction) -> None:
    """Let a transfer count for a recovery; raises Conflict where it counts for another, of before transfers were kept too."""
    holder = None
    try:
        await CountedTransfer.take(CountedTransfer.key(recovery.department, reference), recovery.id, tx)
    except AlreadyTaken as taken:
        holder = taken.holder
    else:
        earlier = {"receipts.reference": reference, "department": recovery.department, "_id": {"$ne": recovery.id}}
        for one in await tx.rows(Recovery, earlier, {"_id": 1}, limit=1):
            holder = one["_id"]
    if holder is not None:
        raise Conflict(
            "transfer-counted",
            "该笔到账已登记在另一笔追回上",
            "the transfer counts for another recovery",
            recovery_id=holder,
        )


async def _payment(recovery: Recovery, tx: Transaction) -> Payment:
    payment = await Payment.of(recovery.payment_id, tx)
    assert payment is not None
    return payment


def _watch(recovery: Recovery, after: dt.date, tx: Transaction) -> None:
    due_on = rules.next_due(recovery.instalments, after)
    if due_on is not None:
        tx.schedule(INSTALMENT, recovery.id, end_of_day(due_on), DueOn(due_on))


def _law(district: str) -> Law:
    return parameters.on(_today(), place=district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
