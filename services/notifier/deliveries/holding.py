"""Messages that a later event may take back: held until what they tell has settled, and then told if it still stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifier.deliveries import commands, rules
from services.notifier.deliveries.documents import Delivery
from services.notifier.messages.message import Standing
from services.notifier.messages.rules import messages_of, standing_of
from services.notifier.settings import settling_time
from shared import clock
from shared.contracts.base import CloudEvent
from shared.storage.client import collection_of
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


async def _follow(event: CloudEvent[Any], standing: Standing, tx: Transaction) -> None:
    told: list[Delivery] = []
    earlier = await Delivery.find({"fact": standing.fact}, session=tx.session).to_list()
    for delivery in sorted(earlier, key=lambda one: one.created_at):
        if delivery.says != standing.says and delivery.state != rules.withdrawn(delivery.state):
            delivery.state, delivery.waits_for = "withdrawn", None
            await delivery.put(tx)
        elif delivery.state != "withdrawn":
            told.append(delivery)
    if not rules.must_tell([one.says or "" for one in told], standing.says, standing.untold):
        return
    for message in messages_of(event.data):
        delivery = commands.new_delivery(rules.delivery_id(event.source, event.id, message), message)
        delivery.fact, delivery.says = standing.fact, standing.says
        delivery.settles_at = clock.now() + settling_time()
        await commands.queue_or_wait(delivery, tx)


async def let_go(now: dt.datetime, tx: Transaction) -> None:
    """Queue what was held until now; more than one transaction's worth go on in the next."""
    settled = {"state": "held", "settles_at": {"$lte": now}}
    found = await Delivery.find(settled, session=tx.session, limit=AT_ONCE).to_list()
    for delivery in found:
        await commands.queue(delivery, tx)
    if len(found) == AT_ONCE:
        tx.schedule(commands.SETTLE, now.isoformat(), clock.now())


async def release(tx: Transaction) -> int:
    """End the holding of all messages now; how many were held."""
    now = clock.now()
    held = {"state": "held", "settles_at": {"$gt": now}}
    ended = {"$set": {"settles_at": now}, "$inc": {"revision": 1}}
    result = await collection_of(Delivery).update_many(held, ended, session=tx.session)
    tx.schedule(commands.SETTLE, now.isoformat(), now)
    return int(result.modified_count)
