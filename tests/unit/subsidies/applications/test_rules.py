"""How an application moves, and what may be signed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.subsidies.applications import rules
from services.subsidies.applications.rules import DECIDED, MOVES, STATES, UNDECIDED, Finding, Move, State
from services.subsidies.decisions.rules import Ground, Outcome
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.calendar import Pause, share_passed
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 9, 30)
LAW = parameters.on(DAY, place="510603")


def outcome(met: bool | None = True, amount: str | None = None) -> Outcome:
    ground = Ground(code="old_enough", met=met, document="x")
    return Outcome(grounds=(ground,), amount=None if amount is None else Decimal(amount), once=(), used=())


BY_LAW: dict[State, dict[Move, State]] = {
    # 95号文 art. 12 and 14 give what is applied for, the steps are the authority's; who applies takes it back until it is
    # approved, and while it waits for money
    "draft": {"submit": "submitted", "discard": "withdrawn"},
    "submitted": {"accept": "reviewing", "ask": "supplementing", "withdraw": "withdrawn"},
    # what is missing is said; who does not hand it in is taken to have withdrawn
    "supplementing": {"supplement": "submitted", "lapse": "withdrawn", "withdraw": "withdrawn"},
    "reviewing": {"ask": "supplementing", "review": "reviewed", "withdraw": "withdrawn"},
    # one officer finds, another signs; a refusal ends it, an approval passes the public notice where its kind has one
    "reviewed": {
        "return": "reviewing",
        "endorse": "endorsing",
        "announce": "notice",
        "approve": "approved",
        "refuse": "refused",
        "withdraw": "withdrawn",
    },
    "endorsing": {"return": "reviewing", "announce": "notice", "approve": "approved", "withdraw": "withdrawn"},
    # an objection that holds sends it back (公示)
    "notice": {"return": "reviewing", "approve": "approved", "withdraw": "withdrawn"},
    # a refusal that was set aside is decided on anew (行政复议法 art. 64; 行政诉讼法 art. 70)
    "refused": {"reopen": "reviewing"},
    "approved": {"queue": "queued", "pay": "paying"},
    "queued": {"pay": "paying", "withdraw": "withdrawn", "recover": "recovered"},
    "paying": {"settle": "paid", "fail": "failed", "recover": "recovered"},
    # the bank may bring money back that it had taken, and take it later
    "paid": {"fail": "failed", "recover": "recovered"},
    "failed": {"settle": "paid", "recover": "recovered"},
    # a recovery that was set aside (行政复议法 art. 64; 行政诉讼法 art. 70)
    "recovered": {"settle": "paid"},
    "withdrawn": {},
}


def test_an_application_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_every_state_is_reached_from_a_draft() -> None:
    reached: set[str] = {"draft"}
    while further := {then for (state, _), then in MOVES.items() if state in reached} - reached:
        reached |= further
    assert reached == set(get_args(State))


def test_nothing_is_both_decided_and_not() -> None:
    assert not DECIDED & UNDECIDED
    assert set(get_args(State)) - DECIDED - UNDECIDED == {"draft", "refused", "withdrawn", "recovered"}


def test_no_way_leads_to_money_past_an_approval() -> None:
    assert {state for (state, _), then in MOVES.items() if then == "approved"} == {"reviewed", "endorsing", "notice"}
    assert {state for (state, move) in MOVES if move in ("queue", "pay")} == {"approved", "queued"}


@pytest.mark.parametrize(
    ("finding", "found", "barred", "amount"),
    [
        (Finding(approve=True, amount=Decimal("800.00")), outcome(), (), "800.00"),
        (Finding(approve=True), outcome(amount="900.00"), (), "900.00"),
        (Finding(approve=True, amount=Decimal("900.00")), outcome(amount="900.00"), (), "900.00"),
        (Finding(approve=True, judged=("old_enough",), amount=Decimal("1.00")), outcome(met=None), (), "1.00"),
        (Finding(approve=False, against=("old_enough",)), outcome(met=False), (), None),
        (Finding(approve=False, against=("other",)), outcome(), (), None),
    ],
)
def test_a_finding_that_stands(finding: Finding, found: Outcome, barred: tuple[str, ...], amount: str | None) -> None:
    due = rules.check_finding(finding, found, barred, paid=True)
    assert due == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("finding", "found", "barred", "kind"),
    [
        (Finding(approve=True, amount=Decimal("800.00")), outcome(met=False), (), "ground-not-met"),
        (Finding(approve=True, amount=Decimal("800.00")), outcome(), ("paid_already",), "ground-not-met"),
        (Finding(approve=True, amount=Decimal("800.00")), outcome(met=None), (), "ground-open"),
        (Finding(approve=True), outcome(), (), "amount-missing"),
        (Finding(approve=True, amount=Decimal("800.00")), outcome(amount="900.00"), (), "amount-fixed"),
        (Finding(approve=False), outcome(met=False), (), "grounds-missing"),
        (Finding(approve=False, against=("moon",)), outcome(met=False), (), "grounds-missing"),
    ],
)
def test_a_finding_that_cannot_stand(finding: Finding, found: Outcome, barred: tuple[str, ...], kind: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        rules.check_finding(finding, found, barred, paid=True)
    assert broken.value.kind == kind


def test_nobody_signs_twice_or_with_an_interest() -> None:
    rules.check_signer("officer:b", ["officer:a"], ["officer:c"])
    with pytest.raises(Conflict):
        rules.check_signer("officer:a", ["officer:a"], [])
    with pytest.raises(Forbidden):
        rules.check_signer("officer:c", [], ["officer:c"])


def test_without_a_limit_a_second_officer_calls_the_head() -> None:
    assert rules.needs_head(Decimal("1.00"), LAW, asked=True) is True
    assert rules.needs_head(Decimal("1.00"), LAW, asked=False) is False
    assert rules.needs_head(None, LAW, asked=None) is False
    with pytest.raises(RuleBroken):
        rules.needs_head(Decimal("1.00"), LAW, asked=None)


def test_a_notice_lasts_five_working_days_from_tomorrow() -> None:
    """30 September 2026 is a Wednesday before the holidays of 1 to 7 October; 10 October is worked."""
    since, until = rules.days_of_notice(DAY, LAW)
    assert since == dt.date(2026, 10, 1)
    assert until.due == dt.date(2026, 10, 13)


def test_days_while_something_was_missing_do_not_count() -> None:
    """Ten working days after Monday 2 November: the 16th; a week's pause within them puts it off by five days."""
    term, begun = "social_insurance.training_subsidy_workdays", dt.date(2026, 11, 2)
    assert rules.decide_by(term, begun, [], LAW) == dt.date(2026, 11, 16)
    pause = Pause(dt.date(2026, 11, 4), dt.date(2026, 11, 10))
    assert rules.decide_by(term, begun, [pause], LAW) == dt.date(2026, 11, 23)
    assert rules.decide_by(term, begun, [Pause(dt.date(2026, 11, 4), None)], LAW) is None
    assert rules.decide_by("subsidy.decide_workdays", begun, [], LAW) is None


def test_the_warning_comes_at_the_share_of_working_days() -> None:
    assert share_passed(dt.date(2026, 11, 2), dt.date(2026, 11, 16), 80) == dt.date(2026, 11, 12)


def test_a_supplement_has_the_term_that_the_officer_says() -> None:
    assert rules.supplement_until(DAY, LAW, dt.date(2026, 10, 20)).due == dt.date(2026, 10, 20)
    for said in (None, DAY):
        with pytest.raises(RuleBroken):
            rules.supplement_until(DAY, LAW, said)


def test_a_decision_is_contested_within_sixty_days_or_six_months() -> None:
    remedies = rules.remedies(dt.date(2026, 11, 30), None, LAW)
    assert (remedies.review_by, remedies.sue_by) == (dt.date(2027, 1, 29), dt.date(2027, 5, 31))


def test_no_term_runs_before_a_decision_is_served() -> None:
    """After a review that upholds it, fifteen days from the receipt of that (行政诉讼法 art. 45)."""
    assert rules.remedies(None, None, LAW) == rules.Remedies()
    assert rules.remedies(None, dt.date(2026, 11, 30), LAW).sue_by == dt.date(2026, 12, 15)
