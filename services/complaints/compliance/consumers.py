"""What platforms push: orders and settlements, each idempotent by its natural key; and what is agreed collectively."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.compliance import agreements, commands
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, SettlementPaid
from shared.contracts.registry import CollectiveContractEnded, CollectiveContractFact, CollectiveContractRecorded
from shared.messaging.consuming import consumes, consumes_in_bulk
from shared.storage.transaction import Transaction


@consumes_in_bulk(OrderFinished, group="complaints.worktime")
async def on_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    await commands.keep_orders(events)


@consumes_in_bulk(SettlementPaid, group="complaints.settlements")
async def on_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    await commands.keep_settlements(events)


# in the group of the other copies of the registry's facts: the groups above only handle in bulk
@consumes(CollectiveContractRecorded, CollectiveContractEnded, group="complaints.parties")
async def on_collective_contract(event: CloudEvent[CollectiveContractFact], tx: Transaction) -> None:
    await agreements.keep_contract(event.data, event.time, tx)
