"""Collective contracts: every state and event, and what may be agreed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest

from services.registry.collective_contracts import rules as contracts
from services.registry.collective_contracts.rules import Agreed, Clause
from services.registry.consultations import rules as consultations
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
LAW = parameters.on(DAY, place="510603")
FAIR = Agreed(
    since=DAY,
    hourly_pay=Decimal("25.00"),
    longest_continuous_minutes=240,
    longest_daily_minutes=600,
    waiting_percent=Decimal("10"),
)

CONTRACT = {
    "draft": {"revise": "draft", "pass": "passed", "reject": "draft"},
    "passed": {"revise": "draft", "file": "filed"},
    "filed": {"object": "objected", "effect": "in_force"},
    "objected": {"revise": "draft"},
    "in_force": {
        "amend": "in_force",
        "object": "in_force",
        "effect": "in_force",
        "shorten": "in_force",
        "end": "ended",
    },
    "ended": {},
}


@pytest.mark.parametrize(("state", "event"), [*product(get_args(contracts.State), get_args(contracts.Event))])
def test_every_event_in_every_state_of_a_contract(state: contracts.State, event: contracts.Event) -> None:
    expected = CONTRACT[state].get(event)
    if expected is None:
        with pytest.raises(Conflict):
            contracts.STATES.next(state, event)
    else:
        assert contracts.STATES.next(state, event) == expected


def test_the_terms_of_bargaining_end_on_working_days() -> None:
    assert consultations.answer_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 21)
    assert contracts.file_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 11)
    assert contracts.object_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 16)
    # the fifteenth day is Saturday 12 September: the department may still object on Monday
    assert contracts.object_by(dt.date(2026, 8, 28), LAW).due == dt.date(2026, 9, 14)


def test_fair_terms_are_agreeable_and_say_why() -> None:
    law = parameters.on(DAY, place="510603")
    assert contracts.check(FAIR, law) is None
    assert [row.key for row in law.used] == ["minimum_wage.hourly"]


def test_pay_at_the_minimum_is_agreeable_and_a_fen_less_is_not() -> None:
    assert contracts.check(replace(FAIR, hourly_pay=Decimal("21.00")), LAW) is None
    with pytest.raises(RuleBroken) as refused:
        contracts.check(replace(FAIR, hourly_pay=Decimal("20.99")), LAW)
    assert refused.value.kind == "pay-below-minimum"
    assert "第五十五条" in refused.value.zh


def test_where_no_minimum_is_known_a_person_must_look() -> None:
    early = parameters.on(dt.date(2021, 9, 1), place="510603")
    assert "minimum_wage.hourly" in (contracts.check(FAIR, early) or "")


VOTE = contracts.Vote(
    body="congress", entitled=30, present=20, in_favour=15, against=5, held_on=DAY, minutes_sha256="0" * 64
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),  # two thirds are present and half of all are in favour: the shares themselves are enough
        ({"present": 19}, False),
        ({"in_favour": 14}, False),
        ({"entitled": 31}, False),
        ({"body": "all_workers", "entitled": 1, "present": 1, "in_favour": 1, "against": 0}, True),
        ({"in_favour": 0, "against": 0}, False),
    ],
)
def test_a_draft_passes_with_two_thirds_and_half(changes: dict[str, Any], expected: bool) -> None:
    law = parameters.on(DAY, place="510603")
    against = {"against": 4} if changes.get("present") == 19 else {}
    assert contracts.passed(replace(VOTE, **changes | against), DAY, DAY, law) is expected
    assert next(row.key for row in law.used) == "bargaining.quorum"


@pytest.mark.parametrize(
    ("changes", "signed_on", "today"),
    [
        ({"present": 31}, DAY, DAY),
        ({"against": 6}, DAY, DAY),
        ({"entitled": 0, "present": 0, "in_favour": 0, "against": 0}, DAY, DAY),
        ({}, DAY, DAY - dt.timedelta(1)),  # a vote on a day to come
        ({}, DAY - dt.timedelta(1), DAY),  # signed before it has passed
    ],
)
def test_a_vote_that_cannot_be_is_refused(changes: dict[str, Any], signed_on: dt.date, today: dt.date) -> None:
    with pytest.raises(RuleBroken):
        contracts.passed(replace(VOTE, **changes), signed_on, today, LAW)


RATE = Clause(subject="piece_rates", industry="instant_delivery", amount=Decimal("4.50"), unit="order")


def test_piece_rates_commission_and_algorithms_are_terms() -> None:
    clauses = (
        RATE,
        Clause(subject="commission", percent=Decimal("18")),
        Clause(subject="algorithms", text="派单规则变更须提前七日公示"),
    )
    bare = replace(FAIR, hourly_pay=None, longest_continuous_minutes=None, longest_daily_minutes=None)
    assert contracts.check(replace(bare, waiting_percent=None, clauses=clauses), LAW) is None


@pytest.mark.parametrize(
    "clause",
    [
        replace(RATE, unit=None),
        replace(RATE, amount=None),
        replace(RATE, percent=Decimal(1)),
        Clause(subject="commission"),
        Clause(subject="commission", percent=Decimal(1), amount=Decimal(1), unit="order"),
        Clause(subject="algorithms"),
        replace(RATE, since=DAY - dt.timedelta(1)),
        replace(RATE, since=DAY, until=DAY - dt.timedelta(1)),
    ],
)
def test_a_clause_that_agrees_nothing_is_refused(clause: Clause) -> None:
    with pytest.raises(RuleBroken):
        contracts.check(replace(FAIR, clauses=(clause,)), LAW)


def test_empty_or_contradictory_terms_are_refused() -> None:
    nothing = Agreed(
        since=DAY,
        hourly_pay=None,
        longest_continuous_minutes=None,
        longest_daily_minutes=None,
        waiting_percent=None,
    )
    with pytest.raises(RuleBroken):
        contracts.check(nothing, LAW)
    with pytest.raises(RuleBroken):
        contracts.check(replace(FAIR, longest_continuous_minutes=601), LAW)
    assert contracts.check(replace(nothing, longest_daily_minutes=480), LAW) is None
