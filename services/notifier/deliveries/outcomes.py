"""Store what became of deliveries: what gateways, receipts and officers say."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifier.deliveries import commands, events, rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.giving import Given
from services.notifier.gateways.mail import DEAD_ADDRESS
from services.notifier.gateways.rules import Refused, Unknown
from services.notifier.notices.table import TEMPLATES
from services.notifier.providers.rules import SLOW
from services.notifier.recipients import commands as recipients
from services.notifier.recipients.contact_commands import note_dead
from services.notifier.recipients.documents import Contact, contact_id
from services.notifier.sheets.documents import UNKNOWN
from shared import clock
from shared.errors import Conflict, NotFound
from shared.storage.transaction import Transaction


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
    delivery.ask_at = None
    if event not in ("refused", "unknown") and delivery.sent_at is None:
        delivery.sent_at = now
        delivery.waited_ms = rules.milliseconds(delivery.asked_at or delivery.created_at, now)
        tx.publish(events.sent(delivery), late=True)
    failed_here = delivery.state == "failed" and (delivery.channel != "sms" or reason in rules.DEAD_NUMBER)
    if failed_here or (event == "unconfirmed" and delivery.channel == "push" and _is_legal(delivery)):
        contact = await Contact.of(contact_id(delivery.kind, delivery.way[0]), tx)
        if contact is not None and contact.known:
            if not delivery.app_only and await _go_the_other_way(delivery, contact, reason, tx):
                return
        elif failed_here and delivery.channel != "sms":
            delivery.address, reason = None, commands.RECIPIENT_UNKNOWN
    delivery.late = delivery.sent_at is not None and now - delivery.sent_at > SLOW
    if delivery.state == "delivered":
        delivery.finished_at, delivery.reason = now, None
        tx.publish(events.delivered(delivery), late=True)
    elif delivery.state == "failed":
        delivery.finished_at, delivery.reason = now, reason or "unknown"
        tx.publish(events.failed(delivery, delivery.reason), late=True)
    elif delivery.state == "uncertain":
        delivery.finished_at, delivery.reason = now, reason
        if event == "unconfirmed" and (delivery.address is None or not _is_legal(delivery)):
            # it went out: nobody has to decide whether it goes again where no law demands it, or where it cannot
            delivery.left_at = now
    of_nobody = (delivery.recipient or "").startswith(UNKNOWN)  # nobody on file can ask for it to be erased
    over = delivery.state in ("delivered", "failed") or delivery.left_at is not None
    if delivery.erased or (of_nobody and over):
        delivery.address = None
    await delivery.put(tx)


def _is_legal(delivery: Delivery) -> bool:
    """Whether the law demands a message; never one of a broadcast."""
    row = TEMPLATES.get(delivery.template)
    return row is not None and row.legal


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
    address = await recipients.other_address(delivery.kind, recipient, contact, tx, asked=asked, tried=tried)
    if address is None and delivery.kind == "officer" and delivery.desk is not None:
        desk = await recipients.desk_on_duty(delivery.desk, tx)
        found = await Contact.of(contact_id("department", desk), tx)
        if found is not None and found.known:
            address, tried = await recipients.address_of("department", desk, found, tx, asked), []
            delivery.kind, delivery.recipient = "department", desk
    if address is None:
        return False
    delivery.tried = tried
    delivery.send_to(address.channel, address.value)
    delivery.asked_at, delivery.sent_at, delivery.gateway_id = clock.now(), None, None
    await commands.queue(delivery, tx)
    return True


async def _is_dead(delivery: Delivery, reason: str | None, tx: Transaction) -> bool:
    """Whether the last messages to a recipient's number came back, this one among them."""
    asked = {"kind": delivery.kind, "recipient": delivery.recipient, "channel": "sms", "finished_at": {"$ne": None}}
    earlier = await tx.find(
        Delivery, asked | {"_id": {"$ne": delivery.id}}, sort="-created_at", limit=rules.DEAD_AFTER - 1
    )
    return rules.is_dead([reason, *(one.reason for one in earlier)])


async def resolve(delivery_id: str, *, again: bool, tx: Transaction) -> Delivery:
    """Have a delivery sent again that nobody can say of whether it went out, or arrived, or leave it so. Raises NotFound, or
    `Conflict` where it is not uncertain or left already."""
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
    delivery.finished_at, delivery.reason, delivery.told_at = None, None, None
    if delivery.sent_at is not None:
        delivery.asked_at, delivery.sent_at, delivery.gateway_id = clock.now(), None, None
    await commands.queue(delivery, tx)
    return delivery
