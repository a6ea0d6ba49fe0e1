"""A notice of the law beside a broadcast: how much longer it takes to its gateway, and how the broadcast goes meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

from aiokafka import AIOKafkaProducer

from tests.bench import percentiles
from tests.bench.broadcasts import ask, comes_to, copied, prepared
from tests.bench.messages import ONLY, number_of, tell, told
from tests.bench.stack import Bench, Found, running

NAME = "notices"
SECONDS, PER_SECOND = 15, 5
"""Notices, alone and then beside a broadcast."""
WARM = 50


async def notices(listed: int, people: int) -> Found:
    """Prepare a broadcast to `listed` people; send one to `people`, with notices of the law meanwhile."""
    async with running(NAME, ONLY) as bench, told(bench) as producer:
        await copied(bench, NAME, {"courier": people}, {"freight": listed})
        await tell(producer, range(WARM))
        await bench.received(WARM)
        before = await bench.usage()
        broadcast_id, seconds = await prepared(bench, "freight")
        rows = (await bench.usage()).since(before).each(listed // 1000)
        await ask(bench, "POST", f"/{broadcast_id}/stop")

        alone = await delays(bench, producer, WARM)
        broadcast_id, _ = await prepared(bench, "courier")
        before, began = await bench.usage(), time.perf_counter()
        beside = await delays(bench, producer, WARM + len(alone))
        await comes_to(bench, broadcast_id, "finished")
        rate = people / (time.perf_counter() - began)
        sent = (await bench.usage()).since(before).each(people + len(beside))
    found: dict[str, object] = {
        **percentiles.named("notice_alone", alone),
        **percentiles.named("notice_beside_broadcast", beside),
        "notice_beside_to_alone": round(percentiles.percentile(beside, 50) / percentiles.percentile(alone, 50), 2),
        "broadcast_sent_per_second": round(rate, 1),
        "broadcast_thousand_rows_seconds": round(1000 * seconds / listed, 3),
    }
    found |= {f"broadcast_thousand_rows_{name}": value for name, value in rows.items()}
    return Found(found | {f"broadcast_message_{name}": value for name, value in sent.items()})


async def delays(bench: Bench, producer: AIOKafkaProducer, first: int) -> list[float]:
    """Milliseconds from notices' events until the gateway has them; the events come at an even pace."""
    told_at: dict[str, float] = {}
    began = time.perf_counter()
    for number in range(first, first + SECONDS * PER_SECOND):
        await asyncio.sleep(max(0.0, began + (number - first) / PER_SECOND - time.perf_counter()))
        told_at[number_of(number)] = time.time()
        await tell(producer, [number])
    url = f"{bench.client.urls['sms']}/sandbox/messages"
    async with asyncio.timeout(60):
        while True:
            found = {
                number: dt.datetime.fromisoformat(one["at"]).timestamp()
                for one in (await bench.client.http.get(url)).json()
                if (number := one["text"].partition("投诉举报")[2].partition("已受理")[0]) in told_at
            }
            if found.keys() == told_at.keys():
                return [1000 * (found[number] - at) for number, at in told_at.items()]
            await asyncio.sleep(1)
