"""Licences: what they cover, and when that changes."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.registry.licences.rules import Held, missing, missing_since, next_turn, overlap
from shared.contracts.registry import LicenceKind

FIRST = dt.date(2026, 1, 1)
KINDS: tuple[LicenceKind, ...] = ("business", "courier")


def on(count: int) -> dt.date:
    return FIRST + dt.timedelta(days=count)


DAYS = st.integers(0, 40).map(on)
HELD = st.builds(
    Held,
    st.sampled_from(KINDS),
    st.sampled_from([(), ("courier",), ("freight",)]),
    DAYS,
    st.none() | DAYS,
    st.lists(st.tuples(DAYS, DAYS), max_size=2).map(tuple),
)


def test_a_licence_is_valid_on_both_its_days_for_its_industries() -> None:
    held = Held("courier", ("courier",), on(1), on(3))
    assert [held.covers("courier", "courier", on(day)) for day in range(5)] == [False, True, True, True, False]
    assert not held.covers("courier", "freight", on(2))
    assert Held("courier", (), on(1), None).covers("courier", "freight", on(1000))


@given(st.lists(HELD, max_size=6), DAYS, DAYS)
def test_since_when_something_is_missing_is_found_day_by_day(held: list[Held], one: dt.date, other: dt.date) -> None:
    begin, day = min(one, other), max(one, other)
    expected = None
    looked_at = day
    while looked_at >= begin and missing(KINDS, held, "courier", looked_at):
        expected = looked_at
        looked_at -= dt.timedelta(days=1)
    assert missing_since(KINDS, held, "courier", day, begin) == expected


@given(st.lists(HELD, max_size=6), DAYS)
def test_nothing_changes_before_the_next_turn(held: list[Held], today: dt.date) -> None:
    turn = next_turn(held, today)
    assert turn is None or turn > today
    day = today
    while day < (turn or on(60)):
        assert missing(KINDS, held, "courier", day) == missing(KINDS, held, "courier", today)
        day += dt.timedelta(days=1)


@given(HELD, HELD)
def test_licences_overlap_where_a_day_has_both(one: Held, other: Held) -> None:
    def valid(held: Held, day: dt.date) -> bool:
        return held.valid_from <= day <= (held.valid_to or dt.date.max)

    assert overlap(one, other) == any(valid(one, on(day)) and valid(other, on(day)) for day in range(42))


def test_a_suspended_licence_covers_nothing_meanwhile() -> None:
    held = Held("courier", (), on(0), on(9), ((on(2), on(3)), (on(3), on(5))))
    assert [held.covers("courier", "courier", on(day)) for day in range(8)] == [True] * 2 + [False] * 4 + [True] * 2
    assert [next_turn([held], on(day)) for day in range(1, 6)] == [on(2), on(3), on(4), on(6), on(6)]
    assert missing_since(["courier"], [held], "courier", on(5), on(0)) == on(2)
    assert missing_since(["courier"], [held], "courier", on(6), on(0)) is None
