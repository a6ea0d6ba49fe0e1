"""What subsidies publishes of payments."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

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


def failed(row: Row) -> SubsidyFailed:
    return SubsidyFailed(**of_row(row))


def returned(row: Row) -> SubsidyReturned:
    return SubsidyReturned(**of_row(row))


def of_row(row: Row) -> Fields:
    """What an event says of a payment that was read as a stored row."""
    named = row["applicant"]
    return {
        "payment_id": row["_id"],
        "application_id": row["application_id"],
        "number": row["number"],
        "kind": row["kind"],
        "district": row["district"],
        "worker_id": named if row["role"] == "worker" else None,
        "uscc": named if row["role"] == "platform" else None,
        "provider": named if row["role"] == "provider" else None,
        "union_id": named if row["role"] == "union" else None,
        "amount": money(row["amount"].to_decimal()),
    }
