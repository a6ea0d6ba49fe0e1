"""What labour contracts may not agree: probation, short terms of the dispatched, and temporary posts that are none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.registry.contract_terms.rules import Contract
from services.registry.contract_terms.validity_rules import Agreed, faults, probation_months
from shared.contracts.registry import PaperTerm, TermFault
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 9, 1), place="510603", footing="employment")
START = dt.date(2026, 9, 1)


def contract(ends_on: str | None, term: PaperTerm = "fixed", paper_id: str = "p", signed: dt.date = START) -> Contract:
    last = None if ends_on is None else dt.date.fromisoformat(ends_on)
    return Contract(paper_id, "contract", paper_id, signed, term, START, last)


def agreed(ends_on: str | None, until: str | None = None, term: PaperTerm = "fixed", **more: Any) -> Agreed:
    last = None if until is None else dt.date.fromisoformat(until)
    return Agreed(contract(ends_on, term), probation_until=last, **more)


def only(one: Agreed, *others: Agreed) -> TermFault | None:
    found = faults(one, [one, *others], LAW)
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ends_on", "term", "months"),
    [
        ("2026-11-29", "fixed", 0),
        ("2026-11-30", "fixed", 1),
        ("2027-08-30", "fixed", 1),
        ("2027-08-31", "fixed", 2),
        ("2029-08-30", "fixed", 2),
        ("2029-08-31", "fixed", 6),
        (None, "open", 6),
        (None, "task", 0),
    ],
)
def test_probation_goes_by_the_term(ends_on: str | None, term: PaperTerm, months: int) -> None:
    assert probation_months(agreed(ends_on, term=term), LAW) == months
    assert probation_months(agreed(ends_on, term=term, part_time=True), LAW) == 0


def test_probation_to_its_last_day_is_allowed_and_no_longer() -> None:
    assert only(agreed("2027-08-31", "2026-10-31")) is None
    found = only(agreed("2027-08-31", "2026-11-01"))
    assert found is not None
    assert (found.fault, found.allowed_until, found.limit_months) == (
        "probation_too_long",
        dt.date(2026, 10, 31),
        2,
    )


@pytest.mark.parametrize(
    "one",
    [
        agreed("2026-11-29", "2026-09-10"),
        agreed(None, "2026-09-10", "task"),
        agreed("2029-08-31", "2026-09-10", part_time=True),
    ],
)
def test_where_none_may_be_agreed_any_probation_is_void(one: Agreed) -> None:
    found = only(one)
    assert found is not None
    assert (found.fault, found.limit_months) == ("probation_forbidden", 0)


def test_a_contract_of_probation_alone_has_none() -> None:
    found = only(agreed("2027-02-28", "2027-02-28"))
    assert found is not None
    assert found.fault == "probation_alone"


def test_probation_is_agreed_once_with_an_employer() -> None:
    begun = dt.date(2025, 9, 1)
    one = Contract("a", "contract", "a", begun, "fixed", begun, dt.date(2026, 8, 31))
    first = Agreed(one, dt.date(2025, 9, 30))
    second = agreed("2029-08-31", "2026-09-30")
    found = only(second, first)
    assert found is not None
    assert (found.fault, found.earlier_agreement_id) == ("probation_again", "a")
    assert faults(first, [first, second], LAW) == ()


@pytest.mark.parametrize(
    ("pay", "low", "least"),
    [
        ("4000.00", "3199.99", "3200.00"),
        ("4000.00", "3200.00", None),
        ("2500.00", "2100.00", "2200.00"),
        (None, "2100", "2200.00"),
    ],
)
def test_pay_within_probation_has_two_floors(pay: str | None, low: str, least: str | None) -> None:
    one = agreed("2029-08-31", "2026-09-30", pay=pay and Decimal(pay), probation_pay=Decimal(low))
    found = only(one)
    assert (found and found.least_pay) == least


def test_whoever_is_dispatched_has_two_years() -> None:
    assert only(agreed("2028-08-31", dispatched=True)) is None
    assert only(agreed("2027-08-31")) is None
    found = only(agreed("2028-08-30", dispatched=True))
    assert found is not None
    assert (found.fault, found.allowed_until) == ("dispatch_term_short", dt.date(2028, 8, 31))
    task = only(agreed(None, term="task", dispatched=True))
    assert task is not None
    assert task.agreed_until is None


def test_a_temporary_post_exists_for_six_months() -> None:
    post: dict[str, Any] = {"dispatched": True, "post": "temporary"}
    assert only(agreed("2028-08-31", post_until=dt.date(2027, 2, 28), **post)) is None
    found = only(agreed("2028-08-31", post_until=dt.date(2027, 3, 1), **post))
    assert found is not None
    assert found.fault == "temporary_post_long"
    assert only(agreed("2028-08-31", **post)) is None  # for how long it exists is not on file
    assert only(agreed("2028-08-31", post_until=dt.date(2028, 3, 1), dispatched=True, post="substitute")) is None


def test_before_the_law_nothing_is_found() -> None:
    early = parameters.on(dt.date(2005, 1, 1), place="510603")
    assert faults(agreed("2026-11-29", "2026-09-10", dispatched=True), [], early) == ()


@pytest.mark.parametrize(
    ("begun", "ends", "until"), [("2026-01-31", "2026-12-31", "2026-02-28"), ("2024-02-29", "2027-02-27", "2024-04-28")]
)
def test_a_month_from_the_end_of_one_ends_with_the_next(begun: str, ends: str, until: str) -> None:
    """One month from 31 January: to 28 February (民法典 art. 202); two from 29 February: to 28 April."""
    first, last = dt.date.fromisoformat(begun), dt.date.fromisoformat(until)
    term = Contract("p", "contract", "p", first, "fixed", first, dt.date.fromisoformat(ends))
    assert only(Agreed(term, probation_until=last)) is None
    found = only(Agreed(term, probation_until=last + dt.timedelta(days=1)))
    assert found is not None
    assert (found.fault, found.allowed_until) == ("probation_too_long", last)
