"""What a listing stops, and when."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.restrictions.rules import STATES, WORDS, Event, State, Stop, last_day, stops
from shared.contracts.registry import RestrictedField
from shared.errors import Conflict
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
DAYS = st.integers(0, 30).map(lambda count: DAY + dt.timedelta(days=count))
FIELDS = st.lists(st.sampled_from(get_args(RestrictedField)), unique=True, max_size=3).map(tuple)

TABLE: dict[tuple[str | None, str], str] = {
    (None, "listed"): "in_force",
    (None, "listed_late"): "expired",
    (None, "delisted"): "delisted",
    ("in_force", "listed"): "in_force",
    ("in_force", "listed_late"): "expired",
    ("in_force", "delisted"): "delisted",
    ("in_force", "expired"): "expired",
    ("in_force", "withdrawn"): "withdrawn",
    ("expired", "listed"): "in_force",
    ("expired", "listed_late"): "expired",
    ("expired", "delisted"): "delisted",
    **{(end, event): end for end in ("delisted", "withdrawn") for event in ("listed", "listed_late", "delisted")},
}


@pytest.mark.parametrize(("state", "event"), list(product([None, *get_args(State)], get_args(Event))))
def test_a_restriction_moves_along_its_table_only(state: State | None, event: Event) -> None:
    if (state, event) in TABLE:
        assert STATES.next(state, event) == TABLE[state, event]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


@given(st.permutations(["listed", "listed_late", "delisted"]))
def test_a_delisted_enterprise_ends_delisted(order: list[Event]) -> None:
    state: State | None = None
    for event in order:
        state = STATES.next(state, event)
    assert state == "delisted"


@given(st.lists(st.builds(Stop, FIELDS, DAYS, DAYS), max_size=5), DAYS, st.sampled_from(get_args(RestrictedField)))
def test_a_field_is_stopped_on_the_days_of_any_restriction(
    restrictions: list[Stop], day: dt.date, field: RestrictedField
) -> None:
    days_stopped = {
        one.first + dt.timedelta(days=count)
        for one in restrictions
        if field in one.fields
        for count in range((one.last - one.first).days + 1)
    }
    assert stops(restrictions, field, day) == (day in days_stopped)


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_restriction_never_outlives_what_ends_it(
    until: dt.date, delisted_on: dt.date | None, withdrawn_on: dt.date | None
) -> None:
    last = last_day(until, delisted_on, withdrawn_on)
    assert last <= until
    assert delisted_on is None or last <= delisted_on
    assert withdrawn_on is None or last < withdrawn_on
    assert last in (until, delisted_on, withdrawn_on and withdrawn_on - dt.timedelta(days=1))


def test_a_restriction_withdrawn_on_its_first_day_stops_nothing() -> None:
    stop = Stop(("market_access",), DAY, last_day(DAY, None, DAY))
    assert not stops([stop], "market_access", DAY)


def test_every_restricted_field_of_the_law_is_told_in_words() -> None:
    assert set(WORDS) == set(parameters.on(DAY).texts("credit.restricted_fields"))
