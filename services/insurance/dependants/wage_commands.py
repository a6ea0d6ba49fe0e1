"""A person enters what the wage that dependants share waits for: all of them draw their shares of it."""

from __future__ import annotations

from services.insurance.benefits import rules
from services.insurance.benefits.calculation import base
from services.insurance.benefits.fact_rules import granted_facts
from services.insurance.benefits.grant_commands import publish_granted
from services.insurance.benefits.missing_documents import Entered, values
from services.insurance.benefits.missing_rules import check, lacking, with_values
from services.insurance.benefits.proposal_commands import law_for
from services.insurance.claims.documents import Claim
from services.insurance.dependants.commands import KIND, benefit_of, divide
from services.insurance.dependants.documents import Register
from services.insurance.entitlements.documents import Entitlement
from shared import clock
from shared.errors import Conflict
from shared.policy.parameters import MissingParameter
from shared.storage.transaction import Transaction


async def enter(claim_id: str, key: str, value: str, document: str, by: str, tx: Transaction) -> Register:
    """Enter the value of a parameter that the wage waits for, with the document that it stands in. Raises Conflict, RuleBroken."""
    file, claim = await Register.of(claim_id, tx), await Claim.of(claim_id, tx)
    if file is None or claim is None or file.missing != key:
        raise Conflict("not-awaited", "该登记不缺少此项参数", "the register does not wait for this value")
    theirs = [await benefit_of(one, tx) for one in file.members]
    drawing = [one for one in theirs if one.state != "stopped"]
    if not drawing or any(one.state != "open" for one in drawing):
        raise Conflict("sums-entered", "抚恤金金额已逐人填写", "the sums of these pensions were entered one by one")
    file.entered.append(Entered(key=key, value=check(key, value), document=document, by=by, at=clock.now()))
    law = with_values(law_for(claim, KIND, await Entitlement.of(claim_id, tx)), values(file.entered))
    facts = granted_facts(drawing[0].basis, claim.scheme)
    try:
        file.wage, file.missing = str(base(facts, law)), None
    except MissingParameter as missing:
        file.missing = missing.key
    file.used += [one for one in law.used if one not in file.used]
    awaits = lacking(KIND, facts, law, values(file.entered)).missing
    for benefit in drawing:
        benefit.missing = file.missing
        benefit.await_values(awaits)
        benefit.note("value_entered", by, document)
        await benefit.put(tx)
    if file.wage is not None:
        await divide(file, min(one.first_month for one in file.members), tx)
        for benefit in drawing:
            benefit.state = rules.STATES.next(benefit.state, "amount_set")
            benefit.document, benefit.basis = document, {**benefit.basis, "wage": file.wage}
            publish_granted(benefit, None, tx)
            await benefit.put(tx)
    return await file.put(tx)
