"""Records of decisions run again byte for byte, over a generated year in which parameters change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.decisions import record_rules
from services.subsidies.decisions.record_rules import CannotRepeat
from services.subsidies.training.rules import RULE, TrainingFacts
from shared.policy.parameters import Parameters, parameters
from shared.policy.rows import Parameter, Row

COURSES = ("网约配送员（四级）", "无人机驾驶员（四级）", "焊工（五级）")
RULES = {(RULE.kind, RULE.version): RULE}
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def _changing() -> Parameters:
    """Three sums in a year: the second published in time, the third late and in force from an earlier day."""
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared["training_subsidy.amount"]

    def row(value: str, since: str, until: str, published: str) -> Row:
        first = known.rows[0].model_dump(by_alias=True)
        sums = dict.fromkeys(COURSES[:2], value)
        dates = {"from": since, "to": until, "published": published}
        return Row.model_validate(first | dates | {"value": sums, "note": ""})

    rows = (
        row("800.00", "2025-09-01", "2026-03-31", "2025-07-25"),
        row("900.00", "2026-04-01", "2026-06-30", "2026-03-15"),
        row("1000.00", "2026-07-01", "2028-08-31", "2026-10-20"),
    )
    declared[known.key] = known.model_copy(update={"rows": rows})
    return Parameters(declared.values())


LAW = _changing()

facts = st.builds(
    TrainingFacts,
    day=st.dates(FIRST, LAST),
    place=st.just("510603"),
    events=st.just({"born_on": ("event-1",)}),
    worker_id=st.just("w-1"),
    certificate_id=st.just("c-1"),
    course=st.sampled_from(COURSES),
    completed_on=st.dates(FIRST, LAST),
    revoked=st.booleans(),
    born_on=st.none() | st.dates(dt.date(1960, 1, 1), dt.date(2015, 1, 1)),
    public_pension=st.none() | st.booleans(),
    paid_courses=st.lists(st.sampled_from(COURSES), max_size=2).map(tuple),
    paid_slots=st.lists(st.integers(1, 3), max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
)


def record(fact: TrainingFacts, known_on: dt.date) -> record_rules.DecisionRecord:
    outcome = record_rules.outcome_of(RULE, fact, known_on, LAW)
    return record_rules.record_of("a-1", RULE, fact, outcome, known_on, judged=("x",), amount_set="1.00")


@given(facts, st.integers(0, 400))
def test_a_decision_taken_again_is_the_same_bytes(fact: TrainingFacts, later: int) -> None:
    content = record_rules.canonical(record(fact, fact.day + dt.timedelta(later)))
    assert record_rules.difference(content, RULES, LAW) is None
    assert record_rules.canonical(record_rules.read(content)) == content


def test_a_sum_published_late_counts_from_its_publication() -> None:
    fact = TrainingFacts(
        day=dt.date(2026, 8, 1), place="510603", events={}, worker_id="w-1", course=COURSES[0],
        completed_on=dt.date(2026, 8, 1), born_on=dt.date(1990, 1, 1), public_pension=False,
    )  # fmt: skip
    amounts = [
        record_rules.outcome_of(RULE, fact, known_on, LAW).amount
        for known_on in (dt.date(2026, 10, 19), dt.date(2026, 10, 20))
    ]
    assert amounts == [Decimal("900.00"), Decimal("1000.00")]


def test_a_changed_record_shows_where() -> None:
    fact = TrainingFacts(day=FIRST, place="510603", events={}, worker_id="w-1")
    content = record_rules.canonical(record(fact, FIRST))
    assert str(record_rules.difference(content.replace(b'"met":false', b'"met":true'), RULES, LAW)).startswith("result")


def test_a_rule_of_another_version_is_not_guessed() -> None:
    content = record_rules.canonical(record(TrainingFacts(day=FIRST, place="510603", events={}, worker_id="w"), FIRST))
    with pytest.raises(CannotRepeat):
        record_rules.difference(content.replace(b'"version":2', b'"version":3'), RULES, LAW)
