"""Messages through the notifier alone: what each costs, and how fast they go, against the same calls of the gateway by a bare loop."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec
from aiokafka import AIOKafkaProducer

from deploy.local import keys
from services.notifier.gateways.connection import make_client
from services.notifier.notices.rules import SIGNATURE
from services.notifier.providers.aliyun import Aliyun
from services.notifier.providers.rules import Sms
from shared import clock
from shared.contracts.complaints import CaseAccepted
from shared.ids import new_id
from shared.messaging.broker import Record, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from tests.bench.broadcasts import copied
from tests.bench.stack import ROOT, Bench, Found, running

NAME = "messages"
ONLY = ("mongo", "kafka", "issuer", "sms", "push", "mailbox", "notifier")
PEOPLE = 1_000
REST_SECONDS = 5
PACED, PER_SECOND = 300, 20
"""Messages at an even pace, of which each goes by itself, and of which each costs most."""
AT_ONCE = 16
"""Calls of the bare loop under way: as many as the notifier may have."""


async def messages(at_once: int) -> Found:
    """The cost of each of `PACED` messages, and of each of `at_once` that come together; the rate of those, and of bare calls."""
    async with running(NAME, ONLY) as bench, told(bench) as producer:
        await copied(bench, NAME, {"courier": PEOPLE})
        await tell(producer, range(100))
        await bench.received(100)
        rest = await bench.at_rest(REST_SECONDS)

        before, sent = await bench.usage(), await bench.received(0)
        began = time.perf_counter()
        for number in range(PACED):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            await tell(producer, [number])
        sent = await bench.received(sent + PACED)
        paced = (await bench.usage()).since(before).beyond(rest).each(PACED)

        before, began = await bench.usage(), time.perf_counter()
        await tell(producer, range(at_once))
        await bench.received(sent + at_once)
        rate = at_once / (time.perf_counter() - began)
        together = (await bench.usage()).since(before).beyond(rest).each(at_once)
        bare_rate = await bare(bench, at_once)
    costs = {f"message_{name}": value for name, value in paced.items()}
    costs |= {f"message_together_{name}": value for name, value in together.items()}
    rates = {
        "notifier_rest_cores": round(rest.cpu["notifier"] / rest.seconds, 3),
        "notifier_rest_statements_per_second": round(sum(rest.statements["notifier"].values()) / rest.seconds, 2),
        "messages_per_second": round(rate, 1),
        "bare_calls_per_second": round(bare_rate, 1),
        "messages_ratio": round(rate / bare_rate, 3),
    }
    return Found(costs | rates)


@asynccontextmanager
async def told(bench: Bench) -> AsyncIterator[AIOKafkaProducer]:
    producer = make_producer(KafkaSettings(bench.kafka))
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def tell(producer: AIOKafkaProducer, numbers: Iterable[int], people: int = PEOPLE) -> None:
    """Tell of cases, each of which one of so many workers hears, as the complaints service does."""
    facts = [_accepted(number, people) for number in numbers]
    records = [
        Record(
            fact.TOPIC.name,
            fact.key().encode(),
            msgspec.json.encode(fact),
            headers_of(new_id(), "/services/complaints", fact.TYPE, clock.now()),
        )
        for fact in facts
    ]
    await publish(producer, records)


def number_of(number: int) -> str:
    return f"德劳诉〔2026〕0603-{number:06d}"


def _accepted(number: int, people: int) -> CaseAccepted:
    return CaseAccepted(
        case_id=new_id(),
        number=number_of(number),
        worker_id=f"courier-{number % people:06d}",
        platform=None,
        category="other",
        district="510603",
        departments=("hrss",),
        lead_department="hrss",
        decide_by=dt.date(2026, 9, 30),
    )


async def bare(bench: Bench, count: int) -> float:
    """Calls of the gateway a second, without a notifier, as the same client makes them."""
    secrets = keys.shared_secrets(ROOT / NAME)
    url, account = bench.client.urls["sms"], (secrets["SMS_ACCESS_KEY_ID"], secrets["SMS_ACCESS_KEY_SECRET"])
    async with make_client() as client:
        gateway = Aliyun(client, url, *account, SIGNATURE)
        params = {"number": "bare", "decide_by": "2026年9月30日"}

        async def send(numbers: Iterable[int]) -> None:
            for number in numbers:
                await gateway.send(Sms(f"bare-{number}", "13700000000", "case_accepted_worker", params, clock.now()))

        began = time.perf_counter()
        await asyncio.gather(*(send(range(first, count, AT_ONCE)) for first in range(AT_ONCE)))
        return count / (time.perf_counter() - began)
