"""A platform's engagements in bulk: figures, and a table to take away."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest

from services.registry.agreements import commands
from services.registry.engagements.documents import Engagement
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended

TRAINED = {"course": "safety", "completed_on": "2026-08-30"}


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def some(city: City) -> None:
    await city.push(
        city.start(worker_ref="a", safety_training=TRAINED),
        city.start(worker_ref="=b", safety_training=TRAINED, relation="employment", district="510681"),
        city.start(worker_ref="c", agreement=None, started_on="2026-03-02"),
        city.start(worker_ref="d", started_on="2026-08-01", relation="self_employed", agreement=None),
        ended(platform=city.one, worker_ref="d"),
        city.start(platform=city.other, worker_ref="z"),
    )


async def own(city: City, path: str, **params: str) -> Any:
    return await city.registry.http.get(path, params=params, headers=bearer("platform", uscc=city.one))


async def summary(city: City, **params: str) -> dict[str, Any]:
    answer = await own(city, "/v1/engagements/summary", **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def table(city: City, **params: str) -> list[list[str]]:
    answer = await own(city, "/v1/engagements/export", format="csv", **params)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_platform_sees_its_figures_and_missing_papers(city: City) -> None:
    await some(city)
    found = await summary(city)
    assert found["total"] == 4
    assert found["states"] == {"active": 2, "blocked": 1, "ended": 1}
    assert found["relations"] == {"partial": 2, "employment": 1, "self_employed": 1}
    assert found["districts"] == {"510603": 3, "510681": 1}
    assert found["papers"] == {"signed": 1, "due": 2, "not_needed": 1}
    assert (found["without_paper"], found["overdue"]) == (2, 0)
    [late] = await Engagement.find({"platform": city.one, "worker_ref": "c"}).to_list()
    assert late.duty.due_on is not None
    due_on = late.duty.due_on
    await transact(lambda tx: commands.miss(late.id, due_on, tx))
    assert (await summary(city))["overdue"] == 1
    assert (await summary(city, paper="missing"))["total"] == 1


async def test_figures_by_state_relation_and_first_day(city: City) -> None:
    await some(city)
    assert (await summary(city, state="active"))["total"] == 2
    assert (await summary(city, relation="employment"))["districts"] == {"510681": 1}
    assert (await summary(city, since="2026-09-01"))["total"] == 2
    assert (await summary(city, since="2026-08-01"))["total"] == 3


async def test_the_table_has_a_row_each_and_nothing_personal(city: City) -> None:
    await some(city)
    heading, *rows = await table(city)
    shown = [dict(zip(heading, row, strict=True)) for row in rows]
    assert {row["平台人员编号"] for row in shown} == {"a", "'=b", "c", "d"}
    [ended_one] = [row for row in shown if row["状态"] == "ended"]
    assert (ended_one["开始日"], ended_one["结束日"], ended_one["书面文书"]) == (
        "2026-08-01",
        "2026-09-20",
        "not_needed",
    )
    [signed] = [row for row in shown if row["平台人员编号"] == "a"]
    assert signed["文书最迟签订日"] == "2026-10-08"
    for secret in (city.somebody, "试样甲", "13800000001"):
        assert secret not in str(rows)
    assert len(await table(city, relation="employment")) == 2


async def test_the_table_comes_as_an_excel_sheet_too(city: City) -> None:
    await some(city)
    answer = await own(city, "/v1/engagements/export", format="xlsx")
    sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 5


async def test_nobody_sees_anothers_figures(city: City) -> None:
    await some(city)
    assert (await summary(city, platform=city.other))["total"] == 0
    worker = await city.registry.http.get("/v1/engagements/summary", headers=bearer("worker", worker_id="w"))
    assert worker.status_code == 403
    there = {"department": "hrss", "district": "510681"}
    answer = await city.get("/v1/engagements/summary", {"platform": city.one}, officer=there)
    assert answer.json()["districts"] == {"510681": 1}
