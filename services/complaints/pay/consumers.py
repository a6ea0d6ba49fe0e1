"""Orders from platforms, idempotent by their natural key."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.pay import commands
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(OrderFinished, group="complaints.worktime")
async def on_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    await commands.store_orders(events)
