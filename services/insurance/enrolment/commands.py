"""Follow the engagements, take the province's answers, and keep the employer's deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.insurance.enrolment import fitting, segments
from services.insurance.enrolment.asking import anew
from services.insurance.enrolment.documents import (
    ID_NUMBER,
    NAME,
    REFUSED_FOR,
    EngagedPerson,
    Enrolment,
    Person,
    Request,
)
from services.insurance.enrolment.fitting import clear_duty, facts, fit, hand_over
from services.insurance.enrolment.rules import STANDING
from services.insurance.footing.documents import Footing
from services.insurance.outlets import lookup
from shared import clock
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDutyNear,
    EnrolmentDutyOverdue,
    EnrolmentRefused,
)
from shared.contracts.registry import WorkerRegistered
from shared.identity.masking import code_in
from shared.policy import calendar
from shared.storage.encryption import encrypt_field, open_sealed
from shared.storage.transaction import Transaction

EXCHANGE, DUTY, DUTY_NEAR = fitting.EXCHANGE, fitting.DUTY, fitting.DUTY_NEAR


async def look_ahead(engagements: Sequence[str], workers: Sequence[str], tx: Transaction) -> None:
    """Read at once what these engagements and persons have to do with enrolments."""
    await tx.load(Person, workers)
    await tx.load(EngagedPerson, workers)
    await tx.load(Enrolment, engagements)


async def keep_person(fact: WorkerRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Keep a worker's id number and name, encrypted anew for this database."""
    known = await Person.of(fact.worker_id, tx)
    if known is not None and known.told_at > told_at:
        return
    fields = open_sealed("insurance", fact.for_insurance)
    values: dict[str, Any] = {
        "id_number": encrypt_field(ID_NUMBER, fact.worker_id, fields["id_number"]),
        "name": encrypt_field(NAME, fact.worker_id, fields["name"]),
        "told_at": told_at,
    }
    earlier_number = known.opened()[0] if known else None
    person = known.changed(values) if known else Person(id=fact.worker_id, **values)
    await person.put(tx)
    if earlier_number is None:
        await _hand_over_what_waited(person.id, tx)
    elif earlier_number != fields["id_number"]:
        await _tell_province_anew(person.id, tx)


async def _hand_over_what_waited(worker_id: str, tx: Transaction) -> None:
    """Have the province asked for what could not be asked while nobody knew who the worker is."""
    for engagement_id in await EngagedPerson.note(worker_id, None, tx):
        enrolment = await Enrolment.of(engagement_id, tx)
        for request in enrolment.requests if enrolment else ():
            if enrolment is not None and request.status == "waiting" and request.worker_id == worker_id:
                hand_over(enrolment, request, clock.now(), tx)


async def _tell_province_anew(worker_id: str, tx: Transaction) -> None:
    for enrolment in await tx.find(Enrolment, {"worker_id": worker_id}):
        wanted = segments.in_force([kept.segment for kept in enrolment.segments], enrolment.rests)
        await fitting.ask_province(enrolment, tx, anew(enrolment.sent, wanted))
        await enrolment.put(tx)


async def follow(footing: Footing, earlier_worker: str | None, tx: Transaction) -> None:
    """Make the enrolments of an engagement's person fit it (社会保险法 art. 58; 办法（试行） art. 2).

    `earlier_worker` is whose engagement it was before, where that was another's: their other engagements are looked at too.
    Whoever was never let to work is not enrolled; whoever is enrolled stays so, also while training is to be renewed.
    """
    await _arrange(footing.worker_id, footing, tx)
    if earlier_worker is not None:
        await _arrange(earlier_worker, None, tx)


async def _arrange(worker_id: str, footing: Footing | None, tx: Transaction) -> None:
    ids = await EngagedPerson.note(worker_id, footing.id if footing else None, tx)
    footings = [footing] if footing else []
    others = [one for one in ids if footing is None or one != footing.id]
    await tx.load(Footing, others)
    known = [await Footing.of(one, tx) for one in others]
    footings += [other for other in known if other is not None and other.worker_id == worker_id]
    wanted = segments.segments([await _engaged(one, tx) for one in footings])
    for one in sorted(footings, key=lambda one: (one.started_on, one.id)):
        await fit(one, await Enrolment.of(one.id, tx), wanted.get(one.id, ()), tx)


async def _engaged(footing: Footing, tx: Transaction) -> segments.Engaged:
    return segments.Engaged(
        id=footing.id,
        worker_id=footing.worker_id,
        platform=footing.platform,
        started_on=footing.started_on,
        ended_on=footing.ended_on,
        footings=footing.dated,
        activated=footing.activated,
        outlet=await lookup.outlet_of(footing, tx),
        outlet_only=footing.outlet_only,
        worker_ref=footing.worker_ref,
    )


async def take_answer(
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
    _answered(enrolment, request, refused_for, tx)
    if request.end_is_due:
        hand_over(enrolment, request, clock.now(), tx)
    await enrolment.put(tx)


def _answered(enrolment: Enrolment, request: Request, refused_for: str | None, tx: Transaction) -> None:
    segment = enrolment.segment_of(request)
    if segment is None:
        return
    if request.status == "rejected":
        tx.tell(EnrolmentRefused(**facts(enrolment, segment), reason=code_in(refused_for or "")))
        return
    tx.tell(EnrolmentConfirmed(**facts(enrolment, segment), receipt_number=request.receipt_number or ""))
    if segment is enrolment.segments[-1] and enrolment.confirmed_on is None:
        enrolment.confirmed_on, enrolment.overdue = calendar.shanghai_date(clock.now()), False
        if segment.due_on is not None:
            clear_duty(enrolment, tx)


async def take_end_receipt(enrolment_id: str, number: str, receipt_number: str, tx: Transaction) -> None:
    """Store that the province has taken the end of an enrolment."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    request = enrolment.request(number) if enrolment else None
    if enrolment is None or request is None or not request.end_is_due:
        return
    request.end_receipt = receipt_number
    await enrolment.put(tx)


async def miss_duty(enrolment_id: str, tx: Transaction) -> None:
    """Say that the employer has missed its deadline, where the province has not confirmed (社会保险法 art. 58)."""
    enrolment = await _with_duty(enrolment_id, tx)
    if enrolment is None:
        return
    enrolment.overdue = True
    tx.tell(EnrolmentDutyOverdue(**facts(enrolment, enrolment.segments[-1])))
    await enrolment.put(tx)


async def remind(enrolment_id: str, tx: Transaction) -> None:
    """Say that the employer's deadline is near, where the province has not confirmed."""
    enrolment = await _with_duty(enrolment_id, tx)
    if enrolment is not None:
        tx.tell(EnrolmentDutyNear(**facts(enrolment, enrolment.segments[-1])))


async def _with_duty(enrolment_id: str, tx: Transaction) -> Enrolment | None:
    """The enrolment where its employer has still to register the person."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None or enrolment.state not in STANDING or enrolment.due_on is None:
        return None
    return None if enrolment.confirmed_on is not None else enrolment
