"""Orders in, entries of the ledger out."""

from __future__ import annotations

from collections.abc import Sequence

from services.insurance.ledger import commands as charging
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(OrderFinished, group="insurance.premiums", overlapping=True)
async def on_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    await charging.charge(events)
