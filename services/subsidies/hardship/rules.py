"""What a person may be helped for in hardship, by what holds since help for the same circumstance on another day is shown too.

The first version (`first_rules`) compared the day that the person says alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.subsidies.decisions.rules import Alike, Ground, Outcome, Rule
from services.subsidies.hardship import first_rules
from services.subsidies.hardship.first_rules import ARTICLE, KIND, SOURCE, Circumstance, Hardship, key, prefix
from shared.policy.parameters import Law

__all__ = [
    "CIRCUMSTANCES",
    "GROUNDS",
    "KIND",
    "RULE",
    "Circumstance",
    "Hardship",
    "HardshipFacts",
    "decide",
    "key",
    "prefix",
]

CIRCUMSTANCES: Final[Mapping[Circumstance, str]] = {
    "illness": "重大疾病",
    "accident": "意外伤害",
    "disaster": "火灾、自然灾害等",
    "bereavement": "家庭成员去世",
    "income_loss": "收入骤减",
    "schooling": "子女就学",
    "other": "其他特殊困难",
}

GROUNDS: Final[Mapping[str, str]] = {
    **first_rules.GROUNDS,
    "another_hardship": "与已帮扶过的同类困难不是同一事由（发生日期不同的，由工会核对）",
}
"""Each condition as an applicant reads it."""


class HardshipFacts(first_rules.HardshipFacts, frozen=True, kw_only=True):
    """`helped_on`: the circumstances that other applications were helped for, each with the day of another."""

    helped_on: tuple[tuple[Circumstance, dt.date], ...] = ()


def decide(facts: HardshipFacts, law: Law) -> Outcome:
    """As the first version; whether a circumstance that was helped by another day is the same, a person judges."""
    found = first_rules.decide(facts, law)
    alike = tuple(
        Alike(asked=_shown(one.circumstance, one.since), paid=_shown(one.circumstance, day))
        for one in facts.hardships
        if not one.helped
        for circumstance, day in facts.helped_on
        if circumstance == one.circumstance
    )
    ground = Ground(code="another_hardship", met=None if alike else True, document=SOURCE, article=ARTICLE)
    return replace(found, grounds=(*found.grounds, ground), alike=alike)


def _shown(circumstance: Circumstance, day: dt.date) -> str:
    return f"{CIRCUMSTANCES[circumstance]} {day}"


RULE: Final[Rule[HardshipFacts]] = Rule(kind=KIND, version=2, facts=HardshipFacts, decide=decide)
