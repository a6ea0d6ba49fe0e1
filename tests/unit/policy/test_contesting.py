"""Until when a decision is contested, and a review of it decided."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from shared.policy import calendar, contesting
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 9, 14), place="510603")
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))


def test_terms_run_from_the_receipt_of_the_decision() -> None:
    """行政复议法 art. 20; 行政诉讼法 art. 45, 46."""
    received = dt.date(2026, 11, 30)
    assert contesting.review_by(received, LAW) == dt.date(2027, 1, 29)
    assert contesting.sue_by(received, LAW) == dt.date(2027, 5, 31)
    assert contesting.sue_after_review(received, LAW) == dt.date(2026, 12, 15)


def test_a_review_is_decided_once_it_counts_as_taken_up() -> None:
    """Five working days, then sixty days, and thirty more where it is prolonged (行政复议法 art. 30, 62)."""
    filed = dt.date(2026, 9, 14)
    assert contesting.review_decided_by(filed, LAW) == dt.date(2026, 11, 19)
    assert contesting.review_decided_at_latest(filed, LAW) == dt.date(2026, 12, 21)


@given(DAYS)
def test_no_term_ends_on_a_day_off(day: dt.date) -> None:
    terms = (contesting.review_by, contesting.sue_by, contesting.sue_after_review, contesting.review_decided_by)
    assert all(calendar.is_working_day(term(day, LAW)) for term in terms)
    assert contesting.review_decided_by(day, LAW) <= contesting.review_decided_at_latest(day, LAW)


@given(DAYS)
def test_a_day_off_rolls_to_the_next_working_day(day: dt.date) -> None:
    found = calendar.rolled(day)
    assert calendar.is_working_day(found)
    assert (found == day) == calendar.is_working_day(day)
    assert calendar.rolled(found) == found


def test_a_share_of_a_terms_working_days_has_passed() -> None:
    """Eight of the ten from Tuesday to the Monday after next."""
    assert calendar.share_passed(dt.date(2026, 11, 2), dt.date(2026, 11, 16), 80) == dt.date(2026, 11, 12)
