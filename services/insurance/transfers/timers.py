"""Transfers to the province, again until it has answered; and their terms."""

from __future__ import annotations

from services.insurance.enrolment.documents import Person
from services.insurance.exchange import contributions, province
from services.insurance.transfers import commands
from services.insurance.transfers.documents import Transfer
from shared import clock
from shared.messaging.timers import Due, Outcome, TryAgain, timer, work
from shared.storage.transaction import Transaction


@work(commands.HAND_OVER, seconds=25)
async def hand_over(due: Due) -> Outcome:
    """Send a transfer. The key is its id, which is the request's number."""
    transfer = await Transfer.of(due.key)
    if transfer is None or transfer.state not in ("requested", "overdue"):
        return _nothing
    person = await Person.of(transfer.worker_id)
    if person is None:
        raise TryAgain("the worker is not known yet")
    id_number, name = person.opened()
    answer = await province.request_transfer(
        number=transfer.id,
        id_number=id_number,
        name=name,
        direction=transfer.direction,
        insurance=transfer.insurance,
        other_place=transfer.other_place,
        months=await contributions.months_of(transfer.worker_id, transfer.insurance),
    )

    async def answered(tx: Transaction) -> None:
        await commands.take_answer(transfer.id, answer, tx)

    return answered


@work(commands.RESULT, seconds=25)
async def ask_result(due: Due) -> Outcome:
    """Ask how a transfer came out."""
    result = await province.transfer_result(due.key)

    async def told(tx: Transaction) -> None:
        await commands.take_result(due.key, result, tx)

    return told


@timer(commands.POLL)
async def on_poll(due: Due, tx: Transaction) -> None:
    tx.schedule(commands.RESULT, due.key, clock.now())


@timer(commands.OVERDUE)
async def on_term(due: Due, tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


async def _nothing(tx: Transaction) -> None:
    """It was sent by an earlier try, or taken back."""
