"""Raise, change and withdraw leads, which finders do; take them up and dismiss them, which officers do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from services.complaints.leads import events
from services.complaints.leads.documents import Decision, Lead, Reckoning, Superseded, encrypted_note
from services.complaints.leads.kinds import KINDS
from services.complaints.leads.rules import STATES, Sign
from services.complaints.officers.commands import on_duty, stays_away_from
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints.leads import Became
from shared.errors import NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


def meet(workers: Iterable[str], tx: Transaction) -> None:
    """Meet every other transaction that reckons leads on these workers (`<platform>|<worker_ref>`) at the same time: one of the two is
    run again, with what the other has stored. Else one that had read less would store last, where the other one found nothing to
    change."""
    for worker in sorted(set(workers)):
        tx.update(Reckoning, worker, {"$inc": {"times": 1}, "$set": {"at": clock.now()}}, upsert=True)


async def raise_lead(sign: Sign, tx: Transaction, *, lead_id: str | None = None) -> Lead:
    """Raise the lead that a sign makes, or change it where there is one already and the sign says something else.

    `lead_id`: the id of the lead where an earlier version raised it. Read many beforehand with `tx.load(Lead, ids)`.
    """
    known = await Lead.of(lead_id or sign.lead_id, tx)
    values = _values(sign)
    if known is None:
        law = parameters.on(shanghai_date(clock.now()))
        article = KINDS[sign.kind].article
        lead = Lead(
            id=sign.lead_id,
            state=STATES.next(None, "raise"),
            departments=list(law.texts("duty.departments", article)),
            lead_department=law.text("duty.lead", article),
            **values,
        )
        await lead.put(tx)
        tx.publish(events.raised(lead))
        return lead
    if known.holds and all(getattr(known, name) == value for name, value in values.items()):
        return known
    if known.used != values["used"]:
        before = Superseded(finding=known.finding, used=known.used, until=clock.now())
        known.superseded = [*known.superseded, before]
    back = known.state == "withdrawn"
    known.state = STATES.next(known.state, "raise" if back else "change")
    known.changed({**values, "holds": True, "changed_at": clock.now()})
    await known.put(tx)
    tx.publish(events.raised(known) if back else events.changed(known))
    return known


async def withdraw_lead(lead_id: str, tx: Transaction) -> None:
    """Withdraw a lead, since later data show that it is not so. What an officer has decided of it stays."""
    lead = await Lead.of(lead_id, tx)
    if lead is None or not lead.holds:
        return
    lead.state = STATES.next(lead.state, "withdraw")
    lead.holds, lead.changed_at = False, clock.now()
    await lead.put(tx)
    tx.publish(events.closed(lead) if lead.state == "withdrawn" else events.changed(lead))


async def take_up(lead: Lead, became: Became, caller: Caller, tx: Transaction, *, kept_back: bool = False) -> Lead:
    """Take a lead up as a matter, which whoever begins that matter has stored or found; raises Forbidden for an officer
    who is not on duty for it, and Conflict where it was decided before. `kept_back`: nobody else is told which matter it is."""
    officer = await _on_duty(lead, caller, tx)
    lead.state = STATES.next(lead.state, "take_up")
    lead.decision = Decision(
        by=officer.id, at=clock.now(), became_kind=became.kind, became_id=became.id, kept_back=kept_back
    )
    await lead.put(tx)
    tx.publish(events.closed(lead))
    return lead


async def dismiss(lead: Lead, reason: str, note: str | None, caller: Caller, tx: Transaction) -> Lead:
    """Dismiss a lead for one of the reasons of `leads.dismissal_reasons`, with what the officer wrote; raises as `take_up`."""
    officer = await _on_duty(lead, caller, tx)
    if reason not in reasons():
        raise RuleBroken("no-such-reason", "没有该不予处理理由", "there is no such reason to dismiss a lead")
    lead.state = STATES.next(lead.state, "dismiss")
    text = None if note is None else encrypted_note(lead.id, note)
    lead.decision = Decision(by=officer.id, at=clock.now(), reason=reason, note=text)
    await lead.put(tx)
    tx.publish(events.closed(lead))
    return lead


async def lead_within_reach(lead_id: str, caller: Caller, tx: Transaction | None = None) -> Lead:
    """A lead of the officer's department and district, on an enterprise that they need not stay away from; any other is not
    found."""
    away = await stays_away_from(caller, tx)
    lead = await Lead.of(lead_id, tx)
    reached = lead is not None and caller.reaches(lead.district) and caller.is_officer_of(*lead.departments)
    if lead is None or not reached or lead.platform in away:
        raise NotFound("该线索", "the lead")
    return lead


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's leads to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Lead, {"worker_id": merged_worker_id}, moved)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Remove what officers wrote of a person's leads, which may name them; the leads stay, as files against enterprises."""
    noted = {"worker_id": worker_id, "decision.note": {"$gt": ""}}
    await tx.update_many(Lead, noted, {"$set": {"decision.note": None}, "$inc": {"revision": 1}})


def reasons() -> dict[str, str]:
    """Why a lead may be dismissed today: codes with their Chinese words."""
    return dict(parameters.on(shanghai_date(clock.now())).table("leads.dismissal_reasons"))


def _values(sign: Sign) -> dict[str, Any]:
    finding: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sign.finding))
    return {
        "kind": sign.kind,
        "platform": sign.platform,
        "worker_ref": sign.worker_ref,
        "worker_id": sign.worker_id,
        "district": sign.district,
        "finding": finding,
        "events": list(sign.events),
        "used": list(sign.used),
        "verified": all(row.verified for row in sign.used),
        "to_judge": list(sign.to_judge),
    }


async def _on_duty(lead: Lead, caller: Caller, tx: Transaction) -> Officer:
    matter = Matter(departments=lead.departments, district=lead.district, enterprise=lead.platform)
    return await on_duty(caller, "handler", matter, tx)
