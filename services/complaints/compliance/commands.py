"""Keep working time and settlements, and raise a lead where pay is under the minimum wage.

Orders and settlements come in any order, to two groups at once. Each group first stores what it got, then reads the
other's side and checks: whoever comes second sees both. Two checks of one settlement at once cannot both be stored; the
later one is done again and reads anew. Working time only grows, so a lead never goes away.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from beanie.odm.utils.encoder import Encoder

from services.complaints.compliance import rules
from services.complaints.compliance.documents import Deducted, Lead, Settlement, WorkInterval, insert_new
from services.complaints.compliance.rules import Shortfall
from services.complaints.parties.documents import Engagement
from shared.contracts.base import CloudEvent, money, yuan
from shared.contracts.complaints import LeadRaised
from shared.contracts.platform import OrderFinished, SettlementPaid, platform_of
from shared.policy.calendar import end_of_day, start_of_day
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact

AT_ONCE = 100
"""Settlements checked in one transaction, and workers named in one query."""

Worker = tuple[str, str]
"""A platform's code and its own id of the person."""


async def keep_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    """Store the time of orders, and check again the settlements that it falls into."""
    rows = {row["_id"]: row for row in map(_interval, reversed(events))}
    await insert_new(WorkInterval, list(rows.values()))
    await _check_all(await _touched(list(rows.values())))


async def keep_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    """Store settlements and check them."""
    rows = {row["_id"]: row for row in map(_settlement, reversed(events))}
    await insert_new(Settlement, list(rows.values()))
    await _check_all(list(rows))


async def check(settlement_ids: Sequence[str], tx: Transaction) -> None:
    """Hold settlements against the working time known now; raise a lead, or bring the arithmetic of one up to date."""
    for settlement in await Settlement.find({"_id": {"$in": list(settlement_ids)}}, session=tx.session).to_list():
        intervals = await WorkInterval.of_worker(
            settlement.platform, settlement.worker_ref, settlement.starts_at, settlement.ends_at, tx
        )
        found = rules.check(settlement.pay, intervals)
        seen = (settlement.outcome, settlement.district, settlement.reason)
        if found.shortfall is not None:
            await _raise_or_update(settlement, found.shortfall, tx)
        if seen != (found.outcome, found.district, found.reason):
            settlement.outcome, settlement.district, settlement.reason = found.outcome, found.district, found.reason
            await settlement.put(tx)


async def _raise_or_update(settlement: Settlement, shortfall: Shortfall, tx: Transaction) -> None:
    known = await Lead.of(settlement.lead_id, tx) if settlement.lead_id else None
    if known is not None and known.working_seconds == shortfall.working_seconds:
        return
    lead = known or Lead(
        platform=settlement.platform,
        worker_ref=settlement.worker_ref,
        settlement_id=settlement.settlement_id,
        period_start=settlement.period_start,
        period_end=settlement.period_end,
        **_arithmetic(shortfall),
    )
    for name, value in _arithmetic(shortfall).items():
        setattr(lead, name, value)
    await lead.put(tx)
    if known is None:
        settlement.lead_id = lead.id
        tx.tell(await _raised(lead, tx))


def _arithmetic(shortfall: Shortfall) -> Row:
    return {
        "district": shortfall.district,
        "intervals": shortfall.intervals,
        "working_seconds": shortfall.working_seconds,
        "pay": shortfall.pay,
        "minimum": shortfall.minimum,
        "shortfall": shortfall.shortfall,
        "used": list(shortfall.used),
        "verified": shortfall.verified,
    }


async def _raised(lead: Lead, tx: Transaction) -> LeadRaised:
    return LeadRaised(
        lead_id=lead.id,
        kind="pay_below_minimum",
        platform=lead.platform,
        worker_ref=lead.worker_ref,
        worker_id=await Engagement.worker_behind(lead.platform, lead.worker_ref, tx),
        settlement_id=lead.settlement_id,
        pay=money(lead.pay),
        working_seconds=lead.working_seconds,
        minimum=money(lead.minimum),
        shortfall=money(lead.shortfall),
        verified=lead.verified,
    )


async def _check_all(settlement_ids: Iterable[str]) -> None:
    for some in _chunks(settlement_ids):
        await transact(partial(check, some))


async def _touched(intervals: Sequence[Row]) -> list[str]:
    """The settlements whose period some of these intervals reach into."""
    settlements = collection_of(Settlement)
    earliest = min(row["taken_at"] for row in intervals)
    latest = max(row["finished_at"] for row in intervals)
    # Most orders are of a period that is not settled yet: one look spares asking for their workers.
    if await settlements.find_one({"ends_at": {"$gt": earliest}}, {"_id": 1}) is None:
        return []
    spans: defaultdict[Worker, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for row in intervals:
        spans[row["platform"], row["worker_ref"]].append((row["taken_at"], row["finished_at"]))
    found: list[str] = []
    for platform in {platform for platform, _ in spans}:
        for workers in _chunks(worker for of, worker in spans if of == platform):
            query = {"platform": platform, "worker_ref": {"$in": workers}, "ends_at": {"$gt": earliest}}
            async for row in settlements.find(query | {"starts_at": {"$lt": latest}}):
                of_worker = spans[platform, row["worker_ref"]]
                if any(taken < row["ends_at"] and finished > row["starts_at"] for taken, finished in of_worker):
                    found.append(row["_id"])
    return found


def _interval(event: CloudEvent[OrderFinished]) -> Row:
    order, platform = event.data, platform_of(event.source)
    return {
        "_id": f"{platform}|{order.order_id}",
        "platform": platform,
        "worker_ref": order.worker_ref,
        "taken_at": order.taken_at,
        "finished_at": order.finished_at,
        "district": order.district,
    }


def _settlement(event: CloudEvent[SettlementPaid]) -> Row:
    paid, platform = event.data, platform_of(event.source)
    row: Row = Encoder(to_db=True).encode(
        Settlement(
            id=f"{platform}|{paid.settlement_id}",
            revision=1,
            platform=platform,
            settlement_id=paid.settlement_id,
            worker_ref=paid.worker_ref,
            period_start=paid.period_start,
            period_end=paid.period_end,
            starts_at=start_of_day(paid.period_start),
            ends_at=end_of_day(paid.period_end),
            gross=yuan(paid.gross),
            deductions=[Deducted(kind=part.kind, amount=yuan(part.amount)) for part in paid.deductions],
        )
    )
    return row


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
