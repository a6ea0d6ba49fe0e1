"""Reports that may be about one accident: found, told, and merged or kept apart by an officer."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import deadlines
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import RuleBroken, same_accident
from services.insurance.claims.steps import By, move, note
from shared import clock
from shared.contracts.insurance import ClaimClosed, ClaimDuplicateFound
from shared.policy import calendar
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.transaction import Transaction


async def find(claim: Claim, tx: Transaction) -> bool:
    """Link a claim with those that may be about the same accident, and tell of each once; whether there was a new one.

    The other claims are stored; the caller stores this one. Where nobody knows how close in time one accident's reports
    were on that day, the history says so to an officer.
    """
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    try:
        window = dt.timedelta(hours=law.number("claims.same_accident_hours"))
    except MissingParameter as missing:
        if all(step.event != "not_compared" for step in claim.history):
            note(claim, "not_compared", By("system", "system", clock.now()), str(missing))
        return False
    found = False
    for other in await _of_the_same_worker(claim, tx):
        known = (*claim.twins, *claim.apart, *claim.merged)
        if other.id == claim.id or other.id in known or "duplicate" in (claim.state, other.state):
            continue
        if not same_accident(_report(claim), _report(other), window):
            continue
        claim.twins.append(other.id)
        other.twins.append(claim.id)
        await other.put(tx)
        tx.tell(ClaimDuplicateFound(**claim.facts(), other_claim_id=other.id))
        found = True
    return found


async def _of_the_same_worker(claim: Claim, tx: Transaction) -> list[Claim]:
    by_account = {"platform": claim.platform, "worker_ref": claim.worker_ref}
    found = await tx.find(Claim, by_account)
    if claim.worker_id is not None:
        found += await tx.find(Claim, {"worker_id": claim.worker_id})
    return list({other.id: other for other in found}.values())


def _report(claim: Claim) -> tuple[dt.datetime, str, str]:
    """When it happened, at which platform, and who reported it."""
    who = claim.platform if claim.reported_by == "platform" else claim.reporter
    return claim.occurred_at, claim.platform, f"{claim.reported_by}:{who}"


def merge(claim: Claim, into: Claim, by: By, tx: Transaction) -> None:
    """Let a claim go on as part of another about the same accident; papers and photos stay with it. Stores neither."""
    if into.id not in claim.twins or into.state == "duplicate":
        raise RuleBroken("not-a-duplicate", "两案未被识别为同一事故", "these claims are not found to be one accident")
    move(claim, "merge", by, into.number)
    deadlines.clear_all(claim, tx)
    claim.merged_into = into.id
    claim.twins.remove(into.id)
    into.twins.remove(claim.id)
    into.merged += [claim.id, *claim.merged]
    into.papers = sorted({*into.papers, *claim.papers})
    into.worker_id = into.worker_id or claim.worker_id
    into.order_id = into.order_id or claim.order_id
    note(into, "merge", by, claim.number)
    tx.tell(ClaimClosed(**claim.facts(), reason="duplicate"))


def keep_apart(claim: Claim, other: Claim, by: By) -> None:
    """Find that two claims are about two accidents; they are not linked again. Stores neither."""
    if other.id not in claim.twins:
        raise RuleBroken("not-a-duplicate", "两案未被识别为同一事故", "these claims are not found to be one accident")
    pairs: list[tuple[Claim, Claim]] = [(claim, other), (other, claim)]
    for one, two in pairs:
        one.twins.remove(two.id)
        one.apart.append(two.id)
        note(one, "kept_apart", by, two.number)
