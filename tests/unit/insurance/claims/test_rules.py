"""Whether an accident is covered."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims.rules import apply_by, cover, number_of
from services.insurance.engagements.rules import Span
from shared.policy.parameters import parameters

AT = dt.datetime(2026, 9, 2, 4, 10, tzinfo=dt.UTC)
ORDER = (AT - dt.timedelta(minutes=10), AT + dt.timedelta(minutes=10))


def test_an_accident_during_an_order_is_covered() -> None:
    """The order's first and last instants count."""
    assert cover(AT, [ORDER], []) == "covered"
    assert cover(ORDER[0], [ORDER], []) == cover(ORDER[1], [ORDER], []) == "covered"


def test_an_accident_outside_every_order_is_pending() -> None:
    assert cover(AT + dt.timedelta(hours=1), [ORDER], []) == "pending"
    assert cover(AT, [], []) == "pending"


def test_in_a_labour_relation_work_injury_insurance_is_the_way() -> None:
    day = dt.date(2026, 9, 2)
    assert cover(AT, [ORDER], [Span(day, day)]) == "other_scheme"
    assert cover(AT, [ORDER], [Span(day + dt.timedelta(days=1), None)]) == "covered"


def test_the_day_of_an_accident_is_shanghais() -> None:
    late = dt.datetime(2026, 9, 2, 16, 30, tzinfo=dt.UTC)
    third = dt.date(2026, 9, 3)
    assert cover(late, [], [Span(third, third)]) == "other_scheme"


def test_a_platform_applies_in_thirty_days_a_worker_in_ninety() -> None:
    law = parameters.on(dt.date(2026, 9, 2))
    assert apply_by(AT, law, "oip.platform_apply_days") == dt.date(2026, 10, 8)
    assert apply_by(AT, law, "oip.self_apply_days") == dt.date(2026, 12, 1)
    early = dt.datetime(2022, 6, 1, tzinfo=dt.UTC)
    assert apply_by(early, parameters.on(dt.date(2022, 6, 1)), "oip.self_apply_days") is None


def test_an_employer_applies_in_thirty_days_a_worker_in_a_year() -> None:
    law = parameters.on(dt.date(2026, 9, 2))
    assert apply_by(AT, law, "work_injury.employer_apply_days") == dt.date(2026, 10, 8)
    assert apply_by(AT, law, "work_injury.self_apply_years") == dt.date(2027, 9, 2)


def test_a_claims_number_has_its_day_and_is_its_own() -> None:
    day = dt.date(2026, 9, 2)
    one, other = (number_of(f"01920000-0000-7000-8000-0000000000{last}", day) for last in ("01", "02"))
    assert one == "ZS20260902-00000001"
    assert one != other
