"""Messages that a later event may take back: held until they have settled, and then sent if what they say still stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import STATES, delivery_id, must_tell
from services.notifier.notices.rules import Message, Standing
from services.notifier.notices.table import messages_of
from services.notifier.settings import settling_time
from shared import clock
from shared.contracts.base import CloudEvent
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

RELEASE = TimerKind("notifier.release_all")
"""The timer by which held deliveries go out at an officer's word; its key is the instant of that."""
AT_ONCE = 100
"""Held deliveries that one transaction queues."""


async def follow(event: CloudEvent[Any], standing: Standing, tx: Transaction) -> None:
    """Withdraw the messages that an event contradicts, and hold its own, if what it says is new."""
    messages = messages_of(event.data, event.time)
    earlier: list[Delivery] = []
    if standing.says == standing.untold or not messages or await Delivery.of(first_id(standing, messages[0]), tx):
        earlier = await tx.find(Delivery, {"fact": standing.fact})
    told: list[Delivery] = []
    for delivery in sorted(earlier, key=lambda one: one.created_at):
        if delivery.says != standing.says and STATES.allows(delivery.state, "withdraw"):
            await deliveries.withdraw(delivery, tx)
        elif delivery.state != "withdrawn":
            told.append(delivery)
    if not must_tell([one.says or "" for one in told], standing.says, standing.untold):
        return
    for message in messages:
        new_id = delivery_id(event.source, event.id, message) if earlier else first_id(standing, message)
        settles_at = clock.now() + settling_time()
        delivery = deliveries.new_delivery(new_id, message, event.time, settles_at)
        delivery.fact, delivery.says, delivery.settles_at = standing.fact, standing.says, settles_at
        await deliveries.queue_or_wait(delivery, tx)


def first_id(standing: Standing, message: Message) -> str:
    """The id of the first delivery about a fact: where it is not stored, there is no other about it, and none is looked for."""
    return delivery_id(standing.fact, standing.says, message)


async def queue_settled(now: dt.datetime, tx: Transaction) -> None:
    """Queue what was held until now; where it is too much for one transaction, another follows."""
    settled = {"state": "held", "settles_at": {"$lte": now}}
    found = await tx.find(Delivery, settled, limit=AT_ONCE)
    for delivery in found:
        await deliveries.queue(delivery, tx)
    if len(found) == AT_ONCE:
        tx.schedule(deliveries.SETTLE, now.isoformat(), clock.now())


async def release(tx: Transaction) -> int:
    """End the holding of all messages that there are now, some at a time; how many are held."""
    now = clock.now()
    tx.schedule(RELEASE, now.isoformat(), now)
    return await collection_of(Delivery).count_documents({"state": "held"}, session=tx.session)


async def queue_released(until: dt.datetime, tx: Transaction) -> None:
    """Queue what was made and held by the time of a release; where it is too much for one transaction, another follows."""
    found = await tx.find(Delivery, {"state": "held", "created_at": {"$lte": until}}, limit=AT_ONCE)
    for delivery in found:
        await deliveries.queue(delivery, tx)
    if len(found) == AT_ONCE:
        tx.schedule(RELEASE, until.isoformat(), clock.now())
