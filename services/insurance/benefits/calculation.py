"""What a benefit comes to: each kind by its formula, from the parameters of the day of the injury. Pure.

Sums are yuan, rounded half up to the fen at the very end. A figure that nobody has leaves the sum open, with the key that
is missing: an officer enters the sum then, with a reason and a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from services.insurance.benefits.fact_rules import PREFIX, Calculated, Facts
from services.insurance.entitlements.rules import GIVES, SEVERE
from shared.contracts.base import to_fen
from shared.errors import RuleBroken
from shared.policy.parameters import Law, MissingParameter

HUNDRED = Decimal(100)


def calculate(kind: str, facts: Facts, law: Law) -> Calculated:
    """The sum of one payment of this kind: for monthly kinds, of one month.

    Raises RuleBroken where the facts do not give the benefit, or one that the sum needs is not there.
    """
    try:
        share = to_fen(FORMULAS[kind](facts, law))
        least = law.amount("minimum_wage.monthly") if kind in FLOORED else share
    except MissingParameter as missing:
        return Calculated(None, missing.key, entry=missing.entry)
    return Calculated(max(share, least), share=share)


def medical(facts: Facts, law: Law) -> Decimal:
    """What the bills hold within the catalogues (工伤保险条例 art. 30), less what a third party has paid (社会保险法 art. 42)."""
    rest = _bills(facts) - facts.third_party_paid
    if rest <= 0:
        raise RuleBroken("third-party-paid", "费用已由第三人全部支付", "the third party has paid all of it")
    return rest


def rehabilitation(facts: Facts, law: Law) -> Decimal:
    """What the bills of a contracted institution hold within the rules (art. 30, 6)."""
    return _bills(facts)


def assistive_device(facts: Facts, law: Law) -> Decimal:
    """A prosthesis or other device that the committee has confirmed, within the state's standard (art. 32)."""
    if not facts.confirmed:
        raise RuleBroken(
            "not-confirmed", "须有劳动能力鉴定委员会的配置确认", "the committee must have confirmed the device"
        )
    return _bills(facts)


def hospital_meals(facts: Facts, law: Law) -> Decimal:
    """A sum for each day in hospital (art. 30, 4)."""
    return _days(facts) * law.amount("benefit.hospital_meals_daily")


def travel(facts: Facts, law: Law) -> Decimal:
    """Fares by their bills, and board and lodging by the day, of treatment elsewhere that the agency agreed to (art. 30, 4)."""
    if not facts.confirmed:
        raise RuleBroken("not-confirmed", "须有医疗机构证明并经经办机构同意", "the agency must have agreed to it")
    fares = _bills(facts) if facts.invoices else Decimal(0)
    return fares + _days(facts) * law.amount("benefit.travel_daily")


def suspended_pay(facts: Facts, law: Law) -> Decimal:
    """The former pay goes on (art. 33)."""
    if facts.pay is None:
        raise RuleBroken("pay-missing", "缺少原工资福利待遇金额", "the former pay is needed")
    return facts.pay


def suspended_nursing(facts: Facts, law: Law) -> Decimal:
    """What the care costs of who cannot live without it while work is suspended; the employer bears it (art. 33, 3)."""
    return suspended_pay(facts, law)


def missing_pay(facts: Facts, law: Law) -> Decimal:
    """The pay of a worker who is missing goes on for some months (art. 41)."""
    if not facts.missing:
        raise RuleBroken("not-missing", "该职工并非下落不明", "the worker is not missing")
    return suspended_pay(facts, law)


def disability_lump(facts: Facts, law: Law) -> Decimal:
    """Months of the base, by grade 1 to 10 (art. 35-37); not for a veteran's old wound (art. 15, 2)."""
    grade = _grade(facts, range(1, 11))
    if facts.no_lump:
        raise RuleBroken("no-lump", "旧伤复发视同工伤的，不享受一次性伤残补助金", "this case gives no lump sum")
    rest = base(facts, law) * law.number(_key(facts, "lump_months"), str(grade)) - facts.advanced
    if rest <= 0:
        raise RuleBroken("nothing-left", "已支付的金额不低于应付金额", "as much was paid before")
    return rest


def disability_allowance(facts: Facts, law: Law) -> Decimal:
    """A share of the base by grade, a month, not under the minimum wage: grades 1 to 4 (art. 35)."""
    return _allowance(facts, law, SEVERE)


def pension_difference(facts: Facts, law: Law) -> Decimal:
    """What an old-age pension falls short of the allowance that it ends (art. 35, 1, 3)."""
    if facts.allowance is None or facts.pension is None:
        raise RuleBroken("not-retired", "须先登记退休及基本养老保险待遇", "the retirement must be recorded first")
    if facts.pension >= facts.allowance:
        raise RuleBroken("no-difference", "基本养老保险待遇不低于伤残津贴", "the pension is no less than the allowance")
    return facts.allowance - facts.pension


def employer_allowance(facts: Facts, law: Law) -> Decimal:
    """The same of grades 5 and 6, where the employer has no fitting work (art. 36)."""
    if facts.grade in (5, 6) and not facts.no_fitting_work:
        raise RuleBroken(
            "work-offered", "用人单位难以安排工作的，方可发给伤残津贴", "only where there is no fitting work"
        )
    return _allowance(facts, law, range(5, 7))


def nursing(facts: Facts, law: Law) -> Decimal:
    """A share of the average wage by dependence, a month (art. 34)."""
    _grade(facts, range(1, 11))
    if facts.nursing is None:
        raise RuleBroken("no-nursing", "未确认需要生活护理", "no need of nursing was confirmed")
    return law.amount("wage.average_monthly") * law.amount(_key(facts, "nursing_percent"), facts.nursing) / HUNDRED


def leaving_medical(facts: Facts, law: Law) -> Decimal:
    """Months of the average wage when the labour relation ends, grades 5 to 10 (art. 36, 37); the province sets them, and what near
    retirement leaves of them."""
    return _leaving("leaving_medical", "leaving_medical_months", facts, law)


def leaving_employment(facts: Facts, law: Law) -> Decimal:
    """The employer's part of the same."""
    return _leaving("leaving_employment", "leaving_employment_months", facts, law)


def funeral(facts: Facts, law: Law) -> Decimal:
    """Months of the average wage (art. 39, 1, 1)."""
    _dead(facts, "funeral")
    return law.amount("wage.average_monthly") * law.number(_key(facts, "funeral_months"))


def dependant_pension(facts: Facts, law: Law) -> Decimal:
    """Shares of the base of all dependants together, a month, at most the whole of it (art. 39, 1, 2)."""
    if not facts.missing:
        _dead(facts, "dependant_pension")
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
    _dead(facts, "death_lump")
    if facts.death is None and facts.grade in SEVERE:
        _grade(facts, range(0))
    return _death_grant(facts, law) - facts.advanced


def death_advance(facts: Facts, law: Law) -> Decimal:
    """A part of the death grant, for the kin of a missing worker who live in hardship (art. 41)."""
    if not facts.missing or not facts.hardship:
        raise RuleBroken(
            "no-hardship", "仅限下落不明且生活有困难的可以预支", "only for kin in hardship of who is missing"
        )
    return _death_grant(facts, law) * law.amount("work_injury.missing_advance_percent") / HUNDRED


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
        rehabilitation,
        assistive_device,
        hospital_meals,
        travel,
        missing_pay,
        suspended_nursing,
        death_advance,
        pension_difference,
    )
}
"""Every kind of benefit by its code, which is its formula's name."""

FLOORED = frozenset({"disability_allowance", "employer_allowance"})
"""Kinds of which no month is paid less than the minimum wage (art. 35, 36)."""


def base(facts: Facts, law: Law) -> Decimal:
    """What a month's benefit is a share of, in yuan.

    Work injury: the own wage, between 60 and 300 per cent of the average wage (工伤保险条例 art. 64). Where nobody has the average,
    the wage on which contributions were taken stands: it was declared within the same bounds. Occupational injury: a share of the
    average wage.
    """
    if facts.scheme == "occupational_injury":
        return law.amount("wage.average_monthly") * law.amount("oip.benefit_base_ratio")
    if facts.own_wage is None:
        raise RuleBroken("own-wage-missing", "缺少本人工资（伤前12个月平均月缴费工资）", "the own wage is needed")
    try:
        average = law.amount("wage.average_monthly")
    except MissingParameter:
        if facts.from_records:
            return facts.own_wage
        raise
    least = average * law.amount("work_injury.own_wage_percent", "floor") / HUNDRED
    most = average * law.amount("work_injury.own_wage_percent", "cap") / HUNDRED
    return min(max(facts.own_wage, least), most)


def _allowance(facts: Facts, law: Law, grades: range) -> Decimal:
    grade = _grade(facts, grades)
    return base(facts, law) * law.amount(_key(facts, "allowance_percent"), str(grade)) / HUNDRED


def _leaving(kind: str, months_by_grade: str, facts: Facts, law: Law) -> Decimal:
    grade = _grade(facts, range(5, 11))
    if facts.leaving is None or (grade < 7 and facts.leaving != "own_request"):
        raise RuleBroken(
            "leaving-does-not-fit",
            "五级、六级须由职工本人提出，七级至十级须合同期满终止或者本人提出",
            "the relation must have ended as the article says",
        )
    months = law.number(_key(facts, months_by_grade), str(grade))
    left = law.amount(_key(facts, "leaving_percent"), kind) / HUNDRED
    return months * law.amount("wage.average_monthly") * left


def _grade(facts: Facts, grades: range) -> int:
    if facts.grade is None or facts.grade not in grades:
        raise RuleBroken(
            "grade-does-not-fit", "伤残等级不符合该项待遇条件", "the disability grade does not give this benefit"
        )
    return facts.grade


def _dead(facts: Facts, kind: str) -> None:
    if not facts.fatal:
        raise RuleBroken("not-fatal", "未发生因工死亡，不适用该项待遇", "only where the worker has died")
    if facts.death is not None and kind not in GIVES[facts.death]:
        raise RuleBroken("death-does-not-fit", "该死亡情形不享受此项待遇", "this death does not give the benefit")


def _death_grant(facts: Facts, law: Law) -> Decimal:
    return law.amount("income.urban_disposable") * law.number(_key(facts, "death_lump_multiple"))


def _bills(facts: Facts) -> Decimal:
    if not facts.invoices:
        raise RuleBroken("invoices-missing", "缺少费用票据", "bills are needed")
    if any(invoice.excluded > invoice.amount for invoice in facts.invoices):
        raise RuleBroken("excluded-too-much", "目录外金额不能超过票据金额", "more is left out than the bill comes to")
    rest = sum((invoice.amount - invoice.excluded for invoice in facts.invoices), Decimal(0))
    if rest == 0:
        raise RuleBroken("nothing-left", "没有符合目录的费用", "nothing of the bills is within the catalogues")
    return rest


def _days(facts: Facts) -> int:
    if not facts.days:
        raise RuleBroken("days-missing", "缺少天数", "the number of days is needed")
    return facts.days


def _key(facts: Facts, name: str) -> str:
    return f"{PREFIX[facts.scheme]}.{name}"
