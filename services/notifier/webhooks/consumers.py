"""Every event that platforms may hear of. In bulk: where no platform listens, an event costs nothing but its reading."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifier.webhooks import streams
from services.notifier.webhooks.table import SENT
from shared.contracts.base import CloudEvent, Fact
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(*SENT.values(), group="notifier.webhooks")
async def on_events(events: Sequence[CloudEvent[Fact]]) -> None:
    await streams.keep(events)
