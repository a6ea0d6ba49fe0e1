"""Orders through the whole way against the bare pipe, and the gateway alone.

How far a way is, is asked of nobody who works for it: the broker knows up to where insurance has finished, the bare pipe
writes its count to a file. The database counts once, after the last round.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import child
from shared.contracts.base import Topic
from shared.contracts.platform import ORDER
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from tests.bench import payloads, percentiles
from tests.bench.bare_pipe import TOPIC
from tests.bench.stack import ROOT, Bench, Found, running

ROUNDS = 5
WARM = 2000
AT_ONCE = 3
LOOK_EVERY = 0.1
SECONDS = 180
GROUP = "insurance.premiums"
STORED = ROOT / "bare_pipe.count"
GATEWAY_COUNT = 60_000

HowFar = Callable[[], Awaitable[int]]


@dataclass
class Way:
    """One of the two ways: how far it is, and what its rounds were."""

    how_far: HowFar
    done: int = 0
    rates: list[float] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    looks: list[tuple[float, int]] = field(default_factory=list)
    """Seconds spent in rounds, and how many orders were stored by then."""


async def compare(count: int, rows: int = 0) -> Found:
    """Rounds of `count` orders on both ways in turn, on one database and one broker; the ratio is that of the medians.

    Where `rows` says so, the whole way then goes on alone until it has stored so many.
    """
    answers: list[float] = []
    async with running("orders", ["mongo", "kafka", "issuer", "registry", "insurance"]) as bench:
        admin = AIOKafkaAdminClient(bootstrap_servers=bench.kafka)
        await admin.start()
        orders = await _partitions(admin)
        await create_topics(KafkaSettings(bench.kafka), [Topic(TOPIC, partitions=len(orders))])
        STORED.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.bench.bare_pipe", bench.kafka, bench.mongo_uri, str(STORED)]
        consumer = await child.start(command, ROOT / "bare_pipe.log", directory=child.PROJECT)
        bare, whole = Way(_stored_by_bare_pipe), Way(lambda: _stored_by_insurance(admin, orders))
        bench.others["bare pipe"] = consumer.pid
        try:
            await _bare_round(bench, bare, payloads.orders(WARM, 0, "warm-b"))
            await _whole_round(bench, whole, payloads.orders(WARM, 0, "warm-w"))
            for way in (bare, whole):
                way.rates.clear()
                way.looks.clear()
            for number in range(ROUNDS):
                data = payloads.orders(count, number, f"r{number}")
                await _bare_round(bench, bare, data)
                answers += await _whole_round(bench, whole, data)
            while whole.done < rows:
                await _whole_round(bench, whole, payloads.orders(count, len(whole.rates), f"r{len(whole.rates)}"))
        finally:
            await admin.close()
            await child.stop(consumer)
            bench.others.clear()
        stored = {"bare": await bench.count("bare", "orders"), "whole": await bench.count("insurance", "ledger")}
    if stored != {"bare": bare.done, "whole": whole.done}:
        raise RuntimeError(f"stored {stored}, sent {bare.done} and {whole.done}")
    whole_rate, bare_rate = statistics.median(whole.rates[:ROUNDS]), statistics.median(bare.rates)
    return Found(
        {
            "orders_ratio": round(whole_rate / bare_rate, 3),
            "orders_per_second": round(whole_rate),
            "bare_pipe_per_second": round(bare_rate),
            "orders_last_to_first": round(whole.rates[-1] / whole.rates[0], 3),
            "orders_stored": whole.done,
            **percentiles.named("orders_push", answers),
            "orders_rounds": [round(rate) for rate in whole.rates],
            "bare_pipe_rounds": [round(rate) for rate in bare.rates],
            "orders_cpu_seconds": whole.cpu,
            "bare_pipe_cpu_seconds": bare.cpu,
        },
        {"orders": whole.looks, "bare pipe": bare.looks},
    )


async def _whole_round(bench: Bench, way: Way, data: list[dict[str, object]]) -> list[float]:
    """Returns how long each push took to be answered, in milliseconds."""
    bodies = payloads.batches(data)
    answers: list[float] = []

    async def send() -> None:
        answers.extend(await push_all(bench, bodies))

    await _round(bench, way, len(data), send)
    return answers


async def _bare_round(bench: Bench, way: Way, data: list[dict[str, object]]) -> None:
    values = [(str(order["worker_ref"]).encode(), json.dumps(order).encode()) for order in data]
    producer = AIOKafkaProducer(bootstrap_servers=bench.kafka, acks="all", linger_ms=1)
    await producer.start()

    async def send() -> None:
        for first in range(0, len(values), payloads.BATCH):
            batch = values[first : first + payloads.BATCH]
            sent = [await producer.send(TOPIC, value, key=key) for key, value in batch]
            await asyncio.gather(*sent)

    try:
        await _round(bench, way, len(data), send)
    finally:
        await producer.stop()


async def _round(bench: Bench, way: Way, count: int, send: Callable[[], Awaitable[None]]) -> None:
    """Send `count` orders and wait until all are stored, looking how far they are ten times a second."""
    until, spent = way.done + count, way.looks[-1][0] if way.looks else 0.0
    bench.start_clock()
    began = time.perf_counter()
    sending = asyncio.ensure_future(send())
    async with asyncio.timeout(SECONDS):
        while way.done < until:
            if sending.done():
                await sending
            await asyncio.sleep(LOOK_EVERY)
            way.done = await way.how_far()
            way.looks.append((spent + time.perf_counter() - began, way.done))
    way.rates.append(count / (time.perf_counter() - began))
    way.cpu = bench.cpu_seconds()
    await sending


async def _partitions(admin: AIOKafkaAdminClient) -> list[TopicPartition]:
    """Those that the orders' topic was made with; the bare pipe gets as many."""
    (found,) = await admin.describe_topics([ORDER.name])
    return [TopicPartition(ORDER.name, one["partition"]) for one in found["partitions"]]


async def _stored_by_insurance(admin: AIOKafkaAdminClient, partitions: list[TopicPartition]) -> int:
    """The offsets that the group has committed, which it does when the effect is stored."""
    offsets = await admin.list_consumer_group_offsets(GROUP, partitions=partitions)
    return sum(max(0, one.offset) for one in offsets.values())


async def _stored_by_bare_pipe() -> int:
    return int(STORED.read_text() or 0) if STORED.exists() else 0


async def push_all(bench: Bench, bodies: list[bytes]) -> list[float]:
    """Push every body as the platform, a few at a time; each must be accepted whole. Milliseconds to each answer."""
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    places = asyncio.Semaphore(AT_ONCE)

    async def push(body: bytes) -> float:
        async with places:
            began = time.perf_counter()
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
            return 1000 * (time.perf_counter() - began)

    return await asyncio.gather(*[push(body) for body in bodies])


async def gateway_alone() -> Found:
    """What the gateway accepts while nobody consumes: batches of 1,000, a few at a time."""
    rates: list[float] = []
    answers: list[float] = []
    async with running("gateway", ["mongo", "kafka", "issuer", "registry"]) as bench:
        await push_all(bench, payloads.batches(payloads.orders(3000, 1, "warm")))
        for number in range(ROUNDS):
            bodies = payloads.batches(payloads.orders(GATEWAY_COUNT, number, f"g{number}"))
            bench.start_clock()
            began = time.perf_counter()
            answers += await push_all(bench, bodies)
            rates.append(GATEWAY_COUNT / (time.perf_counter() - began))
            cpu = bench.cpu_seconds()
    return Found(
        {
            "gateway_events_per_second": round(statistics.median(rates)),
            **percentiles.named("gateway_push", answers),
            "gateway_rounds": [round(rate) for rate in rates],
            "gateway_cpu_seconds": cpu,
        },
    )
