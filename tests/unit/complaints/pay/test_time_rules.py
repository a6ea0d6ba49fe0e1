from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.pay.time_rules import days_of, place_of, trade_of, within_days, working_time
from tests.unit.complaints.pay.settlements import at, order

MINUTES = st.integers(0, 2000)


@given(st.lists(st.tuples(MINUTES, MINUTES), max_size=20), st.randoms())
def test_working_time_is_the_minutes_covered_in_any_order(spans: list[tuple[int, int]], chance: object) -> None:
    start = at(1, 0)
    work = [order(start + dt.timedelta(minutes=min(span)), start + dt.timedelta(minutes=max(span))) for span in spans]
    covered = {minute for span in spans for minute in range(min(span), max(span))}
    chance.shuffle(work)  # type: ignore[attr-defined]
    assert working_time(work) == dt.timedelta(minutes=len(covered))


def test_an_order_over_midnight_is_of_both_days() -> None:
    night = [order(at(3, 22), at(4, 3))]
    assert days_of(night) == {dt.date(2026, 9, 3), dt.date(2026, 9, 4)}
    assert days_of([order(at(3, 22), at(4, 0))]) == {dt.date(2026, 9, 3)}
    assert working_time(within_days(night, dt.date(2026, 9, 4), dt.date(2026, 9, 9))) == dt.timedelta(hours=3)


def test_the_place_is_where_most_of_the_time_was_worked() -> None:
    work = [
        order(at(3, 8), at(3, 9), "510681"),
        order(at(3, 9), at(3, 12), "510623"),
        order(at(4, 8), at(4, 10), "510681"),
    ]
    assert place_of(work) == "510623"
    assert place_of([*work, order(at(5, 8), at(5, 9), "510681")]) == "510681"


def test_no_trade_is_told_where_no_order_tells_one() -> None:
    assert trade_of([order(at(3, 8), at(3, 9))]) is None
