"""What subsidies publishes of payments."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.subsidies.payments.documents import Payment
from shared.contracts.base import money
from shared.contracts.subsidies import SubsidyFailed, SubsidyPaid, SubsidyReturned


class PaymentFields(TypedDict):
    """The fields of every event on a payment but the amount."""

    payment_id: str
    application_id: str
    number: str
    kind: str
    district: str
    worker_id: str | None
    uscc: str | None
    provider: str | None
    union_id: str | None


def paid(payment: Payment, on: dt.date) -> SubsidyPaid:
    return SubsidyPaid(**fields(payment), amount=money(payment.amount), paid_on=on)


def failed(payment: Payment) -> SubsidyFailed:
    return SubsidyFailed(**fields(payment), amount=money(payment.amount))


def returned(payment: Payment) -> SubsidyReturned:
    return SubsidyReturned(**fields(payment), amount=money(payment.amount))


def fields(payment: Payment) -> PaymentFields:
    """What every event of a payment says of it."""
    return {
        "payment_id": payment.id,
        "application_id": payment.application_id,
        "number": payment.number,
        "kind": payment.kind,
        "district": payment.district,
        "worker_id": payment.applicant if payment.role == "worker" else None,
        "uscc": payment.applicant if payment.role == "platform" else None,
        "provider": payment.applicant if payment.role == "provider" else None,
        "union_id": payment.applicant if payment.role == "union" else None,
    }
