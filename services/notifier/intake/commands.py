"""What one event sets in motion: messages from it, and the erasure of a person everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import delivery_id
from services.notifier.holding import commands as holding
from services.notifier.notices.rules import standing_of
from services.notifier.notices.table import messages_of
from services.notifier.recipients import commands as recipients
from services.notifier.recipients import person_commands
from shared.contracts.base import CloudEvent
from shared.storage.transaction import Transaction


async def deliver(event: CloudEvent[Any], tx: Transaction) -> None:
    """Make the messages of an event. Those that a later event may take back are held."""
    standing = standing_of(event.data)
    if standing is None:
        await deliveries.make_deliveries(event, tx)
    else:
        await holding.follow(event, standing, tx)


async def load(events: Sequence[CloudEvent[Any]], tx: Transaction) -> None:
    """Read at once what the messages of these events need. The messages themselves are new, but where an event comes again."""
    made = [
        (holding.first_id(standing, message) if standing else delivery_id(event.source, event.id, message), message)
        for event in events
        for standing in [standing_of(event.data)]
        for message in messages_of(event.data, event.time)
    ]
    await tx.load_new(Delivery, (id_ for id_, _ in made))
    await recipients.load([message for _, message in made], tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Forget how a person and their next of kin are reached, and where their messages went (个人信息保护法 art. 47)."""
    own, kin = await person_commands.erase_worker(worker_id, tx)
    await deliveries.erase_recipients("worker", own, tx)
    await deliveries.erase_recipients("kin", kin, tx)
