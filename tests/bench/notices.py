"""A notice of the law beside a broadcast: how much longer it takes to its gateway, and how the broadcast goes meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import time

from aiokafka import AIOKafkaProducer

from tests.bench import percentiles
from tests.bench.broadcasts import TEXT, ask, comes_to, copied, prepared
from tests.bench.messages import ONLY, number_of, tell, told
from tests.bench.stack import Bench, Found, running

NAME = "notices"
ROUNDS = 3
"""Notices alone and then beside a broadcast: as often, so that what else the machine does falls on both."""
SECONDS, PER_SECOND = 8, 10
FIRST = 15
"""Notices of each stretch that are not measured: a group that had nothing to do looks only every second."""
WARM = 50


async def notices(listed: int, people: int) -> Found:
    """Prepare a broadcast to `listed` people; send some to `people` in all, with notices of the law meanwhile."""
    each = people // ROUNDS
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    sent = []
    async with running(NAME, ONLY) as bench, told(bench) as producer:
        await copied(bench, NAME, {"courier": each}, {"freight": listed})
        await tell(producer, range(WARM), each)
        await bench.received(WARM)
        before = await bench.usage()
        broadcast_id, seconds = await prepared(bench, "freight")
        rows = (await bench.usage()).since(before).each(listed // 1000)
        await ask(bench, "POST", f"/{broadcast_id}/stop")

        count = WARM
        for _ in range(ROUNDS):
            alone.append(await delays(bench, producer, count, each))
            count += SECONDS * PER_SECOND
            broadcast_id, _ = await prepared(bench, "courier")
            before = await bench.usage()
            beside.append(await delays(bench, producer, count, each))
            count += SECONDS * PER_SECOND
            await comes_to(bench, broadcast_id, "finished")
            sent.append((await bench.usage()).since(before).each(each + SECONDS * PER_SECOND))
        rate = await pace(bench, each)
    found: dict[str, object] = {
        **percentiles.named("notice_alone", [one for some in alone for one in some]),
        **percentiles.named("notice_beside_broadcast", [one for some in beside for one in some]),
        "notice_beside_to_alone": ratio(beside, alone, 50),
        "notice_p99_beside_to_alone": ratio(beside, alone, 99),
        "broadcast_sent_per_second": rate,
        "broadcast_thousand_rows_seconds": round(1000 * seconds / listed, 3),
    }
    found |= {f"broadcast_thousand_rows_{name}": value for name, value in rows.items()}
    return Found(found | {f"broadcast_message_{name}": value for name, value in sent[-1].items()})


def ratio(beside: list[list[float]], alone: list[list[float]], percent: float) -> float:
    """The median over the rounds of how many times as long that share of the notices takes."""
    rounds = zip(beside, alone, strict=True)
    return round(
        statistics.median(
            percentiles.percentile(one, percent) / percentiles.percentile(other, percent) for one, other in rounds
        ),
        2,
    )


async def pace(bench: Bench, count: int) -> float:
    """Messages a second of the last broadcast, from the first to the last that came to the gateway."""
    found = await came(bench)
    at = sorted(instant for text, instant in found if text.endswith(TEXT))[-count:]
    return round((count - 1) / (at[-1] - at[0]), 1)


async def came(bench: Bench) -> list[tuple[str, float]]:
    """The texts that the gateway has, and when they came."""
    answer = await bench.client.http.get(f"{bench.client.urls['sms']}/sandbox/messages")
    return [(one["text"], dt.datetime.fromisoformat(one["at"]).timestamp()) for one in answer.json()]


async def delays(bench: Bench, producer: AIOKafkaProducer, first: int, people: int) -> list[float]:
    """Milliseconds from notices' events until the gateway has them; the events come at an even pace."""
    told_at: dict[str, float] = {}
    began = time.perf_counter()
    for number in range(first, first + SECONDS * PER_SECOND):
        await asyncio.sleep(max(0.0, began + (number - first) / PER_SECOND - time.perf_counter()))
        told_at[number_of(number)] = time.time()
        await tell(producer, [number], people)
    async with asyncio.timeout(60):
        while True:
            found = {
                named: at
                for text, at in await came(bench)
                if (named := text.partition("投诉举报")[2].partition("已受理")[0]) in told_at
            }
            if found.keys() == told_at.keys():
                return [1000 * (found[number] - at) for number, at in told_at.items()][FIRST:]
            await asyncio.sleep(1)
