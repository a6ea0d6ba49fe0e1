from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.terms import rules
from services.complaints.terms.rules import Hours, Length, Stage, Telling
from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.calendar import SHANGHAI, Pause
from shared.policy.parameters import parameters

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 9, 1))
HOURS = Hours(dt.time(9), dt.time(17))
TELLING = Telling(percent=80, hours=HOURS, after={"chief": 2, "city": 5})


def due_on(begun_on: dt.date, length: Length, *pauses: Pause) -> dt.date:
    found = rules.due(begun_on, [length], pauses)
    assert found is not None
    return found.due


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("state", ["running", "paused", "met", "ended"])
@pytest.mark.parametrize("move", ["meet", "pause", "resume", "extend", "end"])
def test_a_term_that_is_over_allows_nothing_more(state: rules.State, move: rules.Move) -> None:
    allowed = {
        ("running", "meet"): "met",
        ("running", "pause"): "paused",
        ("running", "extend"): "running",
        ("running", "end"): "ended",
        ("paused", "resume"): "running",
        ("paused", "meet"): "met",
        ("paused", "end"): "ended",
    }
    if (state, move) in allowed:
        assert rules.STATES.next(state, move) == allowed[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def test_five_working_days_before_spring_festival_end_after_it() -> None:
    # 2026: off from 15 to 23 February, Saturday 14 and Saturday 28 worked
    assert due_on(dt.date(2026, 2, 11), Length(5, "workdays")) == dt.date(2026, 2, 25)
    assert due_on(dt.date(2026, 2, 26), Length(2, "workdays")) == dt.date(2026, 2, 28)


def test_a_term_of_months_ends_on_the_corresponding_day() -> None:
    assert due_on(dt.date(2026, 1, 30), Length(1, "months")) == dt.date(2026, 2, 28)
    paused = Pause(dt.date(2026, 3, 2), dt.date(2026, 3, 11))
    assert due_on(dt.date(2026, 3, 1), Length(3, "months"), paused) == dt.date(2026, 6, 11)


@given(DAYS, st.integers(1, 90), st.integers(0, 60), st.integers(1, 90))
def test_working_days_in_a_pause_do_not_count(start: dt.date, count: int, offset: int, length: int) -> None:
    first = start + dt.timedelta(days=1 + offset)
    pause = Pause(first, first + dt.timedelta(days=length - 1))
    assert pause.last is not None
    without = due_on(start, Length(count, "workdays"))
    ended = due_on(start, Length(count, "workdays"), pause)
    counted = [
        day
        for day in (start + dt.timedelta(days=n) for n in range(1, (ended - start).days + 1))
        if calendar.is_working_day(day) and not pause.first <= day <= pause.last
    ]
    assert len(counted) == count
    assert counted[-1] == ended
    assert ended >= without
    assert ended == without or pause.first <= without


@given(DAYS, st.integers(1, 90))
def test_nothing_is_due_while_a_pause_lasts(start: dt.date, count: int) -> None:
    assert rules.due(start, [Length(count, "days")], [Pause(start + dt.timedelta(days=1), None)]) is None


@given(DAYS, st.integers(1, 90), st.integers(1, 90))
def test_an_extension_counts_on_from_the_term(start: dt.date, count: int, more: int) -> None:
    found = rules.due(start, [Length(count, "workdays"), Length(more, "workdays")], ())
    assert found == calendar.add_working_days(due_on(start, Length(count, "workdays")), more)


@given(DAYS, st.integers(1, 90), st.sampled_from(["days", "workdays", "months"]))
def test_what_is_told_comes_in_order_in_working_hours(start: dt.date, count: int, unit: rules.Unit) -> None:
    count = min(count, 6) if unit == "months" else count
    due = due_on(start, Length(count, unit))
    told = [rules.tell_at(stage, start, due, (), TELLING) for stage in rules.STAGES]
    assert told == sorted(told)
    near, missed, *_ = told
    assert start < calendar.shanghai_date(near) <= due < calendar.shanghai_date(missed)
    for instant in told:
        at = instant.astimezone(SHANGHAI)
        assert calendar.is_working_day(at.date())
        assert dt.time(9) <= at.time() < dt.time(17)


@given(DAYS, st.times())
def test_working_hours_never_come_early_or_skip_a_day(day: dt.date, time: dt.time) -> None:
    instant = dt.datetime.combine(day, time, SHANGHAI)
    found = rules.within_hours(instant, HOURS)
    assert found >= instant
    between = (found.astimezone(SHANGHAI).date() - instant.date()).days
    skipped = [instant.date() + dt.timedelta(days=n) for n in range(1, between)]
    assert not any(calendar.is_working_day(day) for day in skipped)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-02-14T10:00", "2026-02-14T10:00"),  # a Saturday that is worked
        ("2026-02-14T17:00", "2026-02-24T09:00"),  # Spring Festival follows
        ("2026-03-02T08:59", "2026-03-02T09:00"),
        ("2026-03-07T12:00", "2026-03-09T09:00"),
    ],
)
def test_officers_hear_in_working_hours(at: str, told: str) -> None:
    assert rules.within_hours(local(at), HOURS) == local(told)


def test_a_warning_comes_at_its_share_of_the_term() -> None:
    start = dt.date(2026, 3, 2)
    assert rules.warn_on(start, due_on(start, Length(60, "workdays")), 80, ()) == due_on(start, Length(48, "workdays"))
    assert rules.warn_on(start, due_on(start, Length(1, "workdays")), 80, ()) == dt.date(2026, 3, 3)


def test_stages_are_told_one_after_the_other() -> None:
    told: list[Stage] = []
    while (stage := rules.next_stage(told)) is not None:
        told.append(stage)
    assert told == ["near", "missed", "chief", "city"]


def test_the_telling_is_in_the_parameters() -> None:
    assert rules.telling(parameters.on(dt.date(2026, 3, 2))) == TELLING
