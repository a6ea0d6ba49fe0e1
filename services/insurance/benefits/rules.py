"""What may happen to a benefit and to an advance, who pays it, and for which months."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Literal

from services.insurance.benefits.calculation import FLOORED
from services.insurance.benefits.fact_rules import PREFIX
from shared.contracts.base import to_fen
from shared.contracts.insurance import Payer, Scheme
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import first_day, months_after
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["open", "granted", "ordered", "paid", "failed", "stopped"]
Event = Literal[
    "amount_set", "ordered", "paid", "failed", "postponed", "corrected", "next_month", "adjusted", "taken_over", "stopped",
    "deferred",
]  # fmt: skip

STATES: Machine[State, Event, State] = Machine(
    "benefit",
    {
        ("open", "amount_set"): "granted",
        ("open", "stopped"): "stopped",
        ("granted", "ordered"): "ordered",
        ("granted", "failed"): "failed",
        ("granted", "postponed"): "granted",
        ("granted", "paid"): "paid",
        ("granted", "taken_over"): "granted",
        ("granted", "deferred"): "paid",
        ("granted", "stopped"): "stopped",
        ("ordered", "paid"): "paid",
        ("ordered", "failed"): "failed",
        ("ordered", "postponed"): "granted",
        ("failed", "corrected"): "granted",
        ("failed", "stopped"): "stopped",
        ("paid", "next_month"): "granted",
        ("paid", "adjusted"): "paid",
        ("paid", "stopped"): "stopped",
    },
    kind="not-in-this-state",
    zh="当前状态不允许此操作",
)
"""A benefit is one entitlement of a claim; one that is paid by the month goes round once for each month, and is deferred where
its first month is still to come. While an order is
under way nothing but its answer changes the benefit: the money may be on its way.
"""

ThirdParty = Literal["refuses", "unknown"]
"""Why the fund pays medical costs in a third party's place: it does not pay, or cannot be found (社会保险法 art. 42)."""

AdvanceState = Literal["due", "advanced", "dropped"]
AdvanceEvent = Literal["advanced", "moot"]

ADVANCES: Machine[AdvanceState, AdvanceEvent, AdvanceState] = Machine(
    "advance",
    {
        ("due", "advanced"): "advanced",
        ("due", "moot"): "dropped",
    },
    kind="not-in-this-state",
    zh="当前状态不允许此操作",
)
"""What a platform pays in its partner firm's place (德人社发〔2022〕95号 art. 3). Moot: the firm has paid after all."""


MONTHLY = frozenset(
    {
        "suspended_pay", "disability_allowance", "employer_allowance", "nursing", "dependant_pension", "living",
        "missing_pay", "pension_difference", "suspended_nursing",
    }
)  # fmt: skip
"""Kinds that are paid by the month, until they end or are stopped."""

BY_GRADE = frozenset({"disability_allowance", "employer_allowance", "nursing"})
"""Monthly kinds that follow a new assessment."""

WHILE_SUSPENDED = frozenset({"suspended_pay", "suspended_nursing", "living"})
"""Monthly kinds of the time without work, which a relapse begins anew (art. 33, 38)."""

ADJUSTED = frozenset({"disability_allowance", "employer_allowance", "nursing", "dependant_pension"})
"""Kinds that are adjusted as wages and costs of living change (art. 40)."""

YEARLY = "benefit.yearly_factor"

WAGES = frozenset({"suspended_pay", "missing_pay"})
"""The former pay that goes on, which a month gives once: while work is suspended, and for the first months of an absence (art. 33,
41)."""

ALLOWANCES = frozenset({"disability_allowance", "employer_allowance"})
"""Of these a worker draws one, by the grade of the latest injury (art. 45)."""

SEVERAL = frozenset({"medical", "rehabilitation", "assistive_device", "hospital_meals", "travel"})
"""Kinds of which a claim may have several at a time."""


def not_now(state: State, what: str) -> Conflict:
    """What is answered where a benefit does not stand so that something can be done that is no move of its own."""
    return Conflict("not-in-this-state", STATES.zh, f"{what} is not possible: the benefit is {state}", state=state)


def payer_of(kind: str, scheme: Scheme, law: Law, *, insured: bool, partner: str | None, late: bool = False) -> Payer:
    """Who pays a kind of benefit; raises RuleBroken where the scheme has no such kind.

    The employer pays what the fund does not (社会保险法 art. 38, 39), and everything where the contributions were not
    paid (`insured` false: art. 41; 工伤保险条例 art. 62), or it applied too late and the cost fell before (`late`: art. 17(4)). The
    employer is the partner firm where there is one. A kind is none of occupational-injury cover's where its class is none of
    `oip.benefit_kinds`.
    """
    try:
        if scheme == "occupational_injury" and law.text("benefit.classes", kind) not in law.texts("oip.benefit_kinds"):
            raise MissingParameter("oip.benefit_kinds", law.day, law.scope, "its class is not among them")
        payer = law.text(f"{PREFIX[scheme]}.benefit_payers", kind)
    except MissingParameter:
        raise RuleBroken("no-such-benefit", "该险种没有此项待遇", "the scheme has no such benefit") from None
    if payer == "fund" and insured and not late:
        return "fund"
    return "partner" if partner is not None else "platform"


def is_the_funds(kind: str, scheme: Scheme, law: Law) -> bool:
    """Whether a kind is the fund's, unless the employer did not insure; such a one the fund advances (社会保险法 art. 38, 41)."""
    return law.table(f"{PREFIX[scheme]}.benefit_payers").get(kind) == "fund"


def most_months(kind: str, law: Law, *, extended: bool) -> int | None:
    """For how many months a kind is paid at most; None where nothing limits it. Suspended work: 工伤保险条例 art. 33; the pay of who
    is missing: art. 41.
    """
    if kind == "missing_pay":
        return law.number("work_injury.missing_pay_months")
    if kind not in ("suspended_pay", "suspended_nursing"):
        return None
    months = law.number("work_injury.suspended_pay_months")
    return months + (law.number("work_injury.suspended_pay_extension_months") if extended else 0)


def months(
    first: str, last: str | None, injured: str, present: str, most: int | None, *, exact: bool = False
) -> tuple[str, str | None]:
    """The first and last month (YYYY-MM) of a monthly kind; at most `most` of them, and none long after the injury.

    The month of the injury counts among them only where it is paid, since work goes on in the days before; with `exact` it does
    anyhow. Raises RuleBroken.
    """
    if not injured <= first <= present:
        raise RuleBroken(
            "month-not-begun", "起始月份须在伤害发生当月至本月之间", "it begins between the injury and now"
        )
    if most is not None:
        latest = min(_later(first, most - 1), _later(injured, most - 1 if exact else most))
        last = min(last or latest, latest)
    if last is not None and last < first:
        raise RuleBroken("no-month-left", "没有可支付的月份", "no month is left to be paid")
    return first, last


def last_before_absence(kind: str, since: dt.date) -> str:
    """With which month (YYYY-MM) what is drawn while work is suspended ends where the worker is missing since a day: the pay with the
    month before, since that of the month itself goes on for the absence; the care of whoever is gone with the month (art. 33, 41).
    """
    return f"{since:%Y-%m}" if kind != "suspended_pay" else _later(f"{since:%Y-%m}", -1)


def pay_ends_with(since: dt.date, paid_to: str | None, law: Law) -> str:
    """With which month (YYYY-MM) the pay of suspended work ends where the worker is missing since a day. What was paid for a month of
    the absence (up to `paid_to`) is that month's pay; for no month after the first ones is any due (art. 41)."""
    before, most = last_before_absence("suspended_pay", since), law.number("work_injury.missing_pay_months")
    return min(max(paid_to or before, before), _later(f"{since:%Y-%m}", most - 1))


def _later(month: str, count: int) -> str:
    return f"{months_after(first_day(month), count):%Y-%m}"


def floored_by(kind: str, month: str, law: Law) -> Decimal | None:
    """The minimum wage of a month, for kinds that are never less; None for others, and where nobody has it."""
    if kind not in FLOORED:
        return None
    try:
        return law.on(first_day(month)).amount("minimum_wage.monthly")
    except MissingParameter:
        return None


def awaits_adjustment(kind: str, first_month: str, month: str, adjusted_from: Iterable[str]) -> bool:
    """Whether a running benefit of the kinds that are adjusted from year to year (art. 40) was not in the year of a month yet, so that
    a person has to say by how much, or that it is not. `adjusted_from`: since when what was set for it holds."""
    year = month[:4]
    return kind in ADJUSTED and first_month[:4] < year and all(one[:4] != year for one in adjusted_from)


def yearly_factor(kind: str, month: str, law: Law) -> tuple[str, str] | None:
    """By what running benefits of a kind are multiplied in a month, and from which month on (art. 40); None where nothing says so."""
    of_month = law.on(first_day(month))
    try:
        factor = of_month.text(YEARLY, kind)
    except MissingParameter:
        return None
    key = f"{YEARLY}[{kind}]"
    since = max(one.valid_from for one in of_month.used if one.key == key and one.valid_from <= of_month.day)
    return f"{since:%Y-%m}", factor


Paid = tuple[str, str | None, Decimal]
"""What was paid in for work-injury insurance: the month (YYYY-MM), the employer, and the base in yuan."""


def own_wage(paid_in: Iterable[Paid], injured: str, employers: Collection[str], law: Law) -> Decimal | None:
    """The average monthly contribution wage of the months before the injury (art. 64), of fewer where there are no more.

    Of the employers at the injury where they paid in; else of any, unless several did for one month: then it is not told which.
    None where nothing was paid in.
    """
    earliest = _later(injured, -law.number("work_injury.own_wage_months"))
    within = [one for one in paid_in if earliest <= one[0] < injured]
    theirs = [one for one in within if one[1] in employers]
    by_month: defaultdict[str, list[Decimal]] = defaultdict(list)
    for month, _, base in theirs or within:
        by_month[month].append(base)
    if not by_month or (not theirs and any(len(bases) > 1 for bases in by_month.values())):
        return None
    return to_fen(sum((sum(bases, Decimal(0)) for bases in by_month.values()), Decimal(0)) / len(by_month))


def ends_with_assessment(kind: str, scheme: Scheme, graded_on: dt.date | None, law: Law) -> bool:
    """Whether a kind is not paid any more once a grade was found (art. 33)."""
    return graded_on is not None and kind in law.texts(f"{PREFIX[scheme]}.ends_with_assessment")


def comes_again(reason: str, attempts: int, law: Law) -> bool:
    """Whether a failed payment is ordered again by itself: its reason may pass, and it was not tried too often."""
    return reason in law.texts("benefit.passing_failures") and attempts < law.number("benefit.payment_attempts")
