"""Who may have the training subsidy, by what holds since an occupation and grade is one whether it is told of by code or by name.

The second version (`second_rules`) compared what each is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Final

import msgspec

from services.subsidies.decisions.rules import Ground, Outcome, Rule
from services.subsidies.training import course_rules, second_rules
from services.subsidies.training.first_rules import KIND, SOURCE
from shared.policy.parameters import Law, MissingParameter

GROUNDS: Final[Mapping[str, str]] = {
    **second_rules.GROUNDS,
    "told_apart": course_rules.TOLD_APART,
}
"""Each condition as an applicant reads it."""


class TrainingFacts(second_rules.TrainingFacts, frozen=True, kw_only=True):
    """`skill_courses`: what other applications were paid the skill subsidy for."""

    skill_courses: tuple[str, ...] = ()


def decide(facts: TrainingFacts, law: Law) -> Outcome:
    """As the second version, by codes where the list knows the name; what nobody can tell apart is a person's to judge."""
    if facts.course is None or facts.completed_on is None:
        return second_rules.decide(facts, law)
    names = course_rules.codes(law)
    course = course_rules.course(facts.course, names)
    trained = [course_rules.course(one, names) for one in facts.paid_courses]
    skilled = [course_rules.course(one, names) for one in facts.skill_courses]
    by_code = msgspec.structs.replace(
        facts,
        course=course.key,
        paid_courses=tuple(one.key for one in trained),
        skilled=facts.skilled or course.key in {one.key for one in skilled},
    )
    found = second_rules.decide(by_code, law)
    alike = course_rules.alike(course, trained if course_rules.both(law) else [*trained, *skilled], law)
    ground = Ground(code="told_apart", met=None if alike else True, document=SOURCE)
    amount = found.amount
    if amount is None and found.met is not False:
        amount = _sum(course.key, names, law)
    return Outcome(grounds=(*found.grounds, ground), amount=amount, once=found.once, used=law.used, alike=alike)


def _sum(course: str, names: Mapping[str, str], law: Law) -> Decimal | None:
    """The sum of an occupation and grade that the table has by a name; None where it has none, and an officer sets it."""
    with suppress(MissingParameter):
        for told in law.table("training_subsidy.amount"):
            if course_rules.course(told, names).key == course:
                return law.amount("training_subsidy.amount", told)
    return None


RULE: Final[Rule[TrainingFacts]] = Rule(kind=KIND, version=3, facts=TrainingFacts, decide=decide)
