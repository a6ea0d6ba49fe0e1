"""Events that set something in motion in several capabilities."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.intake import commands
from services.complaints.parties.consumers import GROUP
from services.complaints.rest.consumers import GROUP as HOURS
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, SettlementPaid
from shared.contracts.registry import (
    STANDING_EVENTS,
    CollectiveContractEnded,
    CollectiveContractFact,
    CollectiveContractRecorded,
    EngagementFact,
    WorkerErased,
    WorkerMerged,
)
from shared.messaging.consuming import consumes, consumes_in_bulk
from shared.storage.transaction import Transaction


@consumes_in_bulk(*STANDING_EVENTS, group="complaints.engagements")
async def on_engagements(events: Sequence[CloudEvent[EngagementFact]]) -> None:
    await commands.follow_engagements(events)


@consumes_in_bulk(OrderFinished, group=HOURS)
async def on_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    await commands.follow_orders(events)


@consumes_in_bulk(SettlementPaid, group="complaints.settlements")
async def on_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    await commands.follow_settlements(events)


@consumes(CollectiveContractRecorded, CollectiveContractEnded, group=GROUP)
async def on_collective_contract(event: CloudEvent[CollectiveContractFact], tx: Transaction) -> None:
    await commands.follow_contract(event.data, event.time, tx)


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge_worker(event.data, event.time, tx)


@consumes(WorkerErased, group=GROUP)
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase_worker(event.data.worker_id, tx)
