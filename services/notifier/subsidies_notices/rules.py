"""Messages from the events of subsidies."""

from __future__ import annotations

from services.notifier.templates.rules import Maker, Message, reference_of, short, to_worker
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, CertificateIssued


def certificate_issued(fact: CertificateIssued) -> list[Message]:
    reference = reference_of(fact.platform, fact.worker_ref) if fact.worker_id is None else None
    params = {"course": short(fact.course), "number": short(fact.number)}
    return [Message("certificate_issued_worker", "worker", fact.worker_id, reference, params=params)]


def approved(fact: ApplicationApproved) -> list[Message]:
    number = short(fact.number)
    if fact.amount is None:
        return [to_worker("application_approved_amount_open_worker", fact.worker_id, number=number)]
    return [to_worker("application_approved_worker", fact.worker_id, number=number, amount=fact.amount)]


def refused(fact: ApplicationRefused) -> list[Message]:
    return [to_worker("application_refused_worker", fact.worker_id, number=short(fact.number))]


MAKERS: dict[type, Maker] = {
    CertificateIssued: certificate_issued,
    ApplicationApproved: approved,
    ApplicationRefused: refused,
}
