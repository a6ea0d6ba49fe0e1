"""When a letter counts as served, and what terms run from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.letters.rules import service_on
from services.insurance.serving import rules
from services.insurance.serving.rules import Terms
from shared.contracts.insurance import Letter, ServiceWay, Side
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar, serving
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 9, 2), place="510603")
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
PARTIES = st.sampled_from(get_args(Side))


@dataclass(frozen=True, slots=True)
class On:
    party: Side
    served_on: dt.date
    corrected: object | None = None


def test_a_letter_counts_from_the_day_of_its_receipt() -> None:
    ways = [one for one in get_args(ServiceWay) if one != "announcement"]
    assert {rules.served_on(way, dt.date(2026, 9, 2), LAW) for way in ways} == {dt.date(2026, 9, 2)}


@pytest.mark.parametrize(
    ("published", "counts_from"),
    [(dt.date(2026, 9, 2), dt.date(2026, 10, 8)), (dt.date(2021, 6, 1), dt.date(2021, 8, 2))],
    ids=["thirty days, and then the holidays", "sixty days until 2021, and a Sunday"],
)
def test_an_announcement_counts_once_its_dated_term_is_over(published: dt.date, counts_from: dt.date) -> None:
    law = parameters.on(published, place="510603")
    assert rules.served_on("announcement", published, law) == counts_from


def test_terms_of_a_decision_are_sixty_days_and_six_months() -> None:
    assert rules.terms("decision", dt.date(2026, 3, 2), LAW) == Terms(dt.date(2026, 5, 6), dt.date(2026, 9, 2), None)


def test_after_a_review_one_sues_within_fifteen_days() -> None:
    assert rules.terms("review", dt.date(2026, 3, 2), LAW) == Terms(None, dt.date(2026, 3, 17), None)


def test_another_assessment_is_asked_for_within_fifteen_days() -> None:
    assert rules.terms("assessment", dt.date(2026, 3, 2), LAW).again_by == dt.date(2026, 3, 17)
    assert rules.terms("assessment", dt.date(2026, 3, 2), LAW, final=True) == Terms()


@given(st.sampled_from(get_args(Letter)), DAYS, st.integers(0, 400))
def test_who_is_served_later_has_no_earlier_last_day(letter: Letter, day: dt.date, later: int) -> None:
    first, second = rules.terms(letter, day, LAW), rules.terms(letter, day + later * DAY, LAW)
    for name in ("review_by", "court_by", "again_by"):
        one, other = getattr(first, name), getattr(second, name)
        assert (one is None) == (other is None)
        assert one is None or (day < one <= other and calendar.is_working_day(one))


@given(st.lists(st.builds(On, PARTIES, DAYS), max_size=8), PARTIES, DAYS)
def test_a_letter_counts_as_served_once(served: list[On], party: Side, day: dt.date) -> None:
    """Only what counts earlier than an announcement that is still out takes its place."""
    known = service_on(party, served)
    if known is None or day < known.served_on:
        rules.check_new(party, day, served)
        assert service_on(party, [*served, On(party, day)]) == On(party, day)
    else:
        with pytest.raises(Conflict, match="served"):
            rules.check_new(party, day, served)


@pytest.mark.parametrize("on", [dt.date(2026, 9, 1), dt.date(2026, 9, 4)], ids=["before the letter", "ahead"])
def test_a_letter_is_served_between_its_day_and_today(on: dt.date) -> None:
    serving.check_day(dt.date(2026, 9, 2), dt.date(2026, 9, 2), dt.date(2026, 9, 3))
    with pytest.raises(RuleBroken):
        serving.check_day(on, dt.date(2026, 9, 2), dt.date(2026, 9, 3))


def test_electronic_service_needs_consent() -> None:
    serving.check_way("electronic", True)
    with pytest.raises(RuleBroken):
        serving.check_way("electronic", False)
