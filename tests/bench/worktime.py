"""Working time at volume: orders stored as merged spans and looked at, without Kafka, tenth by tenth."""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from deploy.local.database import embedded_database
from services.complaints.app import service
from services.complaints.rest.commands import look
from services.complaints.work_time.commands import store
from services.complaints.work_time.documents import WorkDay
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, platform_source
from shared.messaging.consuming import BULK_BATCH
from shared.policy.calendar import SHANGHAI
from shared.storage.client import connect, disconnect
from tests.bench.stack import Found

SOURCE = platform_source("91510600MA0000001E")
WORKERS, A_DAY = 4_000, 24
"""People, and orders that each does on a day: nine minutes of every half hour, so that a day comes to no limit."""


def batch(first: int) -> list[CloudEvent[OrderFinished]]:
    """Orders as they come: of all workers in turn, half an hour after half an hour."""
    events = []
    for number in range(first, first + BULK_BATCH):
        turn, worker = divmod(number, WORKERS)
        day, slot = divmod(turn, A_DAY)
        begin = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI) + dt.timedelta(days=day, hours=8, minutes=30 * slot)
        data = OrderFinished(
            order_id=str(number),
            worker_ref=f"R{worker}",
            industry="instant_delivery",
            taken_at=begin,
            finished_at=begin + dt.timedelta(minutes=9),
            district="510603",
            fee="5.00",
        )
        events.append(CloudEvent(str(number), SOURCE, OrderFinished.TYPE, clock.now(), data))
    return events


async def worktime(orders: int) -> Found:
    """The rate of the last tenth against that of the first, the processor time of an order in either, and how much more memory
    this process has by then."""
    with TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            uri = os.environ.get("MONGO_URI")
            if uri is None:
                uri = await stack.enter_async_context(embedded_database(Path(folder) / "data"))
            await connect(uri, "bench_worktime", service.documents, service="complaints")
            try:
                return await _measure(orders)
            finally:
                disconnect()


async def _measure(orders: int) -> Found:
    rates, memory, spent = list[float](), list[int](), list[float]()
    for tenth in range(10):
        began, first, last = time.perf_counter(), tenth * orders // 10, (tenth + 1) * orders // 10
        before = _cpu_seconds()
        for start in range(first, last, BULK_BATCH):
            await look(await store(batch(start)))
        rates.append((last - first) / (time.perf_counter() - began))
        spent.append(1_000_000 * (_cpu_seconds() - before) / (last - first))
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    figures = {
        "worktime_orders": orders,
        "worktime_per_second": round(rates[-1]),
        "worktime_flat": round(rates[-1] / rates[0], 2),
        "worktime_cpu_us_first": round(spent[0]),
        "worktime_cpu_us_last": round(spent[-1]),
        "worktime_memory_mb": memory[-1],
        "worktime_memory_growth_mb": memory[-1] - memory[0],
        "worktime_rows": await WorkDay.count(),
    }
    return Found(figures, {"working time, orders a second": rates})


def _cpu_seconds() -> float:
    """Processor time of this process and of its database so far, on which others who use the machine tell less."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (me, *me.children(recursive=True)))
