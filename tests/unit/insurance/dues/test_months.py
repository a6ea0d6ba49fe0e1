"""Which months are owed, until when, and what becomes of them."""

from __future__ import annotations

import datetime as dt
from typing import get_args

from services.insurance.dues import rules
from services.insurance.dues.rules import STATES, Before, Employment, Event, event_of
from services.insurance.engagements.rules import Span
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

STEPS: dict[tuple[str, str], str] = {
    ("none", "employed"): "owed",
    ("none", "paid"): "settled",
    ("owed", "paid"): "settled",
    ("owed", "lapsed"): "overdue",
    ("owed", "void"): "void",
    ("overdue", "paid"): "settled",
    ("overdue", "void"): "void",
    ("settled", "missing"): "owed",
    ("settled", "void"): "void",
    ("void", "employed"): "owed",
    ("void", "paid"): "settled",
}


def test_every_state_and_event() -> None:
    goes_by(STATES, STEPS, get_args(Before), get_args(Event))


def test_whatever_the_facts_say_the_machine_allows_it() -> None:
    for state in ("none", "owed", "overdue", "settled", "void"):
        for employed in (True, False):
            for missing in (True, False):
                event = event_of(state, employed=employed, missing=missing)
                assert event is None or STATES.allows(state, event)
    assert event_of("overdue", employed=True, missing=True) is None
    assert event_of("overdue", employed=True, missing=False) == "paid"
    assert event_of("settled", employed=True, missing=True) == "missing"
    assert event_of("owed", employed=False, missing=True) == "void"


def employment(first: str, last: str | None = None, unit: str = "A", engagement: str = "e1") -> Employment:
    span = Span(dt.date.fromisoformat(first), dt.date.fromisoformat(last) if last else None)
    return Employment("w", unit, engagement, "510603", span, None)


def test_each_month_of_each_employer_with_a_day_of_work_is_owed() -> None:
    told = [
        employment("2026-08-31", "2026-09-01"),
        employment("2026-09-20", None, engagement="e2"),
        employment("2026-09-01", "2026-09-30", unit="B"),
    ]
    found = rules.months_of(told, "2026-09", "2026-10")
    assert {key: one.engagement_id for key, one in found.items()} == {
        ("A", "2026-09"): "e1",
        ("A", "2026-10"): "e2",
        ("B", "2026-09"): "e1",
    }
    assert rules.months_of(told, "2026-11", "2026-10") == {}


def test_the_joining_month_and_the_last_one_are_owed_whole() -> None:
    """社会保险法 art. 60 and 征缴条例 art. 10 know months only: one day of work in a month owes it, to each employer once."""
    joined = rules.months_of([employment("2026-09-30", "2026-11-01")], "2026-08", "2026-12")
    assert [month for _, month in joined] == ["2026-09", "2026-10", "2026-11"]
    again = [employment("2026-09-01", "2026-09-02"), employment("2026-09-29", None, engagement="e2")]
    assert list(rules.months_of(again, "2026-09", "2026-09")) == [("A", "2026-09")]


def test_a_month_is_not_due_before_who_it_is_for_is_registered() -> None:
    law = parameters.on(rules.law_day("2026-08"))
    assert rules.pay_by("2026-08", law) == dt.date(2026, 9, 15)
    assert rules.due_on("2026-08", None, law) == dt.date(2026, 9, 15)
    assert rules.due_on("2026-08", dt.date(2026, 9, 29), law) == dt.date(2026, 9, 29)
    assert rules.due_on("2026-08", dt.date(2026, 9, 1), law) == dt.date(2026, 9, 15)
    saturday = parameters.on(rules.law_day("2026-07"))
    assert rules.pay_by("2026-07", saturday) == dt.date(2026, 8, 17)


def test_what_lies_beyond_the_limitation_is_not_looked_into() -> None:
    today = dt.date(2026, 11, 30)
    assert rules.looked_back_to(today, parameters.on(today)) == "2024-11"
