"""Whole cases, from filing to closing, over HTTP on the whole stack: at an even pace and as fast as it goes, and the same with
many cases stored already; and how long officers' lists take then."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
import uuid
from functools import partial
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local.demo import whole_case
from tests.bench import payloads, percentiles
from tests.bench.looking import timed
from tests.bench.people import register
from tests.bench.stack import Bench, Found, running

WORKERS = 40
DISTRICT = "510603"
AT_ONCE = 16
"""Cases under way where they go as fast as they can."""
ROWS_AT_ONCE = 2_000
REST_SECONDS = 60.0
"""What was stored at once is written out by then: it is the cases on file that are measured, not their arrival."""
STATES = ("closed",) * 17 + ("opened", "accepted", "concluded")
"""How old cases stand: most are over."""
LISTS = {
    "newest": "",
    "state": "state=accepted",
    "mine": "mine=true",
    "overdue": "overdue=true",
    "platform": f"platform={payloads.PLATFORM}",
}

CACHE = "4G"
"""What the database may hold in memory: as on a server of its own, where it takes half of what there is."""

Row = dict[str, Any]


async def cases(per_second: int, seconds: int, most: int, stored: int) -> Found:
    """Cases at an even pace, then `most` as fast as it goes; the latter, and lists, again with `stored` more cases on file."""
    found = Found({})
    os.environ.setdefault("DATABASE_CACHE", CACHE)
    async with running("cases") as bench:
        await whole_case.put_on_register(bench.client)
        workers = await register(bench, WORKERS)
        await _paced(bench, workers, 2, 2)
        await bench.settled()
        took = await _paced(bench, workers, per_second, seconds)
        await bench.settled()
        before = await bench.usage()
        rate = await _as_fast_as_it_goes(bench, workers, most)
        each = (await bench.settled()).since(before).each(most)
        found.figures |= percentiles.named(f"case_{per_second}", took)
        found.figures |= {"cases_per_second": round(rate, 1), **{f"case_{name}": value for name, value in each.items()}}
        await _fill(bench, stored)
        await asyncio.sleep(REST_SECONDS)
        await bench.settled()
        before = await bench.usage()
        full = await _as_fast_as_it_goes(bench, workers, most)
        each = (await bench.settled()).since(before).each(most)
        found.figures |= {
            "cases_stored": stored,
            "cases_full_per_second": round(full, 1),
            "cases_full_to_empty": round(full / rate, 2),
            **{f"case_full_{name}": value for name, value in each.items()},
        }
        lists = await _lists(bench)
        for name, values in lists.items():
            found.figures |= percentiles.named(f"list_{name}", values)
        found.figures["list_slowest_p99_ms"] = max(round(percentiles.percentile(one, 99), 1) for one in lists.values())
    return found


async def _whole(bench: Bench, worker: str) -> float:
    """Milliseconds that a whole case took."""
    began = time.perf_counter()
    await whole_case.bring_to_decision(bench.client, worker, payloads.PLATFORM, DISTRICT)
    return 1000 * (time.perf_counter() - began)


async def _paced(bench: Bench, workers: list[str], per_second: int, seconds: int) -> list[float]:
    began, tasks = time.perf_counter(), []
    for number in range(per_second * seconds):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(_whole(bench, workers[number % len(workers)])))
    return list(await asyncio.gather(*tasks))


async def _as_fast_as_it_goes(bench: Bench, workers: list[str], count: int) -> float:
    """Whole cases a second."""
    left = iter(range(count))

    async def one_after_another() -> None:
        for number in left:
            await _whole(bench, workers[number % len(workers)])

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - began)


async def _lists(bench: Bench) -> dict[str, list[float]]:
    """Milliseconds of each of an officer's lists, by name."""

    async def cases_with(query: str) -> None:
        params = dict([query.split("=")]) if query else {}
        await bench.client.officer("complaints", "/v1/cases", limit="50", **params)

    # SecantusDB goes once through all of a collection that it is first asked for, to learn which indexed fields are lists
    for collection in ("cases", "leads"):
        await bench.client.officer("complaints", f"/v1/{collection}", limit="1")
    found = {name: await timed(partial(cases_with, query)) for name, query in LISTS.items()}
    newest = await bench.client.officer("complaints", "/v1/cases", limit="1")
    path = f"/v1/cases/{newest['items'][0]['case_id']}/terms"
    found["terms"] = await timed(partial(bench.client.officer, "complaints", path))
    found["leads"] = await timed(partial(bench.client.officer, "complaints", "/v1/leads", limit="50"))
    return found


async def _fill(bench: Bench, count: int) -> None:
    """Store cases, their terms and a lead of each beside those that there are, as they would be: copies of one of them."""
    client: AsyncIOMotorClient[Row] = AsyncIOMotorClient(bench.mongo_uri)
    try:
        base = client.get_database("complaints", codec_options=CodecOptions(tz_aware=True, tzinfo=dt.UTC))
        case = await base["cases"].find_one({"state": "closed"})
        assert case is not None
        terms = await base["terms"].find({"matter_kind": "case", "matter_id": case["_id"]}).to_list(None)
        for start in range(0, count, ROWS_AT_ONCE):
            rows = [_older(case, number, count) for number in range(start, min(start + ROWS_AT_ONCE, count))]
            of_terms = [
                {**term, "_id": term["_id"].replace(case["_id"], row["_id"]), "matter_id": row["_id"]}
                for row in rows
                for term in terms
            ]
            await base["cases"].insert_many(rows, ordered=False)
            await base["terms"].insert_many(of_terms, ordered=False)
            await base["leads"].insert_many([_lead(row) for row in rows], ordered=False)
    finally:
        client.close()


def _older(case: Row, number: int, count: int) -> Row:
    """A case filed some time in the last five years."""
    filed = case["created_at"] - dt.timedelta(days=1 + 5 * 365 * (count - number) / count)
    state = STATES[number % len(STATES)]
    over = state == "closed"
    return {
        **case,
        "_id": str(uuid.UUID(int=int(filed.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | number)),
        "number": f"old-{number}",
        "state": state,
        "created_at": filed,
        "platform": payloads.PLATFORM if number % 50 == 0 else f"9151060{number % 500:011d}",
        "worker_id": f"old-{number % 100_000}",
        "handler": None if over else whole_case.OFFICER if number // len(STATES) % 10 == 0 else "officer:other",
        "due_on": None if over else filed.replace(hour=0, minute=0, second=0, microsecond=0),
    }


def _lead(case: Row) -> Row:
    """A lead of the day on which a case was filed."""
    return {
        "_id": f"lead-{case['_id']}",
        "revision": 1,
        "created_at": case["created_at"],
        "updated_at": case["created_at"],
        "kind": "pay_late",
        "platform": case["platform"],
        "worker_ref": "R-1",
        "worker_id": case["worker_id"],
        "district": case["district"],
        "departments": ["hrss"],
        "lead_department": "hrss",
        "finding": {
            "kind": "pay_late",
            "settlement_id": "s-1",
            "period_start": "2026-01-01",
            "period_end": "2026-01-31",
            "due_on": "2026-02-10",
            "paid_on": "2026-02-12",
            "days": 2,
            "net": "3000.00",
        },
        "events": [],
        "used": [],
        "verified": True,
        "to_judge": [],
        "state": "raised",
        "holds": True,
        "changed_at": None,
        "decision": None,
        "superseded": [],
    }
