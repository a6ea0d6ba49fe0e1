"""Who may have the training subsidy (川人社规〔2025〕11号; 德人社发〔2022〕95号 art. 14), in the first version of the rule:
decisions by it are taken again by it.

No condition is set on household register, residence, or place of insurance or work: the provincial rule forbids that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from services.subsidies.decisions.rules import Facts, Ground, Outcome, Rule
from services.subsidies.training.course_rules import training_prefix
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter

KIND: Final = "training"
SOURCE: Final = "川人社规〔2025〕11号"

GROUNDS: Final[Mapping[str, str]] = {
    "certificate": "本人已完成该培训并取得结业或者等级证书",
    "certificate_valid": "证书有效，未被撤销",
    "birth_date": "出生日期已核实",
    "policy_in_force": "培训结业日期在补贴政策有效期内",
    "platform_workers": "补贴政策适用于平台网约劳动者",
    "old_enough": "培训结业时已达到补贴政策规定的年龄",
    "no_public_pension": "未参加机关事业单位基本养老保险",
    "not_paid_before": "同一职业（工种）同一等级未享受过补贴",
    "within_yearly_limit": "当年享受培训补贴的次数未达上限",
}
"""Each condition as an applicant reads it."""


class TrainingFacts(Facts, frozen=True, kw_only=True):
    """A completed course, and what was paid to the person before.

    `course`: the occupation with its grade. `public_pension`: whether the applicant is in the pension scheme of public bodies, as
    they declare. `paid_courses`, `paid_slots`: courses, and numbers within the year of completion, paid by other applications.
    """

    worker_id: str
    certificate_id: str | None = None
    course: str | None = None
    completed_on: dt.date | None = None
    revoked: bool = False
    born_on: dt.date | None = None
    public_pension: bool | None = None
    paid_courses: tuple[str, ...] = ()
    paid_slots: tuple[int, ...] = ()


def decide(facts: TrainingFacts, law: Law) -> Outcome:
    """Decide by `law`, that of the day on which the training was completed. A year is the calendar year of completion.

    The times of a year are slots with a key each, so that no two approvals at once take the same one.
    """
    course, completed_on = facts.course, facts.completed_on
    known = {
        "certificate": course is not None and completed_on is not None,
        "certificate_valid": not facts.revoked,
        "birth_date": facts.born_on is not None,
    }
    if course is None or completed_on is None:
        return _outcome(known, law)
    try:
        allowed = law.flag("training_subsidy.platform_workers")
        min_age = law.number("training_subsidy.min_age")
        most = law.number("training_subsidy.max_per_year")
        barred = "civil_service_pension" in law.texts("training_subsidy.excluded_insurance")
    except MissingParameter:
        return _outcome({**known, "policy_in_force": False}, law)
    free = next((slot for slot in range(1, most + 1) if slot not in facts.paid_slots), None)
    met: dict[str, bool | None] = {
        **known,
        "policy_in_force": True,
        "platform_workers": allowed,
        "old_enough": None if facts.born_on is None else completed_on >= months_after(facts.born_on, 12 * min_age),
        "no_public_pension": None if facts.public_pension is None else not (barred and facts.public_pension),
        "not_paid_before": course not in facts.paid_courses,
        "within_yearly_limit": free is not None,
    }
    keys = (training_prefix(facts.worker_id) + course, f"{year_prefix(facts.worker_id, completed_on.year)}{free}")
    return _outcome(met, law, course, keys if free is not None else ())


def year_prefix(worker_id: str, year: int) -> str:
    """With what the keys of a person's paid times of a year begin."""
    return f"training:{worker_id}:{year}:"


def _outcome(
    met: Mapping[str, bool | None], law: Law, course: str | None = None, once: tuple[str, ...] = ()
) -> Outcome:
    grounds = tuple(Ground(code=code, met=holds, document=SOURCE) for code, holds in met.items())
    amount = None
    if course is not None and False not in met.values():
        with suppress(MissingParameter):  # where nobody has published a sum, an officer sets it
            amount = law.amount("training_subsidy.amount", course)
    return Outcome(grounds=grounds, amount=amount, once=once, used=law.used)


RULE: Final[Rule[TrainingFacts]] = Rule(kind=KIND, version=1, facts=TrainingFacts, decide=decide)
