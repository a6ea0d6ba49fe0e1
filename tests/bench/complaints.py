"""A complaint's way from its HTTP answer to the SMS at the gateway, at twenty a second, on the whole stack."""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import time
from typing import Any

from shared.policy.calendar import shanghai_date
from tests.bench.people import register
from tests.bench.stack import Bench, running

PER_SECOND = 20
SECONDS = 20
WORKERS = 40


async def latency() -> dict[str, Any]:
    """Median and 99th percentile in milliseconds."""
    async with running("complaints") as bench:
        workers = await _workers(bench)
        await _complain(bench, workers, 3)
        bench.start_clock()
        answered = await _complain(bench, workers, SECONDS)
        delays = sorted((await _arrivals(bench, answered)).values())
        cpu = bench.cpu_seconds()
    return {
        "complaint_p50_ms": round(statistics.median(delays)),
        "complaint_p99_ms": round(delays[int(len(delays) * 0.99) - 1]),
        "complaints_sent": len(delays),
        "complaint_cpu_seconds": cpu,
    }


async def _workers(bench: Bench) -> list[str]:
    """Register workers through the gateway, so that the notifier knows where to reach them."""
    return await register(bench, WORKERS)


async def _complain(bench: Bench, workers: list[str], seconds: int) -> dict[str, float]:
    """File complaints at an even pace; the moment of each answer by the case's number."""
    answered: dict[str, float] = {}

    async def file(number: int) -> None:
        body = {
            "platform": None,
            "category": "other",
            "text": "平台扣款没有说明。",
            "district": "510603",
            "occurred_on": shanghai_date(dt.datetime.now(dt.UTC)).isoformat(),
        }
        worker = workers[number % len(workers)]
        answer = await bench.client.call(f"worker:{worker}", "complaints", "POST", "/v1/cases", json=body)
        answered[answer.json()["number"]] = time.time()

    began, tasks = time.perf_counter(), []
    for number in range(seconds * PER_SECOND):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        tasks.append(asyncio.create_task(file(number)))
    await asyncio.gather(*tasks)
    return answered


async def _arrivals(bench: Bench, answered: dict[str, float]) -> dict[str, float]:
    """Milliseconds from answer to SMS for every complaint; every one must arrive."""
    url = bench.client.urls["sms"] + "/sandbox/messages"
    async with asyncio.timeout(60):
        while True:
            messages = (await bench.client.http.get(url)).json()
            found: dict[str, float] = {}
            for message in messages:
                at = dt.datetime.fromisoformat(message["at"]).timestamp()
                for number, since in answered.items():
                    if number in message["text"]:
                        found.setdefault(number, (at - since) * 1000)
            if len(found) == len(answered):
                return found
            await asyncio.sleep(0.5)
