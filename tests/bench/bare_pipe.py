"""The bare pipe's consumer, a process of its own: FastStream batch subscriber to Motor `insert_many`, nothing else.

`python -m tests.bench.bare_pipe BOOTSTRAP MONGO_URI`
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop
from faststream import FastStream
from faststream.kafka import KafkaBroker
from motor.motor_asyncio import AsyncIOMotorClient

TOPIC = "bare.order"
BATCH = 1000


def make_app(bootstrap: str, mongo_uri: str) -> FastStream:
    broker = KafkaBroker(bootstrap, logger=None)

    @broker.subscriber(TOPIC, group_id="bare", batch=True, max_records=BATCH, auto_offset_reset="earliest")
    async def store(orders: list[dict[str, Any]]) -> None:
        await collection.insert_many(orders)

    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_uri)
    collection = client["bare"]["orders"]
    return FastStream(broker, logger=None)


async def main() -> None:
    await make_app(sys.argv[1], sys.argv[2]).run()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main())
