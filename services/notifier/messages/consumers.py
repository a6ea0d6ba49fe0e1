"""Every event that a person or a platform must hear of."""

from __future__ import annotations

from services.notifier.deliveries import commands
from services.notifier.messages.rules import MAKERS
from shared.contracts.base import CloudEvent, Fact
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(*MAKERS, group="notifier.messages")
async def on_event(event: CloudEvent[Fact], tx: Transaction) -> None:
    await commands.make_deliveries(event, tx)
