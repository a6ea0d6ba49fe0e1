"""Store receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients import commands as recipients
from services.notifier.recipients.rules import Channel
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway says of a message later. `code` says why it did not arrive."""

    delivery_id: str
    arrived: bool
    code: str


async def store_receipts(channel: Channel, receipts: Sequence[Receipt], tx: Transaction) -> None:
    """Store receipts of one channel. They may come twice, and before the gateway's own answer is stored.

    One of a delivery that is not ours, or that has gone over to another channel since, changes nothing.
    """
    asked = sorted({receipt.delivery_id for receipt in receipts})
    found = await tx.find(Delivery, {"_id": {"$in": asked}})
    by_id = {delivery.id: delivery for delivery in found}
    for receipt in receipts:
        delivery = by_id.get(receipt.delivery_id)
        if delivery is None or delivery.channel != channel:
            continue
        if channel == "push" and receipt.code == "UNREGISTERED" and delivery.recipient and delivery.clear_address:
            await recipients.remove_device(delivery.recipient, delivery.clear_address, tx)
        if delivery.state == "queued":  # the gateway's own answer was lost: it need not be asked any more
            tx.cancel(deliveries.lane_of(delivery), delivery.id)
        await deliveries.record(delivery, "arrived" if receipt.arrived else "lost", receipt.code, tx)
