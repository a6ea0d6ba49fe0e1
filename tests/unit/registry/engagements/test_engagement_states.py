"""Every step that an engagement may take, and every one that it may not."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.engagements.rules import (
    MOST_END_DAYS,
    STATES,
    End,
    FactKind,
    Place,
    Run,
    Standing,
    Step,
    Withdrawal,
    end_of,
    facts_between,
    predecessor,
    steps,
    with_end,
)
from shared.errors import Conflict, RuleBroken

DAY = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
ALLOWED: dict[Place, dict[Step, tuple[Place, FactKind | None]]] = {
    "absent": {"start": ("at_gate", "registered")},
    "at_gate": {"block": ("blocked", "blocked"), "activate": ("active", "activated")},
    "blocked": {"activate": ("active", "unblocked"), "end": ("ended", "closed"), "correct": ("blocked", "corrected")},
    "active": {"block": ("blocked", "blocked"), "end": ("ended", "closed"), "correct": ("active", "corrected")},
    "ended": {
        "activate": ("ended", "activated"),
        "end": ("ended", "closed"),
        "reopen": ("at_gate", None),
        "correct": ("ended", "corrected"),
    },
}


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(number)


@pytest.mark.parametrize("place", get_args(Place))
@pytest.mark.parametrize("step", get_args(Step))
def test_every_step_from_every_place(place: Place, step: Step) -> None:
    if step in ALLOWED[place]:
        assert STATES.next(place, step) == ALLOWED[place][step]
    else:
        with pytest.raises(Conflict):
            STATES.next(place, step)


standings = st.builds(Standing, st.booleans(), st.none() | st.integers(0, 3).map(day), st.booleans())


@given(st.none() | standings, standings, st.booleans())
def test_the_steps_between_any_two_standings_are_allowed(
    before: Standing | None, after: Standing, corrected: bool
) -> None:
    place: Place = before.state if before else "absent"
    for step in steps(before, after, corrected=corrected):
        place, _ = STATES.next(place, step)
    assert place == after.state


def test_a_withdrawn_end_is_told_by_how_the_gate_stands() -> None:
    over = Standing(False, DAY)
    assert facts_between(over, Standing(True, None), corrected=False) == ["activated"]
    assert facts_between(over, Standing(False, None), corrected=False) == ["blocked"]
    assert facts_between(over, Standing(False, day(3)), corrected=False) == ["closed"]


def test_a_withdrawn_end_counts_only_when_told_anew() -> None:
    wrong, again = End(day(5), NOON, "x"), End(day(5), NOON + dt.timedelta(hours=1), "x")
    later = End(day(9), NOON, "y")
    withdrawn = [Withdrawal(day(5), NOON + dt.timedelta(hours=2))]
    assert end_of(DAY, [wrong, again], withdrawn) is None
    assert end_of(DAY, [wrong, again, later], withdrawn) == later
    anew = End(day(5), NOON + dt.timedelta(hours=3), "z")
    assert end_of(DAY, [wrong, anew], withdrawn) == anew


@given(st.none() | standings, standings, st.booleans())
def test_that_somebody_might_have_worked_is_told_once(
    before: Standing | None, after: Standing, corrected: bool
) -> None:
    told = facts_between(before, after, corrected=corrected)
    anew = after.has_worked and not (before is not None and before.has_worked)
    reopened = before is not None and before.ended_on is not None and after.ended_on is None
    assert ("activated" in told or "unblocked" in told) or not anew
    assert told.count("activated") + told.count("unblocked") <= 1
    if not anew and not reopened and before is not None and before.ended_on is not None:
        assert not {"activated", "unblocked"} & {*told}


def test_a_new_beginning_restarts_the_last_one_that_ended() -> None:
    runs = [Run("a", DAY, day(3)), Run("b", day(5), day(8)), Run("c", day(9), None), Run("d", day(30), day(40))]
    assert predecessor(day(20), runs) == "b"
    assert predecessor(day(8), runs) == "a"
    assert predecessor(day(3), runs) is None
    assert predecessor(day(41), runs) == "d"


def told_ends(days: int, times: int) -> list[End]:
    return [End(day(one), NOON + dt.timedelta(hours=hours), "") for one in range(days) for hours in range(times)]


@given(st.permutations(told_ends(2, 3)))
def test_the_first_and_last_word_on_an_ends_day_are_kept(
    order: list[End],
) -> None:
    kept: list[End] = []
    for end in [*order, *order]:
        kept = with_end(kept, end)
    assert kept == [end for end in told_ends(2, 3) if end.told_at != NOON + dt.timedelta(hours=1)]
    assert end_of(DAY, kept) == end_of(DAY, order)


def test_an_account_that_ends_again_and_again_does_not_grow() -> None:
    kept: list[End] = []
    for end in told_ends(MOST_END_DAYS, 3):
        kept = with_end(kept, end)
    assert len(kept) == 2 * MOST_END_DAYS
    with pytest.raises(RuleBroken):
        with_end(kept, End(day(MOST_END_DAYS), NOON, ""))
