from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.complaints.decisions import rules
from services.complaints.decisions.rules import Move, Side, State
from shared.contracts.complaints import CaseOutcome
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 3, 2)
LAW = parameters.on(DAY, place="510603")


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_proposal_is_decided_once(state: State, move: Move) -> None:
    legal = {("proposed", "approve"): "approved", ("proposed", "send_back"): "sent_back"}
    if (state, move) in legal:
        assert rules.STATES.next(state, move) == legal[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


@pytest.mark.parametrize("outcome", get_args(CaseOutcome))
def test_the_law_and_guidance_give_every_outcome(outcome: CaseOutcome) -> None:
    rules.check_outcome(outcome, LAW, platform=True, heard=True)


@pytest.mark.parametrize("outcome", ["penalty", "order"])
def test_nothing_burdens_an_enterprise_unheard(outcome: CaseOutcome) -> None:
    with pytest.raises(Conflict):
        rules.check_outcome(outcome, LAW, platform=True, heard=False)
    with pytest.raises(Conflict):
        rules.check_outcome(outcome, LAW, platform=False, heard=True)
    rules.check_outcome("guidance", LAW, platform=True, heard=False)


def test_nothing_is_decided_that_the_law_does_not_know() -> None:
    with pytest.raises(RuleBroken):
        rules.check_outcome("execution", LAW, platform=True, heard=True)  # type: ignore[arg-type]


def test_nobody_approves_an_own_proposal() -> None:
    rules.check_approver("a", "b")
    with pytest.raises(Conflict):
        rules.check_approver("a", "a")


def test_a_case_ends_with_a_penalty_only_by_its_name() -> None:
    rules.check_penalty("penalty", "p-1")
    rules.check_penalty("order", None)
    for outcome, named in (("penalty", None), ("order", "p-1")):
        with pytest.raises(RuleBroken):
            rules.check_penalty(outcome, named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("served", "platform", "reporter", "all_served"),
    [
        ([], True, True, False),
        (["enterprise"], True, True, False),
        (["reporter"], True, True, False),
        (["reporter", "enterprise"], True, True, True),
        (["enterprise"], True, False, True),
        (["reporter"], False, True, True),
    ],
)
def test_both_sides_get_the_decision(served: list[Side], platform: bool, reporter: bool, all_served: bool) -> None:
    assert rules.served_on_all(dict.fromkeys(served, DAY), platform=platform, reporter=reporter) is all_served
