"""What complaints publishes of an order to put right: never what it arose from, nor its texts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, TypedDict

from services.complaints.directives.documents import Directive, Owed
from shared.contracts.base import money
from shared.contracts.complaints import (
    DirectiveClosed,
    DirectiveCompensationOrdered,
    DirectiveCompensationOwed,
    DirectiveDueNear,
    DirectiveOverdue,
    DirectivePayOrdered,
    DirectivePayReferred,
    DirectiveServed,
)

Outcome = Literal["met", "unmet", "withdrawn", "to_dispute"]


class _Fields(TypedDict):
    directive_id: str
    number: str
    uscc: str
    lead_department: str
    district: str
    due_on: dt.date


def served(directive: Directive) -> DirectiveServed:
    """Also told when the term was extended."""
    return DirectiveServed(**_fields(directive))


def pay_ordered(directive: Directive, owed: Owed, worker_id: str) -> DirectivePayOrdered:
    return DirectivePayOrdered(**_fields(directive), worker_id=worker_id, amount=money(owed.amount))


def pay_referred(directive: Directive, worker_id: str) -> DirectivePayReferred:
    return DirectivePayReferred(**_fields(directive), worker_id=worker_id)


def compensation_ordered(directive: Directive, percent: int, amount: Decimal) -> DirectiveCompensationOrdered:
    return DirectiveCompensationOrdered(**_fields(directive), percent=percent, amount=money(amount))


def compensation_owed(directive: Directive, added: Decimal, worker_id: str) -> DirectiveCompensationOwed:
    return DirectiveCompensationOwed(**_fields(directive), worker_id=worker_id, added=money(added))


def due_near(directive: Directive) -> DirectiveDueNear:
    return DirectiveDueNear(**_fields(directive))


def overdue(directive: Directive) -> DirectiveOverdue:
    return DirectiveOverdue(**_fields(directive))


def closed(directive: Directive, outcome: Outcome) -> DirectiveClosed:
    return DirectiveClosed(**_fields(directive), outcome=outcome)


def _fields(directive: Directive) -> _Fields:
    assert directive.due_on is not None
    return {
        "directive_id": directive.id,
        "number": directive.number,
        "uscc": directive.enterprise,
        "lead_department": directive.department,
        "district": directive.district,
        "due_on": directive.due_on,
    }
