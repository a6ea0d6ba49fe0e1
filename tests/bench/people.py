"""Made-up workers, registered through the gateway as a platform would."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json

from tests.bench import payloads
from tests.bench.orders import push_all
from tests.bench.stack import Bench
from tests.unit.identity.numbers import make


def engagements(first: int, count: int) -> bytes:
    """A push of the engagements of `count` persons, numbered from `first`: newline-delimited and gzipped."""
    return gzip.compress("\n".join(_engagement(number) for number in range(first, first + count)).encode())


def _engagement(number: int) -> str:
    data = {
        "worker_ref": f"bench-{number}",
        "id_number": make("510603", dt.date(1990, 1, 1) + dt.timedelta(days=number), 1),
        "name": "李测试",
        "phone": f"138{number:08d}",
        "industry": "instant_delivery",
        "relation": "partial",
        "started_on": "2026-09-01",
        "district": "510603",
        "agreement": None,
        "safety_training": {"course": "safety", "completed_on": "2026-08-31"},
        "partner_uscc": None,
        "dispatched": False,
    }
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"person-{number}",
            "source": f"/platforms/{payloads.PLATFORM}",
            "type": "cn.deyang.platform.engagement.started.v1",
            "time": "2026-09-01T08:00:00+08:00",
            "data": data,
        }
    )


async def register(bench: Bench, count: int) -> list[str]:
    """Push `count` engagements and return the ids of their workers, once all services know them."""
    await push_all(bench, [engagements(0, count)])
    async with asyncio.timeout(60):
        while True:
            params = {"platform": payloads.PLATFORM, "limit": "500"}
            page = await bench.client.officer("registry", "/v1/engagements", **params)
            sent = await bench.client.officer("notifier", "/v1/statistics")
            if len(page["items"]) == count and sent["sent"] >= count:
                return [str(item["worker_id"]) for item in page["items"]]
            await asyncio.sleep(0.3)
