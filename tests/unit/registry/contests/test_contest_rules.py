"""The contest of a footing."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.registry.contests.rules import STATES, State, Step, check_day
from shared.errors import Conflict, RuleBroken

START = dt.date(2026, 9, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize(("step", "to"), [("uphold", "upheld"), ("change", "changed"), ("withdraw", "withdrawn")])
def test_only_an_open_contest_is_decided_or_withdrawn(state: State, step: Step, to: str) -> None:
    if state == "open":
        assert STATES.next(state, step) == to
    else:
        with pytest.raises(Conflict):
            STATES.next(state, step)


def test_a_footing_is_a_fact_of_a_day_of_the_engagement() -> None:
    check_day(START, START, None, day(5))
    check_day(day(5), START, day(5), day(9))
    for asked, ended in ((-1, None), (10, None), (6, 5)):
        with pytest.raises(RuleBroken):
            check_day(day(asked), START, day(ended) if ended is not None else None, day(9))
