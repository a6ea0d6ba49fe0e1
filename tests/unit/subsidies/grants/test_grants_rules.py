from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.decisions.rules import Outcome
from services.subsidies.grants import rules
from services.subsidies.grants.rules import GROUNDS, GrantFacts, Panel, Placed
from services.subsidies.persons.rules import Work
from shared.policy.parameters import Parameters
from shared.policy.rows import Row, Source, read_all

DAY = dt.date(2026, 9, 1)
START = dt.date(2026, 1, 1)


def known(**values: Any) -> Parameters:
    """The law with values in the place of rows of which none is known."""
    declared = read_all()
    for name, value in values.items():
        key = f"employment_service.{name}"
        row = Row(value=value, valid_from=START, published=START, source=Source(document="试"), verified=False)
        declared[key] = declared[key].model_copy(update={"rows": (row,)})
    return Parameters(declared.values())


SIX = known(stay_months="6", panel_members="3")


def work(first: dt.date, last: dt.date | None = None, name: str = "e") -> Work:
    return Work(engagement_id=name, platform="91510600MA0000001E", partner=None, first=first, last=last)


def person(name: str, *works: Work, taken: bool = False, ids: tuple[str, ...] | None = None) -> Placed:
    return Placed(certificate=f"c-{name}", persons=ids or (name,), works=works, taken=taken)


def facts(*placed: Placed, **values: Any) -> GrantFacts:
    told: dict[str, Any] = {"applicant": "platform", "panel": Panel(amount="5000.00", members=3)} | values
    return GrantFacts(day=DAY, place="510603", events={}, started_on=START, until=DAY, placed=placed, **told)


def decide(found: GrantFacts, parameters: Parameters = SIX) -> Outcome:
    return rules.decide(found, parameters.on(DAY, place="510603"))


def met(outcome: Outcome) -> dict[str, bool | None]:
    return {ground.code: ground.met for ground in outcome.grounds}


@pytest.mark.parametrize(
    ("works", "months"),
    [
        ((work(dt.date(2026, 1, 15), dt.date(2026, 4, 14)),), 3),
        ((work(dt.date(2026, 1, 15), dt.date(2026, 4, 13)),), 2),
        ((work(dt.date(2026, 3, 1)),), 6),  # to 2026-09-01
        ((work(dt.date(2026, 1, 1), dt.date(2026, 2, 28)), work(dt.date(2026, 3, 1), dt.date(2026, 3, 31), "f")), 3),
        ((work(dt.date(2026, 1, 1), dt.date(2026, 1, 31)), work(dt.date(2026, 2, 2), dt.date(2026, 3, 31), "f")), 1),
        ((work(dt.date(2025, 12, 31), dt.date(2026, 8, 1)),), 0),  # was at work before the project
        ((work(dt.date(2026, 10, 1)),), 0),  # begins after the day that is looked at
        ((), 0),
    ],
)
def test_staying_is_the_longest_time_without_a_gap(works: tuple[Work, ...], months: int) -> None:
    assert rules.longest(works, facts()) == months


def test_each_who_stays_counts_and_the_panel_says_the_sum() -> None:
    outcome = decide(facts(person("a", work(dt.date(2026, 2, 1))), person("b", work(dt.date(2026, 8, 1)))))
    assert (outcome.amount, outcome.once) == (Decimal("5000.00"), ("placed:a",))
    assert met(outcome) == {
        "applicant": True,
        "project": None,
        "placed": True,
        "staying": True,
        "not_paid_before": True,
        "panel": True,
    }


def test_a_sum_for_each_person_needs_no_panel() -> None:
    placed = [person(name, work(dt.date(2026, 2, 1))) for name in "abc"]
    outcome = decide(facts(*placed, panel=None), known(stay_months="6", amount="400"))
    assert outcome.amount == Decimal(1200)
    assert "panel" not in met(outcome)


def test_without_a_panel_nothing_is_approved() -> None:
    outcome = decide(facts(person("a", work(dt.date(2026, 2, 1))), panel=None))
    assert (met(outcome)["panel"], outcome.met, outcome.once) == (False, False, ())


def test_a_panel_that_is_too_small_does_not_count() -> None:
    small = facts(person("a", work(dt.date(2026, 2, 1))), panel=Panel(amount="1.00", members=2))
    assert met(decide(small))["panel"] is False
    assert met(decide(small, known(stay_months="6")))["panel"] is None


def test_without_a_rule_on_staying_an_officer_judges() -> None:
    outcome = decide(facts(person("a", work(dt.date(2026, 8, 31)))), known())
    assert (met(outcome)["staying"], outcome.once) == (None, ("placed:a",))


def test_who_was_granted_for_does_not_count_again() -> None:
    outcome = decide(facts(person("a", work(dt.date(2026, 2, 1)), taken=True)))
    assert (met(outcome)["not_paid_before"], outcome.amount) == (False, None)


def test_one_person_under_two_numbers_counts_once() -> None:
    twice = [person(name, work(dt.date(2026, 2, 1)), ids=("a", "old")) for name in ("one", "other")]
    assert decide(facts(*twice)).once == ("placed:a", "placed:old")


def test_a_number_that_nobody_knows_counts_for_nobody() -> None:
    unknown = Placed(certificate="c", persons=(), works=(), taken=False)
    assert met(decide(facts(unknown)))["placed"] is False


@pytest.mark.parametrize(
    ("applicant", "may"),
    [("platform", True), ("provider", True), ("union", True), ("community", True), ("person", False)],
)
def test_organisations_and_businesses_may_apply(applicant: Any, may: bool) -> None:
    assert met(decide(facts(person("a", work(dt.date(2026, 2, 1))), applicant=applicant)))["applicant"] is may


def test_every_ground_has_its_text() -> None:
    codes = set(met(decide(facts(person("a", work(dt.date(2026, 2, 1)))))))
    assert codes == set(GROUNDS)


def test_whom_the_facts_decide_of_is_everybody_placed() -> None:
    assert rules.subjects(facts(person("a"), person("b", ids=("b", "b-old")))) == ("a", "b", "b-old")


DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2026, 9, 1))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=6))
def test_no_stay_is_longer_than_the_project(spans: list[tuple[dt.date, dt.date | None]]) -> None:
    works = [work(first, last, f"e{place}") for place, (first, last) in enumerate(spans)]
    assert 0 <= rules.longest(works, facts()) <= 8  # from 2026-01-01 to 2026-09-01
    assert rules.longest(works, facts()) == rules.longest(list(reversed(works)), facts())
