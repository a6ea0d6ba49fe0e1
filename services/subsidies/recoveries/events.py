"""What subsidies publishes of what is claimed back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, TypedDict

from services.subsidies.payments.documents import Payment
from services.subsidies.payments.events import Fields, fields
from services.subsidies.recoveries.documents import Recovery
from shared.contracts.base import money
from shared.contracts.subsidies import (
    SubsidyRecoveryClosed,
    SubsidyRecoveryHeard,
    SubsidyRecoveryOpened,
    SubsidyRecoveryOverdue,
    SubsidyRecoveryProposed,
)

DEPARTMENT = "hrss"
"""Whose duty desk hears that something is overdue."""


class _Own(TypedDict):
    recovery_id: str
    lead_department: str


def proposed(recovery: Recovery, payment: Payment) -> SubsidyRecoveryProposed:
    return SubsidyRecoveryProposed(**_of(recovery, payment), **_own(recovery), heard_by=recovery.heard_by)


def heard(recovery: Recovery, payment: Payment, *, stated: bool) -> SubsidyRecoveryHeard:
    return SubsidyRecoveryHeard(**_of(recovery, payment), **_own(recovery), stated=stated)


def opened(recovery: Recovery, payment: Payment) -> SubsidyRecoveryOpened:
    first = recovery.parts[0].due_on
    count = len(recovery.parts)
    return SubsidyRecoveryOpened(**_of(recovery, payment), **_own(recovery), due_on=first, instalments=count)


def overdue(recovery: Recovery, payment: Payment, due_on: dt.date, missing: Decimal) -> SubsidyRecoveryOverdue:
    return SubsidyRecoveryOverdue(**_of(recovery, payment), **_own(recovery), due_on=due_on, missing=money(missing))


def closed(
    recovery: Recovery, payment: Payment, ending: Literal["recovered", "cancelled", "written_off"]
) -> SubsidyRecoveryClosed:
    came = money(recovery.received)
    return SubsidyRecoveryClosed(**_of(recovery, payment), **_own(recovery), ending=ending, recovered=came)


def _of(recovery: Recovery, payment: Payment) -> Fields:
    return fields(payment, recovery.amount)


def _own(recovery: Recovery) -> _Own:
    return {"recovery_id": recovery.id, "lead_department": DEPARTMENT}
