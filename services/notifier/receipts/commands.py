"""Store receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries import outcomes
from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.rows import Channel
from services.notifier.providers.rules import Name
from services.notifier.recipients.device_commands import remove_device
from shared import clock
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

EARLY = (dt.timedelta(seconds=2), dt.timedelta(seconds=30), dt.timedelta(minutes=5))
"""How long a report is kept each time for the answer that it came before."""


class Report(msgspec.Struct, frozen=True):
    """What Tencent says of a message later, by its own number of it. `looked`: how often that was not found before."""

    number: str
    arrived: bool
    code: str
    looked: int = 0


EARLY_REPORT = TimerKind("notifier.early_report", Report)
"""The timer at which a report is looked at again whose message was not known; its key is the provider's number."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway says of a message later. `code` says why it did not arrive; `provider`: who says so of an SMS."""

    delivery_id: str
    arrived: bool
    code: str
    provider: Name | None = None


async def store_receipts(channel: Channel, receipts: Sequence[Receipt], tx: Transaction) -> None:
    """Store receipts of one channel. They may come twice, and before the gateway's own answer is stored.

    One of a delivery that is not ours, or that has gone over to another channel since, changes nothing; nor does a provider's
    word that a message is lost which another one has since. That it arrived counts whoever says so.
    """
    asked = sorted({receipt.delivery_id for receipt in receipts})
    found = await tx.find(Delivery, {"_id": {"$in": asked}})
    by_id = {delivery.id: delivery for delivery in found}
    for receipt in receipts:
        delivery = by_id.get(receipt.delivery_id)
        if delivery is None or delivery.channel != channel:
            continue
        if not receipt.arrived and receipt.provider and delivery.provider not in (None, receipt.provider):
            continue
        if channel == "push" and receipt.code == "UNREGISTERED" and delivery.recipient and delivery.clear_address:
            await remove_device(delivery.recipient, delivery.clear_address, tx)
        if delivery.state == "queued":  # the gateway's own answer was lost: it need not be asked any more
            tx.cancel(deliveries.lane_of(delivery), delivery.id)
        await outcomes.record(delivery, "arrived" if receipt.arrived else "lost", receipt.code, tx)


async def store_reports(reports: Sequence[Report], tx: Transaction) -> None:
    """Store what Tencent says of messages. It knows them by its own number, which is not stored before its answer is: a report
    that comes sooner is looked at again a few times, and forgotten if it is of no message of ours."""
    numbers = sorted({report.number for report in reports})
    found = await tx.find(Delivery, {"gateway_id": {"$in": numbers}, "provider": "tencent"})
    ids = {delivery.gateway_id: delivery.id for delivery in found}
    known = [Receipt(ids[one.number], one.arrived, one.code, "tencent") for one in reports if one.number in ids]
    for report in reports:
        if report.number not in ids and report.looked < len(EARLY):
            again = msgspec.structs.replace(report, looked=report.looked + 1)
            tx.schedule(EARLY_REPORT, report.number, clock.now() + EARLY[report.looked], again)
    if known:
        await store_receipts("sms", known, tx)
