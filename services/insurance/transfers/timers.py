"""Transfers to the province, again until it has answered; and their terms."""

from __future__ import annotations

from services.insurance.persons.documents import Person
from services.insurance.province import client as province
from services.insurance.province.client import Answer, TransferResult
from services.insurance.transfers import commands, months
from services.insurance.transfers.documents import Transfer
from shared import clock
from shared.messaging.timers import Due, TryAgain, timer, work
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@work(commands.HAND_OVER, seconds=25)
async def hand_over(due: Due[None]) -> Answer | None:
    """Send a transfer. The key is its id, which is the request's number. Of what was taken back it is asked whether an earlier try has
    come through."""
    transfer = await Transfer.of(due.key)
    if transfer is not None and transfer.state == "withdrawn":
        return await province.transfer_answer(transfer.id)
    if transfer is None or transfer.state not in ("requested", "overdue"):
        return None  # sent by an earlier try, or taken back
    person = await Person.of(transfer.worker_id)
    if person is None:
        raise TryAgain("the worker is not known yet")
    id_number, name = person.opened()
    return await province.request_transfer(
        number=transfer.id,
        id_number=id_number,
        name=name,
        direction=transfer.direction,
        insurance=transfer.insurance,
        other_place=transfer.other_place,
        months=await months.months_of(transfer.worker_id, transfer.insurance),
    )


@hand_over.store
async def answered(due: Due[None], answer: Answer, tx: Transaction) -> None:
    await commands.record_answer(due.key, answer, tx)


@work(commands.RESULT, seconds=25)
async def ask_result(due: Due[None]) -> TransferResult | None:
    """Ask how a transfer came out."""
    return await province.transfer_result(due.key)


@ask_result.store
async def came_out(due: Due[None], result: TransferResult, tx: Transaction) -> None:
    await commands.record_result(due.key, result, tx)


@timer(commands.POLL)
async def on_poll(due: Due[None], tx: Transaction) -> None:
    tx.schedule(commands.RESULT, due.key, clock.now())


@timer(commands.OVERDUE)
async def on_term(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)
