"""A complaint's way from its HTTP answer to the SMS at the gateway, at an even pace, on the whole stack."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from dataclasses import dataclass

from shared.policy.calendar import shanghai_date
from tests.bench import percentiles
from tests.bench.people import register
from tests.bench.stack import Bench, Found, running

WORKERS = 40
PATIENCE = 300
"""Seconds after the last answer within which every SMS must come, however far behind the services are."""
NUMBER = re.compile(r"德劳诉〔\d{4}〕\d{4}-[0-9A-Z]+")


@dataclass(frozen=True)
class Filed:
    """One complaint: when it was asked for and answered (Unix time), under the case's number."""

    number: str
    asked: float
    answered: float


async def latency(paces: dict[int, int]) -> Found:
    """Percentiles at each pace (complaints a second: for so many seconds), one after the other on one stack."""
    found = Found({})
    async with running("complaints") as bench:
        workers = await register(bench, WORKERS)
        await complain(bench, workers, 3, min(paces))
        await bench.settled()
        for pace, seconds in paces.items():
            bench.start_clock()
            filed = await complain(bench, workers, seconds, pace)
            arrived = await arrivals(bench, filed)
            cpu = bench.cpu_seconds()
            delays = [1000 * (arrived[one.number] - one.answered) for one in filed]
            waiting = _waiting(filed, arrived)
            found.figures |= {
                **percentiles.named(f"complaint_{pace}", delays),
                **percentiles.named(f"complaint_{pace}_answer", [1000 * (one.answered - one.asked) for one in filed]),
                f"complaint_{pace}_growth": _growth(delays),
                f"complaint_{pace}_sent": len(filed),
                f"complaint_{pace}_cpu_seconds": cpu,
            }
            found.series |= {f"complaint at {pace}/s, ms": delays, f"complaint at {pace}/s, waiting": waiting}
    return found


async def complain(bench: Bench, workers: list[str], seconds: int, per_second: int) -> list[Filed]:
    """File complaints at an even pace, in the order in which they were filed."""

    async def file(number: int) -> Filed:
        body = {
            "platform": None,
            "category": "other",
            "text": "平台扣款没有说明。",
            "district": "510603",
            "occurred_on": shanghai_date(dt.datetime.now(dt.UTC)).isoformat(),
        }
        worker, asked = workers[number % len(workers)], time.time()
        answer = await bench.client.call(f"worker:{worker}", "complaints", "POST", "/v1/cases", json=body)
        return Filed(answer.json()["number"], asked, time.time())

    began, tasks = time.perf_counter(), []
    for number in range(seconds * per_second):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(file(number)))
    return await asyncio.gather(*tasks)


async def arrivals(bench: Bench, filed: list[Filed]) -> dict[str, float]:
    """When the SMS of each complaint came to the gateway (Unix time); every one must come."""
    url, wanted = bench.client.urls["sms"] + "/sandbox/messages", {one.number for one in filed}
    async with asyncio.timeout(PATIENCE):
        while True:
            found: dict[str, float] = {}
            for message in (await bench.client.http.get(url)).json():
                if number := NUMBER.search(message["text"]):
                    found.setdefault(number[0], dt.datetime.fromisoformat(message["at"]).timestamp())
            if wanted <= found.keys():
                return found
            await asyncio.sleep(2)


def _growth(delays: list[float]) -> float:
    """The median of the last quarter against that of the first: a lag that grows makes it much more than one."""
    quarter = len(delays) // 4
    return round(percentiles.percentile(delays[-quarter:], 50) / percentiles.percentile(delays[:quarter], 50), 2)


def _waiting(filed: list[Filed], arrived: dict[str, float]) -> list[tuple[float, int]]:
    """How many complaints were answered and not yet at the gateway, at each whole second since the first."""
    began = filed[0].answered
    last = max(arrived[one.number] for one in filed)
    return [
        (second, sum(one.answered <= began + second < arrived[one.number] for one in filed))
        for second in range(int(last - began) + 2)
    ]
