"""Who may have the training subsidy, in the second version of the rule: an occupation and grade that the skill subsidy was paid for
counts too. Decisions by it are taken again by it.

The first version (`first_rules`) looked at training alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.subsidies.decisions.rules import Ground, Outcome, Rule
from services.subsidies.training import first_rules
from services.subsidies.training.course_rules import both, either_key, training_prefix
from services.subsidies.training.first_rules import KIND, SOURCE
from shared.policy.parameters import Law

GROUNDS: Final[Mapping[str, str]] = {
    **first_rules.GROUNDS,
    "not_paid_as_skill": "同一职业（工种）同一等级未享受过技能提升补贴，或者规定允许同时享受",
}
"""Each condition as an applicant reads it."""


class TrainingFacts(first_rules.TrainingFacts, frozen=True, kw_only=True):
    """`skilled`: whether another application was paid the skill subsidy for the same occupation and grade."""

    skilled: bool = False


def decide(facts: TrainingFacts, law: Law) -> Outcome:
    """As the first version, and once for an occupation and grade over both subsidies, unless a published rule lets both be had."""
    found = first_rules.decide(facts, law)
    if facts.course is None or facts.completed_on is None:
        return found
    beside = both(law)
    ground = Ground(code="not_paid_as_skill", met=beside or not facts.skilled, document=SOURCE)
    amount = found.amount if ground.met else None
    return Outcome(grounds=(*found.grounds, ground), amount=amount, once=_once(facts, found, beside), used=law.used)


def _once(facts: TrainingFacts, found: Outcome, beside: bool) -> tuple[str, ...]:
    """The keys; where the skill subsidy was paid already, that of the occupation and grade is its alone."""
    course = str(facts.course)
    if beside or not found.once:
        return found.once
    if facts.skilled:
        return tuple(key for key in found.once if key != training_prefix(facts.worker_id) + course)
    return (*found.once, either_key(facts.worker_id, course))


RULE: Final[Rule[TrainingFacts]] = Rule(kind=KIND, version=2, facts=TrainingFacts, decide=decide)
