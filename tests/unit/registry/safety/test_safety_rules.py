"""The gate before work, over all states and events of its table, with parameters of the test's own where none is published."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.registry.courses.rules import Word
from services.registry.safety.rules import Gate, State, Training, Workplace, gate, gate_at, questions, was_open
from shared.policy.parameters import Law, Parameters, parameters
from shared.policy.rows import parse

DAY = dt.date(2026, 9, 1)
TABLE = """
safety.training_required:
  {title: t, description: d, unit: flag, rows: [{value: "true", from: 2022-04-29, source: {document: d}, verified: true}]}
safety.courses:
  {title: t, description: d, unit: codes, rows: [
    {value: [safety-*], from: 2022-04-29, source: {document: d}, verified: true},
    {value: [freight-*], from: 2022-04-29, scope: {industry: freight}, source: {document: d}, verified: true}]}
safety.validity_months:
  {title: t, description: d, unit: months, rows: [
    {value: 12, from: 2022-04-29, source: {document: d}, verified: true},
    {value: 6, from: 2022-04-29, scope: {industry: freight}, source: {document: d}, verified: true}]}
safety.reminder_days:
  {title: t, description: d, unit: days, rows: [{value: 30, from: 2022-04-29, source: {document: d}, verified: true}]}
"""
LAPSING = Parameters(parse(TABLE))

A_YEAR_OLD = Training("safety-onboarding", dt.date(2025, 9, 1))
OLDER = Training("safety-onboarding", dt.date(2025, 8, 31))
SOON_OVER = Training("safety-onboarding", dt.date(2025, 9, 20))
FRESH = Training("safety-onboarding", dt.date(2026, 8, 20))


def decide(
    *trainings: Training, day: dt.date = DAY, industry: str = "instant_delivery", on: Parameters = LAPSING
) -> Gate:
    return gate(on.on(DAY, place="510603", industry=industry), trainings, day, on)


def test_without_training_on_file_nobody_may_work() -> None:
    found = decide(on=parameters)
    assert (found.open, found.state, found.held) == (False, "none", None)
    assert [row.key for row in found.used] == ["safety.training_required"]


def test_a_training_opens_the_gate_and_says_what_it_rests_on() -> None:
    assert decide(Training("anything", DAY, declared=True), on=parameters).open
    found = decide(Training("road-safety", DAY), on=parameters)
    assert found.open
    assert [row.key for row in found.used] == ["safety.training_required", "safety.courses"]


def test_where_no_period_is_published_a_training_does_not_lapse() -> None:
    found = decide(Training("safety", dt.date(2022, 5, 1)), on=parameters, day=dt.date(2046, 1, 1))
    assert (found.open, found.state) == (True, "valid")
    assert found.held is not None
    assert found.held.valid_to is None


@pytest.mark.parametrize("declared", [True, False])
def test_a_training_dated_ahead_holds_from_its_day_on(declared: bool) -> None:
    ahead = Training("safety-a", DAY + dt.timedelta(1), declared=declared)
    place = Workplace("p", "courier", "510603", DAY, DAY, declared=ahead if declared else None)
    found = gate_at(place, [ahead], None, DAY, LAPSING)
    assert (found.open, found.state, found.counts_from) == (False, "none", ahead.completed_on)
    assert not was_open(place, [ahead], None, DAY, LAPSING)
    then = gate_at(place, [ahead], None, ahead.completed_on, LAPSING)
    assert (then.open, then.trained_on, then.counts_from) == (True, ahead.completed_on, None)
    assert was_open(place, [ahead], None, ahead.completed_on, LAPSING)


def test_who_worked_on_a_training_since_replaced_has_worked() -> None:
    first = Training("safety-basics", dt.date(2026, 8, 20), declared=True)
    refused = Word(frozenset(), frozenset({"courier"}), None)
    no_good = Training("cooking", dt.date(2026, 8, 25), declared=True, word=refused)
    assert not was_open(Workplace("p", "courier", "510603", DAY, DAY, no_good, (no_good,)), [], DAY, DAY, LAPSING)
    assert was_open(Workplace("p", "courier", "510603", DAY, DAY, no_good, (first, no_good)), [], DAY, DAY, LAPSING)


def test_before_the_rule_only_a_declared_training_counts() -> None:
    early = parameters.on(dt.date(2020, 1, 1), place="510603")
    assert gate(early, [Training("x", DAY, declared=True)], DAY, parameters).open
    assert not gate(early, [Training("x", DAY)], DAY, parameters).open


def test_each_trade_has_its_courses_and_its_period() -> None:
    assert not decide(FRESH, industry="freight").open
    load = Training("freight-loading", dt.date(2026, 8, 20))
    assert not decide(load).open
    found = decide(load, industry="freight")
    assert found.held is not None
    assert (found.open, found.held.valid_to) == (True, dt.date(2027, 2, 20))
    assert {row.key for row in found.used} >= {"safety.courses", "safety.validity_months", "safety.reminder_days"}


@pytest.mark.parametrize("declared", [True, False])
def test_a_course_of_another_trade_opens_no_gate(declared: bool) -> None:
    ride = Training("ride-hailing-safety", DAY, declared=declared)
    assert decide(ride, industry="ride_hailing", on=parameters).open
    assert not decide(ride, industry="freight", on=parameters).open
    assert not decide(Training("road-safety", DAY, declared=declared), industry="other", on=parameters).open
    assert questions(ride, law_of("freight"), parameters) == ()


def test_a_course_that_no_catalogue_has_waits_for_an_officer() -> None:
    told = Training("客服礼仪", DAY)
    assert not decide(told, on=parameters).open
    assert questions(told, law_of("courier"), parameters) == ("counts", "validity")
    assert questions(Training("safety", DAY), law_of("courier"), parameters) == ("validity",)
    assert questions(Training("safety-a", DAY), law_of("courier", LAPSING), LAPSING) == ()


def test_an_officer_says_whether_a_course_counts_and_how_long() -> None:
    word = Word(frozenset({"instant_delivery"}), frozenset({"freight"}), 6)
    told = Training("客服礼仪", dt.date(2026, 8, 20), word=word)
    found = decide(told, on=parameters)
    assert found.held is not None
    assert (found.open, found.held.valid_to) == (True, dt.date(2027, 2, 20))
    assert not decide(told, industry="freight", on=parameters).open
    named = Training("safety-onboarding", DAY, declared=True, word=word)
    assert not decide(named, industry="freight", on=parameters).open  # also where the engagement names it
    assert questions(told, law_of("freight"), parameters) == ()
    assert questions(told, law_of("courier"), parameters) == ("counts", "validity")


def test_a_published_period_goes_before_an_officers() -> None:
    word = Word(frozenset({"instant_delivery"}), frozenset(), 1)
    found = decide(Training("safety-a", DAY, word=word))
    assert found.held is not None
    assert found.held.valid_to == dt.date(2027, 9, 1)


def law_of(industry: str, on: Parameters = parameters) -> Law:
    return on.on(DAY, place="510603", industry=industry)


def test_a_training_is_valid_on_its_last_day_and_not_on_the_next() -> None:
    assert decide(A_YEAR_OLD).state == "expiring"
    assert decide(A_YEAR_OLD).open
    assert decide(A_YEAR_OLD, day=DAY + dt.timedelta(1)).state == "expired"
    assert not decide(A_YEAR_OLD, day=DAY + dt.timedelta(1)).open


def test_a_month_without_the_day_ends_a_period_on_its_last() -> None:
    found = decide(Training("freight-loading", dt.date(2025, 8, 31)), industry="freight")
    assert found.held is not None
    assert found.held.valid_to == dt.date(2026, 2, 28)


def test_renewal_is_asked_for_thirty_days_before_the_last() -> None:
    last = dt.date(2026, 9, 20)
    assert decide(SOON_OVER, day=last - dt.timedelta(31)).state == "valid"
    assert decide(SOON_OVER, day=last - dt.timedelta(30)).state == "expiring"


# the trainings on file in each state, and what each event of the table does to them
ON_FILE: dict[State, list[Training]] = {"none": [], "valid": [FRESH], "expiring": [SOON_OVER], "expired": [OLDER]}
NEXT: dict[tuple[State, str], State] = {
    ("none", "train"): "valid",
    ("none", "train_lapsed"): "expired",
    ("none", "remind"): "none",
    ("none", "lapse"): "none",
    ("none", "withdraw"): "none",
    ("valid", "train"): "valid",
    ("valid", "train_lapsed"): "valid",
    ("valid", "remind"): "expiring",
    ("valid", "lapse"): "expired",
    ("valid", "withdraw"): "none",
    ("expiring", "train"): "valid",
    ("expiring", "train_lapsed"): "expiring",
    ("expiring", "remind"): "expiring",
    ("expiring", "lapse"): "expired",
    ("expiring", "withdraw"): "none",
    ("expired", "train"): "valid",
    ("expired", "train_lapsed"): "expired",
    ("expired", "remind"): "expired",
    ("expired", "lapse"): "expired",
    ("expired", "withdraw"): "none",
}


@pytest.mark.parametrize(("state", "event"), NEXT)
def test_every_event_in_every_state(state: State, event: str) -> None:
    on_file = ON_FILE[state]
    assert decide(*on_file).state == state
    held = decide(*on_file).held
    last = held.valid_to if held and held.valid_to else DAY
    after = {
        "train": lambda: decide(*on_file, FRESH),
        "train_lapsed": lambda: decide(*on_file, OLDER),
        "remind": lambda: decide(*on_file, day=max(DAY, last - dt.timedelta(30))),
        "lapse": lambda: decide(*on_file, day=max(DAY, last + dt.timedelta(1))),
        "withdraw": lambda: decide(),
    }[event]()
    assert after.state == NEXT[state, event]
    assert after.open == (after.state in ("valid", "expiring"))


TRAININGS = st.lists(
    st.builds(
        Training,
        st.sampled_from(["safety-a", "safety-b", "cooking"]),
        st.dates(dt.date(2025, 1, 1), DAY),
        st.booleans(),
    )
)


@example([Training("safety-a", DAY), Training("safety-a", DAY, declared=True)])
@given(TRAININGS)
def test_the_order_in_which_trainings_come_does_not_matter(trainings: list[Training]) -> None:
    before = decide(*trainings)
    assert decide(*reversed(trainings)) == before
    assert decide(*sorted(trainings, key=lambda one: (one.course, one.completed_on, one.declared))) == before


@given(TRAININGS, TRAININGS)
def test_one_more_training_never_closes_the_gate(some: list[Training], more: list[Training]) -> None:
    assert decide(*some, *more).open >= decide(*some).open
