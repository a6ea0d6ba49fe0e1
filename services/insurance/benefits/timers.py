"""Payment orders and their results, months that begin, and sums that were not paid in time."""

from __future__ import annotations

from services.insurance.benefits import payments
from services.insurance.benefits.documents import Benefit, PaymentOrder
from services.insurance.benefits.payments import OfBenefit, Polled
from services.insurance.province import client as province
from services.insurance.province.client import Answer as PaymentAnswer
from services.insurance.province.client import PaymentResult
from shared import clock
from shared.messaging.timers import Due, timer, work
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(payments.ORDER)
async def on_order(due: Due[None], tx: Transaction) -> None:
    await payments.send_order(due.key, tx)


@work(payments.SEND, seconds=25)
async def send(due: Due[OfBenefit]) -> PaymentAnswer | None:
    """Hand a sent order over, under its number, until the province has answered. The key is the number."""
    benefit, order = await _order(due.payload.benefit, due.key)
    if benefit is None or order is None:
        return None  # answered by an earlier try
    id_number, name, account = order.payee.opened(benefit.id)
    law = parameters.on(benefit.occurred_on, place=benefit.district)
    return await province.order_payment(
        number=order.number,
        payee_id_number=id_number,
        payee_name=name,
        account=account,
        amount=order.amount,
        purpose=law.text("benefit.titles", benefit.kind),
    )


@send.store
async def answered(due: Due[OfBenefit], answer: PaymentAnswer, tx: Transaction) -> None:
    refused_for = None if answer.status == "accepted" else answer.reason or "no_reason"
    await payments.record_answer(due.payload.benefit, due.key, refused_for, tx)


@work(payments.RESULT, seconds=25)
async def ask_result(due: Due[Polled]) -> PaymentResult | None:
    """Ask how an order stands, again until it is paid or has failed."""
    _, order = await _order(due.payload.benefit, due.key)
    return await province.payment_result(due.key) if order is not None else None


@ask_result.store
async def came_out(due: Due[Polled], result: PaymentResult, tx: Transaction) -> None:
    benefit_id, number = due.payload.benefit, due.key
    if result.status == "paid":
        paid_on = result.paid_on or calendar.shanghai_date(clock.now())
        await payments.record_paid(benefit_id, number, paid_on, tx)
    elif result.status == "failed":
        await payments.record_failure(benefit_id, number, result.reason or "no_reason", tx)
    else:
        payments.poll(benefit_id, number, due.payload.polls + 1, tx)


async def _order(benefit_id: str, number: str) -> tuple[Benefit | None, PaymentOrder | None]:
    """The order of that number, while it is under way."""
    benefit = await Benefit.of(benefit_id)
    order = benefit.order if benefit else None
    return benefit, order if order is not None and order.number == number and order.status == "sent" else None


@timer(payments.MONTH)
async def on_month(due: Due[None], tx: Transaction) -> None:
    await payments.begin_month(due.key, tx)


@timer(payments.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await payments.recalculate(due.key, due.payload, tx)
