from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import product
from typing import get_args

import pytest

from services.complaints.investigations import rules
from services.complaints.investigations.rules import Inspector, RequestMove, RequestState
from services.complaints.officers.rules import Duty, Matter, Person
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 3, 2), place="510603")
MATTER = Matter(departments=["hrss"], district="510603", enterprise="E")


def inspector(
    subject: str,
    *,
    certificate: str | None = "川-1",
    duties: tuple[Duty, ...] = ("inspector",),
    interests: Collection[str] = (),
) -> Inspector:
    person = Person(
        subject=subject,
        department="hrss",
        district="510603",
        everywhere=False,
        duties=duties,
        circles=(),
        interests=interests,
        active=True,
        load=0,
    )
    return Inspector(person, certificate)


def test_two_inspectors_with_cards_act_together() -> None:
    rules.check_inspectors([inspector("a"), inspector("b")], MATTER, LAW)


@pytest.mark.parametrize(
    ("people", "kind"),
    [
        ([inspector("a")], "too-few-inspectors"),
        ([inspector("a"), inspector("a")], "too-few-inspectors"),
        ([inspector("a"), inspector("b", certificate=None)], "no-certificate"),
        ([inspector("a"), inspector("b", duties=("handler",))], "not-an-inspector"),
        ([inspector("a"), inspector("b", interests=["E"])], "not-an-inspector"),
    ],
)
def test_fewer_or_partial_inspectors_take_no_step(people: list[Inspector], kind: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_inspectors(people, MATTER, LAW)
    assert refused.value.kind == kind


@pytest.mark.parametrize(("state", "move"), list(product(get_args(RequestState), get_args(RequestMove))))
def test_a_request_to_prolong_is_decided_once(state: RequestState, move: RequestMove) -> None:
    legal = {("asked", "approve"): "approved", ("asked", "refuse"): "refused"}
    if (state, move) in legal:
        assert rules.REQUESTS.next(state, move) == legal[state, move]
    else:
        with pytest.raises(Conflict):
            rules.REQUESTS.next(state, move)


def test_nobody_approves_what_they_asked_for() -> None:
    with pytest.raises(Conflict):
        rules.check_approver("a", "a")
