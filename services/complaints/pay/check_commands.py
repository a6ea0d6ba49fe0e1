"""Check settlements by what is known now: raise, change and withdraw their leads, and say what goes to a person.

Those for some of the same days are checked with them, as what was paid for days counts together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, kind_of, lead_id
from services.complaints.parties.documents import Engagement, footings_of, whose
from services.complaints.pay import rules
from services.complaints.pay.documents import Settlement, WorkInterval
from services.complaints.pay.payment_rules import Found
from services.complaints.pay.rules import Checked
from shared.storage.transaction import Transaction

WORKERS_AT_ONCE = 50
"""Workers whose settlements are read together."""


async def check(settlement_ids: Sequence[str], tx: Transaction) -> None:
    """Check settlements by what is known now; raise, change or withdraw their leads."""
    settlements = await tx.find(Settlement, {"_id": {"$in": list(settlement_ids)}}) if settlement_ids else []
    if not settlements:
        return
    around = await _around(settlements, tx)
    touched = [one for one in around if any(_meet(one, asked) for asked in settlements)]
    if len(touched) > len(settlements):
        around = await _around(touched, tx)
    contracts = await CollectiveTerms.not_ended_by(min(one.period_start for one in touched), tx)
    engagements = await Engagement.of_workers((one.worker for one in touched), tx)
    intervals = await WorkInterval.of_each(touched, tx)
    of_worker: defaultdict[str, list[Settlement]] = defaultdict(list)
    for one in around:
        of_worker[one.worker].append(one)
    results: list[tuple[Settlement, Checked]] = []
    for settlement in touched:
        known = engagements.get(settlement.worker, [])
        binding = [contract for contract in contracts if contract.binds(settlement.platform)]
        beside = [one.pay for one in of_worker[settlement.worker] if one.id != settlement.id and _meet(one, settlement)]
        behind = whose(known, settlement.period_end)
        district = None if behind is None else behind.district
        checked = rules.check(settlement.pay, intervals[settlement.id], footings_of(known), binding, district, beside)
        results.append((settlement, checked))
    await tx.load(Lead, [one for settlement, checked in results for one in _lead_ids(settlement, checked)])
    events = {one.id: one.event_id for one in around}
    for settlement, checked in results:
        behind = whose(engagements.get(settlement.worker, []), settlement.period_end)
        further = [events.get(f"{settlement.platform}|{part}") for part in checked.parts]
        rests_on = tuple(one for one in (settlement.event_id, *further) if one is not None)
        await _follow(settlement, checked, None if behind is None else behind.worker_id, rests_on, tx)


async def _around(settlements: Sequence[Settlement], tx: Transaction) -> list[Settlement]:
    """Settlements, with the others of their workers for some of the same days."""
    workers = sorted({one.worker for one in settlements})
    first, last = min(one.starts_at for one in settlements), max(one.ends_at for one in settlements)
    reach = {"ends_at": {"$gt": first}, "starts_at": {"$lt": last}}
    found = {one.id: one for one in settlements}
    for start in range(0, len(workers), WORKERS_AT_ONCE):
        some = {"worker": {"$in": workers[start : start + WORKERS_AT_ONCE]}}
        found |= {one.id: one for one in await tx.find(Settlement, {**some, **reach})}
    return list(found.values())


def _meet(one: Settlement, other: Settlement) -> bool:
    return one.worker == other.worker and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _lead_ids(settlement: Settlement, checked: Checked) -> set[str]:
    kinds = (kind_of(one.finding) for one in checked.found)
    return {*settlement.leads.values(), *(settlement.leads.get(kind) or lead_id(kind, settlement.id) for kind in kinds)}


async def _follow(
    settlement: Settlement, checked: Checked, worker_id: str | None, events: tuple[str, ...], tx: Transaction
) -> None:
    leads = dict(settlement.leads)
    standing = set()
    for found in checked.found:
        on = events if found.of_days else events[:1]
        sign = _sign(settlement, checked, found, worker_id, on)
        lead = await raise_lead(sign, tx, lead_id=leads.get(sign.kind))
        leads[sign.kind] = lead.id
        standing.add(sign.kind)
    for kind in sorted(leads.keys() - standing):
        await withdraw_lead(leads[kind], tx)
    settlement.leads, settlement.agreed = leads, checked.agreed
    settlement.undecided = "; ".join(checked.undecided) or None
    settlement.used = list(checked.used) if checked.undecided else []
    settlement.district = checked.district
    await settlement.put(tx)


def _sign(
    settlement: Settlement, checked: Checked, found: Found, worker_id: str | None, events: tuple[str, ...]
) -> Sign:
    return Sign(
        about=settlement.id,
        platform=settlement.platform,
        worker_ref=settlement.worker_ref,
        worker_id=worker_id,
        district=checked.district,
        finding=found.finding,
        events=events,
        used=found.used,
        to_judge=found.to_judge,
    )
