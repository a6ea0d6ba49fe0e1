"""Who is added to a dispute, when and by whom, and what they see and do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.disputes import party_rules
from services.complaints.disputes.party_rules import Adding
from services.complaints.disputes.state_rules import MOVES
from shared.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 11, 2)


def add(state: Any = "arbitration", role: Any = "respondent", side: Any = "worker", **more: Any) -> None:
    values: dict[str, Any] = {"applicant": "worker", "parties": ["P"], "hearing_on": None, "today": DAY} | more
    adding = Adding(enterprise="Q", role=role, side=side)
    party_rules.check_adding(adding, state, values.pop("applicant"), values.pop("parties"), **values)


@pytest.mark.parametrize("state", sorted({state for state, _ in MOVES}))
def test_parties_are_added_in_arbitration_alone(state: str) -> None:
    if state in ("filed", "arbitration"):
        add(state)
    else:
        with pytest.raises(Conflict):
            add(state)


def test_who_applied_adds_a_respondent_before_the_hearing() -> None:
    add(hearing_on=DAY + dt.timedelta(days=1))
    with pytest.raises(Conflict):
        add(hearing_on=DAY)
    add(side="forum", hearing_on=DAY)


def test_third_parties_are_called_by_the_commission() -> None:
    add(side="forum", role="third_party")
    with pytest.raises(Forbidden):
        add(role="third_party")


@pytest.mark.parametrize(
    ("role", "more", "error"),
    [
        ("respondent", {"applicant": "enterprise"}, RuleBroken),
        ("respondent", {"parties": ["P", "Q"]}, Conflict),
        ("respondent", {"parties": [f"P{place}" for place in range(10)]}, Conflict),
        ("third_party", {"applicant": "enterprise"}, None),
        ("respondent", {"parties": ["P", "Q"], "third_parties": ["Q"]}, None),
        ("third_party", {"parties": ["P", "Q"], "third_parties": ["Q"]}, Conflict),
    ],
)
def test_who_is_no_party_to_be_added(role: str, more: dict[str, Any], error: type[DomainError] | None) -> None:
    if error is None:
        add(role=role, side="forum", **more)
    else:
        with pytest.raises(error):
            add(role=role, side="forum", **more)


def test_an_added_party_answers_within_ten_working_days() -> None:
    assert party_rules.answer_by(DAY, parameters.on(DAY)).due == dt.date(2026, 11, 16)


def test_a_hearing_stands_where_all_hear_of_it_in_time() -> None:
    law = parameters.on(DAY)
    assert [party_rules.hearing_stands(DAY + dt.timedelta(days), DAY, law) for days in (6, 7)] == [False, True]


def test_a_third_party_takes_no_step_of_the_parties() -> None:
    party_rules.check_step("third_party", "defend")
    for role in ("respondent", None):
        party_rules.check_step(role, "sue")
    with pytest.raises(Forbidden):
        party_rules.check_step("third_party", "sue")


def test_the_file_of_the_commission_begins_with_the_application() -> None:
    assert party_rules.of_application(["answer", "mediate", "fail", "apply", "accept"]) == 3
    assert party_rules.of_application(["apply", "leave", "apply"]) == 2
    assert party_rules.of_application([]) == 0


def test_dispatching_firm_and_using_unit_belong_together() -> None:
    employed = [("P", "Q", True), ("R", "S", False), ("T", None, True)]
    assert party_rules.joint(["P"], employed) == ["Q"]
    assert party_rules.joint(["Q", "R"], employed) == ["P"]
    assert party_rules.joint(["P", "Q"], employed) == []
    assert party_rules.joint(["R", "T"], employed) == []


def test_an_award_binds_whom_it_names_or_all_respondents() -> None:
    assert party_rules.bound({}, "1", ["P", "Q"]) == ["P", "Q"]
    assert party_rules.bound({"1": ["Q"]}, "1", ["P", "Q"]) == ["Q"]
    for named in ([], ["T"]):
        with pytest.raises(RuleBroken):
            party_rules.bound({"1": named}, "1", ["P", "Q"])


@pytest.mark.parametrize(
    ("successors", "ground", "then"),
    [
        (["Q"], "merger", ["Q", "R"]),
        (["R"], "merger", ["R"]),
        (["Q", "S"], "division", ["Q", "S", "R"]),
        (["P", "S"], "division", ["P", "S", "R"]),
    ],
)
def test_a_successor_has_the_place_of_a_party(successors: list[str], ground: Any, then: list[str]) -> None:
    assert party_rules.succeeded(["P", "R"], "P", successors, ground, "arbitration") == then


@pytest.mark.parametrize(
    ("enterprise", "successors", "ground", "state", "error"),
    [
        ("X", ["Q"], "merger", "open", NotFound),
        ("P", ["Q"], "merger", "closed", Conflict),
        ("P", ["P"], "merger", "open", RuleBroken),
        ("P", ["P"], "division", "open", RuleBroken),
        ("P", ["Q", "R"], "merger", "open", RuleBroken),
    ],
)
def test_who_has_nobodys_place(
    enterprise: str, successors: list[str], ground: Any, state: Any, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        party_rules.succeeded(["P"], enterprise, successors, ground, state)
