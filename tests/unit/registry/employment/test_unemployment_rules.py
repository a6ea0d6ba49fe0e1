"""Who may register as unemployed, and by what that ends."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.employment.rules import Period, check_own_work
from services.registry.employment.unemployment_rules import (
    ENDINGS,
    STATES,
    ByFact,
    Event,
    OwnEnding,
    Stands,
    State,
    check,
    ended_by,
    follow,
    silence,
)
from shared.contracts.registry import UnemploymentEnding
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 10)
LAW = parameters.on(DAY, place="510603")
ALLOWED = {
    ("none", "register"): "registered",
    ("registered", "end"): "ended",
    ("ended", "resume"): "registered",
}


@pytest.mark.parametrize(
    ("contacted_on", "due_on", "warn_on"),
    [("2026-01-10", "2026-07-10", "2026-06-10"), ("2026-08-31", "2027-02-28", "2027-01-29")],
)
def test_six_months_of_silence_end_a_registration(contacted_on: str, due_on: str, warn_on: str) -> None:
    found = silence(dt.date.fromisoformat(contacted_on), LAW)
    assert found is not None
    assert (str(found.due_on), str(found.warn_on)) == (due_on, warn_on)


def test_where_no_period_is_published_silence_ends_nothing() -> None:
    assert silence(DAY, parameters.on(dt.date(2000, 1, 1))) is None


def period(first: int, last: int | None) -> Period:
    begin = DAY + dt.timedelta(first)
    return Period(begin, None if last is None else DAY + dt.timedelta(last), "510603", ((begin, "flexible"),))


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("event", get_args(Event))
def test_every_event_in_every_state(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert STATES.next(state, event) == ALLOWED[state, event]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


def test_whoever_has_no_work_may_register_from_sixteen_on() -> None:
    check(dt.date(2010, 9, 10), DAY, DAY, [period(-30, -1)], LAW)
    check(None, DAY, DAY, [], LAW)
    with pytest.raises(RuleBroken, match="below the age"):
        check(dt.date(2010, 9, 11), DAY, DAY, [], LAW)


@pytest.mark.parametrize(
    ("since", "periods", "kind"),
    [
        (0, [period(-5, None)], "employed"),
        (0, [period(-5, 0)], "employed"),
        (0, [period(3, 9)], "employed"),  # work that is registered ahead
        (-3, [period(-30, -3)], "worked-since"),
        (1, [], "not-unemployed-yet"),
    ],
)
def test_days_of_registered_work_stand_against_it(since: int, periods: list[Period], kind: str) -> None:
    with pytest.raises((Conflict, RuleBroken)) as refused:
        check(None, DAY + dt.timedelta(since), DAY, periods, LAW)
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("periods", "last"),
    [
        ([], None),
        ([period(-20, -1)], None),
        ([period(5, None)], 4),
        ([period(5, 6), period(2, 3)], 1),
        ([period(-20, None)], -1),  # it never held
        ([period(0, 0)], -1),
    ],
)
def test_the_first_employment_ends_it_on_the_day_before(periods: list[Period], last: int | None) -> None:
    found = ended_by(DAY, [(f"e{number}", one) for number, one in enumerate(periods)])
    assert (found and found.last) == (None if last is None else DAY + dt.timedelta(last))


def test_an_end_by_anybodys_word_stays() -> None:
    said = Stands("ended", DAY, DAY, None)
    assert follow(said, [("e", period(5, None))], latest=True) == ([], None)


def test_employment_that_was_none_lets_it_run_again() -> None:
    ended = Stands("ended", DAY, DAY + dt.timedelta(4), "e")
    assert follow(ended, [], latest=True) == (["resume"], None)
    assert follow(ended, [], latest=False) == ([], None)
    assert follow(ended, [("e", period(5, None))], latest=True) == ([], None)
    earlier = ByFact("e", DAY + dt.timedelta(1))
    assert follow(ended, [("e", period(2, None))], latest=True) == (["resume", "end"], earlier)


employments = st.lists(
    st.tuples(st.integers(-20, 20), st.none() | st.integers(0, 10)).map(
        lambda pair: period(pair[0], None if pair[1] is None else pair[0] + pair[1])
    ),
    max_size=3,
)


@given(st.lists(employments, min_size=1, max_size=5))
def test_it_stands_by_the_last_facts_alone(told: list[list[Period]]) -> None:
    def settle(told: list[list[Period]]) -> Stands:
        stands = Stands("registered", DAY, None, None)
        for periods in told:
            events, found = follow(stands, [(f"{one.starts_on}", one) for one in periods], latest=True)
            state = stands.state
            for event in events:
                state = STATES.next(state, event)
            if events:
                last, by = (found.last, found.registration_id) if found else (None, None)
                stands = Stands(state, DAY, last, by)
        return stands

    assert settle(told) == settle(told[-1:])


def test_own_work_is_registered_once_for_a_day() -> None:
    check_own_work(DAY, [(DAY - dt.timedelta(9), DAY - dt.timedelta(1))], DAY)
    for works in ([(DAY - dt.timedelta(9), None)], [(DAY - dt.timedelta(9), DAY)]):
        with pytest.raises(Conflict):
            check_own_work(DAY, works, DAY)
    with pytest.raises(RuleBroken):
        check_own_work(DAY + dt.timedelta(1), [], DAY)


def test_every_ending_has_its_words() -> None:
    assert set(ENDINGS) == set(get_args(UnemploymentEnding)) >= set(get_args(OwnEnding))
