"""What subsidies publishes of payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypedDict

from services.subsidies.payments.documents import Payment
from shared.contracts.base import money
from shared.contracts.subsidies import SubsidyFailed, SubsidyPaid, SubsidyReturned
from shared.storage.client import Row


class Fields(TypedDict):
    """The fields of every event on a payment."""

    payment_id: str
    application_id: str
    number: str
    kind: str
    district: str
    worker_id: str | None
    uscc: str | None
    provider: str | None
    union_id: str | None
    amount: str


def paid(row: Row, on: dt.date) -> SubsidyPaid:
    return SubsidyPaid(**of_row(row), paid_on=on)


def found_paid(payment: Payment, on: dt.date) -> SubsidyPaid:
    return SubsidyPaid(**fields(payment, payment.amount), paid_on=on)


def failed(row: Row) -> SubsidyFailed:
    return SubsidyFailed(**of_row(row))


def returned(row: Row) -> SubsidyReturned:
    return SubsidyReturned(**of_row(row))


def of_row(row: Row) -> Fields:
    """What an event says of a payment that was read as a stored row."""
    said = {name: row[name] for name in ("application_id", "number", "kind", "district", "role", "applicant")}
    return _fields(row["_id"], said, row["amount"].to_decimal())


def fields(payment: Payment, amount: Decimal) -> Fields:
    """What an event says of a payment, and of an amount of it."""
    said = payment.model_dump(include={"application_id", "number", "kind", "district", "role", "applicant"})
    return _fields(payment.id, said, amount)


def _fields(payment_id: str, said: Row, amount: Decimal) -> Fields:
    role, named = said["role"], said["applicant"]
    return {
        "payment_id": payment_id,
        "application_id": said["application_id"],
        "number": said["number"],
        "kind": said["kind"],
        "district": said["district"],
        "worker_id": named if role == "worker" else None,
        "uscc": named if role == "platform" else None,
        "provider": named if role == "provider" else None,
        "union_id": named if role == "union" else None,
        "amount": money(amount),
    }
