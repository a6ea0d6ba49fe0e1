"""A person enters what nobody had: the rest of the sum follows."""

from __future__ import annotations

from services.insurance.benefits import payments, rules
from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.commands import adjust, set_sums
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import Calculated, granted_facts
from services.insurance.benefits.grant_commands import publish_granted
from services.insurance.benefits.missing_documents import Entered, values
from services.insurance.benefits.missing_rules import check, lacking, with_values
from services.insurance.benefits.proposal_commands import law_for
from services.insurance.benefits.timeline import Growth
from services.insurance.claims.documents import Claim
from services.insurance.entitlements.documents import Entitlement
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law
from shared.storage.transaction import Transaction


async def enter(
    benefit: Benefit, key: str, value: str, document: str, month: str | None, by: str, tx: Transaction
) -> Benefit:
    """Enter the value of a parameter that a benefit waits for, with the document that it stands in: the sum is calculated with it, and
    granted, or adjusted from the next month on, once nothing is missing any more. `month`: since when a yearly factor holds.

    Raises Conflict, RuleBroken.
    """
    asked = next((one for one in benefit.awaits if one.key == key), None)
    if asked is None or benefit.state == "stopped":
        raise Conflict("not-awaited", "该待遇不缺少此项参数", "the benefit does not wait for this value")
    if benefit.stopped_for is not None:
        raise rules.not_now(benefit.state, "amount_set")
    text = check(key, value)
    benefit.entered.append(
        Entered(key=key, entry=asked.entry, value=text, document=document, from_month=month, by=by, at=clock.now())
    )
    benefit.note("value_entered", by, document)
    if key == rules.YEARLY:
        return await _grow(benefit, text, document, month, tx)
    if benefit.dependant is not None:
        raise Conflict("in-the-register", "请在供养亲属登记中填写", "enter it in the register of dependants")
    return await _calculate(benefit, await _law(benefit, tx), document, by, tx)


async def _law(benefit: Benefit, tx: Transaction) -> Law:
    claim = await Claim.of(benefit.claim_id, tx)
    if claim is None:
        raise ValueError("no such claim")
    return with_values(law_for(claim, benefit.kind, await Entitlement.of(claim.id, tx)), values(benefit.entered))


async def calculated(benefit: Benefit, tx: Transaction) -> Calculated:
    """What a benefit comes to by its basis, with what was entered for it."""
    return calculate(benefit.kind, granted_facts(benefit.basis, benefit.scheme), await _law(benefit, tx))


async def _calculate(benefit: Benefit, law: Law, document: str, by: str, tx: Transaction) -> Benefit:
    facts = granted_facts(benefit.basis, benefit.scheme)
    found = calculate(benefit.kind, facts, law)
    benefit.used += [one for one in law.used if one not in benefit.used]
    benefit.missing = found.missing
    if found.amount is None:
        benefit.await_values(lacking(benefit.kind, facts, law, values(benefit.entered)).missing)
        return await benefit.put(tx)
    benefit.await_values(())
    if benefit.state != "open":
        share = found.share if found.share is not None else found.amount
        return await adjust(benefit, share, document, document, by, tx)
    benefit.state = rules.STATES.next(benefit.state, "amount_set")
    benefit.amount, benefit.document = found.amount, document
    benefit.note("amount_set", by, document)
    publish_granted(benefit, found.share, tx)
    return await benefit.put(tx)


async def _grow(benefit: Benefit, factor: str, document: str, month: str | None, tx: Transaction) -> Benefit:
    """Let a year's factor hold from a month on; what earlier months of it were paid too little is made up for with the next one."""
    assert benefit.month is not None
    since = month or f"{benefit.month[:4]}-01"
    if since[:4] != benefit.month[:4] or factor == "0":
        raise RuleBroken("month-not-begun", "调整月份须在本年度内", "it is adjusted from a month of this year on")
    payments.keep_sums(benefit)
    benefit.growths.append(Growth(from_month=since, factor=factor))
    benefit.document = document
    benefit.await_values(benefit.awaited_but(rules.YEARLY))
    set_sums(benefit, [], tx)
    return await benefit.put(tx)
