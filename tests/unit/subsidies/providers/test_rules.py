from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.providers import rules
from services.subsidies.providers.rules import Move, Span, Standing, State
from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

TODAY = dt.date(2026, 9, 1)
LAST = dt.date(2027, 8, 31)
RIDER = "4-02-07-10"
LEGAL: dict[tuple[str, str], str] = {
    ("none", "submit"): "submitted",
    ("refused", "submit"): "submitted",
    ("withdrawn", "submit"): "submitted",
    ("expired", "submit"): "submitted",
    ("removed", "submit"): "submitted",
    ("submitted", "accept"): "filed",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("filed", "suspend"): "suspended",
    ("filed", "renew"): "filed",
    ("filed", "expire"): "expired",
    ("filed", "remove"): "removed",
    ("suspended", "resume"): "filed",
    ("suspended", "expire"): "expired",
    ("suspended", "remove"): "removed",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_filing_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def standing(state: State = "filed", kind: ProviderKind = "training_body") -> Standing:
    scope: set[tuple[str, SkillLevel]] = {(RIDER, "junior"), (RIDER, "intermediate")}
    return Standing(kind, state, Span(TODAY, LAST), scope)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(TODAY - dt.timedelta(1), False), (TODAY, True), (LAST, True), (LAST + dt.timedelta(1), False)],
)
def test_a_filing_holds_on_its_days_both_included(day: dt.date, holds: bool) -> None:
    assert standing().holds_on(day) is holds


@pytest.mark.parametrize("state", [state for state in get_args(State) if state != "filed"])
def test_a_filing_that_does_not_stand_holds_on_no_day(state: State) -> None:
    assert not standing(state).holds_on(TODAY)
    with pytest.raises(Conflict):
        rules.require_trainer(standing(state), TODAY, RIDER, "junior")


def test_a_body_trains_what_is_on_file_at_its_levels() -> None:
    rules.require_trainer(standing(), TODAY, RIDER, "intermediate")
    for occupation, level in ((RIDER, "senior"), ("4-02-02-01", "junior")):
        with pytest.raises(RuleBroken, match="outside-scope"):
            rules.require_trainer(standing(), TODAY, occupation, level)  # type: ignore[arg-type]


def test_who_evaluates_does_not_train_and_the_other_way_about() -> None:
    rules.require_evaluator(standing(kind="evaluation_body"), TODAY, RIDER, "junior")
    with pytest.raises(RuleBroken, match="evaluates-only"):
        rules.require_trainer(standing(kind="evaluation_body"), TODAY, RIDER, "junior")
    with pytest.raises(RuleBroken, match="trains-only"):
        rules.require_evaluator(standing(), TODAY, RIDER, "junior")


def span(kind: ProviderKind, first: dt.date, last: dt.date) -> Span:
    return rules.span_of(kind, first, last, TODAY, parameters.on(TODAY, place="510600"))


def test_an_evaluation_body_is_on_file_for_three_years_at_most() -> None:
    assert span("evaluation_body", TODAY, dt.date(2029, 8, 31)) == Span(TODAY, dt.date(2029, 8, 31))
    with pytest.raises(RuleBroken, match="too-long"):
        span("evaluation_body", TODAY, dt.date(2029, 9, 1))


def test_the_officers_day_holds_where_no_longest_time_is_known() -> None:
    assert span("training_body", TODAY, dt.date(2036, 1, 1)).valid_to == dt.date(2036, 1, 1)


@pytest.mark.parametrize("last", [TODAY - dt.timedelta(1), TODAY - dt.timedelta(40)])
def test_days_that_are_over_put_nobody_on_file(last: dt.date) -> None:
    with pytest.raises(RuleBroken, match="days-over"):
        span("training_body", TODAY - dt.timedelta(30), last)


def test_a_renewal_ends_later_and_has_its_own_longest_time() -> None:
    law = parameters.on(TODAY, place="510600")
    held = Span(TODAY, LAST)
    assert rules.renewed("evaluation_body", held, dt.date(2030, 8, 31), TODAY, law) == Span(TODAY, dt.date(2030, 8, 31))
    with pytest.raises(RuleBroken, match="too-long"):
        rules.renewed("evaluation_body", held, dt.date(2030, 9, 1), TODAY, law)
    with pytest.raises(RuleBroken, match="not-later"):
        rules.renewed("evaluation_body", held, LAST, TODAY, law)
