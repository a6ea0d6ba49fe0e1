"""Consultations and collective contracts: every state and event, and what may be agreed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest

from services.registry.bargaining import rules
from services.registry.bargaining.rules import Agreed, Forbidden, NotAgreeable
from shared.contracts.registry import Subject
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

CONSULTATION = {
    "asked": {"answer": "talking", "refuse": "refused", "withdraw": "closed", "fail": "closed"},
    "refused": {"answer": "talking", "withdraw": "closed", "fail": "closed"},
    "talking": {
        "answer": "talking",
        "refuse": "talking",
        "note": "talking",
        "conclude": "closed",
        "withdraw": "closed",
        "fail": "closed",
    },
    "closed": {},
}
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


@pytest.mark.parametrize(
    ("state", "event"), [*product(get_args(rules.ConsultationState), get_args(rules.ConsultationEvent))]
)
def test_every_event_in_every_state_of_a_consultation(
    state: rules.ConsultationState, event: rules.ConsultationEvent
) -> None:
    expected = CONSULTATION[state].get(event)
    if expected is None:
        with pytest.raises(Forbidden):
            rules.consultation_after(state, event)
    else:
        assert rules.consultation_after(state, event) == expected


@pytest.mark.parametrize(("state", "event"), [*product(get_args(rules.ContractState), get_args(rules.ContractEvent))])
def test_every_event_in_every_state_of_a_contract(state: rules.ContractState, event: rules.ContractEvent) -> None:
    expected = CONTRACT[state].get(event)
    if expected is None:
        with pytest.raises(Forbidden):
            rules.contract_after(state, event)
    else:
        assert rules.contract_after(state, event) == expected


def test_the_eight_subjects_have_the_names_of_the_document() -> None:
    names = rules.subject_names(LAW)
    assert set(names) == set(get_args(Subject))
    assert (names["entry_and_exit"], names["commission"], names["algorithms"]) == (
        "平台进入退出",
        "抽成比例",
        "平台算法",
    )


def test_the_terms_of_bargaining_end_on_working_days() -> None:
    assert rules.answer_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 21)
    assert rules.file_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 11)
    assert rules.object_by(dt.date(2026, 9, 1), LAW).due == dt.date(2026, 9, 16)
    # the fifteenth day is Saturday 12 September: the department may still object on Monday
    assert rules.object_by(dt.date(2026, 8, 28), LAW).due == dt.date(2026, 9, 14)


def test_fair_terms_are_agreeable_and_say_what_they_were_held_against() -> None:
    law = parameters.on(DAY, place="510603")
    assert rules.check(FAIR, law) is None
    assert [row.key for row in law.used] == ["minimum_wage.hourly"]


def test_pay_at_the_minimum_is_agreeable_and_a_fen_less_is_not() -> None:
    assert rules.check(replace(FAIR, hourly_pay=Decimal("21.00")), LAW) is None
    with pytest.raises(NotAgreeable) as refused:
        rules.check(replace(FAIR, hourly_pay=Decimal("20.99")), LAW)
    assert refused.value.kind == "pay-below-minimum"
    assert "第五十五条" in refused.value.zh


def test_where_no_minimum_is_known_a_person_must_look() -> None:
    early = parameters.on(dt.date(2021, 9, 1), place="510603")
    assert "minimum_wage.hourly" in (rules.check(FAIR, early) or "")


def test_terms_that_agree_nothing_or_contradict_themselves_are_refused() -> None:
    nothing = Agreed(
        since=DAY,
        hourly_pay=None,
        longest_continuous_minutes=None,
        longest_daily_minutes=None,
        waiting_percent=None,
    )
    with pytest.raises(NotAgreeable):
        rules.check(nothing, LAW)
    with pytest.raises(NotAgreeable):
        rules.check(replace(FAIR, longest_continuous_minutes=601), LAW)
    assert rules.check(replace(nothing, longest_daily_minutes=480), LAW) is None
