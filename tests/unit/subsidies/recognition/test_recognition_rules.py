from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any, get_args

import pytest

from services.subsidies.persons.rules import Spell
from services.subsidies.recognition import rules
from services.subsidies.recognition.first_rules import Category
from services.subsidies.recognition.rules import GROUNDS, Move, RecognitionFacts, State
from shared.contracts.subsidies import RecognitionEnding
from shared.errors import Conflict
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
LAW = parameters.on(DAY, place="510603")
LEGAL = {("recognised", "check"): "recognised", ("recognised", "end"): "ended", ("ended", "resume"): "recognised"}


def facts(category: Category = "older", **values: Any) -> RecognitionFacts:
    told: dict[str, Any] = {"born_on": dt.date(1970, 1, 1), "sex": "male", "spells": ()} | values
    return RecognitionFacts(day=DAY, place="510603", events={}, category=category, **told)


def met(found: RecognitionFacts) -> dict[str, bool | None]:
    return {ground.code: ground.met for ground in rules.decide(found, LAW).grounds}


def spell(first: str, last: str | None, form: Any = "employed") -> Spell:
    return Spell(first=dt.date.fromisoformat(first), last=(last and dt.date.fromisoformat(last)) or None, form=form)


@pytest.mark.parametrize(("recognised", "holds"), [(False, True), (True, None)])
def test_who_is_recognised_already_is_a_persons_to_judge(recognised: bool, holds: bool | None) -> None:
    assert met(facts(recognised=recognised))["not_recognised"] is holds


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_recognition_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


@pytest.mark.parametrize(
    ("born_on", "sex", "older"),
    [
        (dt.date(1976, 9, 1), "male", True),  # fifty on the day
        (dt.date(1976, 9, 2), "male", False),
        (dt.date(1986, 9, 1), "female", True),  # forty on the day
        (dt.date(1986, 9, 2), "female", False),
        (None, "male", None),
        (dt.date(1976, 9, 1), None, None),
    ],
)
def test_older_is_fifty_for_men_and_forty_for_women(born_on: dt.date | None, sex: Any, older: bool | None) -> None:
    assert met(facts(born_on=born_on, sex=sex))["age"] is older


@pytest.mark.parametrize(
    ("born_on", "sex", "group", "working"),
    [
        (dt.date(2010, 9, 2), "male", None, False),  # not yet sixteen
        (dt.date(2010, 9, 1), "male", None, True),
        (dt.date(1960, 1, 1), "male", None, False),  # retired
        (dt.date(1972, 1, 1), "female", None, None),  # retired as a worker, not as a cadre
        (dt.date(1972, 1, 1), "female", "female_cadre", True),
        (dt.date(1972, 1, 1), "female", "female_worker", False),
        (dt.date(1960, 1, 1), "female", None, False),
        (dt.date(1990, 1, 1), "female", None, True),
    ],
)
def test_working_age_is_from_sixteen_to_retirement(
    born_on: dt.date, sex: Any, group: Any, working: bool | None
) -> None:
    found = met(facts("disabled", born_on=born_on, sex=sex, retirement_group=group))
    assert found["working_age"] is working


@pytest.mark.parametrize(
    ("spells", "free"),
    [
        ((), True),
        ((spell("2026-01-01", None),), False),
        ((spell("2026-01-01", "2026-08-31"),), True),
        ((spell("2026-01-01", None, "flexible"),), None),
    ],
)
def test_a_labour_relation_bars_and_flexible_work_is_judged(spells: tuple[Spell, ...], free: bool | None) -> None:
    assert met(facts(spells=spells))["not_employed"] is free


@pytest.mark.parametrize(
    ("spells", "long"),
    [
        ((), None),  # no work is known: an officer looks at the unemployment register
        ((spell("2020-01-01", "2025-09-01"),), True),  # twelve months on the day
        ((spell("2020-01-01", "2025-09-02"),), False),
        ((spell("2020-01-01", "2024-01-01"), spell("2026-01-01", "2026-02-01", "flexible")), False),
        ((spell("2020-01-01", None, "flexible"),), False),
    ],
)
def test_long_unemployed_is_a_year_without_work(spells: tuple[Spell, ...], long: bool | None) -> None:
    assert met(facts("long_unemployed", spells=spells))["unemployed_long"] is long


@pytest.mark.parametrize(
    ("registered_on", "spells", "long"),
    [
        ("2025-09-01", (), True),  # twelve months on the day
        ("2025-09-02", (), None),  # it may have been longer before: an officer looks
        ("2024-01-01", (spell("2025-09-02", "2025-10-01"),), False),  # what is known of work goes before
    ],
)
def test_a_year_of_registered_unemployment_is_long(
    registered_on: str, spells: tuple[Spell, ...], long: bool | None
) -> None:
    found = facts("long_unemployed", spells=spells, unemployed_on=dt.date.fromisoformat(registered_on))
    assert met(found)["unemployed_long"] is long


@pytest.mark.parametrize("category", sorted(set(get_args(Category)) - {"older", "long_unemployed"}))
def test_what_papers_prove_is_an_officers_to_check(category: Category) -> None:
    assert met(facts(category))["evidence"] is None


def test_nothing_is_paid_and_every_ground_has_its_text() -> None:
    outcome = rules.decide(facts(), LAW)
    assert (outcome.amount, outcome.once) == (None, ())
    assert {code for category in get_args(Category) for code in met(facts(category))} == set(GROUNDS)


def test_every_category_is_one_of_the_parameters() -> None:
    assert set(get_args(Category)) == set(LAW.texts("hard_to_employ.categories"))


def test_endings_are_those_that_are_published() -> None:
    assert set(get_args(rules.Ending)) == set(get_args(RecognitionEnding))


@pytest.mark.parametrize(
    ("spells", "last"),
    [
        ((), None),
        ((spell("2026-10-01", None, "flexible"),), None),
        ((spell("2026-10-01", None),), dt.date(2026, 9, 30)),
        ((spell("2026-08-01", None),), DAY - dt.timedelta(days=1)),  # employed all along: it never held
        ((spell("2025-08-01", "2026-08-31"),), None),  # over before it began
    ],
)
def test_it_is_lost_on_the_day_before_employment(spells: tuple[Spell, ...], last: dt.date | None) -> None:
    assert rules.ends_with(DAY, spells) == last


CLOSED = rules.Lost("own_wish", dt.date(2026, 10, 20))


@pytest.mark.parametrize(
    ("until", "closed", "registrations", "lost"),
    [
        (None, None, {}, None),
        (None, None, {"b": "2026-10-11", "a": "2026-10-21"}, ("employed", "2026-10-10", "b")),
        (None, None, {"b": "2026-10-11", "a": "2026-10-11"}, ("employed", "2026-10-10", "a")),
        (None, CLOSED, {}, ("own_wish", "2026-10-20", None)),
        (None, CLOSED, {"a": "2026-10-20"}, ("employed", "2026-10-19", "a")),
        (None, CLOSED, {"a": "2026-10-21"}, ("own_wish", "2026-10-20", None)),
        ("2026-10-09", None, {"a": "2026-10-11"}, None),  # its last day comes first
        ("2026-10-10", None, {"a": "2026-10-11"}, None),
        ("2026-10-11", None, {"a": "2026-10-11"}, ("employed", "2026-10-10", "a")),
    ],
)
def test_what_comes_first_ends_it(until: Any, closed: Any, registrations: dict[str, str], lost: Any) -> None:
    known = {key: [spell(first, None)] for key, first in registrations.items()}
    found = rules.lost(DAY, until and dt.date.fromisoformat(until), closed, known)
    assert (found and (found.ending, f"{found.last}", found.registration_id)) == lost


def test_without_a_rule_an_officer_sets_the_last_day() -> None:
    assert rules.until(DAY, LAW) is None
    assert rules.check_by(DAY, LAW) == dt.date(2027, 9, 1)
