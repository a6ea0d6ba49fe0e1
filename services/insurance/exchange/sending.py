"""What is sent to the province about an enrolment, first and again. The same number has the same answer."""

from __future__ import annotations

import datetime as dt

from services.insurance.enrolment import commands as enrolments
from services.insurance.enrolment.documents import Enrolment, Person, Request
from services.insurance.exchange import differences, province
from services.insurance.exchange.documents import Difference
from services.insurance.exchange.notices import BillNotice
from services.insurance.exchange.province import Answer
from services.insurance.premiums import payments
from shared.messaging.timers import Outcome, TryAgain
from shared.storage.transaction import Transaction

REFUSED_WITHOUT_REASON = "省平台未说明原因"


async def send(enrolment: Enrolment, request: Request) -> Outcome:
    """Ask for an enrolment, and give what its answer changes."""
    answer = await ask(request)

    async def answered(tx: Transaction) -> None:
        await take_answer(enrolment.id, answer, tx)

    return answered


async def ask(request: Request) -> Answer:
    """Ask for an enrolment; raises `TryAgain` while the worker is not known, and `Unanswered`."""
    person = await Person.of(request.worker_id)
    if person is None:
        raise TryAgain("the worker is not known yet")
    id_number, name = person.opened()
    return await province.enrol(
        number=request.number,
        scheme=request.scheme,
        id_number=id_number,
        name=name,
        uscc=request.unit,
        district=request.district,
        starts_on=request.starts_on,
    )


async def take_answer(enrolment_id: str, answer: Answer, tx: Transaction) -> None:
    """Store the province's answer to a request."""
    refused_for = None if answer.status == "accepted" else answer.reason or REFUSED_WITHOUT_REASON
    await enrolments.take_answer(enrolment_id, answer.request_number, answer.receipt_number, refused_for, tx)


async def send_end(enrolment: Enrolment, number: str, ends_on: dt.date) -> Outcome:
    """Tell the last day of an enrolment, and give what its receipt changes."""
    receipt = (await province.end(number, ends_on)).receipt_number

    async def ended(tx: Transaction) -> None:
        await enrolments.take_end_receipt(enrolment.id, number, receipt, tx)

    return ended


async def mend(difference: Difference) -> Outcome:
    """Send what mends a difference, and give what follows; raises `Unanswered`."""
    if difference.kind == "unknown_bill":
        return _take_payment(difference)
    if difference.kind == "unknown_here":
        starts_on = dt.date.fromisoformat((difference.theirs or {})["starts_on"] or "")
        await province.end(difference.number, starts_on - dt.timedelta(days=1))
        return _mended(difference)
    if difference.kind == "end_unknown_here":
        await province.end(difference.number, None)
        return _mended(difference)
    enrolment = await Enrolment.of(difference.enrolment or "")
    request = enrolment.request(difference.number) if enrolment else None
    if enrolment is None or request is None:
        return _mended(difference)
    steps: list[Outcome] = []
    if difference.kind in ("unknown_there", "answer_lost"):
        answer = await ask(request)
        if answer.status != "accepted" and request.status == "accepted":
            return _refused(difference, answer.reason or REFUSED_WITHOUT_REASON)

        async def answered(tx: Transaction) -> None:
            await take_answer(enrolment.id, answer, tx)

        steps.append(answered)
    if request.status == "accepted" and request.ends_on is not None:
        steps.append(await send_end(enrolment, request.number, request.ends_on))

    async def follow(tx: Transaction) -> None:
        for step in steps:
            await step(tx)
        await differences.mended(difference.id, tx)

    return follow


def _mended(difference: Difference) -> Outcome:
    async def outcome(tx: Transaction) -> None:
        await differences.mended(difference.id, tx)

    return outcome


def _refused(difference: Difference, reason: str) -> Outcome:
    async def outcome(tx: Transaction) -> None:
        await differences.refused(difference.id, reason, tx)

    return outcome


def _take_payment(difference: Difference) -> Outcome:
    notice = BillNotice.model_validate(difference.notice)

    async def outcome(tx: Transaction) -> None:
        try:
            await payments.take_payment(notice.number, notice.bill_id, notice.amount, notice.paid_on, tx)
        except payments.UnknownBill:
            await differences.refused(difference.id, "仍无此账单", tx)
        else:
            await differences.mended(difference.id, tx)

    return outcome
