"""What one recorded fact comes to by the law that is asked: each as its own room reckons it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.fact_rules import Dependant, Facts, Invoice
from services.insurance.enrolment.rules import register_by
from services.insurance.enrolment.segments import Segment
from shared.contracts.insurance import Scheme
from shared.errors import DomainError
from shared.policy.parameters import parameters


def days_to_register(segment: Segment) -> Decimal:
    """How many days an employer has to register a person; 0 where no employer must."""
    due = register_by(segment, parameters.on(segment.starts_on))
    return Decimal(0 if due is None else (due - segment.starts_on).days)


def facts_of(basis: Mapping[str, Any], scheme: Scheme, *, fatal: bool) -> Facts:
    """What a stored sum was calculated from."""
    return Facts(
        scheme=scheme,
        grade=basis.get("grade"),
        nursing=basis.get("nursing"),
        fatal=fatal,
        own_wage=_amount(basis.get("own_wage")),
        pay=_amount(basis.get("pay")),
        invoices=[Invoice(Decimal(one["amount"]), Decimal(one["excluded"])) for one in basis.get("invoices", ())],
        dependants=[Dependant(one["relation"], one["lone"]) for one in basis.get("dependants", ())],
        days=basis.get("days"),
        third_party_paid=_amount(basis.get("third_party_paid")) or Decimal(0),
        leaving=basis.get("leaving"),
        death=basis.get("death"),
        advanced=_amount(basis.get("advanced")) or Decimal(0),
        pension=_amount(basis.get("pension")),
    )


def benefit(kind: str, facts: Facts, occurred_on: dt.date, district: str) -> Decimal | None:
    """The sum of one payment, in yuan; None where nobody can tell it from what is recorded."""
    try:
        return calculate(kind, facts, parameters.on(occurred_on, place=district)).amount
    except (DomainError, LookupError):
        return None


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
