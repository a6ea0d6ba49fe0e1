"""A record is kept while a matter of the person is open anywhere, and goes by itself when the last ground is over."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from services.registry.grounds.documents import Ground
from services.registry.workers.documents import Worker
from shared.contracts import catalogue
from shared.contracts.registry import WorkerErased
from shared.storage.client import collection_of, storage
from tests.harness import Harness, eventually
from tests.integration.registry.city import City, marks
from tests.integration.registry.people import own, record
from tests.unit.registry.pushes import ended

GOLDEN = Path(__file__).parents[3] / "contract" / "golden"


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


def about(worker: str, event: str, **changes: Any) -> Any:
    """An event of another service about a worker."""
    name = f"cn.deyang.{event}.v1"
    message = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return msgspec.convert(message["value"] | {"worker_id": worker, **changes}, catalogue[name])


async def once_worked(city: City) -> str:
    """Somebody whose only engagement ended a day ago; their id."""
    await city.push(city.start(started_on="2026-09-01", time="2026-09-01T08:00:00+08:00"))
    worker = await city.worker()
    await city.push(ended(platform=city.one, ended_on="2026-11-20", time="2026-11-20T20:00:00+08:00"))
    return worker


async def grounds(city: City, worker: str) -> dict[str, str | None]:
    answer = await own(city, "GET", "/erasure-requests", worker)
    assert answer.status_code == 200, answer.text
    return {one["ground"]: one["until"] for one in answer.json()["grounds"]}


async def keeps(city: City, worker: str, wanted: dict[str, str | None]) -> None:
    async def look() -> bool:
        return await grounds(city, worker) == wanted

    await eventually(look)


async def test_a_worker_reads_what_keeps_the_record(city: City, registry: Harness) -> None:
    worker = await once_worked(city)
    work: dict[str, str | None] = {"engagement": "2029-11-20"}
    await keeps(city, worker, work)
    claim = {"claim_id": f"c-{worker}"}
    await registry.publish(about(worker, "insurance.claim.filed", **claim))
    await keeps(city, worker, {**work, "claim": None})
    asked = await own(city, "POST", "/erasure-requests", worker)
    assert (asked.json()["status"], asked.json()["on"]) == ("waiting", None)
    assert [one["title"] for one in asked.json()["grounds"]] == [
        "用工关系（工资台账）",
        "事故报案和工伤（职业伤害）认定",
    ]
    await registry.publish(about(worker, "insurance.claim.closed", **claim))

    async def closed() -> bool:
        return (await grounds(city, worker))["claim"] is not None

    await eventually(closed)
    assert (await own(city, "GET", "/erasure-requests", worker)).json()["asked"]


async def test_a_part_in_somebody_elses_complaint_keeps(city: City, registry: Harness) -> None:
    worker = await once_worked(city)
    part = {"part_id": f"p-{worker}"}
    await registry.publish(about(worker, "complaints.reporter.involved", open=True, **part))
    await keeps(city, worker, {"engagement": "2029-11-20", "part_in_case": None})
    assert (await own(city, "POST", "/erasure-requests", worker)).json()["status"] == "waiting"
    await registry.publish(about(worker, "complaints.reporter.involved", open=False, **part))

    async def closed() -> bool:
        return (await grounds(city, worker))["part_in_case"] is not None

    await eventually(closed)


async def test_an_open_matter_outlasts_the_term_of_the_work(city: City, registry: Harness) -> None:
    """The record goes half a year after the benefit has ended, on the day itself."""
    worker = await once_worked(city)
    benefit = {"benefit_id": f"b-{worker}", "kind": "disability_allowance"}
    await registry.publish(about(worker, "insurance.benefit.granted", **benefit))
    await registry.publish(about(worker, "insurance.benefit.paid", **benefit))
    await keeps(city, worker, {"engagement": "2029-11-20", "benefit": None})
    with time_machine.travel("2030-01-10T08:00:00+08:00", tick=True):
        await registry.settled()
        assert (await record(city, worker)).status_code == 200
        await registry.publish(about(worker, "insurance.benefit.ended", **benefit))
        await keeps(city, worker, {"benefit": "2030-07-10"})
    timer = await storage().collection("timers").find_one({"_id": f"registry.erasure:{worker}"})
    assert timer is not None
    assert timer["due_at"].replace(tzinfo=dt.UTC) == dt.datetime(2030, 7, 10, 16, tzinfo=dt.UTC)
    with time_machine.travel("2030-07-11T00:01:00+08:00", tick=True):

        async def erased() -> bool:
            return worker in [fact.worker_id for fact in await registry.told(WorkerErased)]

        await eventually(erased, 30)
    row = await collection_of(Worker).find_one({"_id": worker})
    assert row is not None
    assert (row["name"], row["id_number"], row["phone"]) == ("", "", "")
    assert await Ground.find({"worker_id": worker}).count() == 0


async def test_news_that_comes_late_opens_nothing_again(city: City, registry: Harness) -> None:
    """A matter stands as its latest event says, whatever comes first; told twice, it changes nothing."""
    worker = await once_worked(city)
    case = {"case_id": f"k-{worker}"}
    opened = about(worker, "complaints.case.opened", **case)
    now = dt.datetime.now(dt.UTC)
    await registry.publish(about(worker, "complaints.case.closed", **case))

    async def closed() -> bool:
        return (await grounds(city, worker)).get("case") is not None

    await eventually(closed)
    await registry.publish(opened, time=now - dt.timedelta(days=2))
    await registry.settled()
    assert await closed()
