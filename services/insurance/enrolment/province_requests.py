"""What is asked of the province for enrolments, what it answers, and the employer's deadline that rests on both.

Whom an employer must register is asked for only once the employer has declared them (社会保险法 art. 58).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import msgspec

from services.insurance.enrolment import rules
from services.insurance.enrolment.documents import REFUSED_FOR, Enrolment, Request, StoredSegment
from services.insurance.enrolment.rules import NewEnd, NewRequest
from services.insurance.enrolment.segments import Segment, in_force
from services.insurance.persons.documents import EngagedPerson, Person
from shared import clock
from shared.contracts.insurance import EnrolmentConfirmed, EnrolmentFields, EnrolmentRefused
from shared.identity.masking import code_in
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import by_day, provisional_kind, rests_on
from shared.storage.transaction import Transaction


class OfEnrolment(msgspec.Struct, frozen=True):
    """The enrolment that a request is for."""

    enrolment: str


EXCHANGE = TimerKind("insurance.exchange", OfEnrolment)
DUTY = TimerKind("insurance.duty")
DUTY_NEAR = TimerKind("insurance.duty_near")
CALENDAR = provisional_kind("insurance.enrolment_calendar")
STORED = by_day(CALENDAR, Enrolment, "duty_on", rests_on)

LATE_WORD = dt.timedelta(hours=1)
"""How long an employer has to declare, or to put right, what came only after its deadline: our own, not the law's."""


def fields(enrolment: Enrolment, segment: StoredSegment) -> EnrolmentFields:
    """One segment as every event tells it."""
    return {
        "enrolment_id": enrolment.id,
        "engagement_id": enrolment.id,
        "platform": enrolment.platform,
        "worker_id": segment.worker_id,
        "scheme": segment.scheme,
        "basis": segment.basis,
        "unit": segment.unit,
        "declared_on": segment.declared_on,
        "listed": segment.listed,
        "starts_on": segment.starts_on,
        "ends_on": segment.ends_on,
        "due_on": segment.due_on,
    }


async def ask(
    enrolment: Enrolment, tx: Transaction, asked: Sequence[NewRequest | NewEnd] | None = None
) -> list[Request]:
    """Have the province told what it does not know yet, or `asked` alone; the new requests. The caller stores the enrolment."""
    new: list[Request] = []
    for change in asked or rules.requests_for(enrolment.sent, _wanted(enrolment)):
        if isinstance(change, NewEnd):
            _set_end(enrolment, change, tx)
            continue
        number = f"{enrolment.id}:{len(enrolment.requests) + 1}"
        request = Request(**dataclasses.asdict(change.segment), number=number, district=enrolment.district)
        enrolment.requests.append(request)
        if await Person.of(request.worker_id, tx) is not None:
            _send(enrolment, request, clock.now(), tx)
        else:  # whoever brings the registry's word of them has it sent, and finds it by this row
            await EngagedPerson.note(request.worker_id, enrolment.id, tx)
        new.append(request)
    return new


async def ask_again(enrolment: Enrolment, unit: str | None, tx: Transaction) -> list[Request]:
    """Ask the province again, under new numbers, for what it refused; raises Conflict where it refused nothing.

    `unit`: only for what this unit insures, which answers for no other; null: for all.
    """
    wanted = [one for one in _wanted(enrolment) if unit in (None, one.unit)]
    new = await ask(enrolment, tx, rules.repeat_refused(enrolment.sent, wanted))
    watch_duty(enrolment, tx)
    await enrolment.put(tx)
    return new


async def send_what_waited(worker_id: str, tx: Transaction) -> None:
    """Have the province asked for what could not be asked while nobody knew who the worker is."""
    for engagement_id in await EngagedPerson.note(worker_id, None, tx):
        enrolment = await Enrolment.of(engagement_id, tx)
        for request in enrolment.requests if enrolment else ():
            if enrolment is not None and request.status == "waiting" and request.worker_id == worker_id:
                _send(enrolment, request, clock.now(), tx)


async def reissue(worker_id: str, tx: Transaction) -> None:
    """Have the province take back what it knows of a person under a wrong id number, and take it under the right one."""
    for enrolment in await tx.find(Enrolment, {"worker_id": worker_id}):
        await ask(enrolment, tx, rules.reissue(enrolment.sent, _wanted(enrolment)))
        watch_duty(enrolment, tx)
        await enrolment.put(tx)


async def record_answer(
    enrolment_id: str, number: str, receipt_number: str, refused_for: str | None, tx: Transaction
) -> None:
    """Store the province's answer to a request. `refused_for`: why it was refused, None where it was accepted."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    request = enrolment.request(number) if enrolment else None
    if enrolment is None or request is None or request.status != "waiting":
        return
    request.receipt_number = receipt_number
    request.reason = refused_for and encrypt_field(REFUSED_FOR, enrolment.id, refused_for)
    request.status = "accepted" if refused_for is None else "rejected"
    _publish_answer(enrolment, request, refused_for, tx)
    if request.end_is_due:
        _send(enrolment, request, clock.now(), tx)
    watch_duty(enrolment, tx)
    await enrolment.put(tx)


def _publish_answer(enrolment: Enrolment, request: Request, refused_for: str | None, tx: Transaction) -> None:
    segment = enrolment.segment_of(request)
    if segment is None:
        return
    if request.status == "rejected":
        tx.publish(EnrolmentRefused(**fields(enrolment, segment), reason=code_in(refused_for or "")))
        return
    tx.publish(EnrolmentConfirmed(**fields(enrolment, segment), receipt_number=request.receipt_number or ""))
    if segment is enrolment.segments[-1] and enrolment.confirmed_on is None:
        enrolment.confirmed_on = calendar.shanghai_date(clock.now())


async def record_end_receipt(enrolment_id: str, number: str, receipt_number: str, tx: Transaction) -> None:
    """Store that the province has taken the end of an enrolment."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    request = enrolment.request(number) if enrolment else None
    if enrolment is None or request is None or not request.end_is_due:
        return
    request.end_receipt = receipt_number
    await enrolment.put(tx)


def watch_duty(enrolment: Enrolment, tx: Transaction) -> None:
    """Watch the next deadline of an employer that has still to declare, or whose declaration was refused (社会保险法 art. 58).

    The caller stores the enrolment. A deadline that is watched already is left as it is, so that nothing puts it off.
    """
    enrolment.overdue = any(
        one.overdue and rules.answer_to(one.segment, enrolment.sent) != "accepted" for one in enrolment.segments
    )
    due_on = min((one.due_on for one in owed_by_employers(enrolment) if one.due_on and not one.overdue), default=None)
    if due_on == enrolment.duty_on:
        return
    enrolment.duty_on, now = due_on, clock.now()
    tx.cancel(DUTY, enrolment.id)
    tx.cancel(DUTY_NEAR, enrolment.id)
    if due_on is None:
        return
    provisional.watch(CALENDAR, enrolment.id, due_on, tx)
    tx.schedule(DUTY, enrolment.id, max(calendar.end_of_day(due_on), now + LATE_WORD))
    days = parameters.on(due_on).days("enrolment.remind_days")
    remind_at = calendar.start_of_day(due_on - dt.timedelta(days=days))
    if remind_at > now:
        tx.schedule(DUTY_NEAR, enrolment.id, remind_at)


def owed_by_employers(enrolment: Enrolment) -> list[StoredSegment]:
    """The segments whose employer has still to declare, or to put right what was refused."""
    owed = rules.unmet([one.segment for one in enrolment.segments], enrolment.declared, enrolment.sent)
    return [one for one in enrolment.segments if one.segment in owed]


def _wanted(enrolment: Enrolment) -> Sequence[Segment]:
    owed = enrolment.undeclared
    return in_force([one.segment for one in enrolment.segments if one.segment not in owed], enrolment.rests)


def _set_end(enrolment: Enrolment, change: NewEnd, tx: Transaction) -> None:
    request = enrolment.request(change.number)
    assert request is not None
    request.ends_on, request.end_receipt = change.ends_on, None
    if request.end_is_due:  # one that waits is under way already, and its end follows its answer
        _send(enrolment, request, clock.now(), tx)


def _send(enrolment: Enrolment, request: Request, at: dt.datetime, tx: Transaction) -> None:
    tx.schedule(EXCHANGE, request.number, at, OfEnrolment(enrolment.id))
