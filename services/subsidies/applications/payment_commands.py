"""From an approval to money: reserve it in the budget, owe it, and follow what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from services.subsidies.applications import events, rules
from services.subsidies.applications.documents import NOBODY, Application
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.rules import Move
from services.subsidies.applications.step_commands import let_contest, move, store
from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Reservation
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions.rules import ApplicantKind
from services.subsidies.payments import commands as payments
from services.subsidies.payments import rules as payment_rules
from services.subsidies.payments.commands import Payable, Settled
from services.subsidies.payments.documents import Payment
from services.subsidies.payments.rules import Payee, Role
from services.subsidies.recoveries import commands as recoveries
from services.subsidies.recoveries.documents import Recovery
from services.subsidies.recoveries.rules import Reason
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

ROLES: Final[dict[ApplicantKind, Role]] = {
    "person": "worker",
    "platform": "platform",
    "provider": "provider",
    "union": "union",
    "community": "community",
}


NOTHING: Final = Decimal("0.00")


class _Account(msgspec.Struct):
    """An account as it is kept with an application."""

    holder: str
    number: str
    bank: str | None = None
    bank_code: str | None = None


async def reserve(application: Application, amount: Decimal, tx: Transaction) -> None:
    """Reserve what was approved and owe it; where the budget is exhausted it waits in order."""
    if await _pay(application, application.id, amount, tx):
        move(application, "pay", NOBODY)
        return
    application.queued_at = clock.now()
    move(application, "queue", NOBODY)
    events.queued(application, amount, tx)


async def pay(application: Application, amount: Decimal | None, officer: str, tx: Transaction) -> Application:
    """Pay what was approved before money was reserved at once. `amount`: yuan, where none was set."""
    rules.check_signer(officer, (), application.away)
    rules.STATES.next(application.state, "pay")
    if application.state != "approved" or kind_of(application.kind).fund is None:
        raise Conflict("nothing-to-pay", "该申请没有待支付的金额", "nothing is left to pay")
    application.amount = application.amount if application.amount is not None else amount
    if application.amount is None:
        raise RuleBroken("amount-missing", "没有公布补贴标准，请核定金额", "no parameter says the amount: set it")
    if application.account is None:
        raise RuleBroken("account-missing", "请申请人填写收款账户", "the applicant says into which account it is paid")
    application.decided_on = application.decided_on or shanghai_date(clock.now())
    await reserve(application, application.amount, tx)
    return await store(application, tx)


async def supplement(application: Application, number: int, amount: Decimal, tx: Transaction) -> None:
    """Reserve and owe the rest of what an application is due, beside what was owed before; `number`: its decision's."""
    await _pay(application, application.part(number), amount, tx)


async def claim_back(
    application: Application, amount: Decimal, reason: Reason, note: str, by: str, tx: Transaction
) -> None:
    """Claim back so much of what is owed or was paid: what waits or is not on its way yet is not paid, and the rest anew.

    Raises Conflict where the money is on its way, and nobody knows yet whether it was paid.
    """
    left = amount
    if application.state == "queued":
        await budgets.release(application.id, tx)
        left -= application.amount or NOTHING  # nothing of it was owed yet
    for payment in reversed(await tx.find(Payment, {"application_id": application.id}, sort="_id")):
        if payment.state == "paid" and left > 0 and payment.claimed < payment.amount:
            part = min(left, payment.amount - payment.claimed)
            left -= part
            await recoveries.propose(payment, part, reason, note, 1, by, tx)
        elif left > 0 and payment_rules.STATES.allows(payment.state, "cancel"):
            left -= payment.amount
            await payments.cancel(payment, by, tx)
    if left > 0:
        raise _on_its_way()
    if left < 0:
        owed = await _pay(application, application.part(application.decisions), -left, tx)
        if owed and application.state == "queued":
            application.queued_at = None
            move(application, "pay", NOBODY)
    elif application.state == "queued":
        move(application, "recover", by)


async def unpaid(application: Application, tx: Transaction) -> Decimal:
    """What of an approved application is not paid yet, in yuan: owed, or waiting for money."""
    waiting = [await Reservation.of(one, tx) for one in application.reservations]
    left = sum((one.amount for one in waiting if one is not None and one.place is not None), NOTHING)
    for payment in await tx.find(Payment, {"application_id": application.id}):
        if payment.state not in ("paid", "cancelled"):
            left += payment.amount
    return left


async def stop(application: Application, by: str, tx: Transaction) -> None:
    """Pay nothing of an application that is not paid yet. Raises Conflict where money is on its way."""
    for payment in await tx.find(Payment, {"application_id": application.id}, sort="_id"):
        if payment.state == "batched":
            raise _on_its_way()
        if payment_rules.STATES.allows(payment.state, "cancel"):
            await payments.cancel(payment, by, tx)
    for reserved in application.reservations:
        known = await Reservation.of(reserved, tx)
        if known is not None and known.place is not None:
            await budgets.release(reserved, tx)
    if application.state == "queued":
        move(application, "recover", by)


async def serve(reserved: str, tx: Transaction) -> None:
    """Owe what waited for money, or a part of an application, now that there is some; not what was taken back meanwhile."""
    application = await Application.of(reserved.partition(":")[0], tx)
    reservation = await Reservation.of(reserved, tx)
    if application is None or reservation is None or reservation.released:
        return
    if application.state not in rules.DECIDED:
        await budgets.release(reserved, tx)
        return
    if not await _pay(application, reserved, reservation.amount, tx):
        return
    if application.state == "queued":
        application.queued_at = None
        move(application, "pay", NOBODY)
        await store(application, tx)


async def settle(settled: Settled, tx: Transaction) -> None:
    """Follow how something ended that was owed, by how all that is owed stands now: one word may overtake another.

    What was cancelled in part is owed anew, and the application goes on; where nothing of it is left, what it was approved for
    counts as not paid for.
    """
    application = await Application.of(settled.payable_id.partition(":")[0], tx)
    if application is None:
        return
    if settled.recovery is not None:
        await _let_contest_claim(application, settled.recovery, tx)
        return
    if application.state == "recovered" and not application.amount:
        return  # what was recovered whole is not paid by news of its first payment that come late
    step: Move | None
    if settled.outcome in ("cancelled", "recovered") and not (application.amount and await _is_owed(application, tx)):
        step = "recover"
    else:
        owed = await tx.find(Payment, {"application_id": application.id})
        ended = payment_rules.ended_as([one.state for one in owed])
        step = None if ended is None else "settle" if ended == "paid" else "fail"
    if step is None or not rules.STATES.allows(application.state, step):
        return
    if step == "recover" and application.amount:
        await decisions.give_up_facts(application.id, application.once, tx)
        application.once = []
    move(application, step, NOBODY)
    await store(application, tx)


async def _let_contest_claim(application: Application, recovery_id: str, tx: Transaction) -> None:
    """That money is claimed back is a decision of its own, whoever proposed it: it is served, and contested from then on
    (行政复议法 art. 20; 行政诉讼法 art. 46)."""
    recovery = await Recovery.of(recovery_id, tx)
    assert recovery is not None
    let_contest(application, [recovery.opened_by, str(recovery.decided_by)])
    application.claims += 1
    await store(application, tx)


async def _pay(application: Application, payable_id: str, amount: Decimal, tx: Transaction) -> bool:
    """Reserve an amount in this year's budget and owe it; False where the budget is exhausted, and it waits."""
    source, today = kind_of(application.kind).fund, shanghai_date(clock.now())
    assert source is not None
    has = await budgets.reserve(
        application_id=payable_id,
        kind=application.kind,
        source=source,
        year=today.year,
        district=application.district,
        amount=amount,
        tx=tx,
    )
    if not has:
        return False
    account = msgspec.json.decode(application.clear_account or "", type=_Account)
    payable = Payable(
        id=payable_id,
        application_id=application.id,
        number=application.number,
        kind=application.kind,
        source=source,
        district=application.district,
        role=ROLES[application.applicant_kind],
        applicant=application.applicant_id,
        payee=Payee(name=account.holder, account=account.number, bank=account.bank, bank_code=account.bank_code),
        amount=amount,
        due_on=today,
    )
    await payments.owe(payable, tx)
    return True


def _on_its_way() -> Conflict:
    return Conflict(
        "on-its-way", "款项正在发放，请待银行回盘后处理", "the money is on its way: wait for the bank's result"
    )


async def _is_owed(application: Application, tx: Transaction) -> bool:
    """Whether anything of an application is paid, to be paid, waits for money, or is still to come back."""
    for payment in await tx.find(Payment, {"application_id": application.id}):
        if payment.state != "cancelled" and payment.claimed < payment.amount:
            return True
        if await recoveries.open_of(payment, tx):
            return True
    waiting = [await Reservation.of(one, tx) for one in application.reservations]
    return any(one is not None and not one.released and (one.place is not None or one.reserved) for one in waiting)
