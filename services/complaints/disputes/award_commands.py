"""What arbitration does to its terms, and what an award says of each claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.complaints.disputes import party_rules, rules
from services.complaints.disputes.counter_commands import lead_by_who_is_left
from services.complaints.disputes.documents import Claim, Dispute, DisputeClaim
from services.complaints.disputes.party_commands import answered, served
from services.complaints.disputes.rules import Taking
from services.complaints.disputes.state_rules import Move
from services.complaints.disputes.term_commands import met, set_term, today
from services.complaints.terms import commands as terms
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.parameters import Law
from shared.storage.transaction import Transaction


async def within_arbitration(
    dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction
) -> None:
    """What a step of arbitration does to its terms (art. 30, 32, 35, 43)."""
    match move:
        case "serve":
            await met(dispute, "serve", on, tx)
            served(dispute, await set_term(dispute, "defence", on, "served", law, tx))
        case "defend":
            if not answered(dispute, taking.party, on):
                await met(dispute, "defence", on, tx)
            waiting = await terms.open_term("dispute", dispute.id, "copy_defence", tx)  # another respondent's
            if waiting is None:
                await set_term(dispute, "copy_defence", on, "defence", law, tx)
        case "copy_defence":
            await met(dispute, "copy_defence", on, tx)
        case "name_panel":
            await met(dispute, "panel", on, tx)
        case "set_hearing":
            dispute.hearing_on = taking.due_on
        case "extend":
            term = await terms.extend(
                "dispute",
                dispute.id,
                "award",
                law.days("arbitration.award_extension_days"),
                approved_by=dispute.entries[-1].by or "",
                on=on,
                reason=taking.text or "案情复杂",
                used=law.used,
                tx=tx,
            )
            dispute.due_on = term.due
        case "pause":
            await terms.pause("dispute", dispute.id, "award", on, taking.text or "依法扣除期间", tx)
            dispute.due_on = None
        case "resume":
            dispute.due_on = (await terms.resume("dispute", dispute.id, "award", on, tx)).due
        case "advance":
            put_amounts(dispute, [claim for claim in dispute.claims if claim.id in taking.awards], taking)
        case _:
            pass


def award(dispute: Dispute, taking: Taking, on: dt.date, law: Law, *, final: bool) -> None:
    """Keep until when each party may do what against an award, from when it was served on them."""
    worker_on, enterprise_on = served_on(taking, on)
    dispute.after = "final" if final else "other"
    dispute.sue_by = {"worker": rules.sue_by(worker_on, law).due}
    dispute.set_aside_by = rules.set_aside_by(enterprise_on, law).due if final else None
    if not final:
        dispute.sue_by["enterprise"] = rules.sue_by(enterprise_on, law).due
    dispute.runs_from |= {"worker": worker_on, "set_aside" if final else "enterprise": enterprise_on}


def served_on(taking: Taking, on: dt.date) -> tuple[dt.date, dt.date]:
    """When the worker and the enterprise got an award or a ruling of a day: today, as they are told of it, where nobody says; raises
    RuleBroken for a day before it, or to come."""
    worker_on, enterprise_on = taking.served.get("worker", today()), taking.served.get("enterprise", today())
    if not on <= min(worker_on, enterprise_on) <= max(worker_on, enterprise_on) <= today():
        raise RuleBroken(
            "served-before",
            "送达日期不能早于裁决日期或者晚于今天",
            "an award is served after it is made, and not after today",
        )
    return worker_on, enterprise_on


async def split_off(dispute: Dispute, taking: Taking, on: dt.date, tx: Transaction) -> Dispute:
    """Split off the claims that are clear already, to be awarded on first (art. 43)."""
    chosen = [claim for claim in dispute.claims if claim.id in taking.awards]
    if not chosen or len(chosen) == len(dispute.claims):
        raise RuleBroken("not-a-part", "先行裁决应针对部分请求", "an award in part is on some of the claims")
    return await _split(dispute, chosen, on, tx)


async def split_application(dispute: Dispute, on: dt.date, tx: Transaction) -> Dispute:
    """Split off the application that is taken back, where the other side's counter-application goes on."""
    part = await _split(dispute, dispute.of_side(dispute.applicant), on, tx)
    against = {claim.worker_id for claim in dispute.claims}
    dispute.workers = [one for one in dispute.workers if one in against]
    dispute.representatives = [one for one in dispute.representatives if one in against]
    dispute.erased = [one for one in dispute.erased if one in against]
    return part


async def split_person(dispute: Dispute, worker_id: str, on: dt.date, tx: Transaction) -> Dispute:
    """Split off what one of several workers claims, who sues alone: the award takes effect for the others (解释（一）
    art. 17)."""
    chosen = [claim for claim in dispute.claims if claim.worker_id == worker_id]
    if not chosen:
        raise Conflict("no-claims-here", "该裁决不涉及您的请求", "the award is on no claim of this worker")
    part = await _split(dispute, chosen, on, tx)
    part.workers, part.representatives = [worker_id], []
    part.erased = [one for one in dispute.erased if one == worker_id]
    dispute.workers = [one for one in dispute.workers if one != worker_id]
    dispute.erased = [one for one in dispute.erased if one != worker_id]
    return part


async def _split(dispute: Dispute, chosen: list[Claim], on: dt.date, tx: Transaction) -> Dispute:
    own_id = new_id()
    part = dispute.split(own_id, readable_number("德劳争", own_id, on), chosen)
    for key in rules.claim_keys(part.claimed, part.respondents, part.applicant):
        held = await DisputeClaim.of(key, tx)
        if held is not None and held.holder == dispute.id:
            held.holder = part.id
            await held.put(tx)
    lead_by_who_is_left(part)
    lead_by_who_is_left(dispute)
    return part


def put_amounts(dispute: Dispute, claims: Sequence[Claim], taking: Taking) -> None:
    """Keep what is awarded on claims, and which enterprises that binds; an enterprise's own claim binds the worker."""
    for claim in claims:
        if claim.id not in taking.awards:
            raise RuleBroken("claim-without-award", "请逐项填写裁决结果", "an award says something on each claim")
        claim.awarded = taking.awards[claim.id]
        if (claim.applicant or dispute.applicant) == "worker":
            claim.bound = party_rules.bound(taking.bound, claim.id, claim.parties or dispute.respondents)
