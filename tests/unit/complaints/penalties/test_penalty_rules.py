from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.penalties import rules
from services.complaints.penalties.rules import BEFORE, MOVES, STATES, Move, State
from services.complaints.penalty_grounds import intended_rules
from services.complaints.penalty_grounds.intended_rules import Intended
from services.complaints.penalty_grounds.rules import Allowed
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import add_working_days, is_working_day
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 3, 2)
LAW = parameters.on(DAY, place="510603")
FEN = Decimal("0.01")
fines = st.integers(0, 10_000_000).map(lambda fen: fen * FEN)
days = st.dates(dt.date(2025, 1, 1), dt.date(2026, 11, 30))


def here(state: State, *moves: Move) -> dict[Move, State]:
    """Steps that lead nowhere else."""
    return dict.fromkeys(moves, state)


ENDS: dict[Move, State] = {"leave": "unpunished", "drop": "dropped", "refer": "referred"}
"""Not punished, not proved, a crime (行政处罚法 art. 57, 27): at every stage after the investigation."""
CONTESTED: tuple[Move, ...] = ("contest", "uphold", "change")
"""A decision that was served is contested in time, whatever became of it (art. 73; 行政复议法 art. 20; 行政诉讼法 art. 46)."""

BY_LAW: dict[State, dict[Move, State]] = {
    # decided within ninety days, or longer where that is approved (行政处罚法 art. 60); on the spot for what is small (art. 51)
    "filed": {
        **here("filed", "extend"),
        "conclude": "investigated",
        "decide_on_spot": "decided",
        "drop": "dropped",
        "refer": "referred",
    },
    # told before anything is decided (art. 44, 62)
    "investigated": {**here("investigated", "extend"), "notify": "notified", **ENDS},
    # they state their case (art. 45), and ask for a hearing or not (art. 63, 64); reviewed (art. 58), then decided (art. 57)
    "notified": {
        **here("notified", "extend", "add_evidence", "state", "waive", "review"),
        "ask_hearing": "hearing_asked",
        "decide": "decided",
        **ENDS,
    },
    # who asked for a hearing may do without, or is taken to by staying away (art. 64); nobody decides before (art. 65)
    "hearing_asked": {
        **here("hearing_asked", "extend", "add_evidence", "state"),
        "waive": "notified",
        "set_hearing": "hearing_set",
        **ENDS,
    },
    "hearing_set": {
        **here("hearing_set", "extend", "add_evidence", "state", "set_hearing"),
        "waive": "notified",
        "hear": "heard",
        **ENDS,
    },
    # decided by the record of the hearing, after a legal review (art. 58, 65); they may still state their case (art. 45)
    "heard": {**here("heard", "extend", "state", "review"), "decide": "decided", **ENDS},
    # binds from its service on (art. 61); a warning is carried out by that
    "decided": {"serve": "served", "serve_warning": "fulfilled", "annul": "annulled"},
    # paid, also in parts or later (art. 66, 67); reminded (行政强制法 art. 54); agreed upon (行政强制法 art. 42)
    "served": {
        **here("served", "pay_part", "ask_deferral", "defer", "refuse_deferral", "agree", "correct", *CONTESTED),
        "pay": "fulfilled",
        "remind": "reminded",
        # an agreement that is not kept: what went before it goes on (行政强制法 art. 42)
        "resume": "reminded",
        "annul": "annulled",
    },
    # they state their case once more (行政强制法 art. 36), then a court is applied to (art. 53, 54)
    "reminded": {
        **here("reminded", "state", "pay_part", "ask_deferral", "refuse_deferral", "correct", *CONTESTED),
        "defer": "served",
        "agree": "served",
        "pay": "fulfilled",
        "go_to_court": "in_court",
        "annul": "annulled",
    },
    # the court executes, or ends that
    "in_court": {
        **here("in_court", "pay_part", "correct", *CONTESTED),
        "pay": "fulfilled",
        "end": "ended",
        "annul": "annulled",
    },
    # too much is taken in too; a receipt that was none lets it be owed again, as far along as it was
    "fulfilled": {
        **here("fulfilled", "pay_part", "correct", *CONTESTED),
        "owe": "served",
        "owe_after_reminder": "reminded",
        "owe_in_court": "in_court",
        "annul": "annulled",
    },
    # what is left stays owed
    "ended": {**here("ended", "pay_part", "correct", *CONTESTED), "pay": "fulfilled", "annul": "annulled"},
    # what was paid on it is paid back, and taken in first where it still comes
    "annulled": here("annulled", "pay_part", "correct"),
    "unpunished": {},
    "dropped": {},
    # what is handed back to be punished all the same (art. 27) is filed anew
    "referred": {},
}


def test_a_penalty_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_nothing_leads_out_of_what_is_over() -> None:
    assert STATES.final == {"unpunished", "dropped", "referred"}


def test_every_state_is_reached_from_the_filing() -> None:
    reached, before = {"filed"}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {then for (state, _), then in MOVES.items() if state in reached}
    assert reached == set(get_args(State))


@pytest.mark.parametrize(("move", "then"), [("leave", "unpunished"), ("drop", "dropped"), ("refer", "referred")])
def test_a_hearing_keeps_no_procedure_from_its_end(move: Move, then: State) -> None:
    """行政处罚法 art. 27, 57: who is not punished needs no hearing, and a crime is handed over without delay."""
    assert {STATES.next(state, move) for state in BEFORE - {"filed"}} == {then}


@pytest.mark.parametrize("state", ["in_court", "ended"])
def test_what_is_executed_is_contested_in_time(state: State) -> None:
    rules.check_contested_in_time(state, DAY, DAY, admitted=False)
    rules.check_contested_in_time(state, DAY, DAY + dt.timedelta(1), admitted=True)
    with pytest.raises(Conflict):
        rules.check_contested_in_time(state, DAY, DAY + dt.timedelta(1), admitted=False)
    moves: tuple[Move, ...] = ("contest", "uphold", "change")
    assert {STATES.next(state, move) for move in moves} == {state}


@given(st.lists(st.sampled_from(get_args(Move)), max_size=40), days, days, st.booleans())
def test_no_sequence_of_steps_decides_unheard(moves: list[Move], until: dt.date, today: dt.date, waived: bool) -> None:
    state: State = "filed"
    taken: list[Move] = []
    for move in moves:
        if not STATES.allows(state, move) or move == "decide_on_spot":
            continue  # who is punished on the spot is told and heard there
        if move == "decide":
            if state == "notified" and today <= until and not waived:
                with pytest.raises(Conflict):
                    rules.check_heard(state, until, today, waived=waived)
                continue
            rules.check_heard(state, until, today, waived=waived)
            assert "notify" in taken
            assert today > until or waived or "hear" in taken
        state = STATES.next(state, move)
        taken.append(move)
    if state in rules.PUNISHED:
        assert taken.index("notify") < taken.index("decide")


def test_nothing_is_decided_while_a_hearing_is_awaited() -> None:
    for state in ("filed", "investigated", "hearing_asked", "hearing_set"):
        assert not STATES.allows(state, "decide")


@given(fines, fines, fines, fines, st.booleans(), st.booleans())
def test_nothing_is_harsher_than_what_was_told(
    told: Decimal, fine: Decimal, taken: Decimal, takes: Decimal, warned: bool, warns: bool
) -> None:
    before, meant = Intended(warned, told, taken), Intended(warns, fine, takes)
    if fine <= told and takes <= taken and (warned or not warns):
        intended_rules.check_not_harsher(meant, before)
    else:
        with pytest.raises(RuleBroken):
            intended_rules.check_not_harsher(meant, before)


@given(fines, fines, fines, st.booleans())
def test_a_fine_lies_within_its_range_or_is_mitigated(a: Decimal, b: Decimal, fine: Decimal, mitigated: bool) -> None:
    least, most = sorted((a, b))
    range_ = Allowed("obstruction", least, most)
    fits = 0 < fine <= most and (fine >= least or mitigated)

    def check() -> None:
        intended_rules.check_intended(
            Intended(False, fine), range_, warns=False, mitigation=["harm_removed"] if mitigated else []
        )

    if fits:
        check()
    else:
        with pytest.raises(RuleBroken):
            check()


def test_a_warning_stands_alone_only_where_the_law_gives_one() -> None:
    overtime, flat = Allowed("overtime", Decimal(100), Decimal(500)), Allowed("obstruction", Decimal(1), Decimal(2))
    intended_rules.check_intended(Intended(True, Decimal(0)), overtime, warns=True, mitigation=[])
    for intended, range_, warns in (
        (Intended(False, Decimal(0)), overtime, True),
        (Intended(True, Decimal(0)), flat, True),
        (Intended(True, Decimal(1)), flat, False),
    ):
        with pytest.raises(RuleBroken):
            intended_rules.check_intended(intended, range_, warns=warns, mitigation=["merit"])


def test_what_is_gained_is_confiscated_with_a_fine_or_alone() -> None:
    flat, none = (
        Allowed("agency", Decimal(10000), Decimal(50000)),
        Allowed("unlicensed_dispatch", Decimal(0), Decimal(1)),
    )
    intended_rules.check_intended(Intended(False, Decimal(10000), Decimal(5)), flat, warns=False, mitigation=[])
    intended_rules.check_intended(Intended(False, Decimal(0), Decimal(5)), none, warns=False, mitigation=[])
    for intended, range_ in ((Intended(False, Decimal(0), Decimal(5)), flat), (Intended(False, Decimal(0)), none)):
        with pytest.raises(RuleBroken):
            intended_rules.check_intended(intended, range_, warns=False, mitigation=[])


def test_a_fine_for_overtime_goes_with_a_warning() -> None:
    range_ = Allowed("overtime", Decimal(100), Decimal(500))
    intended_rules.check_intended(Intended(True, Decimal(200)), range_, warns=True, mitigation=[])
    intended_rules.check_intended(Intended(False, Decimal(200)), range_, warns=True, mitigation=["merit"])
    with pytest.raises(RuleBroken, match="warning"):
        intended_rules.check_intended(Intended(False, Decimal(200)), range_, warns=True, mitigation=[])


def test_an_act_found_after_two_years_is_not_punished() -> None:
    ended = dt.date(2024, 3, 1)
    rules.check_punishable(ended, dt.date(2026, 3, 1), LAW, harmed=False)
    with pytest.raises(Conflict):
        rules.check_punishable(ended, dt.date(2026, 3, 2), LAW, harmed=False)
    rules.check_punishable(ended, dt.date(2029, 3, 1), LAW, harmed=True)
    with pytest.raises(Conflict):
        rules.check_punishable(ended, dt.date(2029, 3, 2), LAW, harmed=True)


def test_time_does_not_run_while_an_act_goes_on() -> None:
    rules.check_punishable(None, dt.date(2040, 1, 1), LAW, harmed=False)


@pytest.mark.parametrize(
    ("began", "ended"),
    [(DAY, DAY - dt.timedelta(1)), (DAY + dt.timedelta(1), None), (DAY, DAY + dt.timedelta(1))],
)
def test_an_act_has_been_and_ends_after_it_began(began: dt.date, ended: dt.date | None) -> None:
    with pytest.raises(RuleBroken):
        rules.check_act(began, ended, DAY)


@pytest.mark.parametrize(
    ("fine", "confiscated", "due"),
    [
        ("50000", "0", True),
        ("49999.99", "0", False),
        ("2000", "49999.99", False),
        ("0", "50000", True),
        ("0", "0", False),
    ],
)
def test_a_hearing_is_due_on_a_large_sum(fine: str, confiscated: str, due: bool) -> None:
    assert intended_rules.hearing_is_due(Intended(False, Decimal(fine), Decimal(confiscated)), LAW) is due


def test_what_was_stated_is_answered_before_a_decision() -> None:
    rules.check_answered(0, None)
    rules.check_answered(2, "经复核不予采纳")
    with pytest.raises(Conflict):
        rules.check_answered(1, None)


def test_the_enterprise_speaks_for_five_working_days() -> None:
    assert rules.speak_workdays(LAW) == 5
    until = rules.speaks_until(DAY, LAW)
    assert until == dt.date(2026, 3, 9)
    rules.check_in_time(until, until)
    with pytest.raises(Conflict):
        rules.check_in_time(until, until + dt.timedelta(1))


@given(days)
def test_a_hearing_is_told_seven_working_days_ahead(today: dt.date) -> None:
    first = add_working_days(today, 7).due
    rules.check_hearing_day(first, today, LAW)
    with pytest.raises(RuleBroken):
        rules.check_hearing_day(first - dt.timedelta(1), today, LAW)
    assert sum(is_working_day(today + dt.timedelta(n)) for n in range(1, (first - today).days + 1)) == 7


def test_what_needs_a_legal_review_is_not_decided_without() -> None:
    rules.check_reviewed(None, due=False)
    rules.check_reviewed(True, due=True)
    for passed, due in ((None, True), (False, True), (False, False)):
        with pytest.raises(Conflict):
            rules.check_reviewed(passed, due=due)


def test_a_grave_matter_is_discussed_by_several() -> None:
    rules.check_discussed([], grave=False)
    rules.check_discussed(["a", "b"], grave=True)
    with pytest.raises(Conflict):
        rules.check_discussed(["a", "a"], grave=True)


def test_a_penalty_goes_with_an_order_where_the_act_goes_on() -> None:
    rules.check_ordered("立即改正", goes_on=True, ordered=False)
    rules.check_ordered(None, goes_on=True, ordered=True)
    rules.check_ordered(None, goes_on=False, ordered=False)
    with pytest.raises(Conflict):
        rules.check_ordered(None, goes_on=True, ordered=False)


def test_an_act_is_the_first_only_where_none_was_punished() -> None:
    rules.check_leniency("first_slight_put_right", 0)
    rules.check_leniency("slight_put_right", 3)
    with pytest.raises(Conflict):
        rules.check_leniency("first_slight_put_right", 1)


def test_nobody_takes_two_parts() -> None:
    rules.check_officer("a", ["b"])
    with pytest.raises(Conflict):
        rules.check_officer("a", ["a", "b"])


def test_a_court_is_applied_to_only_in_its_time() -> None:
    over, reminded = dt.date(2026, 6, 1), dt.date(2026, 6, 10)
    last = rules.court_by(over, LAW)
    assert last == dt.date(2026, 9, 1)
    waits = rules.reminded_until(reminded, LAW)
    assert waits == dt.date(2026, 6, 25)
    for today in (dt.date(2026, 6, 26), last):
        rules.check_court(over, reminded, today, LAW, contested=False)
    for today, contested in ((waits, False), (last, True), (last + dt.timedelta(1), False)):
        with pytest.raises(Conflict):
            rules.check_court(over, reminded, today, LAW, contested=contested)
    with pytest.raises(Conflict):
        rules.check_court(over, dt.date(2026, 5, 1), over, LAW, contested=False)


def test_the_days_after_a_reminder_are_working_days() -> None:
    reminded = dt.date(2026, 9, 29)
    until = rules.reminded_until(reminded, LAW)
    assert sum(is_working_day(reminded + dt.timedelta(n)) for n in range(1, (until - reminded).days + 1)) == 10


def test_the_last_day_to_speak_is_the_enterprises_own() -> None:
    with pytest.raises(Conflict):
        rules.check_heard("notified", DAY, DAY, waived=False)
    rules.check_heard("notified", DAY, DAY + dt.timedelta(1), waived=False)
    rules.check_heard("notified", DAY, DAY, waived=True)
    rules.check_heard("heard", DAY, DAY, waived=False)


def test_a_licence_opens_a_hearing_and_is_no_small_thing() -> None:
    revoking = Intended(False, Decimal(0), revoked="labour_dispatch")
    assert intended_rules.hearing_is_due(revoking, LAW)
    assert not intended_rules.hearing_is_due(Intended(False, Decimal(0)), LAW)
    with pytest.raises(RuleBroken):
        intended_rules.check_not_harsher(revoking, Intended(True, Decimal(9)))
    intended_rules.check_not_harsher(Intended(False, Decimal(0)), revoking)
