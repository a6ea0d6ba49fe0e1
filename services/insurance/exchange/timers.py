"""Enrolments and their ends to the provincial platform, again until it has answered."""

from __future__ import annotations

from services.insurance.enrolment import commands
from services.insurance.enrolment.documents import Enrolment, Person, Request
from services.insurance.exchange import province
from shared.messaging.timers import Due, Outcome, TryAgain, work
from shared.storage.transaction import Transaction


@work(commands.EXCHANGE, seconds=25)
async def hand_over(due: Due) -> Outcome:
    """Send what a request lacks: the request itself, or the end of an accepted one. The key is the request's number."""
    enrolment = await Enrolment.of(due.data["enrolment"])
    request = enrolment.request(due.key) if enrolment else None
    if enrolment is None or request is None:
        return _nothing
    if request.status == "waiting":
        return await _ask(enrolment, request)
    if request.end_is_due and request.ends_on is not None:
        receipt = (await province.end(request.number, request.ends_on)).receipt_number

        async def ended(tx: Transaction) -> None:
            await commands.take_end_receipt(enrolment.id, request.number, receipt, tx)

        return ended
    return _nothing


async def _ask(enrolment: Enrolment, request: Request) -> Outcome:
    person = await Person.of(request.worker_id)
    if person is None:
        raise TryAgain("the worker is not known yet")
    id_number, name = person.opened()
    answer = await province.enrol(
        number=request.number,
        scheme=request.scheme,
        id_number=id_number,
        name=name,
        uscc=enrolment.platform,
        district=request.district,
        starts_on=request.starts_on,
    )
    refused_for = None if answer.status == "accepted" else answer.reason or "省平台未说明原因"

    async def answered(tx: Transaction) -> None:
        await commands.take_answer(enrolment.id, request.number, answer.receipt_number, refused_for, tx)

    return answered


async def _nothing(tx: Transaction) -> None:
    """The request was answered by an earlier try."""
