"""What is sent to the province about an enrolment, first and again. The same number has the same answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.insurance.billing import payments
from services.insurance.contributions.notices import BillNotice
from services.insurance.differences import commands as differences
from services.insurance.differences.documents import Difference
from services.insurance.enrolment import province_requests
from services.insurance.enrolment.documents import Enrolment, Request
from services.insurance.outlet_bills import commands as outlet_bills
from services.insurance.persons.documents import Person
from services.insurance.province import client as province
from services.insurance.province.client import Answer
from shared.errors import Conflict, NotFound
from shared.messaging.timers import TryAgain
from shared.storage.transaction import Transaction

REFUSED_WITHOUT_REASON = "省平台未说明原因"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent of an enrolment and answered: a request, or (`end`) the last day of one that was accepted."""

    answer: Answer
    end: bool = False


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending a difference: the province's answers that are to be stored, a payment to be recorded once more, or
    why the province refuses what would mend it."""

    enrolment: str | None = None
    sent: tuple[Sent, ...] = ()
    payment: BillNotice | None = None
    refused_for: str | None = None


async def ask(request: Request) -> Sent:
    """Ask for an enrolment; raises `TryAgain` while the worker is not known, and `Unanswered`."""
    person = await Person.of(request.worker_id)
    if person is None:
        raise TryAgain("the worker is not known yet")
    id_number, name = person.opened()
    answer = await province.enrol(
        number=request.number,
        scheme=request.scheme,
        id_number=id_number,
        name=name,
        uscc=request.unit,
        district=request.district,
        starts_on=request.starts_on,
    )
    return Sent(answer)


async def tell_end(number: str, ends_on: dt.date) -> Sent:
    """Tell the last day of an enrolment; raises `Unanswered`."""
    return Sent(await province.end(number, ends_on), end=True)


async def record(enrolment_id: str, sent: Sent, tx: Transaction) -> None:
    """Store what the province answered."""
    answer = sent.answer
    if sent.end:
        await province_requests.record_end_receipt(enrolment_id, answer.request_number, answer.receipt_number, tx)
        return
    refused_for = None if answer.status == "accepted" else answer.reason or REFUSED_WITHOUT_REASON
    await province_requests.record_answer(enrolment_id, answer.request_number, answer.receipt_number, refused_for, tx)


async def mend(difference: Difference) -> Mended:
    """Send what mends a difference, and give what came of it; raises `Unanswered`."""
    if difference.kind == "unknown_bill":
        return Mended(payment=BillNotice.model_validate(difference.notice))
    if difference.kind == "unknown_here":
        starts_on = dt.date.fromisoformat((difference.theirs or {})["starts_on"] or "")
        await province.end(difference.number, starts_on - dt.timedelta(days=1))
        return Mended()
    if difference.kind == "end_unknown_here":
        await province.end(difference.number, None)
        return Mended()
    enrolment = await Enrolment.of(difference.enrolment or "")
    request = enrolment.request(difference.number) if enrolment else None
    if enrolment is None or request is None:
        return Mended()
    sent: list[Sent] = []
    if difference.kind in ("unknown_there", "answer_lost"):
        asked = await ask(request)
        if asked.answer.status != "accepted" and request.status == "accepted":
            return Mended(refused_for=asked.answer.reason or REFUSED_WITHOUT_REASON)
        sent.append(asked)
    if request.status == "accepted" and request.ends_on is not None:
        sent.append(await tell_end(request.number, request.ends_on))
    return Mended(enrolment.id, tuple(sent))


async def record_mended(difference_id: str, mended: Mended, tx: Transaction) -> None:
    """Store what came of mending a difference."""
    refused_for = mended.refused_for
    if mended.enrolment is not None:
        for sent in mended.sent:
            await record(mended.enrolment, sent, tx)
    if mended.payment is not None:
        notice = mended.payment
        try:
            taker = outlet_bills if ":" in notice.bill_id else payments
            await taker.record_payment(notice.number, notice.bill_id, notice.amount, notice.paid_on, tx)
        except NotFound:
            refused_for = "仍无此账单"
        except Conflict:
            refused_for = "该缴款编号已用于其他缴款"
    if refused_for is not None:
        await differences.refused(difference_id, refused_for, tx)
    else:
        await differences.mended(difference_id, tx)
