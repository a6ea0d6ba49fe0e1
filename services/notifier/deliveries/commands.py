"""Make deliveries, and queue them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.notifier import settings
from services.notifier.deliveries import rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.rules import Message, RecipientKind, not_before, short
from services.notifier.notices.table import ORDINARY, ROWS, TEMPLATES, messages_of
from services.notifier.providers import commands as providers
from services.notifier.recipients import commands as recipients
from services.notifier.recipients.documents import Contact, Engagement, Reference, contact_id
from shared import clock
from shared.contracts.base import CloudEvent
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

DELIVERY = TimerKind("notifier.delivery")
"""The outside work of giving a delivery to its gateway that is urgent or that the law demands."""
ORDINARY_DELIVERY = TimerKind("notifier.ordinary_delivery")
"""The same for any other: it goes in a lane of its own, and holds up nothing that somebody waits for."""
SETTLE = TimerKind("notifier.settle")
"""The timer at which held deliveries go out, one for all of a few seconds; its key is the instant."""
BROADCAST_DELIVERY = TimerKind("notifier.broadcast_delivery")
"""The same for one of a broadcast, in the lane of broadcasts."""
TOGETHER = dt.timedelta(seconds=5)
"""Deliveries whose holding ends within this time go out together."""
AT_ONCE = 100
"""Waiting deliveries that one transaction queues."""

SWITCHED_OFF = "SWITCHED_OFF"
"""Why a message of a broadcast is not sent to a worker who does not want to hear of such."""
RECIPIENT_UNKNOWN = "RECIPIENT_UNKNOWN"
"""Why a push that did not arrive has failed for good: its recipient was erased, so no SMS can follow."""


async def make_deliveries(event: CloudEvent[Any], tx: Transaction) -> None:
    """Make the messages of an event, each once however often the event comes, and queue those that can go."""
    for message in messages_of(event.data, event.time):
        delivery_id = rules.delivery_id(event.source, event.id, message)
        if ROWS[message.template].several is not None:
            await _merge(delivery_id, await _reachable(message, tx), event.time, tx)
        elif await Delivery.of(delivery_id, tx) is None:
            await queue_or_wait(new_delivery(delivery_id, message, event.time), tx)


async def _reachable(message: Message, tx: Transaction) -> Message:
    """A message that others can join: to the desk where the officer has no address, so that it joins those of the desk."""
    if message.kind != "officer" or message.recipient is None or message.desk is None:
        return message
    if await recipients.own_address(message.recipient, message.desk, tx):
        return message
    return dataclasses.replace(message, kind="department", recipient=message.desk, desk=None)


async def _merge(delivery_id: str, message: Message, asked_at: dt.datetime, tx: Transaction) -> None:
    """Let a message become one with those of its kind that are held for the same desk or officer; a later one goes by itself."""
    end = rules.window_end(clock.now(), _law().number("notifications.merge_minutes"))
    reached = message.kind == "officer" or await recipients.has_desk(message.recipient or "", tx)
    together = rules.delivery_id("several", end.isoformat() if reached else "until there is a desk", message)
    held = await Delivery.of(together, tx)
    if held is not None and held.state in ("waiting", "held"):
        held.merged += 1
        await held.put(tx)
    elif await Delivery.of(delivery_id, tx) is None:
        delivery = new_delivery(together if held is None else delivery_id, message, asked_at)
        if held is None and reached:
            delivery.settles_at = delivery.asked_at = end
        await queue_or_wait(delivery, tx)


def _law() -> Law:
    return parameters.on(shanghai_date(clock.now()))


def new_delivery(
    delivery_id: str, message: Message, told_at: dt.datetime, asked_at: dt.datetime | None = None
) -> Delivery:
    """A delivery of a message of an event, not stored yet, that should go out since `asked_at`, or since the event."""
    return Delivery(
        id=delivery_id,
        template=message.template,
        kind=message.kind,
        recipient=message.recipient,
        reference=message.reference,
        platform=message.platform,
        engagement=message.engagement,
        desk=message.desk,
        district=message.district,
        params=dict(message.params),
        told_at=told_at,
        asked_at=asked_at or told_at,
    )


async def queue_waiting(waits_for: Sequence[str], tx: Transaction) -> None:
    """Queue deliveries whose missing facts have come; where they are too many for one transaction, another follows."""
    query = {"state": "waiting", "waits_for": {"$in": list(waits_for)}}
    deliveries = await tx.find(Delivery, query, limit=AT_ONCE)
    await recipients.load(deliveries, tx)
    for delivery in deliveries:
        await queue_or_wait(delivery, tx)
    if len(deliveries) == AT_ONCE:
        for one in waits_for:
            tx.schedule_together(recipients.FACTS_KNOWN, one)


async def queue_or_wait(delivery: Delivery, tx: Transaction) -> None:
    """Queue a delivery, hold it until it has settled, or let it wait for a fact that is not known yet."""
    delivery.waits_for = await _complete(delivery, tx)
    if delivery.waits_for is not None:
        await delivery.put(tx)
    elif delivery.settles_at is not None and delivery.settles_at > clock.now():
        delivery.state = rules.STATES.next(delivery.state, "hold")
        together = -(-delivery.settles_at.timestamp() // TOGETHER.total_seconds()) * TOGETHER.total_seconds()
        at = dt.datetime.fromtimestamp(together, dt.UTC)
        await tx.schedule_once(SETTLE, at.isoformat(), at)  # hundreds are held until the same moment
        await delivery.put(tx)
    else:
        await queue(delivery, tx)


async def _complete(delivery: Delivery, tx: Transaction) -> str | None:
    """Fill in what the copies know; the key of the one that the delivery must wait for, if one is missing."""
    if delivery.recipient is None and delivery.reference is not None and delivery.kind == "union":
        delivery.recipient = await recipients.union_of(delivery.reference, tx)
        if delivery.recipient is None:
            return recipients.wait_key(Reference, delivery.reference)
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
    if (
        delivery.kind == "officer"
        and delivery.desk is not None
        and not await recipients.own_address(delivery.recipient, delivery.desk, tx)
    ):
        delivery.kind, delivery.recipient = "department", delivery.desk
    if delivery.kind == "department":
        delivery.recipient = await recipients.desk_on_duty(delivery.recipient, tx)
    copy_id = contact_id(delivery.kind, delivery.recipient)
    contact = await recipients.find(Contact, copy_id, tx)
    if contact is None:
        return recipients.wait_key(Contact, copy_id)
    if delivery.platform is not None:
        delivery.params["platform"] = short(await recipients.platform_name(delivery.platform, tx))
    asked = TEMPLATES[delivery.template].channels
    address = await recipients.address_of(delivery.kind, delivery.recipient, contact, tx, asked)
    delivery.send_to(address.channel, address.value)
    return None


async def mark_as_read(delivery_id: str, own: Sequence[rules.Box], tx: Transaction) -> None:
    """Note that a recipient has read a message; raises NotFound where it is none of theirs."""
    delivery = await Delivery.of(delivery_id, tx)
    if delivery is None or not any(box.holds(delivery.kind, delivery.recipient, delivery.state) for box in own):
        raise NotFound("该消息", "message")
    if delivery.read_at is None:
        delivery.read_at = clock.now()
        await delivery.put(tx)


async def withdraw(delivery: Delivery, tx: Transaction) -> None:
    """Take back a delivery that has not gone out yet."""
    delivery.state, delivery.waits_for = rules.STATES.next(delivery.state, "withdraw"), None
    if delivery.erased:
        delivery.address = None
    await delivery.put(tx)


async def withdraw_for(delivery: Delivery, reason: str, tx: Transaction) -> None:
    """Take back a delivery that has not gone out yet, for a reason that is shown."""
    delivery.reason = reason
    await withdraw(delivery, tx)


async def queue_listed(
    delivery: Delivery, title: str, text: str, at: dt.datetime, tx: Transaction, *, phone: str | None = None
) -> bool:
    """Have a listed delivery to a worker given to its gateway at a time, with these words; False, and it is withdrawn, where
    nobody knows (any more) how to reach the worker, or it must not become an SMS and there is no app. `phone`: that of somebody of
    whom nothing else is known."""
    assert delivery.recipient is not None
    contact = await Contact.of(contact_id(delivery.kind, delivery.recipient), tx)
    address: recipients.Address | None
    if phone is not None:
        address = recipients.Address("sms", phone)
    elif contact is None or not contact.known:
        await withdraw_for(delivery, RECIPIENT_UNKNOWN, tx)
        return False
    elif delivery.app_only:
        address = await recipients.other_address(
            delivery.kind, delivery.recipient, contact, tx, asked=(), tried=["sms"]
        )
    else:
        address = await recipients.address_of(delivery.kind, delivery.recipient, contact, tx)
    if address is None:
        await withdraw_for(delivery, SWITCHED_OFF, tx)
        return False
    delivery.send_to(address.channel, address.value)
    delivery.title, delivery.text = title, text
    delivery.state, delivery.queued_at = rules.STATES.next(delivery.state, "queue"), clock.now()
    delivery.provider = await providers.choose(delivery.id, delivery.template) if delivery.channel == "sms" else None
    delivery.offered_at = delivery.not_before = delivery.asked_at = at
    await delivery.put(tx)
    tx.schedule(lane_of(delivery), delivery.id, at, about=delivery)
    return True


async def queue(delivery: Delivery, tx: Transaction) -> None:
    """Have a delivery given to its gateway."""
    delivery.state, delivery.queued_at = rules.STATES.next(delivery.state, "queue"), clock.now()
    delivery.word()
    delivery.provider = await providers.choose(delivery.id, delivery.template) if delivery.channel == "sms" else None
    delivery.offered_at, delivery.submitted_at = delivery.queued_at, None
    await _wait_for_its_hour(delivery, tx)
    await delivery.put(tx)
    tx.schedule(lane_of(delivery), delivery.id, delivery.not_before or delivery.queued_at, about=delivery)


def lane_of(delivery: Delivery) -> TimerKind[None]:
    """The work that gives a delivery to its gateway."""
    if delivery.broadcast is not None:
        return BROADCAST_DELIVERY
    row = TEMPLATES[delivery.template]
    return DELIVERY if row.urgent or row.legal else ORDINARY_DELIVERY


async def _wait_for_its_hour(delivery: Delivery, tx: Transaction) -> None:
    """Keep what is not urgent until the quiet hours are over; and what no law demands, until the next day, where it is enough."""
    row, now = TEMPLATES.get(delivery.template), clock.now()  # there is none for a broadcast
    if (row.urgent if row else delivery.urgent) or not settings.has_quiet_hours():
        return
    law = _law()
    quiet = law.table("notifications.quiet_hours")
    at = not_before(now, quiet)
    if delivery.kind == "worker" and row is not None and not row.legal:
        today = start_of_day(shanghai_date(at))
        told = {"kind": delivery.kind, "recipient": delivery.recipient, "created_at": {"$gte": today}}
        ordinary = {"template": {"$in": ORDINARY}, "state": {"$ne": "withdrawn"}, "_id": {"$ne": delivery.id}}
        enough = law.number("notifications.daily_limit")
        if len(await tx.find(Delivery, told | ordinary, limit=enough)) == enough:
            at = not_before(start_of_day(shanghai_date(at) + dt.timedelta(days=1)), quiet)
    if at > now:
        delivery.not_before = delivery.asked_at = at


async def erase_recipients(kind: RecipientKind, recipient_ids: Sequence[str], tx: Transaction) -> None:
    """Forget where the messages of persons went; that they went stays. What is still to go out goes by its address, which is
    forgotten then."""
    to_go = ["held", "queued"]
    for recipient_id in recipient_ids:
        theirs = {"kind": kind, "recipient": recipient_id}
        for state, change in (({"$nin": to_go}, {"address": None}), ({"$in": to_go}, {"erased": True})):
            await tx.update_many(Delivery, theirs | {"state": state}, {"$set": change, "$inc": {"revision": 1}})
