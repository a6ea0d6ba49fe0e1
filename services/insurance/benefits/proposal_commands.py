"""What a benefit would come to: what was asked, what the claim and its course say, and what was paid in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.insurance.benefits import bill_commands, rules
from services.insurance.benefits.calculation import FORMULAS, calculate
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import Calculated, Dependant, Facts, Invoice, Leaving
from services.insurance.benefits.missing_rules import lacking
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.contributions.documents import Contribution
from services.insurance.entitlements.documents import Entitlement
from services.insurance.entitlements.rules import first_pension_month
from services.insurance.liability.commands import standing_of
from services.insurance.liability.rules import Burden, Standing, employers, of_months
from shared import clock
from shared.contracts.insurance import Payer
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.calendar import month_after
from shared.policy.parameters import Law, Used, parameters
from shared.storage.records import find
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """A benefit as an officer asks for it. `incurred_on`: the day on which the cost fell, where that matters; `payer`: who pays the
    benefit that this one follows, and goes on.

    `own_wage`: None where it is to be taken from what was paid in. `account`: the payee's bank account; `kin`: id number and name of
    the next of kin who is paid, None for the worker. `phones`: names and mobile numbers of the next of kin who are told, the payee
    first. `first_month` and `last_month` (YYYY-MM) bound a monthly kind; `extended`: the time of suspended work was prolonged. The
    rest as in `Facts`.
    """

    kind: str
    own_wage: Decimal | None = None
    pay: Decimal | None = None
    invoices: tuple[Invoice, ...] = ()
    dependants: tuple[Dependant, ...] = ()
    incurred_on: dt.date | None = None
    payer: Payer | None = None
    account: str | None = None
    kin: tuple[str, str] | None = None
    phones: tuple[tuple[str, str], ...] = ()
    first_month: str | None = None
    last_month: str | None = None
    extended: bool = False
    days: int | None = None
    third_party: rules.ThirdParty | None = None
    third_party_paid: Decimal = Decimal(0)
    confirmed: bool = False
    leaving: Leaving | None = None
    no_fitting_work: bool = False
    hardship: bool = False
    allowance: Decimal | None = None
    pension: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a benefit would come to, who would pay it, and for which months; `awaits`: what nobody has of it."""

    calculated: Calculated
    payer: Payer
    month: str | None
    last_month: str | None
    used: list[Used]
    basis: Mapping[str, Any] = field(default_factory=dict)
    awaits: tuple[tuple[str, str | None], ...] = ()


BY_INJURY = frozenset({"death_lump"})
"""What a death gives by the income of the year before the injury, and not before the death (人社部令第13号 art. 11)."""


def law_for(claim: Claim, kind: str, entitlement: Entitlement | None) -> Law:
    """The law that a kind is calculated by: of the day of the death for most of what a death gives, else of the injury."""
    death = entitlement.death if entitlement is not None and kind in OF_THE_DEAD - BY_INJURY else None
    day = death.on if death is not None else calendar.shanghai_date(claim.occurred_at)
    return parameters.on(day, place=claim.district)


async def propose(claim: Claim, asked: Asked, now: dt.datetime, tx: Transaction | None = None) -> Proposal:
    """Calculate a benefit by the law of the day of the fact; raises RuleBroken, and Conflict for a bill that was claimed before."""
    if not claim.recognised:
        raise RuleBroken("not-recognised", "该伤害尚未认定（确认）", "the injury is not recognised")
    if asked.kind not in FORMULAS:
        raise RuleBroken("no-such-benefit", "没有此项待遇", "there is no such benefit")
    entitlement = await Entitlement.of(claim.id, tx)
    if entitlement is not None and entitlement.stop is not None and asked.kind not in OF_THE_DEAD:
        raise RuleBroken("stopped", "已停止享受工伤保险待遇", "benefits are stopped (art. 42)")
    law = law_for(claim, asked.kind, entitlement)
    rules.payer_of(
        asked.kind, claim.scheme, law, insured=True, partner=None
    )  # raises where the scheme has no such kind
    if asked.third_party is not None and asked.kind != "medical":
        raise RuleBroken("not-medical", "仅工伤医疗费用可由基金先行支付", "the fund pays first for treatment alone")
    await bill_commands.check(claim, asked.kind, asked.invoices, tx)
    facts = await facts_of(claim, asked, entitlement, law, tx)
    calculated = calculate(asked.kind, facts, law)
    month, last = None, None
    if asked.kind in rules.MONTHLY:
        paid_to = await _pay_paid_to(claim, tx) if asked.kind == "missing_pay" else None
        month, last = _months(claim, asked, entitlement, law, now, paid_to)
    payer, burden = await _payer(claim, asked, month, last, law, tx)
    basis = _basis(facts) | ({} if burden is None else {"burden": burden})
    if calculated.amount is not None:
        return Proposal(calculated, payer, month, last, list(law.used), basis)
    lacks = lacking(asked.kind, facts, law)
    used = [*law.used, *(one for one in lacks.known if one not in law.used)]
    return Proposal(calculated, payer, month, last, used, basis, lacks.missing)


async def _payer(
    claim: Claim, asked: Asked, month: str | None, last: str | None, law: Law, tx: Transaction | None
) -> tuple[Payer, Burden | None]:
    """Who pays, and why the employer does where the fund else would."""
    partner = claim.payers[1]
    if asked.payer is not None:
        return asked.payer, None
    if not rules.is_the_funds(asked.kind, claim.scheme, law):
        return rules.payer_of(asked.kind, claim.scheme, law, insured=True, partner=partner), None
    burden = _burden(claim, asked, await standing_of(claim, tx), month, last, law)
    insured, late = burden != "not_insured", burden == "late_application"
    return rules.payer_of(asked.kind, claim.scheme, law, insured=insured, partner=partner, late=late), burden


def _burden(
    claim: Claim, asked: Asked, standing: Standing, month: str | None, last: str | None, law: Law
) -> Burden | None:
    """Why the employer bears what is else the fund's, by the day on which it fell; None where it does not."""
    new_kinds = law.texts("work_injury.new_cost_kinds") if standing.made_up_on is not None else ()
    injured_on = calendar.shanghai_date(claim.occurred_at)
    if month is not None:
        first = max(calendar.first_day(month), injured_on)
        end = calendar.first_day(last) if last is not None else None
        return of_months(asked.kind, first, end and max(end, first), standing, new_kinds)
    fell_on = asked.incurred_on
    if fell_on is None and asked.kind == "disability_lump" and claim.assessments:
        fell_on = claim.assessments[-1].concluded_on  # the entitlement comes with the grade
    if fell_on is not None and not injured_on <= fell_on <= calendar.shanghai_date(clock.now()):
        raise RuleBroken(
            "incurred-day", "费用发生日期应在事故当日至今天之间", "the cost fell between the injury and today"
        )
    return employers(asked.kind, fell_on, standing, new_kinds)


def _months(
    claim: Claim, asked: Asked, entitlement: Entitlement | None, law: Law, now: dt.datetime, paid_to: str | None
) -> tuple[str, str | None]:
    """For which months a monthly kind is paid: suspended work counts from the latest relapse, an absence from its own day. `paid_to`:
    the last month whose pay was paid as that of suspended work."""
    injured, present = calendar.month_of(claim.occurred_at), calendar.month_of(now)
    graded = claim.graded_since(None)
    absence = entitlement.absence if entitlement is not None else None
    if entitlement is not None and entitlement.relapsed is not None and asked.kind in rules.WHILE_SUSPENDED:
        injured = f"{entitlement.relapsed:%Y-%m}"
        graded = claim.graded_since(entitlement.relapsed)
    first = asked.first_month or present
    if asked.kind == "missing_pay" and absence is not None:
        injured = f"{absence.since:%Y-%m}"
        first = asked.first_month or max(injured, month_after(paid_to) if paid_to is not None else injured)
    most = rules.most_months(asked.kind, law, extended=asked.extended)
    month, last = rules.months(first, asked.last_month, injured, present, most, exact=asked.kind == "missing_pay")
    if rules.ends_with_assessment(asked.kind, claim.scheme, graded, law):
        until = f"{graded:%Y-%m}"
        month, last = rules.months(month, min(last or until, until), injured, present, None)
    ends = _ended_on(asked.kind, entitlement)
    if ends is not None:
        until = f"{ends:%Y-%m}"
        month, last = rules.months(month, min(last or until, until), min(injured, until), present, None)
    if absence is not None and asked.kind in rules.WHILE_SUSPENDED:
        until = rules.last_before_absence(asked.kind, absence.since)
        if until < month:
            raise RuleBroken(
                "worker-missing", "该职工下落不明，应按下落不明照发工资", "the worker is missing: that pay goes on"
            )
        last = min(last or until, until)
    if (
        asked.kind == "dependant_pension"
        and absence is not None
        and entitlement is not None
        and entitlement.death is None
    ):
        earliest = first_pension_month(absence.since, law.number("work_injury.missing_pay_months"))
        if month < earliest:
            raise RuleBroken("pay-goes-on", "前三个月照发工资，抚恤金从第四个月起支付", "the pay goes on until then")
    return month, last


async def _pay_paid_to(claim: Claim, tx: Transaction | None) -> str | None:
    """The last month (YYYY-MM) whose pay went on since work was suspended, as it was paid."""
    found = await find(Benefit, {"claim_id": claim.id}, tx)
    paid = [one.last_paid for one in found if one.kind == "suspended_pay" and one.last_paid is not None]
    return max(paid, default=None)


def _ended_on(kind: str, entitlement: Entitlement | None) -> dt.date | None:
    """The day of the death, or of the retirement, with whose month a monthly kind of the worker's own ends."""
    if entitlement is None or kind in OF_THE_DEAD:
        return None
    if entitlement.death is not None:
        return entitlement.death.on
    retired = entitlement.retirement if kind in rules.ALLOWANCES else None
    return retired.on if retired is not None else None


async def facts_of(
    claim: Claim, asked: Asked, entitlement: Entitlement | None, law: Law, tx: Transaction | None
) -> Facts:
    """What a sum rests on: what was asked, what the claim says, and what was paid in."""
    paid_in = None if asked.own_wage is not None else await _own_wage(claim, law, tx)
    death = entitlement.death if entitlement is not None else None
    return Facts(
        scheme=claim.scheme,
        grade=claim.grade,
        nursing=claim.nursing,
        fatal=claim.fatal,
        own_wage=asked.own_wage if asked.own_wage is not None else paid_in,
        from_records=paid_in is not None,
        pay=asked.pay,
        invoices=asked.invoices,
        dependants=asked.dependants,
        days=asked.days,
        third_party_paid=asked.third_party_paid,
        confirmed=asked.confirmed,
        leaving=asked.leaving,
        no_fitting_work=asked.no_fitting_work,
        no_lump=asked.kind == "disability_lump" and _gives_no_lump(claim, law),
        death=death.kind if death is not None else None,
        missing=entitlement is not None and entitlement.life == "missing",
        hardship=asked.hardship,
        advanced=await _advanced(claim, asked.kind, tx),
        allowance=asked.allowance,
        pension=asked.pension,
    )


def _gives_no_lump(claim: Claim, law: Law) -> bool:
    """Whether the injury was recognised for a case that has no lump sum (art. 15, 2)."""
    recognition = next((one for one in reversed(claim.decisions) if one.outcome == "recognised"), None)
    if recognition is None or claim.scheme != "work_injury":
        return False
    return any(one in law.texts("work_injury.no_lump_cases") for one in recognition.reasons)


async def _own_wage(claim: Claim, law: Law, tx: Transaction | None) -> Decimal | None:
    """The worker's own wage by what was paid in for them (工伤保险条例 art. 64); None where that does not tell it."""
    if claim.scheme != "work_injury" or claim.worker_id is None:
        return None
    found = await find(Contribution, {"worker_id": claim.worker_id}, tx)
    paid_in = [(one.month, one.payer, one.base) for one in found if one.insurance == "work_injury" and not one.reversed]
    employers = [one for one in (*claim.payers, claim.platform) if one is not None]
    return rules.own_wage(paid_in, calendar.month_of(claim.occurred_at), employers, law)


BEFORE = {"death_lump": "death_advance", "disability_lump": "disability_lump"}
"""What a lump sum is less by: of the death grant what was paid while the worker was missing (art. 41); of the one by grade what
was paid by an assessment that another has replaced (art. 26)."""


async def _advanced(claim: Claim, kind: str, tx: Transaction | None) -> Decimal:
    """What was granted of a lump sum before, in yuan."""
    if kind not in BEFORE:
        return Decimal(0)
    found = await find(Benefit, {"claim_id": claim.id}, tx)
    stand = (one for one in found if one.kind == BEFORE[kind] and one.state not in ("open", "stopped"))
    return sum((one.due for one in stand), Decimal(0))


def _basis(facts: Facts) -> dict[str, Any]:
    """What the sum was calculated from, as it is stored; money as text."""
    more = {
        "days": facts.days,
        "third_party_paid": str(facts.third_party_paid) if facts.third_party_paid else None,
        "leaving": facts.leaving,
        "death": facts.death,
        "advanced": str(facts.advanced) if facts.advanced else None,
        "pension": str(facts.pension) if facts.pension is not None else None,
    }
    return {
        "grade": facts.grade,
        "nursing": facts.nursing,
        "own_wage": str(facts.own_wage) if facts.own_wage is not None else None,
        "own_wage_from": "contributions" if facts.from_records else None,
        "pay": str(facts.pay) if facts.pay is not None else None,
        "invoices": [{"amount": str(one.amount), "excluded": str(one.excluded)} for one in facts.invoices],
        "dependants": [{"relation": one.relation, "lone": one.lone} for one in facts.dependants],
    } | {name: value for name, value in more.items() if value is not None}
