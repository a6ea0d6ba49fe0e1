"""What holds where an enterprise applied for arbitration against a worker."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest

from services.complaints.disputes import limitation, rules, state_rules, suit_rules
from services.complaints.disputes.rules import Claim
from services.complaints.disputes.state_rules import MOVES, WHO, WHO_AGAINST_WORKER, Applicant, Move, Side
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 11, 2)
LATE = DAY - dt.timedelta(days=1)
IN_2024 = parameters.on(dt.date(2024, 6, 3), place="510681")


def claim(kind: Any = "damages", awarded: str = "100") -> Claim:
    return Claim(id="1", worker_id="w", kind=kind, known_on=DAY, awarded=Decimal(awarded))


def sue(state: Any, side: Side, applicant: Applicant = "enterprise", **more: Any) -> None:
    asked: dict[str, Any] = {"today": DAY, "due": LATE, "sue_by": {}, "direct": False} | more
    suit_rules.check_suit(state, side, "employment", [claim()], applicant=applicant, **asked)


def may(move: Move, side: Side, applicant: Applicant) -> bool:
    state = next(state for state, one in MOVES if one == move)
    try:
        state_rules.check_side(state, move, side, applicant)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("move", "applicant"),
    [("apply", "enterprise"), ("withdraw", "enterprise"), ("defend", "worker")],
)
def test_an_application_has_its_sides_the_other_way(move: Move, applicant: Side) -> None:
    other: Side = "worker" if applicant == "enterprise" else "enterprise"
    assert (may(move, applicant, "enterprise"), may(move, other, "enterprise")) == (True, False)
    assert (may(move, applicant, "worker"), may(move, other, "worker")) == (False, True)


@pytest.mark.parametrize("applicant", get_args(Applicant))
def test_a_third_party_defends_whoever_applied(applicant: Applicant) -> None:
    state_rules.check_side("arbitration", "defend", "enterprise", applicant, "third_party")
    for role in (None, "respondent"):
        if applicant == "enterprise":
            with pytest.raises(Forbidden):
                state_rules.check_side("arbitration", "defend", "enterprise", applicant, role)
    with pytest.raises(Forbidden):
        state_rules.check_side("arbitration", "accept", "enterprise", applicant, "third_party")


def test_nobody_takes_a_step_that_leads_to_no_arbitration() -> None:
    for move in ("answer", "negotiate", "mediate", "breach", "ask_payment_order"):
        assert not any(may(move, side, "enterprise") for side in get_args(Side))
    assert {*WHO_AGAINST_WORKER} == {*WHO}


def test_what_a_body_does_is_the_same_for_both_applicants() -> None:
    theirs = [move for move, sides in WHO.items() if sides == {"forum"}]
    assert theirs
    assert all(WHO_AGAINST_WORKER[move] == WHO[move] for move in theirs)


def test_the_enterprise_sues_on_what_was_not_taken_up() -> None:
    for state in ("filed", "refused"):
        sue(state, "enterprise")
        with pytest.raises(Forbidden):
            sue(state, "worker")
    for side in ("enterprise", "worker"):  # on what is not decided in time either may (art. 43)
        sue("arbitration", side)


def test_a_final_award_lets_the_worker_alone_sue_as_ever() -> None:
    both: dict[Side, dt.date] = {"worker": DAY, "enterprise": DAY}
    sue("awarded_finally", "worker", sue_by=both)
    with pytest.raises(Conflict):
        sue("awarded_finally", "enterprise", sue_by=both)
    sue("awarded", "enterprise", sue_by=both)


def test_an_award_of_money_to_an_enterprise_is_not_final() -> None:
    assert rules.finality([claim()], IN_2024).final is True
    found = rules.finality([claim()], IN_2024, "enterprise")
    assert (found.final, found.reasons) == (False, ("damages:claimed_by_enterprise",))
    assert rules.finality([claim("rest")], IN_2024, "enterprise").final is True


def test_who_applied_takes_the_application_back() -> None:
    for state in ("filed", "arbitration"):
        suit_rules.check_leave(state, "enterprise", suit_rules.NO_SUIT, "enterprise")
        with pytest.raises(Forbidden):
            suit_rules.check_leave(state, "worker", suit_rules.NO_SUIT, "enterprise")
    suit_rules.check_leave("arbitration", "forum", suit_rules.NO_SUIT, "enterprise")


def test_an_enterprise_gets_nothing_executed_in_advance() -> None:
    rules.check_advance([claim()], clear=True, hardship=True)
    with pytest.raises(RuleBroken):
        rules.check_advance([claim()], clear=True, hardship=True, applicant="enterprise")


def test_neither_sides_claim_is_in_the_others_way() -> None:
    keys = [set(rules.claim_keys([claim()], ["P"], side)) for side in ("worker", "enterprise")]
    assert all(keys)
    assert not keys[0] & keys[1]


def test_only_a_workers_pay_waits_for_the_end_of_the_relation() -> None:
    def end(by_worker: bool) -> dt.date | None:
        found = limitation.ends_on(
            "pay", "employment", DAY, [], relation_ended_on=None, law=parameters.on(DAY), by_worker=by_worker
        )
        return None if found is None else found.due

    assert end(True) is None
    assert end(False) == dt.date(2027, 11, 2)


def test_nobody_prolongs_the_other_sides_limitation() -> None:
    for side, applicant in (("worker", "worker"), ("forum", "enterprise")):
        state_rules.check_claimant(side, applicant)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        state_rules.check_claimant("worker", "enterprise")
