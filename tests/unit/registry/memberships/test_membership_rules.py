"""Joining and leaving a union."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.dossier.contents import SECTIONS
from services.registry.memberships import rules as memberships
from services.registry.memberships.rules import Span
from shared.errors import Conflict

MEMBERSHIP = {
    "none": {"apply": "applied", "propose": "proposed"},
    "applied": {"accept": "member", "refuse": "refused", "withdraw": "withdrawn", "propose": "member"},
    "proposed": {"confirm": "member", "endorse": "applied", "decline": "declined", "withdraw": "withdrawn"},
    "member": {"leave": "left"},
    "refused": {"apply": "applied", "propose": "proposed"},
    "declined": {"apply": "applied"},
    "withdrawn": {"apply": "applied", "propose": "proposed"},
    "left": {"apply": "applied", "propose": "proposed"},
}


@pytest.mark.parametrize(("state", "event"), [*product(get_args(memberships.State), get_args(memberships.Event))])
def test_every_event_in_every_state_of_a_membership(state: memberships.State, event: memberships.Event) -> None:
    expected = MEMBERSHIP[state].get(event)
    if expected is None:
        with pytest.raises(Conflict):
            memberships.STATES.next(state, event)
    else:
        assert memberships.STATES.next(state, event) == expected


DAYS = st.integers(0, 40)


def span(since: int, length: int | None) -> Span:
    first = dt.date(2026, 1, 1) + dt.timedelta(since)
    return Span(first, None if length is None else first + dt.timedelta(length))


@given(st.lists(st.builds(span, DAYS, st.none() | st.integers(0, 10)), max_size=8), st.randoms())
def test_joined_spans_cover_the_same_days_once(spans: list[Span], chance: object) -> None:
    def days(some: list[Span]) -> list[int]:
        return [
            day
            for day in range(80)
            for one in some
            if one.since <= dt.date(2026, 1, 1) + dt.timedelta(day) <= (one.until or dt.date.max)
        ]

    joined = memberships.joined_spans(spans)
    assert days(joined) == sorted(set(days(spans)))
    assert all(later.since > earlier.until + dt.timedelta(1) for earlier, later in pairwise(joined) if earlier.until)
    assert all(one.until for one in joined[:-1])
    chance.shuffle(spans)  # type: ignore[attr-defined]
    assert memberships.joined_spans(spans) == joined


@given(st.sampled_from(memberships.WEIGHT), st.sampled_from(memberships.WEIGHT))
def test_it_does_not_matter_which_record_of_two_stays(one: memberships.State, other: memberships.State) -> None:
    assert memberships.joined_states(one, other) == memberships.joined_states(other, one)
    assert "member" not in (one, other) or memberships.joined_states(one, other) == "member"
    assert set(memberships.WEIGHT) == set(get_args(memberships.State))


def test_every_section_of_a_dossier_can_be_shared() -> None:
    assert set(get_args(memberships.Section)) == set(SECTIONS)


def test_what_was_declined_is_not_proposed_by_a_merger() -> None:
    assert memberships.joined_states("declined", "proposed") == "declined"
    assert memberships.joined_states("left", "proposed") == "proposed"
