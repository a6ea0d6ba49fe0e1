from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.disputes import people_commands, rules, state_rules, suit_rules
from services.complaints.disputes.api import DisputeStepBody
from services.complaints.disputes.rules import Claim, Step
from services.complaints.disputes.state_rules import BESIDE, DECIDING, MOVES, STATES, WHO, Move, Side, State
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 2)
IN_2024 = parameters.on(dt.date(2024, 6, 3), place="510681")


def claim(kind: Any = "pay", awarded: str | None = None, **more: Any) -> Claim:
    return Claim(
        id="1", worker_id="w", kind=kind, known_on=DAY, awarded=None if awarded is None else Decimal(awarded), **more
    )


def here(state: State, *moves: Move) -> dict[Move, State]:
    """Steps that lead nowhere else."""
    return dict.fromkeys(moves, state)


ONWARDS: dict[Move, State] = {"mediate": "mediation", "apply": "filed", "sue": "court_filed"}
"""Who does not negotiate or mediate goes on (劳动争议调解仲裁法 art. 5); whether a court takes it up is the court's to say."""
WITHDRAWN: dict[Move, State] = {"withdraw": "withdrawn"}
"""Nobody has to bring a dispute on; one that a forum has in hand is taken back from that first."""
LEFT: dict[Move, State] = {"leave": "open", "leave_award": "effective", "leave_final": "awarded_finally"}
"""Who takes a suit back leaves the award as binding as it then is (art. 47, 50)."""

BY_LAW: dict[State, dict[Move, State]] = {
    # 协商 (art. 4)
    "grievance": {"answer": "open", "settle": "agreed", "lapse": "open", **ONWARDS, **WITHDRAWN},
    "negotiation": {"fail": "open", "settle": "agreed", "lapse": "open", **ONWARDS, **WITHDRAWN},
    "open": {"negotiate": "negotiation", **ONWARDS, **WITHDRAWN},
    # 调解, for fifteen days (art. 14)
    "mediation": {"fail": "open", "settle": "agreed", "lapse": "open", **WITHDRAWN},
    # an agreement is performed, confirmed by a court, or not kept (art. 14, 15; 人民调解法 art. 33)
    "agreed": {
        **here("agreed", "consent"),
        "perform": "performed",
        "ask_confirmation": "confirming",
        "breach": "breached",
        **WITHDRAWN,
    },
    "confirming": {"confirm": "effective", "deny": "open"},
    # 支付令 (art. 16); otherwise it goes on as a dispute that was not mediated (art. 5, 15)
    "breached": {"perform": "performed", "ask_payment_order": "payment_order", **ONWARDS, **WITHDRAWN},
    "payment_order": {
        **here("payment_order", "issue_order"),
        "lapse": "effective",
        "perform": "performed",
        "end_order": "breached",
    },
    # taken up or not within five days; in either case without an answer a court is free (art. 29)
    "filed": {"accept": "arbitration", "refuse": "refused", "leave": "open", "sue": "court_filed"},
    "refused": {"mediate": "mediation", "sue": "court_filed", **WITHDRAWN},
    "arbitration": {
        # served and defended (art. 30), panel and hearing (art. 32, 35), extended (art. 43), advanced and in part (art. 43, 44)
        **here(
            "arbitration", "serve", "defend", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume"
        ),
        **here("arbitration", "advance", "award_part"),
        # what the other side claims, and what is tried together
        **here("arbitration", "counter_apply", "counter_accept", "counter_refuse", "counter_apart", "counter_defend"),
        **here("arbitration", "counter_leave", "counter_sue", "join"),
        "joined": "closed",
        # taken back, also after a settlement (art. 41); mediated with the force of an award (art. 42, 51); awarded; late (art. 43)
        "leave": "open",
        "settle": "effective",
        "award": "awarded",
        "award_finally": "awarded_finally",
        "sue": "court_filed",
    },
    # fifteen days to sue (art. 50)
    "awarded": {"sue": "court_filed", "lapse": "effective"},
    # final: binds at once; a worker sues, an enterprise asks to set aside (art. 47 to 49)
    "awarded_finally": {
        **here("awarded_finally", "execute"),
        "sue": "court_filed",
        "ask_to_set_aside": "setting_aside",
        "perform": "performed",
        "lapse": "effective",
    },
    "setting_aside": {"sue": "court_filed", "reject": "effective", "set_aside": "set_aside"},
    # fifteen days to sue after that (art. 49)
    "set_aside": {"sue": "court_filed", "lapse": "closed"},
    # each side may sue beside the other
    "court_filed": {**here("court_filed", "sue"), "accept": "court", "refuse": "open", **LEFT},
    "court": {**here("court", "sue"), "settle": "effective", "judge": "judged", **LEFT},
    "judged": {"appeal": "court", "take_effect": "effective"},
    # performed, or executed on request (art. 51)
    "effective": {"perform": "performed", "execute": "execution"},
    "execution": {"perform": "performed", "end_execution": "closed"},
    "performed": {},
    "withdrawn": {},
    "closed": {},
}


def test_a_dispute_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_every_step_is_taken_by_somebody_or_happens_by_itself() -> None:
    by_itself = {"lapse", "leave_award", "leave_final", "award_finally", "consent"}
    assert {move for _, move in MOVES} == set(WHO) | by_itself | BESIDE


def test_what_ends_a_dispute_for_good() -> None:
    assert STATES.final == {"performed", "withdrawn", "closed"}


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(get_args(Move))), max_size=60))
def test_a_claim_of_two_disputes_is_decided_in_one(steps: list[tuple[bool, Move]]) -> None:
    states: dict[bool, State] = {False: "grievance", True: "grievance"}
    holder: bool | None = None
    for which, move in steps:
        then = MOVES.get((states[which], move))
        if then is None:
            continue
        held = rules.hold(then)
        if held == "take":
            if holder not in (None, which):
                continue
            holder = which
        elif held == "give_up" and holder == which:
            holder = None
        states[which] = then
        assert not (states[False] in DECIDING and states[True] in DECIDING)


def test_what_was_decided_is_decided_nowhere_else() -> None:
    assert {rules.hold(state) for state in ("effective", "execution", "performed", "closed")} == {"keep"}


@pytest.mark.parametrize(
    ("relation", "kinds", "goes"),
    [
        ("employment", ["pay", "dismissal"], True),
        ("partial", ["employment_relation"], True),
        ("partial", ["employment_relation", "pay"], False),
        ("partial", ["pay"], False),
        ("self_employed", ["agreement"], False),
    ],
)
def test_only_a_labour_relation_or_its_proof_is_arbitrated(relation: Any, kinds: list[Any], goes: bool) -> None:
    if goes:
        rules.check_arbitration(relation, kinds)
    else:
        with pytest.raises(RuleBroken):
            rules.check_arbitration(relation, kinds)


def sue(state: State, side: Side = "worker", relation: Any = "employment", **more: Any) -> None:
    asked: dict[str, Any] = {"claims": [claim()], "today": DAY, "due": None, "sue_by": {}, "direct": False} | more
    suit_rules.check_suit(state, side, relation, **asked)


def test_arbitration_comes_before_the_court() -> None:
    with pytest.raises(RuleBroken):
        sue("open")
    sue("open", relation="partial")
    sue("open", relation="self_employed")
    sue("open", claims=[claim(iou=True)])
    sue("breached", direct=True)
    with pytest.raises(RuleBroken):
        sue("open", relation="partial", claims=[claim("employment_relation")])


def test_the_worker_may_sue_where_arbitration_is_late() -> None:
    for state in ("filed", "arbitration"):
        with pytest.raises(Conflict):
            sue(state, due=DAY)
        sue(state, due=DAY - dt.timedelta(days=1))
        with pytest.raises(Conflict):
            sue(state, due=None)  # the term stands still


def test_a_final_award_is_sued_against_by_the_worker_alone() -> None:
    both: dict[Side, dt.date] = {"worker": DAY, "enterprise": DAY}
    sue("awarded_finally", sue_by=both)
    with pytest.raises(Conflict):
        sue("awarded_finally", "enterprise", sue_by=both)
    sue("awarded", "enterprise", sue_by=both)
    with pytest.raises(Conflict):
        sue("awarded", sue_by=both, today=DAY + dt.timedelta(days=1))


def test_who_applied_sues_on_what_was_not_taken_up() -> None:
    late = DAY - dt.timedelta(days=1)
    for state in ("filed", "refused"):
        sue(state, due=late)
        with pytest.raises(Forbidden):
            sue(state, "enterprise", due=late)
    sue("arbitration", "enterprise", due=late)


def test_a_suit_is_of_who_sued_and_did_not_leave() -> None:
    steps: list[tuple[Move, Side | None]] = [("apply", "worker"), ("award", "forum"), ("sue", "enterprise")]
    assert suit_rules.suit_of(steps) == suit_rules.Suit(frozenset({"enterprise"}))
    both = suit_rules.suit_of([*steps, ("accept", "forum"), ("sue", "worker")])
    assert both == suit_rules.Suit(frozenset({"worker", "enterprise"}))
    assert suit_rules.suit_of([*steps, ("leave_award", "enterprise")]) == suit_rules.NO_SUIT
    assert suit_rules.suit_of([*steps, ("judge", "forum")]).judged


def test_who_decides_is_of_the_body_that_has_it_now() -> None:
    steps: list[tuple[Move, Side | None, str | None]] = [
        ("mediate", "worker", "w"),
        ("fail", "forum", "mediator"),
        ("apply", "worker", "w"),
    ]
    assert suit_rules.decides_now(steps) is None
    steps += [("accept", "forum", "arbitrator"), ("defend", "enterprise", "e")]
    assert suit_rules.decides_now(steps) == "arbitrator"
    steps += [("sue", "worker", "w")]
    assert suit_rules.decides_now(steps) is None
    steps += [("accept", "forum", "judge"), ("sue", "enterprise", "e")]
    assert suit_rules.decides_now(steps) == "judge"
    assert suit_rules.decides_now([*steps, ("judge", "forum", "judge"), ("appeal", "worker", "w")]) is None


def test_an_agreement_is_breached_behind_its_day() -> None:
    for day in (DAY, DAY + dt.timedelta(days=1)):
        with pytest.raises(Conflict):
            rules.check_breach(day, DAY, "forum")
        rules.check_breach(day, DAY, "enterprise")
    rules.check_breach(DAY - dt.timedelta(days=1), DAY, "worker")


@pytest.mark.parametrize(
    ("claims", "final"),
    [
        ([claim(awarded="23640")], True),  # 12 * 1970
        ([claim(awarded="23640.01")], False),
        ([claim(awarded="23640"), claim("severance", "23640")], True),
        ([claim("rest")], True),
        ([claim(awarded="100"), claim("contract")], False),
        ([claim()], None),
    ],
)
def test_an_award_is_final_by_each_claims_own_amount(claims: list[Claim], final: bool | None) -> None:
    assert rules.finality(claims, IN_2024).final is final


def test_where_the_minimum_wage_is_unknown_a_person_says() -> None:
    law = parameters.on(dt.date(2020, 6, 1), place="510681")
    found = rules.finality([claim(awarded="100")], law)
    assert (found.final, found.reasons) == (None, ("pay:minimum_wage_unknown",))


def test_the_terms_after_an_award() -> None:
    served, law = dt.date(2026, 11, 2), parameters.on(DAY)
    assert rules.sue_by(served, law).due == dt.date(2026, 11, 17)
    assert rules.set_aside_by(served, law).due == dt.date(2026, 12, 2)
    assert rules.confirm_by(served, law).due == dt.date(2026, 12, 2)


@given(st.dates(dt.date(2012, 1, 1), dt.date(2030, 1, 1)))
def test_no_term_is_over_before_it_begins(day: dt.date) -> None:
    law = parameters.on(DAY)
    assert all(due(day, law).due > day for due in (rules.sue_by, rules.set_aside_by, rules.confirm_by))


def test_the_terms_of_the_law() -> None:
    law = parameters.on(DAY)
    steps: tuple[Step, ...] = ("mediate", "accept", "serve", "defence", "copy_defence", "panel", "award")
    lengths = [rules.term_length(step, law) for step in steps]
    assert [one.count for one in lengths] == [15, 5, 5, 10, 5, 5, 45]
    assert [one.unit for one in lengths] == ["days", *["workdays"] * 5, "days"]


def test_a_hearing_is_told_five_working_days_before() -> None:
    law = parameters.on(DAY)
    rules.check_hearing(DAY + dt.timedelta(days=7), DAY, law)
    with pytest.raises(RuleBroken):
        rules.check_hearing(DAY + dt.timedelta(days=6), DAY, law)
    before_the_festival = dt.date(2026, 2, 13)  # days off until the 23rd
    with pytest.raises(RuleBroken):
        rules.check_hearing(dt.date(2026, 2, 26), before_the_festival, law)


def test_ten_workers_choose_representatives() -> None:
    assert [rules.group(size, parameters.on(DAY)) for size in (9, 10)] == [False, True]


def test_execution_in_advance_needs_all_its_conditions() -> None:
    rules.check_advance([claim()], clear=True, hardship=True)
    for claims, clear, hardship in (([claim()], True, False), ([claim()], False, True), ([claim("rest")], True, True)):
        with pytest.raises(RuleBroken):
            rules.check_advance(claims, clear=clear, hardship=hardship)


def test_who_settles_depends_on_where() -> None:
    state_rules.check_side("grievance", "settle", "enterprise")
    for state, side in (("grievance", "worker"), ("negotiation", "enterprise"), ("mediation", "worker")):
        with pytest.raises(Forbidden):
            state_rules.check_side(state, "settle", side)  # type: ignore[arg-type]


def test_a_suit_taken_back_leaves_what_was_awarded() -> None:
    assert suit_rules.left_by("leave", after=None) == "leave"
    assert STATES.next("court", suit_rules.left_by("leave", after="other")) == "effective"
    assert STATES.next("court", suit_rules.left_by("leave", after="final")) == "awarded_finally"


def test_an_award_says_something_on_each_claim_of_a_group() -> None:
    awards = {str(place): "1.00" for place in range(1, people_commands.MOST_WORKERS * 3)}
    assert len(DisputeStepBody.model_validate({"step": "award", "awards": awards}).awards) == len(awards)
