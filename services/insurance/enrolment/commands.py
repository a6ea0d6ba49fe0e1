"""Enrol, move and end; and take the province's answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.insurance.enrolment import rules
from services.insurance.enrolment.documents import Enrolment, Person, Request
from services.insurance.footing.documents import Footing
from shared import clock
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentRefused,
)
from shared.contracts.registry import WorkerRegistered
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field, open_sealed
from shared.storage.transaction import Transaction

EXCHANGE, DUTY = "insurance.exchange", "insurance.duty"

UNKNOWN_WORKER_WAIT = dt.timedelta(seconds=15)
"""When to try without having heard of the worker: the registry's word of them, which hands over at once, may have been
stored in the same moment as the enrolment."""

ANSWER_TIME = dt.timedelta(hours=1)
"""How long the province has to answer before a duty told after its deadline counts as missed: our own, not the law's."""


async def keep_person(fact: WorkerRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Keep a worker's id number and name, encrypted anew for this database."""
    known = await Person.of(fact.worker_id, tx)
    if known is not None and known.told_at > told_at:
        return
    fields = open_sealed("insurance", fact.for_insurance)
    values: dict[str, Any] = {
        "id_number": encrypt_field("person.id_number", fields["id_number"]),
        "name": encrypt_field("person.name", fields["name"]),
        "told_at": told_at,
    }
    person = known.model_copy(update=values) if known else Person(id=fact.worker_id, **values)
    await person.put(tx)
    if known is None:
        for enrolment in await Enrolment.find(Enrolment.worker_id == person.id, session=tx.session).to_list():
            if enrolment.current.status == "waiting":
                _hand_over(enrolment, enrolment.current, clock.now(), tx)


async def follow(footing: Footing, tx: Transaction) -> None:
    """Make an engagement's enrolment fit it (社会保险法 art. 58; 办法（试行） art. 2)."""
    enrolment = await Enrolment.of(footing.id, tx)
    in_force = enrolment is not None and enrolment.state == "open"
    step = rules.step(
        state=footing.state,
        cover=(rules.scheme_of(footing.relation), footing.worker_id),
        ended_on=footing.ended_on,
        enrolled=(enrolment.scheme, enrolment.worker_id) if enrolment and in_force else None,
        was_enrolled_until=enrolment.ends_on if enrolment else None,
    )
    if step == "nothing":
        return
    if enrolment is not None and step in ("move", "end", "end_otherwise"):
        _end(enrolment, footing.ended_on or calendar.shanghai_date(footing.happened_at), tx)
    if step in ("open", "move"):
        known = await Person.of(footing.worker_id, tx) is not None
        enrolment = _open(footing, enrolment, clock.now() + (dt.timedelta() if known else UNKNOWN_WORKER_WAIT), tx)
    assert enrolment is not None
    await enrolment.put(tx)


def _open(footing: Footing, earlier: Enrolment | None, hand_over_at: dt.datetime, tx: Transaction) -> Enrolment:
    scheme = rules.scheme_of(footing.relation)
    requests = list(earlier.requests) if earlier else []
    request = Request(
        number=f"{footing.id}:{len(requests) + 1}",
        scheme=scheme,
        worker_id=footing.worker_id,
        district=footing.district,
        starts_on=footing.started_on,
    )
    enrolment = Enrolment(
        id=footing.id,
        platform=footing.platform,
        worker_id=footing.worker_id,
        scheme=scheme,
        state="open",
        starts_on=footing.started_on,
        ends_on=None,
        due_on=rules.register_by(scheme, footing.started_on, parameters.on(footing.started_on)),
        requests=[*requests, request],
    )
    if earlier is not None:
        enrolment.revision, enrolment.created_at = earlier.revision, earlier.created_at
    tx.tell(EnrolmentOpened(**_facts(enrolment)))
    _hand_over(enrolment, request, hand_over_at, tx)
    if enrolment.due_on is not None:
        missed_at = max(calendar.end_of_day(enrolment.due_on), clock.now() + ANSWER_TIME)
        tx.schedule(DUTY, enrolment.id, missed_at)
    return enrolment


def _end(enrolment: Enrolment, ends_on: dt.date, tx: Transaction) -> None:
    """End what is in force, or move the end of what has ended."""
    request = enrolment.current
    enrolment.state, enrolment.ends_on = "ended", max(ends_on, enrolment.starts_on)
    request.ends_on = enrolment.ends_on
    tx.tell(EnrolmentEnded(**_facts(enrolment)))
    tx.cancel(DUTY, enrolment.id)
    if request.status == "waiting" or request.end_is_due:
        _hand_over(enrolment, request, clock.now(), tx)


def _hand_over(enrolment: Enrolment, request: Request, at: dt.datetime, tx: Transaction) -> None:
    tx.schedule(EXCHANGE, request.number, at, enrolment=enrolment.id)


def _facts(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment.id,
        "engagement_id": enrolment.id,
        "worker_id": enrolment.worker_id,
        "platform": enrolment.platform,
        "scheme": enrolment.scheme,
        "starts_on": enrolment.starts_on,
        "ends_on": enrolment.ends_on,
        "due_on": enrolment.due_on,
    }


async def take_answer(
    enrolment_id: str, number: str, receipt_number: str, refused_for: str | None, tx: Transaction
) -> None:
    """Store the province's answer to a request. `refused_for`: why it was refused, None where it was accepted."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    request = enrolment.request(number) if enrolment else None
    if enrolment is None or request is None or request.status != "waiting":
        return
    request.receipt_number, request.reason = receipt_number, refused_for
    request.status = "accepted" if refused_for is None else "rejected"
    if request is enrolment.current:
        if refused_for is None:
            tx.tell(EnrolmentConfirmed(**_facts(enrolment), receipt_number=receipt_number))
            tx.cancel(DUTY, enrolment.id)
        else:
            tx.tell(EnrolmentRefused(**_facts(enrolment), reason=refused_for))
    if request.end_is_due:
        _hand_over(enrolment, request, clock.now(), tx)
    await enrolment.put(tx)


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
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None or enrolment.state != "open" or enrolment.current.status == "accepted":
        return
    enrolment.overdue = True
    tx.tell(EnrolmentDutyOverdue(**_facts(enrolment)))
    await enrolment.put(tx)
