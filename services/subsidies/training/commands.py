"""Apply for the training subsidy; decide as soon as everything is known, and when the wait for it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.subsidies.certificates.documents import Certificate
from services.subsidies.persons import commands as persons
from services.subsidies.persons.documents import Applicant
from services.subsidies.persons.rules import Sex
from services.subsidies.training import events, rules
from services.subsidies.training.documents import Application, encrypted_account
from services.subsidies.training.rules import Decision, Training
from shared import clock
from shared.errors import Conflict
from shared.identity.regions import CITY
from shared.ids import new_id, readable_number
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

WAIT_ENDS = TimerKind("subsidies.training_wait")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an applicant asks a subsidy for: a certificate by its id or number, or a course and the day it was completed."""

    certificate_id: str | None
    certificate_number: str | None
    course: str | None
    completed_on: dt.date | None
    bank_account: str | None


async def apply(asked: Asked, worker_id: str, tx: Transaction) -> Application:
    """File an application, and decide on it at once where everything is known."""
    applicant = await Applicant.named(worker_id, tx)
    await applicant.put(tx)
    application_id, now = new_id(), clock.now()
    application = Application(
        id=application_id,
        number=readable_number("德培补", application_id, shanghai_date(now)),
        worker_id=worker_id,
        asked_certificate_id=asked.certificate_id,
        asked_certificate_number=asked.certificate_number,
        asked_course=asked.course,
        asked_completed_on=asked.completed_on,
        bank_account=encrypted_account(application_id, asked.bank_account) if asked.bank_account else None,
    )
    tx.publish(events.submitted(application))
    await _decide_if_known(application, applicant.birthday, tx)
    if application.state == "submitted":
        await application.put(tx)
        tx.schedule(WAIT_ENDS, application.id, now + rules.WAIT)
    return application


async def record_person(
    worker_id: str, born_on: dt.date, sex: Sex | None, told_at: dt.datetime, tx: Transaction
) -> None:
    """Record a person's date of birth, and decide on what waited for it."""
    applicant = await persons.record_person(worker_id, born_on, sex, told_at, tx)
    await _decide_waiting(applicant, tx)


async def certificate_issued(worker_id: str, tx: Transaction) -> None:
    """Decide on what may have waited for a certificate of this person."""
    applicant = await Applicant.named(worker_id, tx)
    await applicant.put(tx)
    await _decide_waiting(applicant, tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's certificates and applications to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    for document in (Certificate, Application):
        await tx.update_many(document, {"worker_id": merged_worker_id}, moved)
    await persons.merge(worker_id, merged_worker_id, tx)
    await certificate_issued(worker_id, tx)


async def end_wait(application_id: str, tx: Transaction) -> None:
    """Decide on an application that has waited long enough: what is still unknown now stands against it."""
    application = await Application.of(application_id, tx)
    if application is None or application.state != "submitted":
        return
    applicant = await Applicant.named(application.worker_id, tx)
    await applicant.put(tx)
    await _decide_if_known(application, applicant.birthday, tx)
    if application.state == "submitted":
        certificate = await _certificate(application, tx)
        missing = rules.unknown(_training(certificate), applicant.birthday)
        await _store(application, certificate, Decision(reasons=missing), tx)


async def set_amount(application: Application, amount: Decimal, officer: str, tx: Transaction) -> Application:
    """Set the amount (yuan) of an approved application for which none is published; `officer` is the officer's subject."""
    if application.state != "approved" or not application.amount_pending:
        raise Conflict(
            "amount-not-pending", "该申请没有待确定的补贴金额", "no amount is to be set for this application"
        )
    application.amount, application.amount_pending = amount, False
    application.amount_set_by = officer
    return await application.put(tx)


async def _decide_waiting(applicant: Applicant, tx: Transaction) -> None:
    for application in await Application.of_worker(applicant.id, "submitted", tx):
        await _decide_if_known(application, applicant.birthday, tx)
        if application.state != "submitted":
            tx.cancel(WAIT_ENDS, application.id)


async def _decide_if_known(application: Application, birthday: dt.date | None, tx: Transaction) -> None:
    certificate = await _certificate(application, tx)
    training = _training(certificate)
    if training is None or birthday is None:
        return
    approved = await Application.of_worker(application.worker_id, "approved", tx)
    subsidised = [Training(one.course, one.completed_on) for one in approved if one.course and one.completed_on]
    law = parameters.on(training.completed_on, place=CITY)
    await _store(application, certificate, rules.decide(training, birthday, subsidised, law), tx)


async def _store(
    application: Application, certificate: Certificate | None, decision: Decision, tx: Transaction
) -> None:
    application.state = rules.STATES.next(application.state, decision.move)
    application.reasons = list(decision.reasons)
    application.amount, application.amount_note = decision.amount, decision.amount_note
    application.amount_pending = application.state == "approved" and decision.amount is None
    application.decided_at, application.used = clock.now(), list(decision.used)
    if certificate is not None:
        application.certificate_id = certificate.id
        application.course, application.completed_on = certificate.course, certificate.completed_on
        application.district = certificate.district
    await application.put(tx)
    if application.state == "approved":
        tx.publish(events.approved(application))
    else:
        tx.publish(events.refused(application))


async def _certificate(application: Application, tx: Transaction) -> Certificate | None:
    """The applicant's own certificate that an application means, the first issued where several fit."""
    query: dict[str, Any] = {
        "_id": application.asked_certificate_id,
        "number": application.asked_certificate_number,
        "course": application.asked_course,
        "completed_on": application.asked_completed_on,
    }
    asked = {name: value for name, value in query.items() if value is not None}
    found = await tx.find(Certificate, {"worker_id": application.worker_id, **asked}, sort="_id", limit=1)
    return found[0] if found else None


def _training(certificate: Certificate | None) -> Training | None:
    return None if certificate is None else Training(certificate.course, certificate.completed_on)
