"""What moves with a person, until when, and by which steps."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.insurance.transfers import rules
from services.insurance.transfers.rules import STATES, Event, Moved, State
from shared.contracts.insurance import Insurance
from shared.errors import RuleBroken
from shared.identity.regions import CITY
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

LAW = parameters.on(dt.date(2026, 9, 1), place=CITY)

STEPS: dict[tuple[str, str], str] = {
    ("requested", "sent"): "sent",
    ("requested", "refused"): "refused",
    ("requested", "lapsed"): "overdue",
    ("requested", "withdrawn"): "withdrawn",
    ("withdrawn", "sent"): "sent",
    ("sent", "completed"): "completed",
    ("sent", "refused"): "refused",
    ("sent", "lapsed"): "overdue",
    ("overdue", "sent"): "overdue",
    ("overdue", "completed"): "completed",
    ("overdue", "refused"): "refused",
}


def test_every_state_and_event() -> None:
    goes_by(STATES, STEPS, get_args(State), get_args(Event))


@pytest.mark.parametrize("insurance", get_args(Insurance))
def test_work_injury_and_maternity_do_not_move(insurance: Insurance) -> None:
    if insurance in ("pension", "medical", "unemployment"):
        rules.check(insurance, "510100", CITY, LAW)
    else:
        with pytest.raises(RuleBroken):
            rules.check(insurance, "510100", CITY, LAW)


def test_nothing_moves_within_the_city() -> None:
    with pytest.raises(RuleBroken):
        rules.check("pension", "510683", CITY, LAW)


def test_terms_are_in_working_days() -> None:
    """Where nobody names one it is unknown."""
    # 15 working days from Tuesday 1 September 2026: 20 September (a Sunday) is worked for the autumn holidays
    assert rules.due_on("medical", dt.date(2026, 9, 1), LAW) == dt.date(2026, 9, 21)
    assert rules.due_on("unemployment", dt.date(2026, 9, 1), LAW) is None


def test_months_are_those_paid_here_and_those_brought_along() -> None:
    paid = [("2026-01", dt.date(2026, 2, 10)), ("2026-01", dt.date(2026, 2, 11)), ("2026-06", dt.date(2026, 7, 1))]
    came = Moved("in", dt.date(2026, 1, 5), 30)
    assert rules.months(paid, []) == 2
    assert rules.months(paid, [came]) == 32
    left = Moved("out", dt.date(2026, 3, 1), 31)
    assert rules.months(paid, [came, left]) == 1
    assert rules.months(paid, [came, left, Moved("in", dt.date(2026, 8, 1), 40)]) == 41


MARCH = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("paid", "moved", "here"),
    [
        # two were paid while one was on its way: they were not carried, and are not lost
        ([("2026-01", 10), ("2026-02", 20), ("2026-03", 30)], [Moved("out", MARCH, 1)], 2),
        # on the day itself it was carried
        ([("2026-01", 59)], [Moved("out", MARCH, 1)], 0),
        # what was carried away and is paid once more is not counted twice
        ([("2026-01", 10), ("2026-01", 90)], [Moved("out", MARCH, 1)], 0),
        # what was carried and taken back since is nothing below zero
        ([("2026-05", 130)], [Moved("out", MARCH, 3)], 1),
        # the province did not say how many: all
        ([("2026-01", 10), ("2026-02", 20)], [Moved("out", MARCH, 0)], 0),
        # away and back on one day, and the other way round
        ([("2026-01", 10)], [Moved("out", MARCH, 1), Moved("in", MARCH, 1)], 1),
        ([("2026-01", 10)], [Moved("in", MARCH, 12), Moved("out", MARCH, 13)], 0),
    ],
)
def test_no_month_is_lost_or_counted_twice(paid: list[tuple[str, int]], moved: list[Moved], here: int) -> None:
    days = [(month, dt.date(2026, 1, 1) + dt.timedelta(days=number)) for month, number in paid]
    assert rules.months(days, moved) == here
