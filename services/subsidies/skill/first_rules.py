"""Who may have the skill subsidy for a certificate, and how much, in the first version of the rule: decisions by it are taken again
by it.

人社部发〔2017〕40号, 人社部发〔2024〕40号; 社会保险经办条例 art. 24: the certificate is shown, and checked within ten working days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Final

from services.subsidies.decisions.rules import Facts, Ground, Outcome, Rule
from shared.contracts.subsidies import SkillLevel
from shared.policy.calendar import add_months
from shared.policy.parameters import Law, MissingParameter

KIND: Final = "skill"
BEGUN: Final = "人社部发〔2017〕40号"
EXTENDED: Final = "人社部发〔2024〕40号"
AGENCIES: Final = "社会保险经办条例"

GROUNDS: Final[Mapping[str, str]] = {
    "certificate": "本人持有该职业资格证书或者职业技能等级证书",
    "certificate_valid": "证书有效，未被撤销",
    "genuine": "证书由已备案的评价机构核发，或者经办人员联网查询属实",
    "policy_in_force": "证书核发日期在补贴政策有效期内",
    "level": "证书等级属于补贴范围（初级工、中级工、高级工）",
    "in_time": "在证书核发后规定的期限内提出申请",
    "insured": "依法参加失业保险，累计缴费月数达到规定（本系统记录不足的，由经办人员核验）",
    "not_paid_before": "该证书以及同一职业（工种）同一等级未享受过技能提升补贴",
    "not_paid_as_training": "同一职业（工种）同一等级未享受过培训补贴，或者规定允许同时享受",
}
"""Each condition as an applicant reads it."""

SOURCES: Final[Mapping[str, tuple[str, str | None]]] = {
    "certificate": (AGENCIES, "第24条第3款"),
    "certificate_valid": (AGENCIES, "第24条第3款"),
    "genuine": (AGENCIES, "第24条第3款"),
    "insured": (EXTENDED, None),
}
"""Where a condition stands that is not of the first document."""


class SkillFacts(Facts, frozen=True, kw_only=True):
    """A certificate, what was paid to unemployment insurance, and what was paid to the person before.

    `persons`: every worker id of the person. `course`: the occupation with its grade. `evaluator`: whether a body on file examined.
    `insured_months`: months (YYYY-MM) for which unemployment insurance was paid until the application. `paid`: certificates and
    courses that this subsidy was paid for by other applications, as their keys end. `trained`: whether the training subsidy was
    paid for the same occupation and grade.
    """

    persons: tuple[str, ...]
    filed_on: dt.date
    certificate_id: str | None = None
    course: str | None = None
    level: SkillLevel | None = None
    issued_on: dt.date | None = None
    revoked: bool = False
    evaluator: bool = False
    insured_months: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    trained: bool = False


def decide(facts: SkillFacts, law: Law) -> Outcome:
    """Decide by `law`, that of the day of the certificate.

    Fewer months than it takes are for a person to judge: what was paid before this system heard of contributions is not known here.
    """
    if facts.certificate_id is None or facts.course is None or facts.issued_on is None:
        return _outcome({"certificate": False}, law)
    met: dict[str, bool | None] = {
        "certificate": True,
        "certificate_valid": not facts.revoked,
        "genuine": True if facts.evaluator else None,
    }
    try:
        months = law.number("skill_subsidy.insured_months")
        until = add_months(facts.issued_on, law.number("skill_subsidy.apply_months")).due
        levels = law.table("skill_subsidy.amount")
    except MissingParameter:
        return _outcome({**met, "policy_in_force": False}, law)
    kept = ends(facts.certificate_id, facts.course)
    met |= {
        "policy_in_force": True,
        "level": None if facts.level is None else facts.level in levels,
        "in_time": facts.filed_on <= until,
        "insured": True if len(set(facts.insured_months)) >= months else None,
        "not_paid_before": not set(kept) & set(facts.paid),
        "not_paid_as_training": _beside_training(law) if facts.trained else True,
    }
    return _outcome(met, law, facts.level, tuple(prefix(one) + end for one in facts.persons for end in kept))


def prefix(worker_id: str) -> str:
    """With what the keys of a person's paid certificates and courses begin."""
    return f"skill:{worker_id}:"


def ends(certificate_id: str, course: str) -> tuple[str, str]:
    """With what the keys of a certificate and of its occupation and grade end."""
    return f"certificate:{certificate_id}", f"course:{course}"


def _beside_training(law: Law) -> bool | None:
    """Whether it may be had beside the training subsidy; None where no rule that was read says so."""
    try:
        return law.flag("skill_subsidy.beside_training")
    except MissingParameter:
        return None


def _outcome(
    met: Mapping[str, bool | None], law: Law, level: SkillLevel | None = None, once: tuple[str, ...] = ()
) -> Outcome:
    grounds = tuple(_ground(code, holds) for code, holds in met.items())
    refused = False in met.values()
    amount: Decimal | None = None
    if level is not None and not refused:
        with suppress(MissingParameter):  # where nobody has published a sum, an officer sets it
            amount = law.amount("skill_subsidy.amount", level)
    return Outcome(grounds=grounds, amount=amount, once=() if refused else once, used=law.used)


def _ground(code: str, holds: bool | None) -> Ground:
    document, article = SOURCES.get(code, (BEGUN, None))
    return Ground(code=code, met=holds, document=document, article=article)


RULE: Final[Rule[SkillFacts]] = Rule(kind=KIND, version=1, facts=SkillFacts, decide=decide)
