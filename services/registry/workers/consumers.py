"""What opens and closes the matters for which a person's record is kept, in every service."""

from __future__ import annotations

from typing import Any

from services.registry.grounds.table import FACTS
from services.registry.workers import erasure
from shared.contracts.base import CloudEvent
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# nobody waits for it, and one transaction for many events costs little
@consumes(*FACTS, group="registry.grounds", load=erasure.load, fetch_wait_ms=1000)
async def on_matter(event: CloudEvent[Any], tx: Transaction) -> None:
    await erasure.follow(event, tx)
