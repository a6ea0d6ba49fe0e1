"""Orders through the whole way against the bare pipe, and the gateway alone."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local import child
from shared.contracts.base import Topic
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from tests.bench import payloads
from tests.bench.bare_pipe import TOPIC
from tests.bench.stack import ROOT, Bench, running

COUNT = 20_000
ROUNDS = 3
AT_ONCE = 3
SECONDS = 180


@dataclass
class Rate:
    """Orders a second, and the processor seconds that each program took for them."""

    per_second: float
    cpu: dict[str, float]


async def compare() -> dict[str, Any]:
    """Rounds of both ways in turn on one database and one broker; the ratio is that of the medians."""
    whole: list[Rate] = []
    bare: list[Rate] = []
    async with running("orders", ["mongo", "kafka", "issuer", "registry", "insurance"]) as bench:
        await create_topics(KafkaSettings(bench.kafka), [Topic(TOPIC, partitions=12)])
        command = [sys.executable, "-m", "tests.bench.bare_pipe", bench.kafka, bench.mongo_uri]
        consumer = await child.start(command, ROOT / "bare_pipe.log", directory=child.PROJECT)
        try:
            await _bare_round(bench, payloads.orders(2000, 0, "warm-b"), 2000)
            await _whole_round(bench, payloads.orders(2000, 0, "warm-w"), 2000)
            done = 2000
            for number in range(ROUNDS):
                done += COUNT
                data = payloads.orders(COUNT, number, f"r{number}")
                bare.append(await _bare_round(bench, data, done))
                whole.append(await _whole_round(bench, data, done))
        finally:
            await child.stop(consumer)
    whole_rate = statistics.median(rate.per_second for rate in whole)
    bare_rate = statistics.median(rate.per_second for rate in bare)
    return {
        "orders_ratio": round(whole_rate / bare_rate, 3),
        "orders_per_second": round(whole_rate),
        "bare_pipe_per_second": round(bare_rate),
        "orders_cpu_seconds": whole[-1].cpu,
        "bare_pipe_cpu_seconds": bare[-1].cpu,
        "orders_rounds": [round(rate.per_second) for rate in whole],
        "bare_pipe_rounds": [round(rate.per_second) for rate in bare],
    }


async def _whole_round(bench: Bench, data: list[dict[str, object]], until: int) -> Rate:
    bodies = payloads.batches(data)
    bench.start_clock()
    began = time.perf_counter()
    await push_all(bench, bodies)
    await _reached(bench, "insurance", "ledger", until)
    return Rate(len(data) / (time.perf_counter() - began), bench.cpu_seconds())


async def _bare_round(bench: Bench, data: list[dict[str, object]], until: int) -> Rate:
    values = [(str(order["worker_ref"]).encode(), json.dumps(order).encode()) for order in data]
    producer = AIOKafkaProducer(bootstrap_servers=bench.kafka, acks="all", linger_ms=1)
    await producer.start()
    bench.start_clock()
    began = time.perf_counter()
    try:
        for first in range(0, len(values), payloads.BATCH):
            batch = values[first : first + payloads.BATCH]
            sent = [await producer.send(TOPIC, value, key=key) for key, value in batch]
            await asyncio.gather(*sent)
        await _reached(bench, "bare", "orders", until)
        return Rate(len(data) / (time.perf_counter() - began), bench.cpu_seconds())
    finally:
        await producer.stop()


async def push_all(bench: Bench, bodies: list[bytes]) -> None:
    """Push every body as the platform, a few at a time; each must be accepted whole."""
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    places = asyncio.Semaphore(AT_ONCE)

    async def push(body: bytes) -> None:
        async with places:
            answer = await bench.client.call(
                f"platform:{payloads.PLATFORM}",
                "registry",
                "POST",
                "/v1/platform-events",
                content=body,
                headers=headers,
            )
            rejected = answer.json()["rejected"]
            if rejected:
                raise RuntimeError(f"rejected: {rejected[0]}")

    await asyncio.gather(*[push(body) for body in bodies])


async def _reached(bench: Bench, database: str, collection: str, count: int) -> None:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(bench.mongo_uri)
    try:
        async with asyncio.timeout(SECONDS):
            while await client[database][collection].estimated_document_count() < count:
                await asyncio.sleep(0.05)
    finally:
        client.close()


async def gateway_alone(count: int = 60_000) -> dict[str, Any]:
    """What the gateway accepts while nobody consumes: batches of 1,000, a few at a time."""
    async with running("gateway", ["mongo", "kafka", "issuer", "registry"]) as bench:
        await push_all(bench, payloads.batches(payloads.orders(3000, 1, "warm")))
        bodies = payloads.batches(payloads.orders(count, 2, "g"))
        bench.start_clock()
        began = time.perf_counter()
        await push_all(bench, bodies)
        seconds = time.perf_counter() - began
        return {
            "gateway_events_per_second": round(count / seconds),
            "gateway_cpu_seconds": bench.cpu_seconds(),
        }
