"""Messages that a later event may take back: held until what they tell has settled, and then told if it still stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.notifier.deliveries import commands, rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.messages.message import Message, Standing
from services.notifier.messages.rules import messages_of, standing_of
from services.notifier.recipients import commands as recipients
from services.notifier.settings import settling_time
from shared import clock
from shared.contracts.base import CloudEvent
from shared.storage.transaction import Transaction

AT_ONCE = 100
"""Deliveries that one transaction lets go."""


async def take(event: CloudEvent[Any], tx: Transaction) -> None:
    """Make the messages of an event, or follow what it says of a fact that others have said something of."""
    standing = standing_of(event.data)
    if standing is None:
        await commands.make_deliveries(event, tx)
    else:
        await _follow(event, standing, tx)


async def look_ahead(events: Sequence[CloudEvent[Any]], tx: Transaction) -> None:
    """Read at once what the messages of these events need."""
    made = [
        (_first(standing, message) if standing else rules.delivery_id(event.source, event.id, message), message)
        for event in events
        for standing in [standing_of(event.data)]
        for message in messages_of(event.data)
    ]
    messages = [message for _, message in made]
    await tx.load(Delivery, (delivery_id for delivery_id, _ in made))
    await recipients.look_ahead(messages, tx)


async def _follow(event: CloudEvent[Any], standing: Standing, tx: Transaction) -> None:
    messages = messages_of(event.data)
    earlier: list[Delivery] = []
    if standing.says == standing.untold or not messages or await Delivery.of(_first(standing, messages[0]), tx):
        earlier = await tx.find(Delivery, {"fact": standing.fact})
    told: list[Delivery] = []
    for delivery in sorted(earlier, key=lambda one: one.created_at):
        if delivery.says != standing.says and delivery.state != rules.withdrawn(delivery.state):
            delivery.state, delivery.waits_for = "withdrawn", None
            await delivery.put(tx)
        elif delivery.state != "withdrawn":
            told.append(delivery)
    if not rules.must_tell([one.says or "" for one in told], standing.says, standing.untold):
        return
    for message in messages:
        delivery_id = rules.delivery_id(event.source, event.id, message) if earlier else _first(standing, message)
        delivery = commands.new_delivery(delivery_id, message)
        delivery.fact, delivery.says = standing.fact, standing.says
        delivery.settles_at = clock.now() + settling_time()
        await commands.queue_or_wait(delivery, tx)


def _first(standing: Standing, message: Message) -> str:
    """The id of what is told of a fact first of all: where there is none of it, nothing was told, and nothing need be found."""
    return rules.delivery_id(standing.fact, standing.says, message)


async def let_go(now: dt.datetime, tx: Transaction) -> None:
    """Queue what was held until now; more than one transaction's worth go on in the next."""
    settled = {"state": "held", "settles_at": {"$lte": now}}
    found = await tx.find(Delivery, settled, limit=AT_ONCE)
    for delivery in found:
        await commands.queue(delivery, tx)
    if len(found) == AT_ONCE:
        tx.schedule(commands.SETTLE, now.isoformat(), clock.now())


async def release(tx: Transaction) -> int:
    """End the holding of all messages now; how many were held."""
    now = clock.now()
    held = {"state": "held", "settles_at": {"$gt": now}}
    ended = {"$set": {"settles_at": now}, "$inc": {"revision": 1}}
    released = await tx.update_many(Delivery, held, ended)
    tx.schedule(commands.SETTLE, now.isoformat(), now)
    return released
