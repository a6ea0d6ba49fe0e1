"""Days of work that no settlement covers."""

from __future__ import annotations

import datetime as dt

from services.complaints.unpaid.rules import Paid, looked_into_since, missing, term_of

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
WORKED = {dt.date(2026, 9, 10): 3600, dt.date(2026, 9, 20): 7200}


def test_days_outside_all_settlements_are_unpaid() -> None:
    term = term_of("2026-09")
    nothing = missing("2026-09", WORKED, [], term)
    assert nothing is not None
    assert (nothing.worked_days, nothing.unpaid_days, nothing.unpaid_seconds) == (2, tuple(sorted(WORKED)), 10800)
    half = missing("2026-09", WORKED, [Paid(FIRST, dt.date(2026, 9, 15))], term)
    assert half is not None
    assert (half.unpaid_days, half.unpaid_seconds) == ((dt.date(2026, 9, 20),), 7200)
    assert missing("2026-09", WORKED, [Paid(dt.date(2026, 8, 20), dt.date(2026, 9, 20))], term) is None
    assert missing("2026-09", {}, [], term) is None


def test_what_comes_to_nothing_pays_for_no_day() -> None:
    """The days are told as those that were settled for nothing; another settlement for them pays."""
    term, nothing = term_of("2026-09"), Paid(FIRST, dt.date(2026, 9, 15), nothing=True)
    found = missing("2026-09", WORKED, [nothing], term)
    assert found is not None
    assert (found.unpaid_days, found.settled_for_nothing) == (tuple(sorted(WORKED)), (dt.date(2026, 9, 10),))
    assert missing("2026-09", WORKED, [nothing, Paid(FIRST, LAST)], term) is None


def test_the_term_is_over_thirty_days_after_the_month() -> None:
    term = term_of("2026-09")
    assert (term.due_on, term.after_days) == (dt.date(2026, 10, 30), 30)
    assert term.over_at == dt.datetime(2026, 10, 30, 16, tzinfo=dt.UTC)
    assert not all(row.verified for row in term.used)


def test_what_is_long_past_is_looked_into_no_more() -> None:
    assert looked_into_since(dt.date(2026, 12, 1)) == dt.date(2024, 12, 1)
    assert looked_into_since(dt.date(2028, 2, 29)) == dt.date(2026, 2, 28)
