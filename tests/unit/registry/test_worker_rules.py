"""Which phone reaches a person, and how long a record is kept."""

from __future__ import annotations

import datetime as dt
from itertools import permutations, product

import pytest

from services.registry.workers.rules import (
    KEEPING,
    Keeping,
    KeepingEvent,
    NotPossible,
    PhoneTold,
    erasable_on,
    keep,
    phone_in_force,
)
from shared.policy.parameters import parameters

NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
LAW = parameters.on(dt.date(2026, 11, 23))
STATES: tuple[Keeping, ...] = ("kept", "asked", "erased")
EVENTS: tuple[KeepingEvent, ...] = ("ask", "withdraw", "engage", "fall_due")

TABLE = {
    ("kept", "ask"): "asked",
    ("kept", "fall_due"): "erased",
    ("kept", "engage"): "kept",
    ("asked", "withdraw"): "kept",
    ("asked", "fall_due"): "erased",
    ("asked", "engage"): "kept",
}


@pytest.mark.parametrize(("state", "event"), list(product(STATES, EVENTS)))
def test_a_record_is_kept_as_the_table_says(state: Keeping, event: KeepingEvent) -> None:
    if (state, event) in TABLE:
        assert keep(state, event) == TABLE[state, event]
    else:
        with pytest.raises(NotPossible):
            keep(state, event)


def test_the_table_is_whole() -> None:
    assert KEEPING == TABLE


def told(source: str, phone: str, hours: int, own: bool = False) -> PhoneTold:
    return PhoneTold(source, phone, NOON + dt.timedelta(hours=hours), own)


def test_the_latest_word_of_a_platform_reaches_a_person_in_any_order() -> None:
    phones = [told("A", "13800000001", 0), told("B", "13800000002", 2), told("C", "13800000003", 1)]
    assert {phone_in_force(order).phone for order in permutations(phones)} == {"13800000002"}


def test_ones_own_word_stands_over_that_of_platforms() -> None:
    phones = [told("worker", "13800000009", 0, own=True), told("B", "13800000002", 2)]
    assert phone_in_force(phones).phone == "13800000009"


def test_a_record_without_engagements_is_kept_for_nothing() -> None:
    assert erasable_on([], LAW) == dt.date.min


def test_while_somebody_works_their_record_is_kept() -> None:
    assert erasable_on([dt.date(2020, 1, 1), None], LAW) is None


def test_a_record_goes_three_years_after_the_last_day_of_work() -> None:
    assert erasable_on([dt.date(2023, 5, 1), dt.date(2023, 11, 22)], LAW) == dt.date(2026, 11, 23)
    assert erasable_on([dt.date(2024, 2, 29)], LAW) == dt.date(2027, 3, 1)
