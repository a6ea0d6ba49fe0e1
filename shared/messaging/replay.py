"""Replay: publish again what was published, from a time on.

Outbox rows are kept after they are published; a service may keep more (the registry keeps the platforms' batches). So a
broker that lost its disk loses nothing. Events keep their ids: whoever has had one takes no notice.
"""

from __future__ import annotations

import datetime as dt

from aiokafka import AIOKafkaProducer

from shared.messaging.broker import publish
from shared.messaging.relay import BATCH, record_of
from shared.storage.client import Row, storage


async def replay_outbox(producer: AIOKafkaProducer, since: dt.datetime | None, topic: str | None = None) -> int:
    """Publish again the kept facts told since a time (all: None), in their order; says how many."""
    wanted: Row = {}
    if since is not None:
        wanted["time"] = {"$gte": since}
    if topic is not None:
        wanted["topic"] = topic
    outbox = storage().collection("outbox")
    count, last = 0, ""
    while True:
        rows = await outbox.find({**wanted, "_id": {"$gt": last}}).sort("_id", 1).limit(BATCH).to_list(None)
        if not rows:
            return count
        await publish(producer, [record_of(row) for row in rows])
        count, last = count + len(rows), rows[-1]["_id"]
