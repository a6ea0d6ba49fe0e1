"""Make deliveries, queue them, and store what became of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.notifier import settings
from services.notifier.deliveries import events, rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.giving import Given
from services.notifier.gateways.mail import DEAD_ADDRESS
from services.notifier.gateways.rules import Refused, Unknown
from services.notifier.notices.rules import Message, RecipientKind, not_before, short
from services.notifier.notices.table import ORDINARY, ROWS, TEMPLATES, messages_of
from services.notifier.providers import commands as providers
from services.notifier.providers.rules import SLOW
from services.notifier.recipients import commands as recipients
from services.notifier.recipients import reaching
from services.notifier.recipients.contact_commands import note_dead
from services.notifier.recipients.documents import Contact, Engagement, Reference, contact_id
from services.notifier.recipients.rules import department_of
from services.notifier.sheets.documents import UNKNOWN
from shared import clock
from shared.contracts.base import CloudEvent
from shared.errors import Conflict, NotFound
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
RECEIPT_WITHIN = dt.timedelta(minutes=10)
"""How long a receipt of a sent delivery is expected."""

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
    if await reaching.own_address(message.recipient, department_of(message.desk), tx):
        return message
    return dataclasses.replace(message, kind="department", recipient=message.desk, desk=None)


async def _merge(delivery_id: str, message: Message, asked_at: dt.datetime, tx: Transaction) -> None:
    """Let a message become one with those of its kind that are held for the same desk or officer; a later one goes by itself."""
    end = rules.window_end(clock.now(), _law().number("notifications.merge_minutes"))
    reached = message.kind == "officer" or await reaching.has_desk(message.recipient or "", tx)
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


def new_delivery(delivery_id: str, message: Message, asked_at: dt.datetime) -> Delivery:
    """A delivery of a message, not stored yet, that should go out since `asked_at`."""
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
        asked_at=asked_at,
    )


async def queue_waiting(waits_for: str, tx: Transaction) -> None:
    """Queue deliveries whose missing fact has come; where they are too many for one transaction, another follows."""
    deliveries = await tx.find(Delivery, {"state": "waiting", "waits_for": waits_for}, limit=AT_ONCE)
    for delivery in deliveries:
        await queue_or_wait(delivery, tx)
    if len(deliveries) == AT_ONCE:
        tx.schedule(recipients.FACT_KNOWN, waits_for, clock.now())


async def queue_or_wait(delivery: Delivery, tx: Transaction) -> None:
    """Queue a delivery, hold it until it has settled, or let it wait for a fact that is not known yet."""
    delivery.waits_for = await _complete(delivery, tx)
    if delivery.waits_for is not None:
        await delivery.put(tx)
    elif delivery.settles_at is not None and delivery.settles_at > clock.now():
        delivery.state = rules.STATES.next(delivery.state, "hold")
        together = -(-delivery.settles_at.timestamp() // TOGETHER.total_seconds()) * TOGETHER.total_seconds()
        at = dt.datetime.fromtimestamp(together, dt.UTC)
        tx.schedule(SETTLE, at.isoformat(), at)
        await delivery.put(tx)
    else:
        await queue(delivery, tx)


async def _complete(delivery: Delivery, tx: Transaction) -> str | None:
    """Fill in what the copies know; the key of the one that the delivery must wait for, if one is missing."""
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
        and not await reaching.own_address(delivery.recipient, department_of(delivery.desk), tx)
    ):
        delivery.kind, delivery.recipient = "department", delivery.desk
    if delivery.kind == "department":
        delivery.recipient = await reaching.desk_on_duty(delivery.recipient, tx)
    copy_id = contact_id(delivery.kind, delivery.recipient)
    contact = await recipients.find(Contact, copy_id, tx)
    if contact is None:
        return recipients.wait_key(Contact, copy_id)
    if delivery.platform is not None:
        delivery.params["platform"] = short(await recipients.platform_name(delivery.platform, tx))
    asked = TEMPLATES[delivery.template].channels
    address = await reaching.address_of(delivery.kind, delivery.recipient, contact, tx, asked)
    delivery.send_to(address.channel, address.value)
    return None


async def mark_as_read(delivery_id: str, kind: RecipientKind, recipient: str, tx: Transaction) -> None:
    """Note that a recipient has read a message; raises NotFound where it is none of theirs."""
    delivery = await Delivery.of(delivery_id, tx)
    if (
        delivery is None
        or (delivery.kind, delivery.recipient) != (kind, recipient)
        or delivery.state in ("listed", "withdrawn")
    ):
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
    address: reaching.Address | None
    if phone is not None:
        address = reaching.Address("sms", phone)
    elif contact is None or not contact.known:
        await withdraw_for(delivery, RECIPIENT_UNKNOWN, tx)
        return False
    elif delivery.app_only:
        address = await reaching.other_address(delivery.kind, delivery.recipient, contact, tx, asked=(), tried=["sms"])
    else:
        address = await reaching.address_of(delivery.kind, delivery.recipient, contact, tx)
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


async def store_answer(delivery_id: str, given: Given, attempts: int, tx: Transaction) -> None:
    """Store the gateway's answer to a delivery, after so many tries."""
    # where a receipt was faster, this is run again: then the delivery must be read
    delivery, given.at_hand = given.at_hand or await Delivery.of(delivery_id, tx), None
    if delivery is None:
        return
    delivery.attempts += attempts
    answer = given.answer
    if isinstance(answer, Refused | Unknown):
        await record(delivery, "refused" if isinstance(answer, Refused) else "unknown", answer.reason, tx)
        return
    delivery.gateway_id = answer.gateway_id
    events_of: Mapping[str, rules.Event] = {"under_way": "accepted", "arrived": "arrived", "lost": "lost"}
    await record(delivery, events_of[answer.state], answer.reason, tx)


async def record(delivery: Delivery, event: rules.Event, reason: str | None, tx: Transaction) -> None:
    """Store what happened to a delivery, and publish what that changed."""
    before, now = delivery.state, clock.now()
    delivery.state = rules.next_state(before, event)
    if delivery.state == before:
        return
    if event not in ("refused", "unknown") and delivery.sent_at is None:
        delivery.sent_at = now
        delivery.waited_ms = rules.milliseconds(delivery.asked_at or delivery.created_at, now)
        tx.publish(events.sent(delivery), late=True)
    if delivery.state == "failed" and (delivery.channel != "sms" or reason in rules.DEAD_NUMBER):
        contact = await Contact.of(contact_id(delivery.kind, delivery.way[0]), tx)
        if contact is not None and contact.known:
            if not delivery.app_only and await _go_the_other_way(delivery, contact, reason, tx):
                return
        elif delivery.channel != "sms":
            delivery.address, reason = None, RECIPIENT_UNKNOWN
    delivery.late = delivery.sent_at is not None and now - delivery.sent_at > SLOW
    if delivery.state == "delivered":
        delivery.finished_at, delivery.reason = now, None
        tx.publish(events.delivered(delivery), late=True)
    elif delivery.state == "failed":
        delivery.finished_at, delivery.reason = now, reason or "unknown"
        tx.publish(events.failed(delivery, delivery.reason), late=True)
    elif delivery.state == "uncertain":
        delivery.finished_at, delivery.reason = now, reason
    of_nobody = (delivery.recipient or "").startswith(UNKNOWN)  # nobody on file can ask for it to be erased
    if delivery.erased or (of_nobody and delivery.state in ("delivered", "failed")):
        delivery.address = None
    await delivery.put(tx)


async def _go_the_other_way(delivery: Delivery, contact: Contact, reason: str | None, tx: Transaction) -> bool:
    """What did not arrive by one channel goes out by the next: a notice of the law must reach its recipient. A number or an address
    that turns out to be dead is not used any more; of an officer who cannot be reached the desk hears."""
    recipient, channel = delivery.way
    if channel == "email" and reason == DEAD_ADDRESS:
        await note_dead(contact, channel, tx)
    if channel == "sms" and reason in rules.DEAD_NUMBER:
        if contact.dead or not await _is_dead(delivery, reason, tx):
            return False
        await note_dead(contact, channel, tx)
    tried = [*delivery.tried, channel]
    row = TEMPLATES.get(delivery.template)  # there is none for a broadcast
    asked = row.channels if row else ()
    address = await reaching.other_address(delivery.kind, recipient, contact, tx, asked=asked, tried=tried)
    if address is None and delivery.kind == "officer" and delivery.desk is not None:
        desk = await reaching.desk_on_duty(delivery.desk, tx)
        found = await Contact.of(contact_id("department", desk), tx)
        if found is not None and found.known:
            address, tried = await reaching.address_of("department", desk, found, tx, asked), []
            delivery.kind, delivery.recipient = "department", desk
    if address is None:
        return False
    delivery.tried = tried
    delivery.send_to(address.channel, address.value)
    delivery.asked_at, delivery.sent_at, delivery.gateway_id = clock.now(), None, None
    await queue(delivery, tx)
    return True


async def _is_dead(delivery: Delivery, reason: str | None, tx: Transaction) -> bool:
    """Whether the last messages to a recipient's number came back, this one among them."""
    asked = {"kind": delivery.kind, "recipient": delivery.recipient, "channel": "sms", "finished_at": {"$ne": None}}
    earlier = await tx.find(
        Delivery, asked | {"_id": {"$ne": delivery.id}}, sort="-created_at", limit=rules.DEAD_AFTER - 1
    )
    return rules.is_dead([reason, *(one.reason for one in earlier)])


async def resolve(delivery_id: str, *, again: bool, tx: Transaction) -> Delivery:
    """Have a delivery that nobody can say of whether it went out sent again, or leave it so. Raises NotFound, or `Conflict`
    where it is not uncertain or left already."""
    delivery = await Delivery.of(delivery_id, tx)
    if delivery is None:
        raise NotFound("该消息", "message")
    if delivery.state != "uncertain" or delivery.left_at is not None:
        raise Conflict("not-uncertain", "该消息的发送结果并非待确认", "it is not open whether the message went out")
    if not again:
        delivery.left_at = clock.now()
        return await delivery.put(tx)
    if delivery.address is None:
        raise Conflict("recipient-erased", "该接收人的信息已删除", "the recipient has been erased")
    delivery.finished_at, delivery.reason = None, None
    await queue(delivery, tx)
    return delivery


async def uncertain() -> int:
    """How many deliveries there are that nobody can say of whether they went out."""
    return await Delivery.find(Delivery.state == "uncertain").count()


async def figures() -> tuple[int, int, int]:
    """How many deliveries were sent (accepted by a gateway, whatever became of them), delivered, and failed."""
    sent = await Delivery.find(Delivery.state == "sent").count()
    delivered = await Delivery.find(Delivery.state == "delivered").count()
    failed = await Delivery.find(Delivery.state == "failed").count()
    lost = await Delivery.find({"state": "failed", "sent_at": {"$ne": None}}).count()
    return sent + delivered + lost, delivered, failed


async def receipts_expected(now: dt.datetime) -> int:
    """How many deliveries were sent so lately that their receipt is still on its way."""
    lately = {"state": "sent", "sent_at": {"$gt": now - RECEIPT_WITHIN}, "channel": {"$ne": "email"}}
    return await Delivery.find(lately).count()


async def erase_recipients(kind: RecipientKind, recipient_ids: Sequence[str], tx: Transaction) -> None:
    """Forget where the messages of persons went; that they went stays. What is still to go out goes by its address, which is
    forgotten then."""
    to_go = ["held", "queued"]
    for recipient_id in recipient_ids:
        theirs = {"kind": kind, "recipient": recipient_id}
        for state, change in (({"$nin": to_go}, {"address": None}), ({"$in": to_go}, {"erased": True})):
            await tx.update_many(Delivery, theirs | {"state": state}, {"$set": change, "$inc": {"revision": 1}})
