"""What is published of an engagement, out of events that arrive in any order."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.registry.engagements.rules import End, Standing, end_of, facts_between, supersedes

DAY = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
BLOCKED, ACTIVE = Standing(False, None), Standing(True, None)


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days)


def an_end(days: int, hours: int = 0, reason: str = "") -> End:
    return End(later(days), NOON + dt.timedelta(hours=hours), reason)


def test_the_earliest_end_not_before_the_start_holds() -> None:
    ends = [an_end(9), an_end(3), an_end(-1)]
    assert end_of(DAY, ends) == an_end(3)
    assert end_of(later(4), ends) == an_end(9)
    assert end_of(later(10), ends) is None
    assert end_of(later(3), ends) == an_end(3)


@given(st.lists(st.builds(an_end, st.integers(-5, 5), st.integers(0, 3), st.sampled_from("ab"))), st.randoms())
def test_the_order_in_which_ends_are_told_does_not_matter(ends: list[End], random: object) -> None:
    shuffled = sorted(ends, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert end_of(DAY, shuffled) == end_of(DAY, ends)


def test_a_new_engagement_is_registered_and_then_gated() -> None:
    assert facts_between(None, BLOCKED, corrected=False) == ["registered", "blocked"]
    assert facts_between(None, ACTIVE, corrected=False) == ["registered", "activated"]


def test_an_engagement_whose_end_came_first_is_told_whole() -> None:
    assert facts_between(None, Standing(True, DAY), corrected=False) == ["registered", "activated", "closed"]
    assert facts_between(None, Standing(False, DAY), corrected=False) == ["registered", "blocked", "closed"]


def test_a_gate_that_was_open_and_closed_is_told_as_both() -> None:
    once = Standing(False, None, worked=True)
    assert facts_between(None, once, corrected=False) == ["registered", "activated", "blocked"]
    assert facts_between(BLOCKED, once, corrected=False) == ["unblocked", "blocked"]
    assert facts_between(ACTIVE, once, corrected=False) == ["blocked"]
    assert facts_between(once, once, corrected=False) == []


def test_training_lifts_a_block_and_says_so() -> None:
    assert facts_between(BLOCKED, ACTIVE, corrected=False) == ["unblocked"]
    assert facts_between(BLOCKED, ACTIVE, corrected=True) == ["corrected", "unblocked"]


def test_a_correction_that_takes_the_training_away_blocks_again() -> None:
    assert facts_between(ACTIVE, BLOCKED, corrected=True) == ["corrected", "blocked"]


def test_what_has_ended_is_activated_only_where_somebody_worked() -> None:
    over = Standing(False, DAY)
    assert facts_between(over, Standing(False, DAY, worked=True), corrected=False) == ["activated"]
    assert facts_between(Standing(False, DAY, worked=True), Standing(False, DAY, worked=True), corrected=False) == []
    assert facts_between(ACTIVE, Standing(False, DAY, worked=True), corrected=False) == ["closed"]
    assert facts_between(ACTIVE, Standing(False, DAY), corrected=False) == ["closed"]
    assert facts_between(Standing(False, DAY, worked=True), over, corrected=False) == ["corrected"]
    assert facts_between(BLOCKED, Standing(False, DAY, worked=True), corrected=False) == ["unblocked", "closed"]
    assert facts_between(BLOCKED, Standing(False, DAY), corrected=False) == ["closed"]
    assert facts_between(over, Standing(False, later(-1)), corrected=False) == ["closed"]
    assert over.state == "ended"


def test_nothing_new_is_nothing_told() -> None:
    assert facts_between(ACTIVE, ACTIVE, corrected=False) == []


def test_an_older_declaration_does_not_replace_a_newer_one() -> None:
    assert supersedes(NOON, NOON - dt.timedelta(seconds=1))
    assert not supersedes(NOON - dt.timedelta(seconds=1), NOON)
    assert supersedes(NOON, NOON)
