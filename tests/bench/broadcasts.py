"""Broadcasts on the whole stack: how fast rows are made, how evenly messages go, and what that does to a notice of the law."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from deploy.local import keys
from services.notifier.app import service
from services.notifier.broadcasts.documents import Standing
from services.notifier.recipients.documents import NAME, PHONE, Contact
from shared import clock
from shared.storage import client
from shared.storage import keys as rings
from shared.storage.bulk import insert_new
from shared.storage.encryption import encrypt_field
from shared.storage.writes import encode
from tests.bench import percentiles
from tests.bench.complaints import arrivals, complain
from tests.bench.people import register
from tests.bench.stack import ROOT, Bench, Found, running

AT_ONCE = 2000
COMPLAINTS, SECONDS = 5, 30
"""A second, for so many seconds."""
TEXT = "请立即停止接单，到安全处避雨。"


async def broadcast(listed: int, people: int) -> Found:
    """Prepare a broadcast to `listed` people; send one to `people`, complaining meanwhile."""
    found = Found({})
    async with running("broadcast") as bench:
        workers = await register(bench, 40)
        await copied(bench, "broadcast", {"courier": people}, {"freight": listed})
        broadcast_id, seconds = await prepared(bench, "freight")
        await ask(bench, "POST", f"/{broadcast_id}/stop")
        found.figures["broadcast_prepare_seconds"] = seconds
        alone = await delays(bench, workers)
        broadcast_id, _ = await prepared(bench, "courier")
        began = time.perf_counter()
        beside = await delays(bench, workers)
        await comes_to(bench, broadcast_id, "finished")
        seconds = time.perf_counter() - began
        messages = (await bench.client.http.get(bench.client.urls["sms"] + "/sandbox/messages")).json()
        got = Counter(one["phone"] for one in messages if one["text"].endswith(TEXT))
        found.figures |= {
            "broadcast_per_second": round(people / seconds, 1),
            "broadcast_reached_once": sum(count == 1 for count in got.values()),
            "broadcast_repeated": sum(count - 1 for count in got.values()),
            **percentiles.named("complaint_alone", alone),
            **percentiles.named("complaint_beside_broadcast", beside),
        }
        found.series |= {"complaint alone, ms": alone, "complaint beside a broadcast, ms": beside}
    return found


async def delays(bench: Bench, workers: list[str]) -> list[float]:
    """Milliseconds from the answers to complaints until their SMS."""
    filed = await complain(bench, workers, SECONDS, COMPLAINTS)
    came = await arrivals(bench, filed)
    return [1000 * (came[one.number] - one.answered) for one in filed]


async def copied(bench: Bench, name: str, reached: Mapping[str, int], listed: Mapping[str, int] | None = None) -> None:
    """Put copies of people, by industry, in the notifier's database of the stack of that name: of those `reached` with where."""
    file = keys.key_files(ROOT / name)["notifier"]
    await client.connect(bench.mongo_uri, "notifier", service.documents, rings.read(file), "notifier", unhurried=True)
    try:
        for industry, count in {**(listed or {}), **reached}.items():
            for start in range(0, count, AT_ONCE):
                numbers = range(start, min(start + AT_ONCE, count))
                await insert_new(Standing, [standing(industry, number) for number in numbers])
                if industry in reached:
                    await insert_new(Contact, [contact(industry, number) for number in numbers])
    finally:
        client.disconnect()


def standing(industry: str, number: int) -> dict[str, Any]:
    name = f"{industry}-{number:06d}"
    place = {"district": "510603", "platform": "bench", "industry": industry}
    return encode(Standing(id=name, worker_id=name, standing=True, version=1, revision=1, **place))


def contact(industry: str, number: int) -> dict[str, Any]:
    name = f"worker:{industry}-{number:06d}"
    phone, called = encrypt_field(PHONE, name, f"137{number:08d}"), encrypt_field(NAME, name, "李测试")
    return encode(Contact(id=name, known=True, phone=phone, name=called, told_at=clock.now(), revision=1))


async def prepared(bench: Bench, industry: str) -> tuple[str, float]:
    """A broadcast to those of an industry, and how many seconds passed from its approval until all its rows were made."""
    template = f"SMS_{industry}"
    await bench.client.http.put(f"{bench.client.urls['sms']}/sandbox/templates/{template}", content=TEXT)
    body = {"kind": "weather", "urgent": True, "title": "暴雨预警", "text": TEXT, "template": template}
    draft = await ask(bench, "POST", "", json=body | {"industries": [industry]})
    await ask(bench, "POST", f"/{draft['id']}/proposal", headers={"If-Match": '"1"'})
    began = time.perf_counter()
    await ask(bench, "POST", f"/{draft['id']}/approval", caller="officer:second", headers={"If-Match": '"2"'})
    await comes_to(bench, draft["id"], "sending")
    return str(draft["id"]), round(time.perf_counter() - began, 1)


async def comes_to(bench: Bench, broadcast_id: str, state: str) -> None:
    async with asyncio.timeout(dt.timedelta(minutes=10).total_seconds()):
        while (await ask(bench, "GET", f"/{broadcast_id}"))["state"] != state:  # noqa: ASYNC110 - another process comes to it
            await asyncio.sleep(0.5)


async def ask(bench: Bench, method: str, path: str, *, caller: str = "officer:first", **request: Any) -> Any:
    return (await bench.client.call(caller, "notifier", method, f"/v1/broadcasts{path}", **request)).json()
