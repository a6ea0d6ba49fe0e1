"""The clock of a step, which stands still while papers are outstanding or another authority has not concluded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.claims import deadlines
from services.insurance.claims.documents import Claim
from shared import clock
from shared.policy import calendar
from shared.storage.transaction import Transaction

START = dt.date(2026, 9, 2)
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 9, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True, scope="module")
def now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        yield


def new_claim() -> Claim:
    return cast(Claim, Claim.model_construct(id="c", district="510603", due={}, clock=None))


def new_tx() -> Transaction:
    return Transaction(cast(Any, None), "/services/test")


def timers(tx: Transaction) -> dict[str, dt.datetime]:
    return {row["kind"]: row["due_at"] for row in tx._timers.values()}


def test_a_last_day_is_warned_of_before_and_missed_after_it() -> None:
    claim, tx = new_claim(), new_tx()
    due_on = deadlines.start(claim, "decide", START, tx, workdays=30)
    assert due_on is not None
    assert claim.due == {"decide": due_on}
    assert timers(tx) == {
        deadlines.NEAR.name: calendar.start_of_day(due_on - 15 * DAY),
        deadlines.MISSED.name: calendar.end_of_day(due_on),
    }


def test_a_last_day_that_has_passed_is_missed_an_hour_later() -> None:
    """It is not warned of any more."""
    claim, tx = new_claim(), new_tx()
    deadlines.set_due(claim, "apply", START - 30 * DAY, tx)
    assert timers(tx) == {deadlines.MISSED.name: NOW + dt.timedelta(hours=1)}


def test_where_the_first_warning_has_passed_the_next_is_set() -> None:
    claim, tx = new_claim(), new_tx()
    deadlines.set_due(claim, "apply", START + 5 * DAY, tx)
    assert timers(tx)[deadlines.NEAR.name] == calendar.start_of_day(START + 3 * DAY)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=5), st.booleans())
def test_every_day_on_which_the_clock_stands_still_is_given_back(waits: list[tuple[int, int]], workdays: bool) -> None:
    claim, tx = new_claim(), new_tx()
    term = {"workdays": 120} if workdays else {"days": 200}
    deadlines.start(claim, "decide", START, tx, **term)
    day, pauses, still = START, [], 0
    for runs, waited in waits:
        day += runs * DAY
        deadlines.stand_still(claim, "decide", day, tx)
        assert claim.due == {}
        if waited:
            pauses.append(calendar.Pause(day + DAY, day + waited * DAY))
            still += sum(not workdays or calendar.is_working_day(day + n * DAY) for n in range(1, waited + 1))
        day += waited * DAY
        due_on = deadlines.go_on(claim, "decide", day, tx)
        wanted = calendar.due_with_pauses(START, pauses=pauses, **cast(Any, term))
        assert wanted is not None
        assert due_on == wanted.due == claim.due["decide"]
        longer: Any = {"workdays": 120 + still} if workdays else {"days": 200 + still}
        without = calendar.due_with_pauses(START, pauses=[], **longer)
        assert without is not None
        assert due_on == without.due
