"""Who may have the social-insurance subsidy for flexible employment, and how much of each month (川财社〔2019〕38号).

A month counts where the facts hold on its last day: a recognition that is given within a month counts from that month on, and one
that ends within a month, or employment that begins within it, stops the subsidy from that month on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

import msgspec

from services.subsidies.decisions.rules import Facts, Ground, Outcome, Rule
from services.subsidies.flexible.months_rules import Allowed, allowed, last_day
from services.subsidies.persons.retirement_rules import Group as RetirementGroup
from services.subsidies.persons.rules import Paid, Sex, Spell, form_on
from shared.contracts.insurance import Insurance
from shared.policy.calendar import add_months, first_day, months_after, months_between
from shared.policy.parameters import Law, MissingParameter

KIND: Final = "flexible"
SOURCE: Final = "川财社〔2019〕38号"

MOST_MONTHS: Final = 36
"""Months of one application."""

Group = Literal["hard_to_employ", "graduate_within_two_years"]
"""就业困难人员；离校两年内未就业高校毕业生。"""

GROUNDS: Final[Mapping[str, str]] = {
    "policy_in_force": "所申请月份在补贴政策有效期内",
    "group": "属于补贴对象（就业困难人员或者离校两年内未就业高校毕业生）",
    "pledge": "已签署灵活就业承诺书",
    "in_time": "在规定的申报时间内提出申请",
    "paid": "本人以灵活就业身份实际缴纳了社会保险费",
    "recognised": "已认定为就业困难人员且认定在有效期内",
    "diploma": "毕业证书真实，属于高校毕业生（由经办人员核验）",
    "graduate_window": "享受补贴的月份在离校两年内",
    "flexible_employment": "所申请月份为灵活就业，未与单位建立劳动关系",
    "not_insured_by_employer": "所申请月份没有单位为本人缴纳社会保险费",
    "retirement_group": "所述退休年龄组别（女干部或者女工人）与档案一致（由经办人员核验）",
    "before_retirement": "所申请月份未达到法定退休年龄",
    "not_paid_before": "同一月份同一险种未享受过补贴",
    "within_months": "累计享受补贴的月数未超过规定期限，或者符合临近退休延长条件",
    "not_unemployment_benefit": "未同时领取失业保险金",
    "not_employer_subsidy": "未同时由单位享受社会保险补贴",
    "not_public_post_subsidy": "未同时享受公益性岗位社会保险补贴",
}
"""Each condition as an applicant reads it."""


class Valid(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which a recognition as hard to employ holds, both included; `last` is null while there is no end."""

    first: dt.date
    last: dt.date | None


class FlexibleFacts(Facts, frozen=True, kw_only=True):
    """What a person paid for the months asked for, and what they were in those months.

    `persons`: every worker id of the person. `first`, `last`: the months asked for, YYYY-MM. `receives`: what the applicant says they
    receive, by the codes of `flexible_subsidy.excludes`. `retirement_group`: as stated. `paid_parts`: `<month>:<scheme>` that were
    subsidised before, `used_months`: the months of them in this group.
    """

    persons: tuple[str, ...]
    filed_on: dt.date
    group: Group
    first: str
    last: str
    pledged: bool
    receives: tuple[str, ...] = ()
    graduated_on: dt.date | None = None
    born_on: dt.date | None = None
    sex: Sex | None = None
    retirement_group: RetirementGroup | None = None
    recognised: tuple[Valid, ...] = ()
    spells: tuple[Spell, ...] = ()
    contributions: tuple[Paid, ...] = ()
    paid_parts: tuple[str, ...] = ()
    used_months: tuple[str, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid to a scheme for a month, and what of it is subsidised; yuan.

    `amount` is null where it is left out (`left_out`: the ground) or where the wage that caps it is not known.
    """

    month: str
    insurance: Insurance
    base: Decimal
    paid: Decimal
    amount: Decimal | None = None
    left_out: str | None = None


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The grounds by code, each month and scheme, and how long the subsidy goes."""

    grounds: dict[str, bool | None]
    parts: tuple[Part, ...]


def assess(facts: FlexibleFacts, law: Law) -> Assessment:
    """Each ground and each part, by the law of the day; rates and caps by the law of each month."""
    grounds: dict[str, bool | None] = {"policy_in_force": True}
    try:
        listed, excluded = law.texts("flexible_subsidy.groups"), law.texts("flexible_subsidy.excludes")
        schemes = law.texts("flexible_subsidy.insurances")
        span = allowed(
            facts.group, facts.filed_on, facts.used_months, facts.born_on, facts.sex, facts.retirement_group, law
        )
    except MissingParameter:
        return Assessment(grounds={"policy_in_force": False}, parts=())
    grounds |= {"group": facts.group in listed, "pledge": facts.pledged, "in_time": _in_time(facts, law)}
    grounds |= _receipts(facts.receives, excluded)
    parts = _asked(facts, schemes)
    grounds["paid"] = bool(parts)
    if facts.group == "hard_to_employ":
        parts = _keep(parts, "recognised", _recognised(parts, facts), grounds)
    else:
        grounds |= _graduate(facts, law)
    parts = _keep(parts, "flexible_employment", _not_employed(parts, facts.spells), grounds)
    if "insured_by_employer" in excluded:
        parts = _keep(parts, "not_insured_by_employer", _without_employer(parts, facts, schemes), grounds)
    if facts.sex == "female" and facts.retirement_group is not None:
        grounds["retirement_group"] = None
    parts = _keep(
        parts, "before_retirement", {one.month for one in parts if span.before_retirement(one.month)}, grounds
    )
    if grounds.get("before_retirement") and span.retirement_unsure(one.month for one in parts if one.left_out is None):
        grounds["before_retirement"] = None
    taken = set(facts.paid_parts)
    parts = _keep_parts(parts, "not_paid_before", {one for one in parts if _key(one) not in taken}, grounds)
    parts = _within(parts, span, grounds)
    return Assessment(grounds=grounds, parts=tuple(_with_amount(one, law) for one in parts))


def decide(facts: FlexibleFacts, law: Law) -> Outcome:
    """Two thirds of what was really paid, capped, for each month and scheme in which the facts hold."""
    found = assess(facts, law)
    counted = [part for part in found.parts if part.left_out is None]
    grounds = tuple(Ground(code=code, met=met, document=SOURCE) for code, met in found.grounds.items())
    if False in found.grounds.values():
        return Outcome(grounds=grounds, amount=None, once=(), used=law.used)
    amounts = [part.amount for part in counted if part.amount is not None]
    return Outcome(
        grounds=grounds,
        amount=sum(amounts, Decimal(0)) if len(amounts) == len(counted) else None,
        once=tuple(key for part in counted for key in keys(facts.persons, facts.group, part)),
        used=law.used,
    )


def keys(persons: Iterable[str], group: Group, part: Part) -> list[str]:
    """The paid facts of a part: the contribution, which no other subsidy may pay for, and the month of this one, by group."""
    found = [contribution_prefix(person) + _key(part) for person in persons]
    return found + [f"{month_prefix(person, group)}{_key(part)}" for person in persons]


def contribution_prefix(person: str) -> str:
    """With what the keys of a person's subsidised contributions begin; `<month>:<scheme>` follows."""
    return f"contribution:{person}:"


def month_prefix(person: str, group: Group) -> str:
    """With what the keys of a person's subsidised months in a group begin; `<month>:<scheme>` follows."""
    return f"flexible:{person}:{group}:"


def subsidy(paid: Decimal, base: Decimal, ratio: Fraction, cap: Decimal) -> Decimal:
    """The share of what was paid, of no more than what the same rate of the cap (yuan a month) would be; down to the fen.

    800.00 paid on a base of 4,000.00, cap 4,500.00: 2/3 × 800.00 = 533.33. 1,200.00 paid on 6,000.00: 2/3 × 1,200.00 × 4,500 / 6,000
    = 600.00.
    """
    share = ratio * Fraction(paid)
    if base > cap:
        share *= Fraction(cap) / Fraction(base)
    return Decimal(int(share * 100)) / 100


def _asked(facts: FlexibleFacts, schemes: Iterable[str]) -> list[Part]:
    """What the person paid for the months asked for in flexible employment, by month and scheme."""
    own: dict[tuple[str, Insurance], list[Paid]] = {}
    for one in facts.contributions:
        if one.payer is None and facts.first <= one.month <= facts.last and one.insurance in schemes:
            own.setdefault((one.month, one.insurance), []).append(one)
    sums = {
        key: (_sum(one.base for one in paid), _sum(one.amount for one in paid)) for key, paid in sorted(own.items())
    }
    return [
        Part(month=month, insurance=insurance, base=base, paid=amount)
        for (month, insurance), (base, amount) in sums.items()
        if amount > 0
    ]


def _keep(parts: list[Part], code: str, months: set[str], grounds: dict[str, bool | None]) -> list[Part]:
    return _keep_parts(parts, code, {one for one in parts if one.month in months}, grounds)


def _keep_parts(parts: list[Part], code: str, kept: set[Part], grounds: dict[str, bool | None]) -> list[Part]:
    """Leave out what is not kept; the ground fails where nothing is left that was there before."""
    counted = [one for one in parts if one.left_out is None]
    if counted:
        grounds[code] = any(one in kept for one in counted)
    return [
        one if one.left_out is not None or one in kept else msgspec.structs.replace(one, left_out=code) for one in parts
    ]


def _within(parts: list[Part], span: Allowed, grounds: dict[str, bool | None]) -> list[Part]:
    """Leave out the months beyond those that the group may have, the last ones first."""
    months = sorted({one.month for one in parts if one.left_out is None})
    months_kept, unsure = span.take(months)
    parts = _keep(parts, "within_months", months_kept, grounds)
    if unsure and grounds.get("within_months"):
        grounds["within_months"] = None
    return parts


def _recognised(parts: list[Part], facts: FlexibleFacts) -> set[str]:
    def holds(month: str) -> bool:
        day = last_day(month)
        return any(one.first <= day and (one.last is None or day <= one.last) for one in facts.recognised)

    return {one.month for one in parts if holds(one.month)}


def _not_employed(parts: list[Part], spells: Iterable[Spell]) -> set[str]:
    known = list(spells)
    return {one.month for one in parts if form_on(last_day(one.month), known) != "employed"}


def _without_employer(parts: list[Part], facts: FlexibleFacts, schemes: Iterable[str]) -> set[str]:
    """Months for which no employer paid to a scheme that is subsidised; work-injury insurance alone bars nobody."""
    insured = {one.month for one in facts.contributions if one.payer is not None and one.insurance in schemes}
    return {one.month for one in parts if one.month not in insured}


def _graduate(facts: FlexibleFacts, law: Law) -> dict[str, bool | None]:
    """An officer checks the diploma. Whether months after the second year still count for who began within it, no text that was
    read says: a person judges."""
    if facts.graduated_on is None:
        return {"diploma": False}
    ends = months_after(facts.graduated_on, 12 * law.number("flexible_subsidy.graduate_years"))
    begins = first_day(min((*facts.used_months, facts.first)))
    months = months_between(facts.first, facts.last)
    if begins > ends or facts.graduated_on > last_day(facts.last):
        return {"diploma": None, "graduate_window": False}
    return {"diploma": None, "graduate_window": True if last_day(months[-1]) <= ends else None}


def _receipts(receives: Iterable[str], excluded: Iterable[str]) -> dict[str, bool | None]:
    """What bars: known where the applicant says so; else an officer looks, since nobody tells this service."""
    return {f"not_{code}": False if code in receives else None for code in excluded if code != "insured_by_employer"}


def _in_time(facts: FlexibleFacts, law: Law) -> bool | None:
    try:
        months = law.number("flexible_subsidy.apply_by")
    except MissingParameter:
        return None
    return facts.filed_on <= add_months(last_day(facts.last), months).due


def _with_amount(part: Part, law: Law) -> Part:
    if part.left_out is not None:
        return part
    of_month = law.on(first_day(part.month))
    try:
        ratio = of_month.fraction("flexible_subsidy.ratio_cap")
        cap = of_month.amount("flexible_subsidy.base_cap_ratio") * of_month.amount("flexible_subsidy.average_wage")
    except MissingParameter:
        return part
    return msgspec.structs.replace(part, amount=subsidy(part.paid, part.base, ratio, cap))


def _key(part: Part) -> str:
    return f"{part.month}:{part.insurance}"


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))


RULE: Final[Rule[FlexibleFacts]] = Rule(kind=KIND, version=1, facts=FlexibleFacts, decide=decide)
