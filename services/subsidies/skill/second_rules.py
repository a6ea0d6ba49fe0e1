"""Who may have the skill subsidy for a certificate, in the second version of the rule: an occupation and grade is paid for once, as a
training or as a skill. Decisions by it are taken again by it.

The first version (`first_rules`) left it to an officer whether it may be had beside the training subsidy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.subsidies.decisions.rules import Ground, Outcome, Rule
from services.subsidies.skill import first_rules
from services.subsidies.skill.first_rules import KIND, SkillFacts, ends, prefix
from services.subsidies.training.course_rules import both, either_key
from shared.policy.parameters import Law

GROUNDS: Final[Mapping[str, str]] = first_rules.GROUNDS
"""Each condition as an applicant reads it."""


def decide(facts: SkillFacts, law: Law) -> Outcome:
    """As the first version, and once for an occupation and grade over both subsidies, unless a published rule lets both be had.

    Keys stand under the person's present id alone, also where a condition fails: what is paid already stays so. Where the training
    subsidy was paid already, the key of the occupation and grade is its alone.
    """
    found = first_rules.decide(facts, law)
    if facts.certificate_id is None or facts.course is None or "not_paid_as_training" not in _codes(found):
        return found
    beside = both(law)
    grounds = tuple(_once_over_both(one) if not beside else one for one in found.grounds)
    worker_id = facts.persons[0]
    certificate, course = (prefix(worker_id) + end for end in ends(facts.certificate_id, facts.course))
    once = (certificate,) if facts.trained and not beside else (certificate, course)
    if not beside and not facts.trained:
        once = (*once, either_key(worker_id, facts.course))
    amount = None if False in {one.met for one in grounds} else found.amount
    return Outcome(grounds=grounds, amount=amount, once=once, used=law.used)


def _codes(outcome: Outcome) -> set[str]:
    return {one.code for one in outcome.grounds}


def _once_over_both(ground: Ground) -> Ground:
    if ground.code != "not_paid_as_training" or ground.met:
        return ground
    return Ground(code=ground.code, met=False, document=ground.document, article=ground.article)


RULE: Final[Rule[SkillFacts]] = Rule(kind=KIND, version=2, facts=SkillFacts, decide=decide)
