"""Make deliveries, queue them, and store what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.notifier.deliveries import rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.gateways.answers import Refused, Taken
from services.notifier.messages.message import Message, short
from services.notifier.messages.rules import messages_of
from services.notifier.recipients import commands as recipients
from services.notifier.recipients.documents import Contact, Engagement, Reference
from services.notifier.recipients.rules import Channel
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.notifier import DeliveryDelivered, DeliveryFailed, DeliverySent
from shared.messaging.timers import Outcome
from shared.storage.transaction import Transaction

DELIVERY = "notifier.delivery"
"""The outside work of giving a delivery to its gateway."""
SETTLE = "notifier.settle"
"""The timer at which held deliveries go out, one for all of a few seconds; its key is the instant."""
TOGETHER = dt.timedelta(seconds=5)
"""Deliveries whose holding ends within this time go out together."""
RELEASED_AT_ONCE = 100
"""Deliveries that one transaction takes up again."""
RECEIPT_WITHIN = dt.timedelta(minutes=10)
"""A receipt that comes later than this is no longer taken for one that is under way."""

RECIPIENT_UNKNOWN = "RECIPIENT_UNKNOWN"
"""Why a push that did not arrive has ended: nobody is known any more to whom an SMS could go."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway tells of a message later. `code` says why it did not arrive."""

    delivery_id: str
    arrived: bool
    code: str


async def make_deliveries(event: CloudEvent[Any], tx: Transaction) -> None:
    """Make the messages of an event, each once however often the event comes, and queue those that can go."""
    for message in messages_of(event.data):
        delivery_id = rules.delivery_id(event.source, event.id, message)
        if await Delivery.of(delivery_id, tx) is not None:
            continue
        await queue_or_wait(new_delivery(delivery_id, message), tx)


def new_delivery(delivery_id: str, message: Message) -> Delivery:
    """A delivery of a message, not stored yet."""
    return Delivery(
        id=delivery_id,
        template=message.template,
        kind=message.kind,
        recipient=message.recipient,
        reference=message.reference,
        platform=message.platform,
        engagement=message.engagement,
        district=message.district,
        params=dict(message.params),
    )


async def release(waits_for: str, tx: Transaction) -> None:
    """Take up deliveries whose missing fact has come; more than one transaction's worth go on in the next."""
    deliveries = await tx.find(Delivery, {"state": "waiting", "waits_for": waits_for}, limit=RELEASED_AT_ONCE)
    for delivery in deliveries:
        await queue_or_wait(delivery, tx)
    if len(deliveries) == RELEASED_AT_ONCE:
        tx.schedule(recipients.RELEASE, waits_for, clock.now())


async def queue_or_wait(delivery: Delivery, tx: Transaction) -> None:
    """Queue a delivery, hold it until what it tells has settled, or let it wait for what is not known yet."""
    delivery.waits_for = await _complete(delivery, tx)
    if delivery.waits_for is not None:
        await delivery.put(tx)
    elif delivery.settles_at is not None and delivery.settles_at > clock.now():
        delivery.state = "held"
        together = -(-delivery.settles_at.timestamp() // TOGETHER.total_seconds()) * TOGETHER.total_seconds()
        at = dt.datetime.fromtimestamp(together, dt.UTC)
        tx.schedule(SETTLE, at.isoformat(), at)
        await delivery.put(tx)
    else:
        await queue(delivery, tx)


async def _complete(delivery: Delivery, tx: Transaction) -> str | None:
    """Fill in what the copies know; says for which of them the delivery must wait."""
    if delivery.recipient is None and delivery.reference is not None:
        reference = await recipients.find(Reference, delivery.reference, tx)
        if reference is None:
            return recipients.wait_key(Reference, delivery.reference)
        delivery.recipient = reference.worker_id
    if delivery.engagement is not None:
        engagement = await recipients.find(Engagement, delivery.engagement, tx)
        if engagement is None:
            return recipients.wait_key(Engagement, delivery.engagement)
        delivery.params["worker_ref"] = short(engagement.worker_ref)
    assert delivery.recipient is not None
    contact_id = recipients.contact_id(delivery.kind, delivery.recipient)
    contact = await recipients.find(Contact, contact_id, tx)
    if contact is None:
        return recipients.wait_key(Contact, contact_id)
    if delivery.platform is not None:
        delivery.params["platform"] = short(await recipients.platform_name(delivery.platform, tx))
    address = await recipients.address_of(delivery.kind, delivery.recipient, contact, tx)
    delivery.send_to(address.channel, address.value)
    return None


async def queue(delivery: Delivery, tx: Transaction) -> None:
    """Have a delivery given to its gateway."""
    delivery.state, delivery.queued_at = "queued", clock.now()
    await delivery.put(tx)
    tx.schedule(DELIVERY, delivery.id, delivery.queued_at, about=delivery)


def store_answer(delivery: Delivery, answer: Taken | Refused, attempts: int) -> Outcome:
    """Have it stored what the gateway said to a delivery, as it was when it was handed over, after so many tries."""
    at_hand = [delivery]

    async def store(tx: Transaction) -> None:
        # a try that finds it changed, as by a receipt that was faster, is followed by one that reads it again
        kept = at_hand.pop() if at_hand else await Delivery.of(delivery.id, tx)
        if kept is not None:
            await _store_answer(kept, answer, attempts, tx)

    return store


async def _store_answer(delivery: Delivery, answer: Taken | Refused, attempts: int, tx: Transaction) -> None:
    delivery.attempts += attempts
    if isinstance(answer, Refused):
        await _store(delivery, "refused", answer.reason, tx)
        return
    delivery.gateway_id = answer.gateway_id
    news: Mapping[str, rules.News] = {"under_way": "taken", "arrived": "arrived", "lost": "lost"}
    await _store(delivery, news[answer.state], answer.reason, tx)


async def store_receipts(channel: Channel, receipts: Sequence[Receipt], tx: Transaction) -> None:
    """Store receipts of one channel. They may come twice, and before the gateway's own answer is stored.

    One of a delivery that is not ours, or that has gone over to another channel since, changes nothing.
    """
    asked = sorted({receipt.delivery_id for receipt in receipts})
    found = await tx.find(Delivery, {"_id": {"$in": asked}})
    deliveries = {delivery.id: delivery for delivery in found}
    for receipt in receipts:
        delivery = deliveries.get(receipt.delivery_id)
        if delivery is None or delivery.channel != channel:
            continue
        if channel == "push" and receipt.code == "UNREGISTERED" and delivery.recipient and delivery.clear_address:
            await recipients.remove_device(delivery.recipient, delivery.clear_address, tx)
        if delivery.state == "queued":  # the gateway's own answer was lost: it need not be asked any more
            tx.cancel(DELIVERY, delivery.id)
        await _store(delivery, "arrived" if receipt.arrived else "lost", receipt.code, tx)


async def _store(delivery: Delivery, news: rules.News, reason: str | None, tx: Transaction) -> None:
    """Carry a piece of news into a delivery, and tell what it changed."""
    before, now = delivery.state, clock.now()
    delivery.state = rules.next_state(before, news)
    if delivery.state == before:
        return
    assert delivery.channel is not None
    assert delivery.recipient is not None
    told: dict[str, Any] = {
        "delivery_id": delivery.id,
        "template": delivery.template,
        "recipient": delivery.recipient,
        "channel": delivery.channel,
    }
    if news != "refused" and delivery.sent_at is None:
        delivery.sent_at = now
        tx.tell(DeliverySent(**told))
    if delivery.state == "failed" and delivery.channel == "push":
        contact = await Contact.of(recipients.contact_id(delivery.kind, delivery.recipient), tx)
        if contact is not None and contact.known:
            await _go_by_sms(delivery, contact, tx)
            return
        delivery.address, reason = None, RECIPIENT_UNKNOWN
    if delivery.state == "delivered":
        delivery.finished_at, delivery.reason = now, None
        tx.tell(DeliveryDelivered(**told))
    elif delivery.state == "failed":
        delivery.finished_at, delivery.reason = now, reason or "unknown"
        tx.tell(DeliveryFailed(**told, reason=delivery.reason))
    await delivery.put(tx)


async def _go_by_sms(delivery: Delivery, contact: Contact, tx: Transaction) -> None:
    """A push that did not arrive goes out as an SMS: a notice of the law must reach its recipient."""
    delivery.send_to("sms", recipients.phone_of(contact))
    delivery.sent_at, delivery.gateway_id = None, None
    await queue(delivery, tx)


async def figures() -> tuple[int, int, int]:
    """How many deliveries were sent (taken by a gateway, whatever became of them), delivered, and failed."""
    sent = await Delivery.find(Delivery.state == "sent").count()
    delivered = await Delivery.find(Delivery.state == "delivered").count()
    failed = await Delivery.find(Delivery.state == "failed").count()
    lost = await Delivery.find({"state": "failed", "sent_at": {"$ne": None}}).count()
    return sent + delivered + lost, delivered, failed


async def receipts_expected(now: dt.datetime) -> int:
    """How many deliveries were sent so lately that their receipt is still on its way."""
    return await Delivery.find({"state": "sent", "sent_at": {"$gt": now - RECEIPT_WITHIN}}).count()


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Forget where a person's messages went; that they went stays."""
    finished = {"kind": "worker", "recipient": worker_id, "finished_at": {"$ne": None}}
    await tx.update_many(Delivery, finished, {"$set": {"address": None}})
