"""Who files a counter-application, until when, and which disputes are tried together."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.complaints.disputes import further_rules, rules
from services.complaints.disputes.further_rules import Party, Trial
from services.complaints.disputes.rules import Claim
from services.complaints.disputes.state_rules import MOVES, STATES
from shared.errors import Conflict, DomainError, Forbidden, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 11, 2)
LATE = DAY - dt.timedelta(days=1)
IN_2024 = parameters.on(dt.date(2024, 6, 3), place="510681")


def counter(
    side: Any = "enterprise", role: Any = None, answer_by: dt.date | None = DAY, state: Any = "arbitration", **more: Any
) -> None:
    asked: dict[str, Any] = {"applicant": "worker", "so_far": 0} | more
    further_rules.check_counter(Party(side=side, role=role, answer_by=answer_by), state, **asked, today=DAY)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, None),
        ({"answer_by": None}, None),  # the copies are still to be served
        ({"answer_by": LATE}, Conflict),
        ({"role": "respondent"}, None),
        ({"role": "third_party"}, Forbidden),
        ({"side": "worker"}, Forbidden),
        ({"side": "worker", "applicant": "enterprise"}, None),
        ({"side": "forum"}, Forbidden),
        ({"so_far": 20}, Conflict),
    ],
)
def test_who_files_a_counter_application(more: dict[str, Any], error: type[DomainError] | None) -> None:
    if error is None:
        counter(**more)
    else:
        with pytest.raises(error):
            counter(**more)


@pytest.mark.parametrize("state", sorted({state for state, _ in MOVES}))
def test_a_counter_application_is_filed_in_arbitration(state: str) -> None:
    if state == "arbitration":
        counter(state=state)
    else:
        with pytest.raises(Conflict):
            counter(state=state)


def test_a_counter_application_is_decided_once() -> None:
    further_rules.check_decision("filed", DAY, DAY)
    with pytest.raises(RuleBroken):
        further_rules.check_decision("filed", DAY, LATE)
    for state in ("accepted", "refused", "apart", "withdrawn", "over"):
        with pytest.raises(Conflict):
            further_rules.check_decision(state, DAY, DAY)


@pytest.mark.parametrize(
    ("side", "state", "answered_on", "error"),
    [
        ("worker", "accepted", None, None),
        ("enterprise", "accepted", None, Forbidden),
        ("forum", "accepted", None, Forbidden),
        ("worker", "filed", None, Conflict),
        ("worker", "accepted", DAY, Conflict),
    ],
)
def test_the_other_side_answers(side: Any, state: Any, answered_on: Any, error: type[DomainError] | None) -> None:
    if error is None:
        further_rules.check_answer(side, "enterprise", state, answered_on)
    else:
        with pytest.raises(error):
            further_rules.check_answer(side, "enterprise", state, answered_on)


def test_a_third_party_does_not_answer() -> None:
    further_rules.check_answer("enterprise", "worker", "accepted", None)
    with pytest.raises(Forbidden):
        further_rules.check_answer("enterprise", "worker", "accepted", None, "third_party")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, None),
        ({"side": "worker"}, Forbidden),
        ({"own": False}, Forbidden),
        ({"state": "accepted"}, Conflict),
        ({"state": "sued"}, Conflict),
        ({"today": LATE}, Conflict),
    ],
)
def test_who_sues_on_a_counter_application(more: dict[str, Any], error: type[DomainError] | None) -> None:
    """Once the last day to decide on it is over."""
    asked: dict[str, Any] = {
        "side": "enterprise",
        "by": "enterprise",
        "state": "filed",
        "own": True,
        "today": DAY,
    } | more
    if error is None:
        further_rules.check_suit(decide_by=LATE, **asked)
    else:
        with pytest.raises(error):
            further_rules.check_suit(decide_by=LATE, **asked)


def test_a_counter_application_is_decided_in_working_days() -> None:
    law = parameters.on(dt.date(2026, 9, 29))
    assert further_rules.decide_by(dt.date(2026, 9, 7), law) == dt.date(2026, 9, 14)
    assert further_rules.decide_by(dt.date(2026, 9, 29), law) == dt.date(2026, 10, 12)  # beyond the National Day


def test_an_enterprise_takes_nothing_of_anothers_back() -> None:
    further_rules.check_leave([[], ["P"]], ["P", "old P"])
    further_rules.check_leave([["old P"]], ["P", "old P"])
    with pytest.raises(Forbidden):
        further_rules.check_leave([["P"], ["Q"]], ["P"])


def test_who_filed_it_takes_it_back() -> None:
    for state in ("filed", "accepted"):
        further_rules.check_withdrawal("enterprise", "enterprise", state, own=True)
    with pytest.raises(Forbidden):
        further_rules.check_withdrawal("worker", "enterprise", "filed", own=True)
    with pytest.raises(Forbidden):
        further_rules.check_withdrawal("enterprise", "enterprise", "filed", own=False)
    with pytest.raises(Conflict):
        further_rules.check_withdrawal("enterprise", "enterprise", "refused", own=True)


def test_nothing_is_decided_while_a_counter_application_waits() -> None:
    further_rules.check_none_waits(["accepted", "refused"])
    with pytest.raises(Conflict):
        further_rules.check_none_waits(["accepted", "filed"])


TRIAL = Trial(
    state="arbitration",
    relation="employment",
    workers=["w"],
    enterprises=["P", "Q"],
    respondents=["P", "Q"],
    department="hrss",
    district="510681",
    accepted_on=LATE,
    paused=False,
    answered=True,
    standing_back=False,
    waiting=False,
)


@pytest.mark.parametrize(
    ("lead", "other", "error"),
    [
        ({}, {}, None),
        ({"answered": False, "standing_back": True}, {}, None),
        ({}, {"enterprises": ["Q"], "respondents": ["Q"]}, None),
        ({"workers": ["w", "v"]}, {"accepted_on": DAY}, None),
        ({"state": "filed"}, {}, Conflict),
        ({}, {"state": "awarded"}, Conflict),
        ({}, {"workers": ["v"]}, RuleBroken),
        ({}, {"workers": ["w", "v"]}, RuleBroken),
        ({}, {"enterprises": ["R"], "respondents": ["R"]}, RuleBroken),
        ({"respondents": ["P"]}, {"respondents": ["Q"]}, RuleBroken),
        ({}, {"enterprises": ["P", "Q", "R"]}, RuleBroken),
        ({}, {"district": "510683"}, RuleBroken),
        ({}, {"relation": "partial"}, RuleBroken),
        ({"accepted_on": DAY}, {}, RuleBroken),
        ({"paused": True}, {}, Conflict),
        ({}, {"paused": True}, Conflict),
        ({"waiting": True}, {}, Conflict),
        ({}, {"waiting": True}, Conflict),
        ({}, {"standing_back": True}, Conflict),
        ({}, {"answered": False}, Conflict),
        ({"overdue": True}, {}, Conflict),
        ({}, {"overdue": True}, Conflict),
    ],
)
def test_which_disputes_are_tried_together(
    lead: dict[str, Any], other: dict[str, Any], error: type[DomainError] | None
) -> None:
    if error is None:
        further_rules.check_joining(replace(TRIAL, **lead), replace(TRIAL, **other))
    else:
        with pytest.raises(error):
            further_rules.check_joining(replace(TRIAL, **lead), replace(TRIAL, **other))


def test_what_is_joined_is_over_by_itself() -> None:
    assert STATES.next("arbitration", "joined") == "closed"
    assert STATES.next("arbitration", "join") == "arbitration"


def claim(**more: Any) -> Claim:
    return Claim(id="1", worker_id="w", kind="pay", known_on=DAY, awarded=Decimal("100"), **more)


def test_an_award_with_an_enterprises_claim_is_not_final() -> None:
    assert rules.finality([claim()], IN_2024).final
    assert not rules.finality([claim(), claim(applicant="enterprise")], IN_2024).final
    assert rules.finality([claim(applicant="worker")], IN_2024, "enterprise").final


def test_execution_in_advance_is_for_workers_alone() -> None:
    rules.check_advance([claim(applicant="worker")], clear=True, hardship=True, applicant="enterprise")
    with pytest.raises(RuleBroken):
        rules.check_advance([claim(), claim(applicant="enterprise")], clear=True, hardship=True)


def test_a_counter_claim_is_one_of_its_own() -> None:
    """It is another's than the worker's of the same kind and day, and of the enterprise alone that brings it."""
    both = [claim(), claim(applicant="enterprise", parties=["Q"])]
    assert rules.claim_keys(both, ["P", "Q"]) == [
        f"w|P|pay|{DAY}",
        f"w|Q|pay|{DAY}",
        f"w|Q|pay|{DAY}|enterprise",
    ]
    assert [one.enterprise for one in rules.pursued(both, ["P"])] == ["P"]
    assert rules.pursued([claim()], ["P"], "enterprise") == []
