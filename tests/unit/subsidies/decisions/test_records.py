"""Records of decisions run again byte for byte, over a generated year in which parameters change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.applications.kinds import RULES
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.record_rules import CannotRepeat
from services.subsidies.decisions.rules import ApplicantKind, Facts, Rule
from services.subsidies.flexible import rules as flexible_rules
from services.subsidies.flexible.rules import FlexibleFacts, Valid
from services.subsidies.grants import rules as grant_rules
from services.subsidies.grants.rules import GrantFacts, Panel, Placed
from services.subsidies.hardship import first_rules as first_hardship_rules
from services.subsidies.hardship import rules as hardship_rules
from services.subsidies.hardship.rules import Circumstance, Hardship, HardshipFacts
from services.subsidies.persons.retirement_rules import Group
from services.subsidies.persons.rules import Paid, Spell, Work
from services.subsidies.recognition import first_rules as first_recognition_rules
from services.subsidies.recognition import rules as recognition_rules
from services.subsidies.recognition.first_rules import Category
from services.subsidies.recognition.rules import RecognitionFacts
from services.subsidies.skill import first_rules as first_skill_rules
from services.subsidies.skill import rules as skill_rules
from services.subsidies.skill import second_rules as second_skill_rules
from services.subsidies.skill.rules import SkillFacts
from services.subsidies.training import first_rules as first_training_rules
from services.subsidies.training import second_rules as second_training_rules
from services.subsidies.training.rules import RULE, TrainingFacts
from shared.policy.parameters import Parameters, parameters
from shared.policy.rows import Parameter, Row

COURSES = ("网约配送员（四级）", "无人机驾驶员（四级）", "焊工（五级）")
TOLD = (*COURSES, "4-02-07-10:intermediate", "骑手提高班")
"""By name, by code, and as no list knows it."""
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
CHANGES: dict[str, list[Any]] = {
    "training_subsidy.amount": [dict.fromkeys(COURSES[:2], value) for value in ("800.00", "900.00", "1000.00")],
    "skill_subsidy.amount": [{"junior": value, "senior": "2000"} for value in ("1000", "1200", "900")],
    "flexible_subsidy.ratio_cap": ["0.6", "0.5", "0.66"],
    "employment_service.amount": ["500.00", "600.00", "450.00"],
    "employment_service.stay_months": [3, 6, 4],
    "hard_to_employ.older_age": [{"female": value, "male": value + 10} for value in (40, 45, 42)],
    "hard_to_employ.unemployed_months": [12, 6, 9],
}


DATES = (
    ("2025-09-01", "2026-03-31", "2025-07-25"),
    ("2026-04-01", "2026-06-30", "2026-03-15"),
    ("2026-07-01", "2028-08-31", "2026-10-20"),
)
"""From when, until when, and published when: the second change in time, the third late and in force from an earlier day."""
LAST_OF = {count: (since, "2028-08-31", published) for count, (since, _, published) in enumerate(DATES, 1)}
"""The last of so many rows, which has no end before the rule has."""


@cache
def law_of(count: int) -> Parameters:
    """The law when so many of the changes of what each kind pays by had been published."""
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    for key, values in CHANGES.items():
        known = declared[key]
        first = known.rows[0].model_dump(by_alias=True)
        rows = tuple(
            Row.model_validate(first | {"from": since, "to": until, "published": published, "value": value, "note": ""})
            for value, (since, until, published) in zip(values, [*DATES[: count - 1], LAST_OF[count]], strict=False)
        )
        declared[key] = known.model_copy(update={"rows": rows})
    return Parameters(declared.values())


def law_on(day: dt.date) -> Parameters:
    """The law as it stood on a day."""
    return law_of(sum(dt.date.fromisoformat(published) <= day for _, _, published in DATES))


LAW = law_of(len(DATES))
YEAR = st.dates(FIRST, LAST)

courses = st.lists(st.sampled_from(TOLD), max_size=2).map(tuple)
told: dict[str, Any] = {
    "day": YEAR,
    "place": st.just("510603"),
    "events": st.just({"born_on": ("event-1",)}),
}
of_training: dict[str, Any] = {
    **told,
    "worker_id": st.just("w-1"),
    "certificate_id": st.just("c-1"),
    "course": st.sampled_from(TOLD),
    "completed_on": YEAR,
    "revoked": st.booleans(),
    "born_on": st.none() | st.dates(dt.date(1960, 1, 1), dt.date(2015, 1, 1)),
    "public_pension": st.none() | st.booleans(),
    "paid_courses": courses,
    "paid_slots": st.lists(st.integers(1, 3), max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
}
of_skill: dict[str, Any] = {
    **told,
    "persons": st.just(("w-1", "w-0")),
    "filed_on": YEAR,
    "certificate_id": st.none() | st.just("c-1"),
    "course": st.sampled_from(TOLD),
    "level": st.none() | st.sampled_from(["junior", "intermediate", "senior", "technician"]),
    "issued_on": YEAR,
    "revoked": st.booleans(),
    "evaluator": st.booleans(),
    "insured_months": st.integers(0, 14).map(lambda count: tuple(f"2025-{month:02}" for month in range(1, 1 + count))),
    "paid": st.lists(st.sampled_from(["certificate:c-1", *(f"course:{one}" for one in TOLD)]), max_size=2).map(tuple),
    "trained": st.booleans(),
}
contribution = st.builds(
    Paid,
    contribution_id=st.uuids().map(str),
    insurance=st.sampled_from(["pension", "medical"]),
    month=st.integers(1, 12).map(lambda month: f"2026-{month:02}"),
    base=st.just("4000.00"),
    amount=st.sampled_from(["800.00", "800.01", "333.33"]),
    payer=st.none() | st.just("91510600MA0000001E"),
    paid_on=YEAR,
)
of_months = st.builds(
    FlexibleFacts,
    **told,
    persons=st.just(("w-1",)),
    filed_on=YEAR,
    group=st.sampled_from(["hard_to_employ", "graduate_within_two_years"]),
    first=st.integers(1, 6).map(lambda month: f"2026-{month:02}"),
    last=st.integers(6, 12).map(lambda month: f"2026-{month:02}"),
    pledged=st.booleans(),
    graduated_on=st.none() | YEAR,
    born_on=st.none() | st.dates(dt.date(1960, 1, 1), dt.date(2005, 1, 1)),
    sex=st.none() | st.sampled_from(["female", "male"]),
    recognised=st.just((Valid(first=dt.date(2025, 1, 10), last=None),)) | st.just(()),
    contributions=st.lists(contribution, max_size=5).map(tuple),
    paid_parts=st.lists(st.sampled_from(["2026-03:pension", "2026-07:medical"]), max_size=2, unique=True).map(tuple),
)
persons = st.sampled_from([(), ("w-1",), ("w-2", "w-1")])
of_grant = st.builds(
    GrantFacts,
    **told,
    applicant=st.sampled_from(get_args(ApplicantKind)),
    started_on=YEAR,
    until=YEAR,
    placed=st.lists(
        st.builds(
            Placed,
            certificate=st.sampled_from(["5106001", "5106002"]),
            persons=persons,
            works=st.lists(
                st.builds(
                    Work,
                    engagement_id=st.sampled_from(["e-1", "e-2"]),
                    platform=st.just("91510600MA0000001E"),
                    partner=st.none(),
                    first=YEAR,
                    last=st.none() | YEAR,
                ),
                max_size=3,
            ).map(tuple),
            taken=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    panel=st.none() | st.builds(Panel, amount=st.sampled_from(["900.00", "0.01"]), members=st.integers(1, 9)),
)
of_recognition: dict[str, Any] = {
    **told,
    "category": st.sampled_from(get_args(Category)),
    "born_on": st.none() | st.dates(dt.date(1960, 1, 1), dt.date(2015, 1, 1)),
    "sex": st.none() | st.sampled_from(["female", "male"]),
    "retirement_group": st.none() | st.sampled_from(get_args(Group)),
    "spells": st.lists(
        st.builds(Spell, first=YEAR, last=st.none() | YEAR, form=st.sampled_from(["employed", "flexible"])), max_size=3
    ).map(tuple),
    "unemployed_on": st.none() | YEAR,
}
of_hardship: dict[str, Any] = {
    **told,
    "persons": st.sampled_from([("w-1",), ("w-1", "w-0")]),
    "works": st.booleans(),
    "visited": st.booleans(),
    "hardships": st.lists(
        st.builds(
            Hardship,
            circumstance=st.sampled_from(get_args(Circumstance)),
            since=YEAR,
            found=st.none() | st.booleans(),
            helped=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
}
RESTS_ON: Mapping[Rule[Any], st.SearchStrategy[Facts]] = {
    first_training_rules.RULE: st.builds(first_training_rules.TrainingFacts, **of_training),
    second_training_rules.RULE: st.builds(second_training_rules.TrainingFacts, **of_training, skilled=st.booleans()),
    RULE: st.builds(TrainingFacts, **of_training, skilled=st.booleans(), skill_courses=courses),
    first_skill_rules.RULE: st.builds(first_skill_rules.SkillFacts, **of_skill),
    second_skill_rules.RULE: st.builds(first_skill_rules.SkillFacts, **of_skill),
    skill_rules.RULE: st.builds(SkillFacts, **of_skill, trained_courses=courses),
    flexible_rules.RULE: of_months,
    grant_rules.RULE: of_grant,
    first_recognition_rules.RULE: st.builds(first_recognition_rules.RecognitionFacts, **of_recognition),
    recognition_rules.RULE: st.builds(RecognitionFacts, **of_recognition, recognised=st.booleans()),
    first_hardship_rules.RULE: st.builds(first_hardship_rules.HardshipFacts, **of_hardship),
    hardship_rules.RULE: st.builds(
        HardshipFacts,
        **of_hardship,
        helped_on=st.lists(st.tuples(st.sampled_from(get_args(Circumstance)), YEAR), max_size=2).map(tuple),
    ),
}
"""Decisions of a year: a rule, those of the past among them, and facts that it may rest on."""


def record(fact: Facts, known_on: dt.date, rule: Rule[Any] = RULE) -> record_rules.DecisionRecord:
    outcome = record_rules.outcome_of(rule, fact, known_on, law_on(known_on))
    return record_rules.record_of("a-1", rule, fact, outcome, known_on, judged=("x",), amount_set="1.00")


def test_the_year_has_every_kind_and_version() -> None:
    assert {(rule.kind, rule.version) for rule in RESTS_ON} == set(RULES)


@pytest.mark.parametrize("rule", RESTS_ON, ids=lambda rule: f"{rule.kind}-{rule.version}")
@given(st.data(), st.integers(0, 400))
def test_a_decision_taken_again_is_the_same_bytes(rule: Rule[Any], data: st.DataObject, later: int) -> None:
    fact = data.draw(RESTS_ON[rule])
    content = record_rules.canonical(record(fact, fact.day + dt.timedelta(later), rule))
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


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        (
            grant_rules.RULE,
            GrantFacts(
                day=dt.date(2026, 8, 1), place="510603", events={}, applicant="community",
                started_on=dt.date(2026, 1, 1), until=dt.date(2026, 6, 9),
                placed=(Placed(certificate="1", persons=("w-1",), works=(Work(engagement_id="e", platform="p",
                partner=None, first=dt.date(2026, 1, 10), last=None),), taken=False),),
            ),
        ),
        (
            recognition_rules.RULE,
            RecognitionFacts(
                day=dt.date(2026, 8, 1), place="510603", events={}, category="older",
                born_on=dt.date(1983, 1, 1), sex="female", retirement_group="female_worker",
            ),
        ),
    ],
    ids=lambda one: one.kind if isinstance(one, Rule) else "",
)  # fmt: skip
def test_a_late_change_decides_otherwise_from_then_on(rule: Rule[Any], fact: Facts) -> None:
    """What was decided before its publication stays as it was decided, and is the same bytes again."""
    before, after = dt.date(2026, 10, 19), dt.date(2026, 10, 20)
    records = [record(fact, day, rule) for day in (before, after)]
    assert [one.result["met"] for one in records] == [False, None if rule is grant_rules.RULE else True]
    for one in records:
        assert record_rules.difference(record_rules.canonical(one), RULES, LAW) is None


def test_a_later_version_writes_what_the_first_one_knows() -> None:
    """What is gathered today, decided by the first version, is kept as that one takes it again."""
    fact = TrainingFacts(day=FIRST, place="510603", events={}, worker_id="w-1", skilled=True)
    content = record_rules.canonical(record(fact, FIRST, first_training_rules.RULE))
    assert b"skilled" not in content
    assert record_rules.difference(content, RULES, LAW) is None


def test_a_changed_record_shows_where() -> None:
    fact = TrainingFacts(day=FIRST, place="510603", events={}, worker_id="w-1")
    content = record_rules.canonical(record(fact, FIRST))
    assert str(record_rules.difference(content.replace(b'"met":false', b'"met":true'), RULES, LAW)).startswith("result")


def test_a_rule_of_another_version_is_not_guessed() -> None:
    content = record_rules.canonical(record(TrainingFacts(day=FIRST, place="510603", events={}, worker_id="w"), FIRST))
    with pytest.raises(CannotRepeat):
        record_rules.difference(content.replace(b'"version":3', b'"version":4'), RULES, LAW)
