"""Granting benefits, and what an officer or the payee changes about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.insurance.benefits import payments, rules
from services.insurance.benefits.calculation import FORMULAS, Calculated, Dependant, Facts, Invoice, calculate
from services.insurance.benefits.documents import ACCOUNT, ID_NUMBER, NAME, Benefit, Payee
from services.insurance.claims.commands import tell_kin
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.liability.commands import standing_of
from services.insurance.liability.rules import Burden, Standing, employers, of_months
from services.insurance.persons.documents import Person
from shared import clock
from shared.contracts.insurance import BenefitGranted, Payer
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, Used, parameters
from shared.storage.encryption import encrypt_field
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """A benefit as an officer asks for it. `incurred_on`: the day on which the cost fell, where that matters.

    `account`: the payee's bank account; `kin`: id number and name of the next of kin who is paid, None for the worker.
    `phones`: names and mobile numbers of the next of kin who are told, the payee first.
    `first_month` and `last_month` (YYYY-MM) bound a monthly kind; `extended`: the time of suspended work was prolonged.
    """

    kind: str
    own_wage: Decimal | None = None
    pay: Decimal | None = None
    invoices: tuple[Invoice, ...] = ()
    dependants: tuple[Dependant, ...] = ()
    incurred_on: dt.date | None = None
    account: str | None = None
    kin: tuple[str, str] | None = None
    phones: tuple[tuple[str, str], ...] = ()
    first_month: str | None = None
    last_month: str | None = None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a benefit would come to, who would pay it, and for which months."""

    calculated: Calculated
    payer: Payer
    month: str | None
    last_month: str | None
    used: list[Used]
    basis: Mapping[str, Any] = field(default_factory=dict)


def propose(claim: Claim, asked: Asked, standing: Standing, now: dt.datetime) -> Proposal:
    """Calculate a benefit by the law of the day of the injury; raises RuleBroken. `standing`: whether it was insured, and what the
    employer bears."""
    if not claim.recognised:
        raise RuleBroken("not-recognised", "该伤害尚未认定（确认）", "the injury is not recognised")
    if asked.kind not in FORMULAS:
        raise RuleBroken("no-such-benefit", "没有此项待遇", "there is no such benefit")
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    facts = Facts(
        scheme=claim.scheme,
        grade=claim.grade,
        nursing=claim.nursing,
        fatal=claim.fatal,
        own_wage=asked.own_wage,
        pay=asked.pay,
        invoices=asked.invoices,
        dependants=asked.dependants,
    )
    calculated = calculate(asked.kind, facts, law)
    most = rules.most_months(asked.kind, law, extended=asked.extended)
    month, last = None, None
    if asked.kind in rules.MONTHLY:
        injured, present = calendar.month_of(claim.occurred_at), calendar.month_of(now)
        month, last = rules.months(asked.first_month or present, asked.last_month, injured, present, most)
    burden = _burden(claim, asked, standing, month, last, law)
    payer = rules.payer_of(
        asked.kind,
        claim.scheme,
        law,
        insured=burden != "not_insured",
        partner=claim.partner,
        late=burden == "late_application",
    )
    return Proposal(calculated, payer, month, last, list(law.used), _basis(facts) | {"burden": burden})


def _burden(
    claim: Claim, asked: Asked, standing: Standing, month: str | None, last: str | None, law: Law
) -> Burden | None:
    """Why the employer bears what is else the fund's, by the day on which it fell; None where it does not."""
    if not rules.is_the_funds(asked.kind, claim.scheme, law):
        return None
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


def _basis(facts: Facts) -> dict[str, Any]:
    """What the sum was calculated from, as it is stored; money as text."""
    return {
        "grade": facts.grade,
        "nursing": facts.nursing,
        "own_wage": str(facts.own_wage) if facts.own_wage is not None else None,
        "pay": str(facts.pay) if facts.pay is not None else None,
        "invoices": [{"amount": str(one.amount), "excluded": str(one.excluded)} for one in facts.invoices],
        "dependants": [{"relation": one.relation, "lone": one.lone} for one in facts.dependants],
    }


async def grant(claim_id: str, asked: Asked, by: str, tx: Transaction) -> Benefit:
    """Grant a benefit; one whose sum is open waits for an officer to enter it. Raises RuleBroken, Conflict."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        raise ValueError("no such claim")
    found = await tx.find(Benefit, {"claim_id": claim_id})
    if asked.kind not in rules.SEVERAL and any(one.kind == asked.kind and one.state != "stopped" for one in found):
        raise Conflict("already-granted", "该项待遇已核定", "the claim has this benefit already")
    proposal = propose(claim, asked, await standing_of(claim, tx), clock.now())
    if claim.worker_id is None:
        raise RuleBroken("worker-unknown", "尚未查明该劳动者身份", "it is not known yet who the worker is")
    open_ = proposal.calculated.amount is None
    benefit_id = f"{claim_id}:{len(found) + 1}"
    benefit = Benefit(
        id=benefit_id,
        claim_id=claim_id,
        worker_id=claim.worker_id,
        platform=claim.platform,
        partner=claim.partner,
        district=claim.district,
        scheme=claim.scheme,
        kind=asked.kind,
        payer=proposal.payer,
        occurred_on=calendar.shanghai_date(claim.occurred_at),
        state="open" if open_ else "granted",
        amount=proposal.calculated.amount,
        missing=proposal.calculated.missing,
        month=proposal.month,
        last_month=proposal.last_month,
        due_on=None,
        payee=await _payee(benefit_id, claim.worker_id, asked, proposal.payer, tx),
        basis=dict(proposal.basis),
        used=proposal.used,
    )
    benefit.to_kin = claim.fatal or asked.kind in OF_THE_DEAD or asked.kin is not None
    _reach(benefit, asked.phones, tx)
    if benefit.to_kin and not benefit.kin:
        benefit.kin = list(claim.kin_ids)
    benefit.note(benefit.state, by)
    if not open_:
        _publish_granted(benefit, tx)
    try:
        await benefit.put(tx)
        await tx.write()
    except DuplicateKeyError:
        raise Stale(f"another benefit of {claim_id} was granted meanwhile") from None
    return benefit


async def _payee(benefit_id: str, worker_id: str, asked: Asked, payer: Payer, tx: Transaction) -> Payee | None:
    """Whom the fund pays; None where it does not, since others pay without our help."""
    if payer != "fund":
        return None
    if asked.account is None:
        raise RuleBroken("account-missing", "缺少收款账户", "the bank account is needed")
    if asked.kin is not None:
        id_number, name = asked.kin
    elif asked.kind in OF_THE_DEAD:
        raise RuleBroken("kin-missing", "须填写领取待遇的近亲属", "the next of kin who is paid is needed")
    else:
        person = await Person.of(worker_id, tx)
        if person is None:
            raise RuleBroken("worker-unknown", "尚未查明该劳动者身份", "it is not known yet who the worker is")
        id_number, name = person.opened()
    return Payee(
        is_worker=asked.kin is None,
        id_number=encrypt_field(ID_NUMBER, benefit_id, id_number),
        name=encrypt_field(NAME, benefit_id, name),
        account=encrypt_field(ACCOUNT, benefit_id, asked.account),
    )


def _reach(benefit: Benefit, phones: Sequence[tuple[str, str]], tx: Transaction) -> None:
    """Tell the notifier where these next of kin are reached, the payee first; of several with one phone one is told."""
    if phones and not benefit.to_kin:
        raise RuleBroken("not-to-kin", "该待遇不由近亲属领取", "no next of kin are paid this benefit")
    of_phone = {phone: name for name, phone in reversed(phones)}
    reached = [(of_phone[phone], phone) for phone in dict.fromkeys(phone for _, phone in phones)]
    ids = [f"{benefit.id}:k{number}" for number in range(1, len(reached) + 1)]
    for kin_id, (name, phone) in zip(ids, reached, strict=True):
        tell_kin(kin_id, benefit.claim_id, benefit.worker_id, name, phone, tx)
    if ids:
        benefit.kin = list(dict.fromkeys([*ids, *(one for one in benefit.kin if one != benefit.claim_id)]))


def _publish_granted(benefit: Benefit, tx: Transaction) -> None:
    payments.begin(benefit, tx)
    tx.publish(BenefitGranted(**benefit.facts(), due_on=benefit.due_on))


async def set_amount(
    benefit: Benefit, amount: Decimal, reason: str, document: str, by: str, tx: Transaction
) -> Benefit:
    """Enter the sum of an open benefit, with the document that it stands in; raises Conflict."""
    benefit.state = rules.STATES.next(benefit.state, "amount_set")
    benefit.amount, benefit.document = amount, document
    benefit.note("amount_set", by, reason)
    _publish_granted(benefit, tx)
    return await benefit.put(tx)


async def correct_account(benefit: Benefit, account: str, phone: str | None, by: str, tx: Transaction) -> Benefit:
    """Take the payee's right account, and where it is told the phone of next of kin, and order the payment that failed anew;
    raises Conflict."""
    benefit.state = rules.STATES.next(benefit.state, "corrected")
    assert benefit.payee is not None
    benefit.payee = benefit.payee.model_copy(update={"account": encrypt_field(ACCOUNT, benefit.id, account)})
    if phone is not None:
        _reach(benefit, [(benefit.payee.opened(benefit.id)[1], phone)], tx)
    benefit.note("corrected", by)
    payments.begin(benefit, tx)
    return await benefit.put(tx)


async def adjust(benefit: Benefit, amount: Decimal, reason: str, document: str, by: str, tx: Transaction) -> Benefit:
    """Pay another sum from the next month on (工伤保险条例 art. 40); raises Conflict."""
    if benefit.month is None:
        raise rules.not_now(benefit.state, "adjusted")
    benefit.state = rules.STATES.next(benefit.state, "adjusted")
    benefit.amount, benefit.document = amount, document
    benefit.note("adjusted", by, reason)
    return await benefit.put(tx)


async def take_over(
    benefit: Benefit,
    account: str,
    kin: tuple[str, str] | None,
    phones: Sequence[tuple[str, str]],
    reason: str,
    by: str,
    tx: Transaction,
) -> Benefit:
    """Let the fund pay what an employer without contributions has not (社会保险法 art. 41); raises Conflict.

    Not what an insured employer bears since it applied too late: for that the law has no advance by the fund.
    """
    law = parameters.on(benefit.occurred_on, place=benefit.district)
    late = benefit.basis.get("burden") == "late_application"
    if benefit.payer == "fund" or late or not rules.is_the_funds(benefit.kind, benefit.scheme, law):
        raise rules.not_now(benefit.state, "taken_over")
    benefit.state = rules.STATES.next(benefit.state, "taken_over")
    asked = Asked(benefit.kind, account=account, kin=kin)
    benefit.payee = await _payee(benefit.id, benefit.worker_id, asked, "fund", tx)
    benefit.to_kin = benefit.to_kin or kin is not None
    _reach(benefit, phones, tx)
    benefit.liable, benefit.payer = benefit.payer, "fund"
    benefit.note("taken_over", by, reason)
    tx.cancel(payments.EMPLOYER_DUE, benefit.id)
    await payments.drop_advance(benefit, by, tx)
    payments.begin(benefit, tx)
    return await benefit.put(tx)


async def stop(benefit: Benefit, reason: str, by: str, tx: Transaction) -> Benefit:
    """End a benefit (社会保险法 art. 43): nothing more is paid. Raises Conflict, also while an order is under way."""
    benefit.state = rules.STATES.next(benefit.state, "stopped")
    benefit.note("stopped", by, reason)
    for kind in (payments.ORDER, payments.MONTH, payments.EMPLOYER_DUE):
        tx.cancel(kind, benefit.id)
    await payments.drop_advance(benefit, by, tx)
    return await benefit.put(tx)
