from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from services.subsidies.programmes import rules
from services.subsidies.programmes.rules import Move, Schedule, Sitting, State
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters

TODAY = dt.date(2026, 9, 1)
FIRST, LAST = dt.date(2026, 9, 10), dt.date(2026, 9, 11)
LEGAL: dict[tuple[str, str], str] = {
    ("none", "submit"): "submitted",
    ("submitted", "publish"): "published",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("published", "cancel"): "cancelled",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_programme_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def sitting(code: str, day: dt.date, begins: int = 9, ends: int = 12, hours: int = 4) -> Sitting:
    def at(hour: int) -> dt.datetime:
        return dt.datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)

    return Sitting(code, at(begins), at(ends), hours)


GOOD = Schedule(
    starts_on=FIRST,
    ends_on=LAST,
    enrol_until=FIRST,
    hours=8,
    sittings=[sitting("1", FIRST), sitting("2", LAST)],
)


def test_sessions_within_the_days_that_add_up_are_a_schedule() -> None:
    rules.check_schedule(GOOD, TODAY)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (replace(GOOD, enrol_until=TODAY - dt.timedelta(1)), "days-in-order"),
        (replace(GOOD, enrol_until=FIRST + dt.timedelta(1)), "days-in-order"),
        (replace(GOOD, ends_on=FIRST - dt.timedelta(1)), "days-in-order"),
        (replace(GOOD, sittings=[sitting("1", FIRST), sitting("1", LAST)]), "session-twice"),
        (replace(GOOD, sittings=[sitting("1", FIRST), sitting("2", LAST + dt.timedelta(1))]), "session-days"),
        (replace(GOOD, sittings=[sitting("1", FIRST), sitting("2", LAST, 12, 9)]), "session-days"),
        (replace(GOOD, sittings=[sitting("1", FIRST), sitting("2", FIRST, 11, 13)]), "sessions-overlap"),
        (replace(GOOD, hours=9), "hours-differ"),
    ],
)
def test_a_schedule_that_cannot_be_held_is_refused(wrong: Schedule, kind: str) -> None:
    with pytest.raises(RuleBroken, match=kind):
        rules.check_schedule(wrong, TODAY)


def test_hours_of_no_known_standard_are_for_the_officer() -> None:
    assert rules.remarks(8, "junior", parameters.on(TODAY, place="510603")) == ("hours_standard_unknown",)
