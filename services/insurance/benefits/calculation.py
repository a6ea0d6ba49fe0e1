"""What a benefit comes to: each kind by its formula, from the parameters of the day of the injury. Pure.

Sums are yuan, rounded half up to the fen at the very end. A figure that nobody has leaves the sum open, with the key that
is missing: an officer enters the sum then, with a reason and a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.contracts.base import to_fen
from shared.contracts.insurance import Scheme
from shared.errors import RuleBroken
from shared.policy.parameters import Law, MissingParameter

Nursing = Literal["full", "most", "partial"]
HUNDRED = Decimal(100)
PREFIX: Mapping[Scheme, str] = {"work_injury": "work_injury", "occupational_injury": "oip"}


@dataclass(frozen=True, slots=True)
class Invoice:
    """A medical bill; `excluded` is what the catalogues of treatment, drugs and hospital service leave out."""

    amount: Decimal
    excluded: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Dependant:
    """A relative without capacity for work whom the dead worker supported. `lone`: a lone old person or an orphan."""

    relation: Literal["spouse", "other"]
    lone: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sum rests on besides the law.

    `own_wage`: average monthly contribution wage of the twelve months before the injury; `pay`: the wage that goes on
    while work is suspended; both yuan a month.
    """

    scheme: Scheme
    grade: int | None = None
    nursing: Nursing | None = None
    fatal: bool = False
    own_wage: Decimal | None = None
    pay: Decimal | None = None
    invoices: Sequence[Invoice] = ()
    dependants: Sequence[Dependant] = ()


@dataclass(frozen=True, slots=True)
class Calculated:
    """A sum, or None with the `missing` parameter's key where it is open."""

    amount: Decimal | None
    missing: str | None = None


def calculate(kind: str, facts: Facts, law: Law) -> Calculated:
    """The sum of one payment of this kind: for monthly kinds, of one month.

    Raises RuleBroken where the facts do not give the benefit, or one that the sum needs is not there.
    """
    try:
        exact = FORMULAS[kind](facts, law)
    except MissingParameter as missing:
        return Calculated(None, missing.key)
    return Calculated(to_fen(exact))


def medical(facts: Facts, law: Law) -> Decimal:
    """What the bills hold within the catalogues (工伤保险条例 art. 30)."""
    if not facts.invoices:
        raise RuleBroken("invoices-missing", "缺少医疗费用票据", "medical bills are needed")
    return sum((invoice.amount - invoice.excluded for invoice in facts.invoices), Decimal(0))


def suspended_pay(facts: Facts, law: Law) -> Decimal:
    """The former pay goes on (art. 33)."""
    if facts.pay is None:
        raise RuleBroken("pay-missing", "缺少原工资福利待遇金额", "the former pay is needed")
    return facts.pay


def disability_lump(facts: Facts, law: Law) -> Decimal:
    """Months of the base, by grade 1 to 10 (art. 35-37)."""
    grade = _grade(facts, range(1, 11))
    return base(facts, law) * law.number(_key(facts, "lump_months"), str(grade))


def disability_allowance(facts: Facts, law: Law) -> Decimal:
    """A share of the base by grade, a month, not under the minimum wage: grades 1 to 4 (art. 35)."""
    return _allowance(facts, law, range(1, 5))


def employer_allowance(facts: Facts, law: Law) -> Decimal:
    """The same of grades 5 and 6, where the employer has no fitting work (art. 36)."""
    return _allowance(facts, law, range(5, 7))


def nursing(facts: Facts, law: Law) -> Decimal:
    """A share of the average wage by dependence, a month (art. 34)."""
    _grade(facts, range(1, 11))
    if facts.nursing is None:
        raise RuleBroken("no-nursing", "未确认需要生活护理", "no need of nursing was confirmed")
    return law.amount("wage.average_monthly") * law.amount(_key(facts, "nursing_percent"), facts.nursing) / HUNDRED


def leaving_medical(facts: Facts, law: Law) -> Decimal:
    """Months of the average wage when the labour relation ends, grades 5 to 10 (art. 36, 37); the province sets them."""
    return _leaving_months("leaving_medical_months", facts, law) * law.amount("wage.average_monthly")


def leaving_employment(facts: Facts, law: Law) -> Decimal:
    """The employer's part of the same."""
    return _leaving_months("leaving_employment_months", facts, law) * law.amount("wage.average_monthly")


def funeral(facts: Facts, law: Law) -> Decimal:
    """Months of the average wage (art. 39, 1, 1)."""
    _dead(facts)
    return law.amount("wage.average_monthly") * law.number(_key(facts, "funeral_months"))


def dependant_pension(facts: Facts, law: Law) -> Decimal:
    """Shares of the base of all dependants together, a month, at most the whole of it (art. 39, 1, 2)."""
    _dead(facts)
    if not facts.dependants:
        raise RuleBroken("no-dependants", "没有符合条件的供养亲属", "there are no dependants")
    if sum(dependant.relation == "spouse" for dependant in facts.dependants) > 1:
        raise RuleBroken("two-spouses", "配偶只能有一人", "there is at most one spouse")
    shares = law.table(_key(facts, "dependant_percent"))
    percent = sum(
        (Decimal(shares[one.relation]) + (Decimal(shares["lone"]) if one.lone else 0) for one in facts.dependants),
        Decimal(0),
    )
    return base(facts, law) * min(percent, Decimal(shares["cap"])) / HUNDRED


def death_lump(facts: Facts, law: Law) -> Decimal:
    """A multiple of last year's national urban disposable income (art. 39, 1, 3).

    Not where a worker of grade 1 to 4 dies after the time of suspended work, which the assessment ends (art. 39, 3).
    """
    _dead(facts)
    if facts.grade in range(1, 5):
        _grade(facts, range(0))
    return law.amount("income.urban_disposable") * law.number(_key(facts, "death_lump_multiple"))


def living(facts: Facts, law: Law) -> Decimal:
    """The living allowance of occupational-injury cover, a month."""
    return law.amount("oip.living_monthly")


Formula = Callable[[Facts, Law], Decimal]
FORMULAS: Mapping[str, Formula] = {
    formula.__name__: formula
    for formula in (
        medical,
        suspended_pay,
        disability_lump,
        disability_allowance,
        employer_allowance,
        nursing,
        leaving_medical,
        leaving_employment,
        funeral,
        dependant_pension,
        death_lump,
        living,
    )
}
"""Every kind of benefit by its code, which is its formula's name."""


def base(facts: Facts, law: Law) -> Decimal:
    """What a month's benefit is a share of, in yuan.

    Work injury: the own wage, between 60 and 300 per cent of the average wage (工伤保险条例 art. 64). Occupational injury:
    a share of the average wage.
    """
    if facts.scheme == "occupational_injury":
        return law.amount("wage.average_monthly") * law.amount("oip.benefit_base_ratio")
    if facts.own_wage is None:
        raise RuleBroken("own-wage-missing", "缺少本人工资（伤前12个月平均月缴费工资）", "the own wage is needed")
    average = law.amount("wage.average_monthly")
    least = average * law.amount("work_injury.own_wage_percent", "floor") / HUNDRED
    most = average * law.amount("work_injury.own_wage_percent", "cap") / HUNDRED
    return min(max(facts.own_wage, least), most)


def _allowance(facts: Facts, law: Law, grades: range) -> Decimal:
    grade = _grade(facts, grades)
    share = base(facts, law) * law.amount(_key(facts, "allowance_percent"), str(grade)) / HUNDRED
    return max(share, law.amount("minimum_wage.monthly"))


def _leaving_months(name: str, facts: Facts, law: Law) -> Decimal:
    grade = _grade(facts, range(5, 11))
    return Decimal(law.number(_key(facts, name), str(grade)))


def _grade(facts: Facts, grades: range) -> int:
    if facts.grade is None or facts.grade not in grades:
        raise RuleBroken(
            "grade-does-not-fit", "伤残等级不符合该项待遇条件", "the disability grade does not give this benefit"
        )
    return facts.grade


def _dead(facts: Facts) -> None:
    if not facts.fatal:
        raise RuleBroken("not-fatal", "未发生因工死亡，不适用该项待遇", "only where the worker has died")


def _key(facts: Facts, name: str) -> str:
    return f"{PREFIX[facts.scheme]}.{name}"
