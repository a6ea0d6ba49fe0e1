"""The bare pipe's consumer, a process of its own: FastStream batch subscriber to Motor `insert_many`, nothing else.

`python -m tests.bench.bare_pipe BOOTSTRAP MONGO_URI FILE`; how many orders it has stored stands in FILE.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvloop
from faststream import FastStream
from faststream.kafka import KafkaBroker
from motor.motor_asyncio import AsyncIOMotorClient

TOPIC = "bare.order"
BATCH = 1000


def make_app(bootstrap: str, mongo_uri: str, told: Path) -> FastStream:
    broker = KafkaBroker(bootstrap, logger=None)
    stored = 0

    @broker.subscriber(TOPIC, group_id="bare", batch=True, max_records=BATCH, auto_offset_reset="earliest")
    async def store(orders: list[dict[str, Any]]) -> None:
        nonlocal stored
        await collection.insert_many(orders)
        stored += len(orders)
        told.write_text(str(stored))  # noqa: ASYNC240 - some microseconds for a thousand orders

    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_uri)
    collection = client["bare"]["orders"]
    return FastStream(broker, logger=None)


async def main() -> None:
    await make_app(sys.argv[1], sys.argv[2], Path(sys.argv[3])).run()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main())
