"""What the benchmarks push: a platform's orders, made from a seed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import random
import uuid

PLATFORM = "91510600MA00000172"
"""A made-up unified social credit code with a fitting check digit."""
BATCH = 1000
ZONE = dt.timezone(dt.timedelta(hours=8))


def orders(count: int, seed: int, prefix: str) -> list[dict[str, object]]:
    """The data of `count` orders of 600 couriers over two months."""
    draw = random.Random(seed)
    start = dt.datetime(2026, 9, 1, tzinfo=ZONE)
    made: list[dict[str, object]] = []
    for number in range(count):
        taken = start + dt.timedelta(seconds=draw.randrange(60 * 24 * 3600))
        made.append(
            {
                "order_id": f"{prefix}-{number:07d}",
                "worker_ref": f"rider-{draw.randrange(600)}",
                "industry": "instant_delivery",
                "taken_at": taken.isoformat(),
                "finished_at": (taken + dt.timedelta(minutes=draw.randrange(10, 45))).isoformat(),
                "district": "510603",
                "fee": f"{draw.randrange(400, 1500) / 100:.2f}",
            }
        )
    return made


def batches(data: list[dict[str, object]]) -> list[bytes]:
    """The orders as pushes of 1,000 CloudEvents, newline-delimited and gzipped."""
    bodies = []
    for first in range(0, len(data), BATCH):
        lines = [
            json.dumps(
                {
                    "specversion": "1.0",
                    "id": str(uuid.UUID(int=random.Random(str(order["order_id"])).getrandbits(128), version=4)),
                    "source": f"/platforms/{PLATFORM}",
                    "type": "cn.deyang.platform.order.finished.v1",
                    "time": order["finished_at"],
                    "datacontenttype": "application/json",
                    "data": order,
                },
                separators=(",", ":"),
            )
            for order in data[first : first + BATCH]
        ]
        bodies.append(gzip.compress("\n".join(lines).encode(), compresslevel=1))
    return bodies
