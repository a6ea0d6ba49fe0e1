"""Licences: what they cover, when that changes, and what a cooperation demands."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.licences.rules import (
    NAMES,
    Held,
    Move,
    NotAllowed,
    State,
    after,
    may_record,
    missing,
    missing_since,
    next_turn,
    overlap,
)
from shared.contracts.registry import LicenceKind
from shared.policy.parameters import parameters

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
)

TABLE = {
    ("valid", "renew"): "valid",
    ("valid", "lapse"): "lapsed",
    ("valid", "revoke"): "revoked",
    ("lapsed", "renew"): "valid",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_licence_moves_along_its_table_only(state: State, move: Move) -> None:
    if (state, move) in TABLE:
        assert after(state, move) == TABLE[state, move]
    else:
        with pytest.raises(NotAllowed):
            after(state, move)


def test_a_licence_is_valid_on_both_its_days_for_its_industries() -> None:
    held = Held("courier", ("courier",), on(1), on(3))
    assert [held.covers("courier", "courier", on(day)) for day in range(5)] == [False, True, True, True, False]
    assert not held.covers("courier", "freight", on(2))
    assert Held("courier", (), on(1), None).covers("courier", "freight", on(1000))


@given(st.lists(HELD, max_size=6), DAYS, DAYS)
def test_since_when_something_is_missing_is_what_looking_day_by_day_finds(
    held: list[Held], one: dt.date, other: dt.date
) -> None:
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


def test_a_department_records_what_it_grants_and_the_labour_department_all() -> None:
    law = parameters.on(FIRST)
    assert all(may_record("hrss", kind, law) for kind in NAMES)
    assert may_record("post", "courier", law)
    assert not may_record("post", "labour_dispatch", law)
    assert not may_record(None, "courier", law)


def test_every_kind_of_licence_has_its_name_and_its_authority() -> None:
    assert set(NAMES) == set(get_args(LicenceKind)) == set(parameters.on(FIRST).table("licence.authorities"))
