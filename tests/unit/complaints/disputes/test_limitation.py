"""Hand-made examples of 劳动争议调解仲裁法 art. 27."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.disputes.limitation import Happened, ends_on
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 11, 2))
KNOWN = dt.date(2025, 3, 10)  # a Monday


def ends(
    *facts: Happened, kind: Any = "dismissal", relation: Any = "employment", over: dt.date | None = None
) -> dt.date | None:
    found = ends_on(kind, relation, KNOWN, facts, relation_ended_on=over, law=LAW)
    return None if found is None else found.due


def test_a_claim_is_brought_within_a_year() -> None:
    assert ends() == dt.date(2026, 3, 10)


@pytest.mark.parametrize("ground", ["claimed_of_other_side", "asked_authority", "other_side_agreed"])
def test_what_interrupts_it_begins_it_anew(ground: Any) -> None:
    assert ends(Happened(ground, dt.date(2025, 9, 1))) == dt.date(2026, 9, 1)


def test_the_last_of_several_interruptions_counts() -> None:
    twice = [Happened("asked_authority", day) for day in (dt.date(2026, 6, 1), dt.date(2025, 9, 1))]
    assert ends(*twice) == dt.date(2027, 6, 1)


def test_what_is_over_is_not_begun_anew() -> None:
    assert ends(Happened("asked_authority", dt.date(2026, 3, 11))) == dt.date(2026, 3, 10)
    assert ends(Happened("asked_authority", dt.date(2026, 3, 10))) == dt.date(2027, 3, 10)


def test_the_days_of_a_suspension_are_added() -> None:
    lockdown = Happened("force_majeure", dt.date(2025, 5, 1), dt.date(2025, 5, 30))
    assert ends(lockdown) == dt.date(2026, 4, 9)


def test_while_a_suspension_goes_on_nothing_ends() -> None:
    assert ends(Happened("other_cause", dt.date(2025, 5, 1))) is None


def test_an_interruption_after_a_suspension_forgets_it() -> None:
    past = Happened("force_majeure", dt.date(2025, 5, 1), dt.date(2025, 5, 30))
    assert ends(past, Happened("asked_authority", dt.date(2025, 9, 1))) == dt.date(2026, 9, 1)


def test_pay_in_a_running_relation_is_exempt() -> None:
    assert ends(kind="pay") is None
    assert ends(kind="pay", over=dt.date(2026, 1, 12)) == dt.date(2027, 1, 12)
    assert ends(kind="dismissal", over=dt.date(2026, 1, 12)) == dt.date(2026, 3, 10)


def test_without_a_labour_relation_civil_law_counts() -> None:
    assert ends(kind="pay", relation="self_employed") == dt.date(2028, 3, 10)
    assert ends(kind="employment_relation", relation="partial") == dt.date(2026, 3, 10)


def test_a_suit_is_suspended_in_its_last_months_alone() -> None:
    def civil(*days: dt.date | None) -> dt.date | None:
        first, last = days
        assert first is not None
        return ends(Happened("force_majeure", first, last), relation="self_employed")

    assert civil(dt.date(2025, 5, 1), dt.date(2027, 9, 10)) == dt.date(2028, 3, 10)
    assert civil(dt.date(2028, 1, 3), dt.date(2028, 2, 1)) == dt.date(2028, 8, 1)
    assert civil(dt.date(2027, 1, 4), dt.date(2027, 9, 20)) == dt.date(2028, 3, 20)
    assert civil(dt.date(2028, 3, 11), dt.date(2028, 4, 1)) == dt.date(2028, 3, 10)
    assert civil(dt.date(2025, 5, 1), None) is None


DAYS = st.dates(KNOWN, dt.date(2028, 1, 1))


@given(st.lists(DAYS, max_size=6))
def test_interruptions_only_prolong_in_any_order(days: list[dt.date]) -> None:
    facts = [Happened("asked_authority", day) for day in days]
    end = ends(*facts)
    assert end is not None
    assert end == ends(*reversed(facts))
    assert end >= dt.date(2026, 3, 10)
    counted = [day for day in days if day <= end]
    assert not counted or end >= max(counted)


@given(DAYS, st.integers(0, 200))
def test_a_suspension_never_shortens(first: dt.date, length: int) -> None:
    end = ends(Happened("force_majeure", first, first + dt.timedelta(days=length)))
    assert end is not None
    assert dt.date(2026, 3, 10) <= end <= dt.date(2026, 3, 10) + dt.timedelta(days=length + 12)
