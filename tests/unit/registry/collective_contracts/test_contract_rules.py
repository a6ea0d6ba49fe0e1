"""Collective contracts: every state and event, and what may be agreed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest

from services.registry.collective_contracts import rules as contracts
from services.registry.collective_contracts.rules import Agreed
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
    "draft": {"revise": "draft", "file": "filed"},
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
