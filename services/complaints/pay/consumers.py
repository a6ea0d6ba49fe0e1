"""Orders and settlements from platforms, each idempotent by its natural key."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.pay import commands
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, SettlementPaid
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(OrderFinished, group="complaints.worktime")
async def on_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    await commands.store_orders(events)


@consumes_in_bulk(SettlementPaid, group="complaints.settlements")
async def on_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    await commands.store_settlements(events)
