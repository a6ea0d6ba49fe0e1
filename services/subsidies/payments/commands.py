"""Owe a subsidy, follow how it is paid, and let the applicant correct the account.

`applications` calls `owe` when an application is approved and its money is reserved, and hears by the timer
`subsidies.payable_settled` how each of them ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Reservation
from services.subsidies.budgets.rules import KEEPERS, Source
from services.subsidies.payments import events, rules
from services.subsidies.payments.documents import Payment, Step, encrypted_reason, sealed
from services.subsidies.payments.rules import Move, Outcome, Payee, Role
from shared import clock
from shared.errors import Conflict
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.transaction import IDS_AT_ONCE, Transaction
from shared.storage.writes import stored

BANK: Final = "bank"
"""By whom a step was taken that the bank's results said."""


class Settled(msgspec.Struct, frozen=True):
    """How something that was owed ended, by the attempt (from 1) that ended it. `recovery`: by which it is claimed back."""

    payable_id: str
    outcome: Outcome
    attempt: int
    recovery: str | None = None


PAYABLE_SETTLED = TimerKind("subsidies.payable_settled", Settled)
"""Due at once when something owed was paid, failed, came back or is not to be paid; keyed by its id, attempt and outcome.
`applications` handles it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """What is owed to an applicant: `id` is that of the application, or names a part of one, and is what was reserved in a
    budget of `kind`, `source` and `district`. `number`: the application's, for people; `amount` in yuan; `applicant`: a
    worker's id, a credit code, or the subject that acted for a union or community, as `role` says; `due_on`: the first legal day
    on which it may be paid."""

    id: str
    application_id: str
    number: str
    kind: str
    source: Source
    district: str
    role: Role
    applicant: str
    payee: Payee
    amount: Decimal
    due_on: dt.date


async def owe(payable: Payable, tx: Transaction) -> Payment:
    """Owe what was approved and reserved; asked again for the same id, nothing changes.

    Raises RuleBroken for an account that no bank takes, Conflict where the money is not reserved, or another sum is.
    """
    known = await Payment.of(payable.id, tx)
    if known is not None:
        return known
    rules.check_payee(payable.payee)
    reservation = await Reservation.of(payable.id, tx)
    if reservation is None or reservation.place is not None or reservation.released:
        raise Conflict("not-reserved", "该款项未占用预算", "no money is reserved for this")
    rules.check_owed(payable.amount, reservation.reserved)
    payment = Payment(
        id=payable.id,
        application_id=payable.application_id,
        number=payable.number,
        kind=payable.kind,
        source=payable.source,
        year=budgets.year_of(reservation),
        department=KEEPERS[payable.source],
        district=payable.district,
        role=payable.role,
        applicant=payable.applicant,
        amount=payable.amount,
        due_on=payable.due_on,
        **sealed(payable.id, payable.payee),
    )
    return await payment.put(tx)


async def correct_account(payment: Payment, payee: Payee, by: str, tx: Transaction) -> Payment:
    """Pay into another account, and anew where the bank could not pay; not while it is in a batch, nor after it was paid."""
    rules.check_payee(payee)
    rules.check_sure(payment.doubted)
    move(payment, "correct", by)
    payment.changed(sealed(payment.id, payee))
    payment.reason = None
    await budgets.reserve_again(payment.id, tx)
    return await payment.put(tx)


async def cancel(payment: Payment, by: str, tx: Transaction) -> Payment:
    """Say that something is not to be paid after all: its money is available again."""
    rules.check_sure(payment.doubted)
    move(payment, "cancel", by)
    await budgets.reclaim(payment.id, tx)
    await budgets.release(payment.id, tx)
    _tell(payment.id, payment.attempt, "cancelled", tx)
    return await payment.put(tx)


async def take(rows: Sequence[Row], batch: str, by: str, tx: Transaction) -> None:
    """Put payments, as stored rows of this transaction, into a batch."""
    await _steps(rows, "take", by, batch, tx, more={"attempt": 1})


async def drop(rows: Sequence[Row], by: str, tx: Transaction) -> None:
    """Take payments, as stored rows of this transaction, out of a batch that is not paid: they are due again."""
    await _steps(rows, "drop", by, None, tx)


async def paid(rows: Sequence[Row], batch: str, on: dt.date, tx: Transaction) -> None:
    """Follow the bank's word that payments of a batch, as stored rows of this transaction, were paid out."""
    await _steps(rows, "pay", BANK, batch, tx, **stored({"paid_on": on}))
    await budgets.spend_all([row["_id"] for row in rows], tx)
    for row in rows:
        _tell(row["_id"], row["attempt"], "paid", tx)
        tx.publish(events.paid(row, on), late=True)


async def not_paid(row: Row, batch: str, reason: str | None, tx: Transaction, *, by: str = BANK) -> None:
    """Follow the bank's word that a payment of a batch, as a stored row of this transaction, failed, or came back after it was
    paid out; or what an officer has found out of that."""
    kept = encrypted_reason(row["_id"], reason)
    if row["state"] == "paid":
        await _steps([row], "send_back", by, batch, tx, reason=kept, paid_on=None, doubted=None)
        await budgets.send_back(row["_id"], row["amount"].to_decimal(), tx)
        _tell(row["_id"], row["attempt"], "returned", tx)
        tx.publish(events.returned(row), late=True)
    else:
        await _steps([row], "fail", BANK, batch, tx, reason=kept)
        _tell(row["_id"], row["attempt"], "failed", tx)
        tx.publish(events.failed(row), late=True)


async def doubt(payment_ids: Sequence[str], batch: str, tx: Transaction) -> None:
    """Note of payments that the bank has said both of their line in a batch."""
    change = {"$set": {"doubted": batch}, "$inc": {"revision": 1}}
    for start in range(0, len(payment_ids), IDS_AT_ONCE):
        await tx.update_many(Payment, {"_id": {"$in": list(payment_ids[start : start + IDS_AT_ONCE])}}, change)


async def found_paid(payment: Payment, on: dt.date, by: str, tx: Transaction) -> Payment:
    """Follow what an officer has found out: the bank did pay, on a day, what it had said it could not."""
    batch = payment.doubted
    move(payment, "find", by, batch)
    payment.changed({"doubted": None, "batch": batch, "paid_on": on, "reason": None})
    await budgets.spend(payment.id, tx)
    _tell(payment.id, payment.attempt, "paid", tx)
    tx.publish(events.found_paid(payment, on), late=True)
    return await payment.put(tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Let what a person is owed be that of the record that has taken the other's place."""
    moved = {"$set": {"applicant": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Payment, {"role": "worker", "applicant": merged_worker_id}, moved)


def recovered(payment: Payment, recovery_id: str, tx: Transaction) -> None:
    """Say that what was claimed back of a payment came back in full."""
    settled = Settled(payment.id, "recovered", payment.attempt)
    tx.schedule(PAYABLE_SETTLED, f"{recovery_id}:recovered", clock.now(), settled)


def claimed(payment: Payment, recovery_id: str, tx: Transaction) -> None:
    """Say that officers have decided that a payment, or a part of it, is claimed back."""
    settled = Settled(payment.id, "claimed", payment.attempt, recovery_id)
    tx.schedule(PAYABLE_SETTLED, f"{recovery_id}:claimed", clock.now(), settled)


def move(payment: Payment, what: Move, by: str, batch: str | None = None) -> None:
    """Move a payment, and write that down; raises Conflict where its state does not allow it."""
    payment.state = rules.STATES.next(payment.state, what)
    payment.steps = [*payment.steps, Step(at=clock.now(), move=what, by=by, batch=batch)]


async def _steps(
    rows: Sequence[Row],
    what: Move,
    by: str,
    batch: str | None,
    tx: Transaction,
    *,
    more: Mapping[str, int] | None = None,
    **values: Any,
) -> None:
    """Move payments that were read as rows in this transaction: many at once, by few statements."""
    step = {"at": clock.now(), "move": what, "by": by, "batch": batch}
    by_state: dict[rules.State, list[str]] = {}
    for row in rows:
        by_state.setdefault(rules.STATES.next(row["state"], what), []).append(row["_id"])
    for state, ids in by_state.items():
        changed = {"state": state, "batch": batch, "updated_at": step["at"], **values}
        change = {"$set": changed, "$inc": {"revision": 1, **(more or {})}, "$push": {"steps": step}}
        for start in range(0, len(ids), IDS_AT_ONCE):
            await tx.update_many(Payment, {"_id": {"$in": ids[start : start + IDS_AT_ONCE]}}, change)


def _tell(payment_id: str, attempt: int, outcome: Outcome, tx: Transaction) -> None:
    key = f"{payment_id}:{attempt}:{outcome}"
    tx.schedule(PAYABLE_SETTLED, key, clock.now(), Settled(payment_id, outcome, attempt))
