"""Granting benefits: that what was proposed is due."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pymongo.errors import DuplicateKeyError

from services.insurance.benefits import bill_commands, payments, rules
from services.insurance.benefits.documents import ACCOUNT, ID_NUMBER, NAME, Benefit, Payee
from services.insurance.benefits.proposal_commands import Asked, Proposal, propose
from services.insurance.benefits.timeline import Sum
from services.insurance.claims.commands import tell_kin
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.persons.documents import Person
from shared import clock
from shared.contracts.insurance import BenefitGranted, Payer
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction


async def grant(claim_id: str, asked: Asked, by: str, tx: Transaction) -> Benefit:
    """Grant a benefit; one whose sum is open waits for an officer to enter it. Raises RuleBroken, Conflict."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        raise ValueError("no such claim")
    found = await tx.find(Benefit, {"claim_id": claim_id})
    stand = [one for one in found if one.kind == asked.kind and asked.kind not in rules.SEVERAL and _stands(one, claim)]
    if any(one.month is None for one in stand):
        raise _granted()
    proposal = await propose(claim, asked, clock.now(), tx)
    if not all(apart(one, proposal) for one in stand):
        raise _granted()
    if asked.kind in rules.WAGES and _is_paid_twice(found, asked.kind, proposal):
        raise Conflict(
            "pay-twice",
            "该期间的工资已按另一项待遇照发",
            "the pay of these months goes on by another benefit already",
        )
    if asked.kind in rules.ALLOWANCES and await _draws_another(claim, proposal, tx):
        raise Conflict(
            "draws-another", "该职工正在领取伤残津贴，请先停发", "an allowance by an earlier grade must end first"
        )
    benefit = await make(claim, asked, proposal, len(found) + 1, by, tx)
    if asked.invoices:
        await bill_commands.take(benefit, asked.invoices, by, tx)
        await benefit.put(tx)
    try:
        await tx.write()
    except DuplicateKeyError:
        raise Stale(f"another benefit of {claim_id}, or for the same bill, was granted meanwhile") from None
    return benefit


def _granted() -> Conflict:
    return Conflict("already-granted", "该项待遇已核定", "the claim has this benefit already")


def apart(benefit: Benefit, proposal: Proposal) -> bool:
    """Whether a monthly benefit is of other months than what is proposed, as where the employer owes the first ones and the fund
    the others."""
    if benefit.month is None or proposal.month is None:
        return False
    first = benefit.first_month or benefit.month
    before = benefit.last_month is not None and benefit.last_month < proposal.month
    return before or (proposal.last_month is not None and proposal.last_month < first)


def _is_paid_twice(found: Sequence[Benefit], kind: str, proposal: Proposal) -> bool:
    """Whether the pay of a month goes on by the other of two kinds: who is missing draws no pay of suspended work (art. 41)."""
    others = [one for one in found if one.kind in rules.WAGES and one.kind != kind]
    return proposal.month is not None and any(one.drawn_in(proposal.month, proposal.last_month) for one in others)


async def _draws_another(claim: Claim, proposal: Proposal, tx: Transaction) -> bool:
    """Whether the worker draws an allowance of this claim or another in these months: only that by the latest grade is due
    (art. 45)."""
    theirs = await tx.find(Claim, {"worker_id": claim.worker_id}) if claim.worker_id is not None else [claim]
    found = await tx.find(Benefit, {"claim_id": {"$in": [one.id for one in theirs]}})
    return any(one.kind in rules.ALLOWANCES and not one.over and not apart(one, proposal) for one in found)


def _stands(benefit: Benefit, claim: Claim) -> bool:
    """Whether a benefit stands in the way of another of its kind: suspended work may come again with a relapse (art. 38), and the
    lump sum by another grade that the province has found (art. 26)."""
    if benefit.kind == "disability_lump" and benefit.state == "paid":
        return not (claim.assessed_again and benefit.basis.get("grade") != claim.grade)
    return benefit.state != "stopped" and not (benefit.kind in rules.WHILE_SUSPENDED and benefit.over)


async def make(
    claim: Claim,
    asked: Asked,
    proposal: Proposal,
    place: int,
    by: str,
    tx: Transaction,
    *,
    dependant: int | None = None,
    told_now: bool = True,
) -> Benefit:
    """Store a benefit as the claim's number `place`. `dependant`: whose it is, by the number in the claim's register. With `told_now`
    false the caller sets its sum and begins it. Raises RuleBroken.
    """
    if claim.worker_id is None:
        raise RuleBroken("worker-unknown", "尚未查明该劳动者身份", "it is not known yet who the worker is")
    open_ = proposal.calculated.amount is None
    platform, partner = claim.payers
    benefit_id = f"{claim.id}:{place}"
    benefit = Benefit(
        id=benefit_id,
        claim_id=claim.id,
        worker_id=claim.worker_id,
        platform=platform,
        partner=partner,
        district=claim.district,
        scheme=claim.scheme,
        kind=asked.kind,
        payer=proposal.payer,
        occurred_on=calendar.shanghai_date(claim.occurred_at),
        state="open" if open_ else "granted",
        amount=proposal.calculated.amount,
        missing=proposal.calculated.missing,
        month=proposal.month,
        first_month=proposal.month,
        last_month=proposal.last_month,
        dependant=dependant,
        third_party=asked.third_party,
        due_on=None,
        payee=await payee_of(benefit_id, claim.worker_id, asked, proposal.payer, tx),
        basis=dict(proposal.basis),
        used=proposal.used,
    )
    benefit.await_values(proposal.awaits if open_ else ())
    benefit.to_kin = claim.fatal or asked.kind in OF_THE_DEAD or asked.kin is not None
    reach(benefit, asked.phones, tx)
    if benefit.to_kin and not benefit.kin:
        benefit.kin = list(claim.kin_ids)
    benefit.note(benefit.state, by)
    if not open_ and told_now:
        publish_granted(benefit, proposal.calculated.share, tx)
    return await benefit.put(tx)


async def payee_of(benefit_id: str, worker_id: str, asked: Asked, payer: Payer, tx: Transaction) -> Payee | None:
    """Whom the fund pays; None where it does not, since others pay without our help."""
    if payer != "fund":
        return None
    if asked.account is None:
        raise RuleBroken("account-missing", "缺少收款账户", "the bank account is needed")
    if asked.kin is not None:
        id_number, name = asked.kin
    elif asked.kind in OF_THE_DEAD or asked.kind == "death_advance":
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


def reach(benefit: Benefit, phones: Sequence[tuple[str, str]], tx: Transaction) -> None:
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


def publish_granted(benefit: Benefit, share: Decimal | None, tx: Transaction) -> None:
    """Have a benefit whose sum is known paid, and tell of it. `share`: a month's before it is raised to the minimum wage."""
    if benefit.month is not None:
        sum_ = share if share is not None else benefit.due
        if not benefit.sums:
            benefit.sums = [Sum(from_month=benefit.month, amount=sum_, grows_from=benefit.month)]
        law = parameters.on(calendar.first_day(benefit.month), place=benefit.district)
        benefit.amount = benefit.owed(benefit.month, law) or benefit.amount
    payments.begin(benefit, tx)
    tx.publish(BenefitGranted(**benefit.facts(), due_on=benefit.due_on))
