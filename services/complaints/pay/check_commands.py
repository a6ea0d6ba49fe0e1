"""Check settlements by what is known now: raise, change and withdraw their leads, and say what goes to a person.

Those for some of the same days are checked with them, as what was paid for days counts together, and so are those of the same
months of whoever is paid by the month: under all references of a platform that are one account of a person.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, kind_of, lead_id
from services.complaints.parties.account_commands import Accounts, accounts_of
from services.complaints.parties.account_rules import ALWAYS, Circle
from services.complaints.parties.documents import Engagement, footings_of, whose
from services.complaints.pay import month_rules, replaced_rules, rules
from services.complaints.pay.documents import Period, Settlement, WorkInterval
from services.complaints.pay.payment_rules import Found, Pay
from services.complaints.pay.replacement_commands import replacements_of
from services.complaints.pay.rules import Checked
from services.complaints.pay.time_rules import Interval, within_days
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.storage.transaction import Transaction

WORKERS_AT_ONCE = 50
"""Workers whose settlements are read together."""


@dataclass(frozen=True, slots=True)
class Read:
    """A settlement with the engagement behind it, whose pay it is (`person`; None where nobody knows, or several had its reference),
    what took its place, and its check by what is known now. `events`: by settlement the event that counts, of those that are measured
    together too."""

    settlement: Settlement
    behind: Engagement | None
    person: str | None
    replaced_by: str | None
    check: Callable[[], Checked]
    events: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Reach:
    """The days of which orders and settlements may be measured with a settlement, and under which references. `circle`: None where the
    reference passed to somebody else within its period: that is measured with no other."""

    circle: Circle | None
    own: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def workers(self) -> tuple[str, ...]:
        return (self.own,) if self.circle is None else self.circle.accounts

    @property
    def periods(self) -> list[Period]:
        return [Period(worker, self.starts_at, self.ends_at) for worker in self.workers]

    def meets(self, other: Reach) -> bool:
        together = self.circle is not None and self.circle == other.circle
        return together and self.starts_at < other.ends_at and other.starts_at < self.ends_at


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
    accounts = await accounts_of({one.worker for one in settlements}, tx)
    asked = _reaches(settlements, accounts)
    around = await _around(settlements, asked, tx)
    reaches = _reaches(around, accounts)
    touched = [
        one for one in around if one.id in asked or any(reaches[one.id].meets(other) for other in asked.values())
    ]
    if len(touched) > len(settlements):
        around = await _around(touched, {one.id: reaches[one.id] for one in touched}, tx)
        reaches = _reaches(around, accounts)
    told = replaced_rules.replaced(await replacements_of({one.worker for one in around}, tx))
    contracts = await CollectiveTerms.not_ended_by(min(one.period_start for one in touched), tx)
    intervals = await WorkInterval.of_each((period for one in touched for period in reaches[one.id].periods), tx)
    events = {one.id: one.event_id for one in around}
    behind = {one.id: _behind(one, reaches[one.id].circle, accounts) for one in around}
    counting: defaultdict[tuple[str, ...], list[Settlement]] = defaultdict(list)
    for one in around:
        if (one.worker, one.settlement_id) not in told:
            counting[reaches[one.id].workers].append(one)
    found: list[Read] = []
    for one in touched:
        own, reach = behind[one.id], reaches[one.id]
        district = None if own is None else own.district
        by = told.get((one.worker, one.settlement_id))
        work = [each for period in reach.periods for each in _of_circle(reach.circle, period, intervals[period])]
        beside = [
            _pay(other, behind[other.id])
            for other in counting[reach.workers]
            if other.id != one.id and reaches[other.id].meets(reach)
        ]
        binding = [contract for contract in contracts if contract.binds(one.platform)]
        run: Callable[[], Checked]
        if by is not None:
            run = partial(rules.of_replaced, district)
        elif reach.circle is None:
            footings = footings_of(accounts.engagements.get(one.worker, []))
            run = partial(rules.of_several, _pay(one, own), work, footings, district)
        elif reach.circle.left_out:
            run = partial(rules.of_many, _pay(one, own), work, reach.circle.footings, district)
        else:
            run = partial(rules.check, _pay(one, own), work, reach.circle.footings, binding, district, beside)
        person = None if reach.circle is None else reach.circle.person
        found.append(Read(one, own, person, by, run, events))
    return found


def _behind(settlement: Settlement, circle: Circle | None, accounts: Accounts) -> Engagement | None:
    """The engagement that a settlement is paid on."""
    known = accounts.engagements.get(settlement.worker, [])
    own = [one for one in known if circle is None or one.worker_id == circle.person]
    return whose(own, settlement.period_end)


def _reaches(settlements: Iterable[Settlement], accounts: Accounts) -> dict[str, Reach]:
    """By settlement the days of which orders and other settlements may be measured with it."""
    found: dict[str, Reach] = {}
    for one in settlements:
        first, last = one.period_start, one.period_end
        circle = accounts.between(one.worker, first, last)
        if circle is not None:
            first, last = month_rules.reach(first, last, circle.footings)
        found[one.id] = Reach(circle, one.worker, start_of_day(first), end_of_day(last))
    return found


def _of_circle(circle: Circle | None, period: Period, intervals: Sequence[Interval]) -> Iterable[Interval]:
    """The parts of a reference's orders of the days on which it is the person's."""
    days = (ALWAYS,) if circle is None else circle.account(period.worker).days
    if days == (ALWAYS,):
        return intervals
    begin, end = shanghai_date(period.starts_at), shanghai_date(period.ends_at)
    near = ((max(first, begin), min(last, end)) for first, last in days if first <= end and begin <= last)
    return [part for first, last in near for part in within_days(intervals, first, last)]


def _pay(settlement: Settlement, behind: Engagement | None) -> Pay:
    return settlement.pay(None if behind is None else behind.parties)


async def _around(settlements: Sequence[Settlement], reaches: Mapping[str, Reach], tx: Transaction) -> list[Settlement]:
    """Settlements, with the others of their people for some of the days that they reach to."""
    workers = sorted({worker for one in reaches.values() for worker in one.workers})
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
        worker_id=read.person,
        district=found.district or checked.district,
        finding=found.finding,
        events=tuple(one for one in on if one is not None),
        used=found.used,
        to_judge=found.to_judge,
    )
