"""Who may have the skill subsidy for a certificate, by what holds since an occupation and grade is one whether it is told of by code
or by name.

The second version (`second_rules`) compared what each is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from services.subsidies.decisions.rules import Ground, Outcome, Rule
from services.subsidies.skill import first_rules, second_rules
from services.subsidies.skill.first_rules import BEGUN, KIND
from services.subsidies.training import course_rules
from shared.policy.parameters import Law

GROUNDS: Final[Mapping[str, str]] = {
    **second_rules.GROUNDS,
    "told_apart": course_rules.TOLD_APART,
}
"""Each condition as an applicant reads it."""
COURSE: Final = "course:"


class SkillFacts(first_rules.SkillFacts, frozen=True, kw_only=True):
    """`trained_courses`: what other applications were paid the training subsidy for."""

    trained_courses: tuple[str, ...] = ()


def decide(facts: SkillFacts, law: Law) -> Outcome:
    """As the second version, by codes where the list knows the name; what nobody can tell apart is a person's to judge."""
    if facts.certificate_id is None or facts.course is None:
        return second_rules.decide(facts, law)
    names = course_rules.codes(law)
    course = course_rules.course(facts.course, names)
    paid = [course_rules.course(end.removeprefix(COURSE), names) for end in facts.paid if end.startswith(COURSE)]
    trained = [course_rules.course(one, names) for one in facts.trained_courses]
    by_code = msgspec.structs.replace(
        facts,
        course=course.key,
        paid=(*(end for end in facts.paid if not end.startswith(COURSE)), *(COURSE + one.key for one in paid)),
        trained=facts.trained or course.key in {one.key for one in trained},
    )
    found = second_rules.decide(by_code, law)
    alike = course_rules.alike(course, paid if course_rules.both(law) else [*paid, *trained], law)
    ground = Ground(code="told_apart", met=None if alike else True, document=BEGUN)
    return Outcome(grounds=(*found.grounds, ground), amount=found.amount, once=found.once, used=law.used, alike=alike)


RULE: Final[Rule[SkillFacts]] = Rule(kind=KIND, version=3, facts=SkillFacts, decide=decide)
