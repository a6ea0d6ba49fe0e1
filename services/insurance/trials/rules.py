"""What one recorded fact comes to by the law that is asked: each as its own room reckons it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.fact_rules import Facts
from services.insurance.enrolment.rules import register_by
from services.insurance.enrolment.segments import Segment
from shared.errors import DomainError
from shared.policy.parameters import parameters


def days_to_register(segment: Segment) -> Decimal:
    """How many days an employer has to register a person; 0 where no employer must."""
    due = register_by(segment, parameters.on(segment.starts_on))
    return Decimal(0 if due is None else (due - segment.starts_on).days)


def benefit(kind: str, facts: Facts, occurred_on: dt.date, district: str) -> Decimal | None:
    """The sum of one payment, in yuan; None where nobody can tell it from what is recorded."""
    try:
        return calculate(kind, facts, parameters.on(occurred_on, place=district)).amount
    except (DomainError, LookupError):
        return None
