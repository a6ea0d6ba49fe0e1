"""Check settlements by what is known now: raise, change and withdraw their leads, and say what goes to a person.

Those for some of the same days are checked with them, as what was paid for days counts together, and so are those of the same
months of whoever is paid by the month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, kind_of, lead_id
from services.complaints.parties.documents import Engagement, footings_of, whose
from services.complaints.parties.rules import Footing
from services.complaints.pay import month_rules, replaced_rules, rules
from services.complaints.pay.documents import Period, Settlement, WorkInterval
from services.complaints.pay.payment_rules import Found, Pay
from services.complaints.pay.replacement_commands import replacements_of
from services.complaints.pay.rules import Checked
from shared.policy.calendar import end_of_day, start_of_day
from shared.storage.transaction import Transaction

WORKERS_AT_ONCE = 50
"""Workers whose settlements are read together."""


@dataclass(frozen=True, slots=True)
class Read:
    """A settlement with the engagement behind it, what took its place, and its check by what is known now. `events`: by settlement
    the event that counts, of those that are measured together too."""

    settlement: Settlement
    behind: Engagement | None
    replaced_by: str | None
    check: Callable[[], Checked]
    events: Mapping[str, str | None]


async def check(settlement_ids: Sequence[str], tx: Transaction) -> None:
    """Check settlements by what is known now; raise, change or withdraw their leads."""
    settlements = await tx.find(Settlement, {"_id": {"$in": list(settlement_ids)}}) if settlement_ids else []
    results = [(one, one.check()) for one in await read(settlements, tx)]
    await tx.load(Lead, [lead for one, checked in results for lead in _lead_ids(one.settlement, checked)])
    for one, checked in results:
        await _follow(one, checked, tx)


async def read(settlements: Sequence[Settlement], tx: Transaction) -> list[Read]:
    """What the checks of settlements need, and those of the settlements that are measured with them."""
    if not settlements:
        return []
    workers = sorted({one.worker for one in settlements})
    engagements = await Engagement.of_workers(workers, tx)
    footings = {worker: footings_of(known) for worker, known in engagements.items()}
    told = replaced_rules.replaced(await replacements_of(workers, tx))
    asked = _reaches(settlements, footings)
    around = await _around(settlements, asked, tx)
    reaches = _reaches(around, footings)
    touched = [one for one in around if any(reaches[one.id].meets(other) for other in asked.values())]
    if len(touched) > len(settlements):
        around = await _around(touched, {one.id: reaches[one.id] for one in touched}, tx)
        reaches = _reaches(around, footings)
    contracts = await CollectiveTerms.not_ended_by(min(one.period_start for one in touched), tx)
    intervals = await WorkInterval.of_each((reaches[one.id] for one in touched), tx)
    events = {one.id: one.event_id for one in around}
    behind = {one.id: whose(engagements.get(one.worker, []), one.period_end) for one in around}
    counting: defaultdict[str, list[Settlement]] = defaultdict(list)
    for one in around:
        if (one.worker, one.settlement_id) not in told:
            counting[one.worker].append(one)
    found: list[Read] = []
    for one in touched:
        own = behind[one.id]
        district = None if own is None else own.district
        by = told.get((one.worker, one.settlement_id))
        beside = [
            _pay(other, behind[other.id])
            for other in counting[one.worker]
            if other.id != one.id and reaches[other.id].meets(reaches[one.id])
        ]
        binding = [contract for contract in contracts if contract.binds(one.platform)]
        run = partial(
            rules.check,
            _pay(one, own),
            intervals[reaches[one.id]],
            footings.get(one.worker, []),
            binding,
            district,
            beside,
        )
        found.append(Read(one, own, by, run if by is None else partial(rules.of_replaced, district), events))
    return found


def _reaches(settlements: Iterable[Settlement], footings: Mapping[str, Sequence[Footing]]) -> dict[str, Period]:
    """By settlement the days of which orders and other settlements may be measured with it."""
    found: dict[str, Period] = {}
    for one in settlements:
        first, last = month_rules.reach(one.period_start, one.period_end, footings.get(one.worker, ()))
        found[one.id] = Period(one.worker, start_of_day(first), end_of_day(last))
    return found


def _pay(settlement: Settlement, behind: Engagement | None) -> Pay:
    return settlement.pay(None if behind is None else behind.parties)


async def _around(
    settlements: Sequence[Settlement], reaches: Mapping[str, Period], tx: Transaction
) -> list[Settlement]:
    """Settlements, with the others of their workers for some of the days that they reach to."""
    workers = sorted({one.worker for one in settlements})
    first, last = min(one.starts_at for one in reaches.values()), max(one.ends_at for one in reaches.values())
    within = {"ends_at": {"$gt": first}, "starts_at": {"$lt": last}}
    found = {one.id: one for one in settlements}
    for start in range(0, len(workers), WORKERS_AT_ONCE):
        some = {"worker": {"$in": workers[start : start + WORKERS_AT_ONCE]}}
        found |= {one.id: one for one in await tx.find(Settlement, {**some, **within})}
    return list(found.values())


def _lead_ids(settlement: Settlement, checked: Checked) -> set[str]:
    kinds = (kind_of(one.finding) for one in checked.found)
    return {*settlement.leads.values(), *(settlement.leads.get(kind) or lead_id(kind, settlement.id) for kind in kinds)}


async def _follow(read: Read, checked: Checked, tx: Transaction) -> None:
    settlement = read.settlement
    leads = dict(settlement.leads)
    standing = set()
    for found in checked.found:
        sign = _sign(read, checked, found)
        lead = await raise_lead(sign, tx, lead_id=leads.get(sign.kind))
        leads[sign.kind] = lead.id
        standing.add(sign.kind)
    for kind in sorted(leads.keys() - standing):
        await withdraw_lead(leads[kind], tx)
    settlement.leads, settlement.agreed = leads, checked.agreed
    settlement.undecided = "; ".join(checked.undecided) or None
    settlement.used = list(checked.used) if checked.undecided else []
    settlement.district, settlement.replaced_by = checked.district, read.replaced_by
    await settlement.put(tx)


def _sign(read: Read, checked: Checked, found: Found) -> Sign:
    settlement = read.settlement
    further: Sequence[str] = getattr(found.finding, "further_settlements", ())
    on = (read.events.get(one) for one in (settlement.id, *(f"{settlement.platform}|{part}" for part in further)))
    return Sign(
        about=settlement.id,
        platform=settlement.platform,
        worker_ref=settlement.worker_ref,
        worker_id=None if read.behind is None else read.behind.worker_id,
        district=found.district or checked.district,
        finding=found.finding,
        events=tuple(one for one in on if one is not None),
        used=found.used,
        to_judge=found.to_judge,
    )
