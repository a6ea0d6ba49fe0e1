"""Decisions on applications for subsidies, as fast as two officers take them over HTTP; how long lists take with many on file."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from deploy.local import keys
from deploy.local.demo.whole_case import OFFICER, SECOND_OFFICER
from services.subsidies.applications import documents
from services.subsidies.applications.documents import Application
from shared.storage import client
from shared.storage import keys as rings
from tests.bench import percentiles
from tests.bench.looking import timed
from tests.bench.stack import ROOT, Bench, Found, running

NAME = "applications"
ONLY = ("mongo", "kafka", "issuer", "subsidies")
PATH = "/v1/subsidy-applications"
DISTRICT = "510603"
AT_ONCE = 16
"""Applications under way where they go as fast as they can."""
ROWS_AT_ONCE = 2_000
SAID = {"name": "李测试", "stated": '{"category": "disabled"}'}
STATES = ("approved",) * 15 + ("submitted", "reviewing", "reviewed", "refused", "withdrawn")
"""How old applications stand: most are over."""
LISTS = {
    "newest": ("officer", PATH, {}),
    "state": ("officer", PATH, {"state": "reviewing"}),
    "own": ("worker", PATH, {}),
    "public": ("officer", "/v1/public-subsidies", {}),
    "public_district": ("officer", "/v1/public-subsidies", {"district": DISTRICT}),
    "notices": ("officer", "/v1/subsidy-notices", {}),
}

Row = dict[str, Any]


async def applications(most: int, stored: int) -> Found:
    """`most` decisions as fast as they go, and lists with `stored` applications more on file."""
    async with running(NAME, ONLY) as bench:
        paths = [await _accepted(bench, f"bench-{number}") for number in range(most)]
        before = await bench.usage()
        rate = await _as_fast_as_it_goes(paths, lambda path: _decided(bench, path))
        each = (await bench.usage()).since(before).each(most)
        await _fill(bench, stored)
        lists = await _lists(bench)
    found: Row = {"decisions_per_second": round(rate, 1), **{f"decision_{name}": one for name, one in each.items()}}
    found["applications_stored"] = stored
    for name, values in lists.items():
        found |= percentiles.named(f"applications_{name}", values)
    slowest = max(percentiles.percentile(one, 99) for one in lists.values())
    return Found(found | {"applications_slowest_p99_ms": round(slowest, 1)})


async def _accepted(bench: Bench, worker: str) -> str:
    """An application that is taken up; its path."""
    body = {"kind": "recognition", "name": "李测试", "district": DISTRICT, "stated": {"category": "disabled"}}
    made = await bench.client.call(f"worker:{worker}", "subsidies", "POST", PATH, json=body)
    path = made.headers["location"]
    await _step(bench, OFFICER, path, "acceptance", {})
    return str(path)


async def _decided(bench: Bench, path: str) -> None:
    finding = {"approve": True, "judged": ["evidence", "working_age"]}
    await _step(bench, OFFICER, path, "review", finding)
    await _step(bench, SECOND_OFFICER, path, "confirmation", {"to_head": False})


async def _step(bench: Bench, officer: str, path: str, name: str, body: Row) -> None:
    seen = (await bench.client.call(officer, "subsidies", "GET", path)).headers["etag"]
    await bench.client.call(officer, "subsidies", "POST", f"{path}/{name}", json=body, headers={"if-match": seen})


async def _as_fast_as_it_goes(paths: list[str], decide: Callable[[str], Awaitable[None]]) -> float:
    """Decisions a second."""
    left = iter(paths)

    async def one_after_another() -> None:
        for path in left:
            await decide(path)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return len(paths) / (time.perf_counter() - began)


async def _lists(bench: Bench) -> dict[str, list[float]]:
    """Milliseconds of each list, by name."""
    found: dict[str, list[float]] = {}
    for name, (role, path, params) in LISTS.items():
        caller = OFFICER if role == "officer" else "worker:old-7"
        query = {"limit": "50", **params}
        found[name] = await timed(partial(bench.client.call, caller, "subsidies", "GET", path, params=query))
    return found


async def _fill(bench: Bench, count: int) -> None:
    """Store applications beside those that there are, as they would be: copies of one of them."""
    file = keys.key_files(ROOT / NAME)["subsidies"]
    await client.connect(bench.mongo_uri, "subsidies", [Application], rings.read(file), "subsidies", unhurried=True)
    try:
        stored = client.collection_of(Application)
        base = await stored.find_one({"state": "approved"})
        assert base is not None
        for start in range(0, count, ROWS_AT_ONCE):
            numbers = range(start, min(start + ROWS_AT_ONCE, count))
            await stored.insert_many([_older(base, number, count) for number in numbers], ordered=False)
    finally:
        client.disconnect()


def _older(base: Row, number: int, count: int) -> Row:
    """An application of some time in the last five years."""
    filed = base["created_at"] - dt.timedelta(days=1 + 5 * 365 * (count - number) / count)
    worker, day = f"old-{number % 100_000}", filed.replace(hour=0, minute=0, second=0, microsecond=0)
    state = STATES[number % len(STATES)]
    one = str(uuid.UUID(int=int(filed.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | number))
    said = {"name": documents.NAME, "stated": documents.STATED}
    return {
        **base,
        **{field: documents.encrypted(place, one, SAID[field]) for field, place in said.items()},
        "_id": one,
        "number": f"old-{number}",
        "state": state,
        "public": state == "approved",
        "created_at": filed,
        "applicant_id": worker,
        "parties": [f"worker:{worker}"],
        "subjects": [worker],
        "filed_on": day,
        "decided_on": day,
    }
