from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.complaints.credit import rules
from services.complaints.credit.rules import MOVES, STATES, Move, State
from services.complaints.directives.rules import State as OrderState
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 23)
LAW = parameters.on(DAY, place="510603")


BY_LAW: dict[State, dict[Move, State]] = {
    # told first, with grounds and what may be said against it; heard where that is asked for; only then listed
    "proposed": {"notify": "notified", "drop": "dropped"},
    "notified": {"speak": "notified", "ask_hearing": "hearing", "list": "listed", "drop": "dropped"},
    "hearing": {"speak": "hearing", "hear": "heard", "drop": "dropped"},
    "heard": {"list": "listed", "drop": "dropped"},
    # it ends with its term, early where all was put right, or where what it rests on falls
    "listed": {"ask_removal": "removal_asked", "expire": "expired", "revoke": "revoked"},
    "removal_asked": {"remove": "removed", "refuse_removal": "listed", "expire": "expired", "revoke": "revoked"},
    "dropped": {},
    "expired": {},
    "removed": {},
    "revoked": {},
}


def test_a_listing_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_nothing_is_listed_that_was_not_told_before() -> None:
    assert {state for state, move in MOVES if move == "list"} == {"notified", "heard"}
    assert {before for (before, _), after in MOVES.items() if after == "notified"} == {"proposed", "notified"}
    assert {before for (before, _), after in MOVES.items() if after == "hearing"} == {"notified", "hearing"}


@pytest.mark.parametrize(
    ("owed", "months", "reached"),
    [
        (["4999.99"], 3, False),
        (["5000"], 3, None),
        (["20000"], 3, True),
        (["20000"], 2, False),
        (["2999.99"] * 10, 0, False),
        (["3000"] * 10, 0, None),
        (["10000"] * 10, 0, True),
        (["11000"] * 9, 0, False),
    ],
)
def test_what_is_owed_is_held_against_the_nations_range(owed: list[str], months: int, reached: bool | None) -> None:
    assert rules.assess([Decimal(one) for one in owed], months, LAW).reached is reached


@pytest.mark.parametrize(
    ("overdue", "reached", "judged", "incident", "fits"),
    [
        (True, True, False, False, True),
        (True, None, True, False, True),
        (True, None, False, False, False),
        (True, False, True, False, False),
        (True, False, False, True, True),
        (False, True, True, True, False),
    ],
)
def test_owing_wages_is_listed_on_both_conditions_alone(
    overdue: bool, reached: bool | None, judged: bool, incident: bool, fits: bool
) -> None:
    def check() -> None:
        rules.check_grounds(
            "wage_arrears", overdue=overdue, reached=reached, judged=judged, incident=incident, category=None, law=LAW
        )

    if fits:
        check()
    else:
        with pytest.raises(RuleBroken):
            check()


def test_it_lasts_three_years_and_may_end_after_six_months() -> None:
    assert rules.until(DAY, LAW) == dt.date(2029, 11, 23)
    rules.may_ask_removal(dt.date(2026, 5, 23), None, DAY, LAW, pledged=True)
    with pytest.raises(Conflict):
        rules.may_ask_removal(dt.date(2026, 5, 24), None, DAY, LAW, pledged=True)
    with pytest.raises(Conflict):
        rules.may_ask_removal(dt.date(2026, 5, 23), None, DAY, LAW, pledged=False)


@pytest.mark.parametrize("order", get_args(OrderState))
def test_nobody_is_taken_off_who_still_owes(order: OrderState) -> None:
    if order in ("met", "to_dispute", "withdrawn"):
        rules.check_put_right(order)
    else:
        with pytest.raises(Conflict):
            rules.check_put_right(order)


@pytest.mark.parametrize(
    ("decided", "published"),
    [("2026-01-01", "2026-04-01"), ("2026-06-30", "2026-07-01"), ("2026-11-23", "2027-01-01")],
)
def test_violations_are_published_with_the_next_quarter(decided: str, published: str) -> None:
    assert rules.published_from(dt.date.fromisoformat(decided), 3) == dt.date.fromisoformat(published)
