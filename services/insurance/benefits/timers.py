"""Payment orders and their results, months that begin, and sums that were not paid in time."""

from __future__ import annotations

from services.insurance.benefits import advances, payments
from services.insurance.benefits.documents import Benefit, Order
from services.insurance.exchange import province
from shared import clock
from shared.messaging.timers import Due, Outcome, timer, work
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


@timer(payments.ORDER)
async def on_order(due: Due, tx: Transaction) -> None:
    await payments.send_order(due.key, tx)


@work(payments.SEND, seconds=25)
async def send(due: Due) -> Outcome:
    """Hand a sent order over, under its number, until the province has answered. The key is the number."""
    benefit, order = await _order(due)
    if benefit is None or order is None:
        return _nothing
    id_number, name, account = order.payee.opened(benefit.id)
    law = parameters.on(benefit.occurred_on, place=benefit.district)
    answer = await province.order_payment(
        number=order.number,
        payee_id_number=id_number,
        payee_name=name,
        account=account,
        amount=order.amount,
        purpose=law.text("benefit.titles", benefit.kind),
    )
    refused_for = None if answer.status == "accepted" else answer.reason or "no_reason"

    async def answered(tx: Transaction) -> None:
        await payments.take_answer(due.data["benefit"], due.key, refused_for, tx)

    return answered


@work(payments.RESULT, seconds=25)
async def ask_result(due: Due) -> Outcome:
    """Ask how an order stands, again until it is paid or has failed."""
    benefit_id, number = due.data["benefit"], due.key
    _, order = await _order(due)
    if order is None:
        return _nothing
    result = await province.payment_result(number)
    paid_on = result.paid_on or calendar.shanghai_date(clock.now())

    async def stored(tx: Transaction) -> None:
        if result.status == "paid":
            await payments.take_paid(benefit_id, number, paid_on, tx)
        elif result.status == "failed":
            await payments.take_failure(benefit_id, number, result.reason or "no_reason", tx)
        else:
            payments.poll(benefit_id, number, due.data["polls"] + 1, tx)

    return stored


async def _order(due: Due) -> tuple[Benefit | None, Order | None]:
    """The order of that number, while it is under way."""
    benefit = await Benefit.of(due.data["benefit"])
    order = benefit.order if benefit else None
    return benefit, order if order is not None and order.number == due.key and order.status == "sent" else None


async def _nothing(tx: Transaction) -> None:
    """The order was answered by an earlier try."""


@timer(payments.MONTH)
async def on_month(due: Due, tx: Transaction) -> None:
    await payments.begin_month(due.key, tx)


@timer(payments.EMPLOYER_DUE)
async def on_employer_due(due: Due, tx: Transaction) -> None:
    await advances.miss(due.key, tx)


@timer(payments.REMINDER)
async def on_reminder(due: Due, tx: Transaction) -> None:
    await advances.remind(due.key, tx)
