"""The kinds of applications: each one line, with who may apply, who checks, and the rule that proposes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from services.subsidies.budgets.rules import Source
from services.subsidies.decisions.record_rules import Rules
from services.subsidies.decisions.rules import Applicant, ApplicantKind, Facts, Rule
from services.subsidies.flexible import commands as flexible
from services.subsidies.flexible import rules as flexible_rules
from services.subsidies.grants import commands as grants
from services.subsidies.grants import rules as grants_rules
from services.subsidies.hardship import commands as hardship
from services.subsidies.hardship import first_rules as hardship_first_rules
from services.subsidies.hardship import rules as hardship_rules
from services.subsidies.recognition import commands as recognition
from services.subsidies.recognition import first_rules as recognition_first_rules
from services.subsidies.recognition import rules as recognition_rules
from services.subsidies.skill import commands as skill
from services.subsidies.skill import first_rules as skill_first_rules
from services.subsidies.skill import rules as skill_rules
from services.subsidies.skill import second_rules as skill_second_rules
from services.subsidies.training import commands as training
from services.subsidies.training import first_rules as training_first_rules
from services.subsidies.training import rules as training_rules
from services.subsidies.training import second_rules as training_second_rules
from shared.errors import NotFound
from shared.storage.transaction import Transaction

HRSS: Final = "hrss"
UNION: Final = "union"
Gather = Callable[[Any, Applicant, Transaction], Awaitable[Facts]]
Follow = Callable[[Any, Applicant, str, Transaction], Awaitable[None]]
"""What follows from an approval besides money, of its facts, the applicant and the department."""


def _nobody_else(_: Facts) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of application.

    `title`, Chinese; `fund`: the source of its money, None where nothing is paid; `department`: whose officers check it;
    `announced`: whether it is on public notice before it is approved; `private`: nobody but the applicant and its officers hears
    of it. `term`: the parameter that says within how many working days it is decided. `parameters`: with what the keys of those
    begin that its rule reads; one of them published late is decided by again. `subjects`: of whom else its facts decide.
    """

    rule: Rule[Any]
    grounds: Mapping[str, str]
    stated: type[BaseModel]
    facts: Gather
    title: str
    applicants: frozenset[ApplicantKind]
    parameters: tuple[str, ...]
    fund: Source | None
    department: str = HRSS
    announced: bool = True
    private: bool = False
    term: str = "subsidy.decide_workdays"
    subjects: Callable[[Any], tuple[str, ...]] = _nobody_else
    approved: Follow | None = None

    @property
    def code(self) -> str:
        return self.rule.kind

    @property
    def administrative(self) -> bool:
        """Whether an authority decides, whose decisions are reviewed and sued for (行政复议法 art. 2; 行政诉讼法 art. 2): the union's
        help out of its own means is no such decision."""
        return self.department != UNION


# fmt: off
_TABLE: Final = (
    Kind(rule=training_rules.RULE, grounds=training_rules.GROUNDS, stated=training.Stated, facts=training.facts, title="职业技能培训补贴", applicants=frozenset({"person"}), parameters=("training_subsidy.", "skill_subsidy.beside_training"), fund="employment_fund", term="social_insurance.training_subsidy_workdays"),  # noqa: E501
    Kind(rule=skill_rules.RULE, grounds=skill_rules.GROUNDS, stated=skill.Stated, facts=skill.facts, title="技能提升补贴", applicants=frozenset({"person"}), parameters=("skill_subsidy.", "training_subsidy.occupations"), fund="unemployment_insurance_fund", term="social_insurance.training_subsidy_workdays"),  # noqa: E501
    Kind(rule=flexible_rules.RULE, grounds=flexible_rules.GROUNDS, stated=flexible.Stated, facts=flexible.facts, title="灵活就业社会保险补贴", applicants=frozenset({"person"}), parameters=("flexible_subsidy.", "retirement."), fund="employment_fund"),  # noqa: E501
    Kind(rule=recognition_rules.RULE, grounds=recognition_rules.GROUNDS, stated=recognition.Stated, facts=recognition.facts, title="就业困难人员认定", applicants=frozenset({"person"}), parameters=("hard_to_employ.", "retirement."), fund=None, announced=False, approved=recognition.approved),  # noqa: E501
    Kind(rule=grants_rules.RULE, grounds=grants_rules.GROUNDS, stated=grants.Stated, facts=grants.facts, title="就业创业服务补助", applicants=frozenset({"platform", "provider", "union", "community"}), parameters=("employment_service.",), fund="employment_fund", subjects=grants_rules.subjects),  # noqa: E501
    Kind(rule=hardship_rules.RULE, grounds=hardship_rules.GROUNDS, stated=hardship.Stated, facts=hardship.facts, title="困难帮扶", applicants=frozenset({"person"}), parameters=("hardship.",), fund="union_fund", department=UNION, announced=False, private=True),  # noqa: E501
)
# fmt: on

KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _TABLE}

_PAST: Final[tuple[Rule[Any], ...]] = (
    training_first_rules.RULE,
    training_second_rules.RULE,
    skill_first_rules.RULE,
    skill_second_rules.RULE,
    recognition_first_rules.RULE,
    hardship_first_rules.RULE,
)

RULES: Final[Rules] = {(rule.kind, rule.version): rule for rule in (*_PAST, *(kind.rule for kind in KINDS.values()))}
"""The rules that records can be run again with, those of the past among them."""


def kind_of(code: str) -> Kind:
    """A kind by its code; any other is not found."""
    try:
        return KINDS[code]
    except KeyError:
        raise NotFound("该补贴种类", "this kind of subsidy") from None


def departments() -> list[str]:
    """The departments whose officers check applications."""
    return sorted({kind.department for kind in KINDS.values()})
