"""Weigh an enterprise's leads again when one is raised or closed; take a proposal up, or dismiss it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from services.complaints.inspection_proposals import rules
from services.complaints.inspection_proposals.documents import Proposal, encrypted_reason
from services.complaints.inspection_proposals.rules import Sign
from services.complaints.inspections.commands import send
from services.complaints.leads import commands as leads
from services.complaints.leads.documents import Lead
from services.complaints.officers.commands import on_duty
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import InspectionProposed
from shared.contracts.complaints.leads import Became
from shared.errors import NotFound
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction, transact


async def weigh_all(concerned: Iterable[tuple[str, str]]) -> None:
    """Weigh anew the leads of enterprises, each for a department."""
    for enterprise, department in sorted(concerned):
        await transact(partial(weigh, enterprise, department))


async def weigh(enterprise: str, department: str, tx: Transaction) -> None:
    """Propose an inspection where the leads of an enterprise call for one, or withdraw what they call for no more.

    After a decision only what was raised later counts. Leads that were dismissed or withdrawn never do.
    """
    law = parameters.on(shanghai_date(clock.now()))
    earlier = await tx.find(Proposal, {"enterprise": enterprise, "department": department})
    waiting = next((one for one in earlier if one.state == "proposed"), None)
    decided = max((one.decided_at for one in earlier if one.decided_at is not None), default=None)
    first = max(start_of_day(rules.since(law)), decided or start_of_day(rules.since(law)))
    signs = await _signs(enterprise, department, first, tx)
    weight = rules.weigh(signs, law)
    if waiting is not None and not weight.reached:
        waiting.state = rules.PROPOSAL.next(waiting.state, "withdraw")
        await waiting.put(tx)
    if waiting is not None or not weight.reached:
        return
    proposal = Proposal(
        id=f"{enterprise}:{department}:{len(earlier) + 1}",
        enterprise=enterprise,
        department=department,
        district=rules.district_of(signs),
        leads=sorted(sign.lead_id for sign in signs),
        lead_count=weight.leads,
        persons=weight.persons,
        since=shanghai_date(first),
        used=list(law.used),
    )
    fact = InspectionProposed(
        proposal_id=proposal.id,
        uscc=enterprise,
        district=proposal.district,
        lead_department=department,
        leads=weight.leads,
        persons=weight.persons,
        since=proposal.since,
    )
    tx.publish(fact)
    await proposal.put(tx)


async def take_up(
    proposal_id: str, campaign_id: str, inspectors: list[str], caller: Caller, tx: Transaction
) -> Proposal:
    """Take a proposal up as an inspection of a routine or special campaign; the leads that wait are taken up with it, those
    too that were raised since it was made."""
    proposal, officer = await proposal_for(proposal_id, caller, "handler", tx)
    proposal.state = rules.PROPOSAL.next(proposal.state, "take_up")
    inspection = await send(campaign_id, proposal.enterprise, inspectors, None, caller, tx)
    proposal.inspection_id, proposal.decided_at, proposal.decided_by = inspection.id, clock.now(), officer.id
    await _add_later(proposal, tx)
    became = Became(kind="inspection_task", id=inspection.id)
    for lead_id in proposal.leads:
        lead = await Lead.of(lead_id, tx)
        if lead is not None and lead.state == "raised":
            await leads.take_up(lead, became, caller, tx)
    return await proposal.put(tx)


async def dismiss(proposal_id: str, reason: str, caller: Caller, tx: Transaction) -> Proposal:
    """Dismiss a proposal, with the reason; its leads stay as they are."""
    proposal, officer = await proposal_for(proposal_id, caller, "handler", tx)
    proposal.state = rules.PROPOSAL.next(proposal.state, "dismiss")
    proposal.reason = encrypted_reason(proposal.id, reason)
    proposal.decided_at, proposal.decided_by = clock.now(), officer.id
    return await proposal.put(tx)


async def proposal_for(
    proposal_id: str, caller: Caller, duty: Duty | None, tx: Transaction
) -> tuple[Proposal, Officer]:
    """A proposal of the officer's department and district, with their entry in the register; any other is not found."""
    proposal = await Proposal.of(proposal_id, tx)
    if proposal is None or not caller.is_officer_of(proposal.department) or not caller.reaches(proposal.district):
        raise NotFound("该检查建议", "the proposal")
    matter = Matter(departments=[proposal.department], district=proposal.district, enterprise=proposal.enterprise)
    return proposal, await on_duty(caller, duty, matter, tx)


async def _add_later(proposal: Proposal, tx: Transaction) -> None:
    """Count what was raised while a proposal waited: of its district, as whoever takes it up reaches no other."""
    found = await _signs(proposal.enterprise, proposal.department, proposal.created_at, tx)
    known = {*proposal.leads}
    later = [one for one in found if one.lead_id not in known and proposal.district in (CITY, one.district)]
    rows = await tx.rows(Lead, {"_id": {"$in": proposal.leads}}, {"worker_id": 1, "worker_ref": 1})
    persons = {row["worker_id"] or row["worker_ref"] for row in rows} | {one.person for one in later}
    proposal.leads = sorted([*proposal.leads, *(one.lead_id for one in later)])
    proposal.lead_count, proposal.persons = len(proposal.leads), len(persons - {None})


async def _signs(enterprise: str, department: str, first: dt.datetime, tx: Transaction) -> list[Sign]:
    wanted = {
        "platform": enterprise,
        "created_at": {"$gte": first},
        "lead_department": department,
        "state": {"$in": ["raised", "taken_up"]},
        "holds": True,
    }
    rows = await tx.rows(Lead, wanted, {"worker_id": 1, "worker_ref": 1, "district": 1})
    return [
        Sign(lead_id=row["_id"], person=row["worker_id"] or row["worker_ref"], district=row["district"]) for row in rows
    ]
