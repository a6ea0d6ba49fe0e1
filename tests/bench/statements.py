"""What one effect costs on its whole way: statements, transactions and processor time, beyond what is spent at rest."""

from __future__ import annotations

import asyncio
import time

from tests.bench import payloads, people
from tests.bench.complaints import complain
from tests.bench.orders import push_all
from tests.bench.stack import Found, running

REST_SECONDS = 15
COMPLAINTS, COMPLAINTS_PER_SECOND = 200, 10
ENGAGEMENTS, ENGAGEMENTS_AT_ONCE = 200, 10
ORDERS = 20_000
WORKERS = 40


async def statements() -> Found:
    """Per complaint, engagement and order: the numbers of `Usage.each`."""
    async with running("statements") as bench:
        workers = await people.register(bench, WORKERS)
        await complain(bench, workers, seconds=2, per_second=COMPLAINTS_PER_SECOND)
        await push_all(bench, payloads.batches(payloads.orders(2000, 0, "warm")))
        await bench.settled()
        rest = await bench.at_rest(REST_SECONDS)

        before = await bench.usage()
        sent = await bench.received(0)
        await complain(bench, workers, COMPLAINTS // COMPLAINTS_PER_SECOND, COMPLAINTS_PER_SECOND)
        await bench.received(sent + COMPLAINTS)
        complaint = (await bench.settled()).since(before).beyond(rest)

        before = await bench.usage()
        sent = await bench.received(0)
        for first in range(WORKERS, WORKERS + ENGAGEMENTS, ENGAGEMENTS_AT_ONCE):
            began = time.perf_counter()
            await push_all(bench, [people.engagements(first, ENGAGEMENTS_AT_ONCE)])
            await asyncio.sleep(max(0.0, 1 + began - time.perf_counter()))
        await bench.received(sent + ENGAGEMENTS)
        engagement = (await bench.settled()).since(before).beyond(rest)

        before = await bench.usage()
        await push_all(bench, payloads.batches(payloads.orders(ORDERS, 1, "order")))
        order = (await bench.settled()).since(before).beyond(rest)
    found = {
        "complaint": complaint.each(COMPLAINTS),
        "engagement": engagement.each(ENGAGEMENTS),
        "thousand_orders": order.each(ORDERS // 1000),
    }
    return Found({f"{path}_{name}": value for path, cost in found.items() for name, value in cost.items()})
