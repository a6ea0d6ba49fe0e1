"""Who is hard to employ (就业促进法 art. 52: the province says who is; 四川省就业困难人员认定办法), in the first version of the rule:
decisions by it are taken again by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from services.subsidies.decisions.rules import Facts, Ground, Outcome, Rule
from services.subsidies.persons import retirement_rules
from services.subsidies.persons.retirement_rules import Group as RetirementGroup
from services.subsidies.persons.rules import Sex, Spell, form_on
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter

KIND: Final = "recognition"
SOURCE: Final = "四川省就业困难人员认定办法"
LAW: Final = "就业促进法"

Category = Literal[
    "older", "disabled", "minimum_living_allowance", "zero_employment_household", "long_unemployed",
    "landless_farmer", "out_of_poverty",
]  # fmt: skip
"""大龄、残疾、最低生活保障对象、零就业家庭、连续失业、失地农民、脱贫人口。"""

GROUNDS: Final[Mapping[str, str]] = {
    "category": "申请的类别在就业困难人员范围内",
    "working_age": "在法定劳动年龄内",
    "not_employed": "未与单位建立劳动关系",
    "age": "达到大龄失业人员的年龄",
    "unemployed_long": "连续失业达到规定时间",
    "evidence": "证明材料真实、有效（由经办人员核验）",
}
"""Each condition as an applicant reads it."""


class RecognitionFacts(Facts, frozen=True, kw_only=True):
    """Who asks to be recognised, and in which category. `last_employed_on`: the last day of registered employment of any form,
    null where none is known; `spells`: registered employment; `unemployed_on`: the day of the registration as unemployed that runs,
    null where none does."""

    category: Category
    born_on: dt.date | None = None
    sex: Sex | None = None
    retirement_group: RetirementGroup | None = None
    spells: tuple[Spell, ...] = ()
    unemployed_on: dt.date | None = None


def decide(facts: RecognitionFacts, law: Law) -> Outcome:
    """Age and employment by what is known; what papers prove, an officer looks at. Nothing is paid for a recognition."""
    grounds = [
        _ground("category", _listed(facts, law)),
        _ground("working_age", _working_age(facts, law)),
        _ground("not_employed", _not_employed(facts), LAW, "第52条"),
    ]
    if facts.category == "older":
        grounds.append(_ground("age", _older(facts, law)))
    if facts.category == "long_unemployed":
        grounds.append(_ground("unemployed_long", _unemployed_long(facts, law), LAW, "第52条"))
    if facts.category not in ("older", "long_unemployed"):
        grounds.append(_ground("evidence", None))
    return Outcome(grounds=tuple(grounds), amount=None, once=(), used=law.used)


def _ground(code: str, met: bool | None, document: str = SOURCE, article: str | None = None) -> Ground:
    return Ground(code=code, met=met, document=document, article=article)


def _listed(facts: RecognitionFacts, law: Law) -> bool | None:
    try:
        return facts.category in law.texts("hard_to_employ.categories")
    except MissingParameter:
        return None


def _working_age(facts: RecognitionFacts, law: Law) -> bool | None:
    """From 16 years (劳动法 art. 15) to retirement; a woman whose group is not known is a person's to judge from 50 on."""
    if facts.born_on is None or facts.sex is None:
        return None
    try:
        if facts.day < months_after(facts.born_on, 12 * law.number("hard_to_employ.min_age")):
            return False
        group = retirement_rules.group_of(facts.sex, facts.retirement_group, law)
        if group is not None:
            return facts.day < retirement_rules.retires_on(facts.born_on, group, law)
        if facts.day < retirement_rules.retires_on(facts.born_on, "female_worker", law):
            return True
        return None if facts.day < retirement_rules.retires_on(facts.born_on, "female_cadre", law) else False
    except MissingParameter:
        return None


def _not_employed(facts: RecognitionFacts) -> bool | None:
    """Who works in a labour relation is not hard to employ; whether flexible work stands against it, a person judges."""
    form = form_on(facts.day, facts.spells)
    return False if form == "employed" else None if form == "flexible" else True


def _older(facts: RecognitionFacts, law: Law) -> bool | None:
    if facts.born_on is None or facts.sex is None:
        return None
    try:
        age = law.number("hard_to_employ.older_age", facts.sex)
    except MissingParameter:
        return None
    return facts.day >= months_after(facts.born_on, 12 * age)


def _unemployed_long(facts: RecognitionFacts, law: Law) -> bool | None:
    """Since the last registered employment, or since the registration as unemployed where no employment is known.

    Whoever registered less than that long ago may have been without work before: an officer looks.
    """
    if form_on(facts.day, facts.spells) is not None:
        return False
    ends = [one.last for one in facts.spells if one.last is not None and one.last < facts.day]
    since = max(ends) if ends else facts.unemployed_on
    if since is None:
        return None
    try:
        long = facts.day >= months_after(since, law.number("hard_to_employ.unemployed_months"))
    except MissingParameter:
        return None
    return long if long or ends else None


RULE: Final[Rule[RecognitionFacts]] = Rule(kind=KIND, version=1, facts=RecognitionFacts, decide=decide)
