"""Days of work that no settlement covers."""

from __future__ import annotations

import datetime as dt

from services.complaints.unpaid.rules import missing, term_of

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
WORKED = {dt.date(2026, 9, 10): 3600, dt.date(2026, 9, 20): 7200}


def test_days_outside_all_settlements_are_unpaid() -> None:
    term = term_of("2026-09")
    nothing = missing("2026-09", WORKED, [], term)
    assert nothing is not None
    assert (nothing.worked_days, nothing.unpaid_days, nothing.unpaid_seconds) == (2, tuple(sorted(WORKED)), 10800)
    half = missing("2026-09", WORKED, [(FIRST, dt.date(2026, 9, 15))], term)
    assert half is not None
    assert (half.unpaid_days, half.unpaid_seconds) == ((dt.date(2026, 9, 20),), 7200)
    assert missing("2026-09", WORKED, [(dt.date(2026, 8, 20), dt.date(2026, 9, 20))], term) is None
    assert missing("2026-09", {}, [], term) is None


def test_the_term_is_over_thirty_days_after_the_month() -> None:
    term = term_of("2026-09")
    assert (term.due_on, term.after_days) == (dt.date(2026, 10, 30), 30)
    assert term.over_at == dt.datetime(2026, 10, 30, 16, tzinfo=dt.UTC)
    assert not all(row.verified for row in term.used)
