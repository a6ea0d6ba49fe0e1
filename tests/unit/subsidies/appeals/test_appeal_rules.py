"""Until when a decision is contested, and where."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.subsidies.appeals import rules
from services.subsidies.appeals.rules import STATES, Forum, Move, State
from shared.errors import Conflict, RuleBroken
from shared.policy import contesting
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 9, 14)
LAW = parameters.on(DAY, place="510603")


BY_LAW: dict[State, dict[Move, State]] = {
    "filed": {
        # 行政复议法 art. 68 (维持); 行政诉讼法 art. 69 (驳回诉讼请求)
        "uphold": "upheld",
        # 行政复议法 art. 63, 64; 行政诉讼法 art. 70, 77
        "overturn": "overturned",
        # 行政复议法 art. 41; 行政诉讼法 art. 62
        "withdraw": "withdrawn",
    },
    # nobody asks again for a review of the same that they withdrew (行政复议法 art. 74)
    "upheld": {},
    "overturned": {},
    "withdrawn": {},
}


def test_an_appeal_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_a_review_is_decided_after_it_counts_as_taken_up() -> None:
    """Five working days to look at it (行政复议法 art. 30, 88), then sixty days (art. 62)."""
    assert rules.decide_by("review", DAY, LAW) == dt.date(2026, 11, 19)
    assert rules.decide_by("court", DAY, LAW) is None


def test_the_time_to_sue_runs_from_the_receipt_of_the_review() -> None:
    received = rules.check_received(DAY, DAY, DAY + dt.timedelta(30))
    assert contesting.sue_after_review(received, LAW) == dt.date(2026, 9, 29)


def test_what_was_not_served_is_contested_for_five_years() -> None:
    """行政复议法 art. 21; 行政诉讼法 art. 46."""
    end = contesting.latest("review", DAY, LAW)
    assert end == dt.date(2031, 9, 14)
    rules.check_in_time(None, end, end)
    rules.check_in_time(DAY, end, DAY)
    for until, filed_on in ((None, end + dt.timedelta(1)), (DAY, DAY + dt.timedelta(1))):
        with pytest.raises(Conflict):
            rules.check_in_time(until, end, filed_on)


@pytest.mark.parametrize("received_on", [None, DAY - dt.timedelta(1), DAY + dt.timedelta(2)])
def test_the_day_of_receipt_is_said_and_possible(received_on: dt.date | None) -> None:
    with pytest.raises(RuleBroken):
        rules.check_received(received_on, DAY, DAY + dt.timedelta(1))


@pytest.mark.parametrize("other", [None, "withdrawn"])
@pytest.mark.parametrize("forum", ["review", "court"])
def test_one_forum_takes_what_the_other_does_not_have(forum: Forum, other: State | None) -> None:
    rules.check_elsewhere(forum, other, DAY, DAY)


@pytest.mark.parametrize(
    ("forum", "other", "filed_on"),
    [("court", "filed", DAY), ("review", "filed", DAY), ("review", "upheld", DAY), ("review", "overturned", DAY)],
)
def test_two_forums_never_have_one_decision(forum: Forum, other: State, filed_on: dt.date) -> None:
    with pytest.raises(Conflict):
        rules.check_elsewhere(forum, other, DAY, filed_on)


def test_a_court_takes_what_was_reviewed_or_is_late() -> None:
    rules.check_elsewhere("court", "upheld", DAY, DAY)
    rules.check_elsewhere("court", "filed", DAY, DAY + dt.timedelta(1))


@pytest.mark.parametrize("filed_on", [DAY - dt.timedelta(1), DAY + dt.timedelta(3)])
def test_nothing_is_contested_on_an_impossible_day(filed_on: dt.date) -> None:
    with pytest.raises(RuleBroken):
        rules.check_filed(filed_on, DAY, DAY + dt.timedelta(2))
    rules.check_filed(DAY, DAY, DAY)
