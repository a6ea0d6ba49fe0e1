"""Store working time and settlements, and raise a lead where pay is under the minimum wage.

Orders and settlements come in any order, to two groups at once. Each group first stores its events, then reads those of
the other and checks: whichever comes second sees both. Of two checks of one settlement at the same time, one is run again.
Working time only grows, so a lead never goes away.

A settlement is held against the collective contracts known when it is checked. One that comes later changes
nothing: a contract is published when it is filed, long before the first period that it covers is paid.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.leads.commands import raise_lead
from services.complaints.leads.rules import Sign
from services.complaints.parties.documents import Engagement
from services.complaints.pay import rules
from services.complaints.pay.documents import Deducted, Settlement, WorkInterval
from services.complaints.pay.rules import Shortfall
from shared.contracts.base import CloudEvent, money, yuan
from shared.contracts.leads import HourlyPart, PayBelowHourlyMinimum
from shared.contracts.platform import OrderFinished, SettlementPaid, platform_of
from shared.policy.calendar import end_of_day, start_of_day
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode

CHECKS_AT_ONCE = 100
"""Settlements checked in one transaction."""
READS_AT_ONCE = 8

Span = tuple[dt.datetime, dt.datetime]
"""From when an order was taken to when it was finished."""


async def store_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    """Store the time of orders, and check again the settlements that it falls into."""
    rows = {row["_id"]: row for row in map(_interval, reversed(events))}
    await insert_new(WorkInterval, list(rows.values()))
    await _check_all(await _touched(list(rows.values())))


async def store_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    """Store settlements and check them."""
    rows = {row["_id"]: row for row in map(_settlement, reversed(events))}
    await insert_new(Settlement, list(rows.values()))
    await _check_all(list(rows))


async def check(settlement_ids: Sequence[str], tx: Transaction) -> None:
    """Hold settlements against the working time known now; raise a lead, or update one."""
    settlements = await tx.find(Settlement, {"_id": {"$in": list(settlement_ids)}})
    if not settlements:
        return
    contracts = await CollectiveTerms.not_ended_by(min(one.period_end for one in settlements), tx)
    for settlement in settlements:
        intervals = await WorkInterval.since(settlement.worker, settlement.starts_at, tx)
        binding = [contract for contract in contracts if contract.binds(settlement.platform)]
        found = rules.check(settlement.pay, intervals, binding)
        if found.shortfall is not None:
            await _raise(settlement, found.shortfall, tx)
        elif found.undecided is not None and settlement.undecided is None:
            settlement.undecided, settlement.district = found.undecided, found.district
            settlement.used = list(found.used)
            await settlement.put(tx)


async def _raise(settlement: Settlement, shortfall: Shortfall, tx: Transaction) -> None:
    sign = Sign(
        about=settlement.id,
        platform=settlement.platform,
        worker_ref=settlement.worker_ref,
        worker_id=await Engagement.worker_behind(settlement.platform, settlement.worker_ref, tx),
        district=shortfall.district,
        finding=_finding(settlement, shortfall),
        events=(),
        used=shortfall.used,
        to_judge=("normal_labour", "components_unknown"),
    )
    lead = await raise_lead(sign, tx, lead_id=settlement.leads.get(sign.kind))
    if settlement.leads.get(lead.kind) != lead.id:
        settlement.leads, settlement.undecided = {**settlement.leads, lead.kind: lead.id}, None
        await settlement.put(tx)


def _finding(settlement: Settlement, shortfall: Shortfall) -> PayBelowHourlyMinimum:
    due = shortfall.pay + shortfall.shortfall
    part = HourlyPart(
        first=settlement.period_start,
        last=settlement.period_end,
        working_seconds=shortfall.working_seconds,
        minimum=money(shortfall.minimum),
        waiting_percent=str(shortfall.waiting_percent) if shortfall.waiting_percent else None,
        collective_contract_id=shortfall.contract_id,
        due=money(due),
    )
    return PayBelowHourlyMinimum(
        settlement_id=settlement.settlement_id,
        period_start=settlement.period_start,
        period_end=settlement.period_end,
        orders=shortfall.intervals,
        working_seconds=shortfall.working_seconds,
        pay=money(shortfall.pay),
        due=money(due),
        shortfall=money(shortfall.shortfall),
        parts=(part,),
    )


async def _check_all(settlement_ids: Iterable[str]) -> None:
    for some in _chunks(settlement_ids, CHECKS_AT_ONCE):
        await transact(partial(check, some))


async def _touched(intervals: Sequence[Row]) -> list[str]:
    """The settlements whose period some of these intervals reach into."""
    settlements = collection_of(Settlement)
    earliest = min(row["taken_at"] for row in intervals)
    newest = await settlements.find_one({"ends_at": {"$gt": earliest}}, {"ends_at": 1}, sort=[("ends_at", -1)])
    if newest is None:
        return []
    # Most orders belong to a period that nobody has settled yet.
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    for row in intervals:
        if row["taken_at"] < newest["ends_at"]:
            spans[row["worker"]].append((row["taken_at"], row["finished_at"]))
    found: list[str] = []
    for workers in _chunks(spans, READS_AT_ONCE):
        found += chain.from_iterable(await asyncio.gather(*(_touched_of(worker, spans[worker]) for worker in workers)))
    return found


async def _touched_of(worker: str, spans: Sequence[Span]) -> list[str]:
    query = {"worker": worker, "ends_at": {"$gt": min(taken for taken, _ in spans)}}
    rows = await collection_of(Settlement).find(query, {"starts_at": 1, "ends_at": 1}).to_list(None)
    return [
        row["_id"]
        for row in rows
        if any(taken < row["ends_at"] and finished > row["starts_at"] for taken, finished in spans)
    ]


def _interval(event: CloudEvent[OrderFinished]) -> Row:
    order, platform = event.data, platform_of(event.source)
    return {
        "_id": f"{platform}|{order.order_id}",
        "worker": f"{platform}|{order.worker_ref}",
        "taken_at": order.taken_at,
        "finished_at": order.finished_at,
        "district": order.district,
        "industry": order.industry,
    }


def _settlement(event: CloudEvent[SettlementPaid]) -> Row:
    paid, platform = event.data, platform_of(event.source)
    return encode(
        Settlement(
            id=f"{platform}|{paid.settlement_id}",
            revision=1,
            worker=f"{platform}|{paid.worker_ref}",
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


def _chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk
