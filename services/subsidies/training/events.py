"""What subsidies publishes of an application."""

from __future__ import annotations

from services.subsidies.training.documents import Application
from shared.contracts.base import money
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, ApplicationSubmitted


def submitted(application: Application) -> ApplicationSubmitted:
    return ApplicationSubmitted(
        application_id=application.id,
        number=application.number,
        worker_id=application.worker_id,
        certificate_id=application.certificate_id,
    )


def approved(application: Application) -> ApplicationApproved:
    return ApplicationApproved(
        application_id=application.id,
        number=application.number,
        worker_id=application.worker_id,
        certificate_id=application.certificate_id,
        amount=None if application.amount is None else money(application.amount),
    )


def refused(application: Application) -> ApplicationRefused:
    return ApplicationRefused(
        application_id=application.id,
        number=application.number,
        worker_id=application.worker_id,
        certificate_id=application.certificate_id,
        reasons=tuple(application.reasons),
    )
