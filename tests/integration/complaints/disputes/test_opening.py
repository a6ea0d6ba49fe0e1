from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.disputes.documents import Dispute
from shared.contracts.complaints import (
    DisputeOpened,
    DisputeStepped,
)
from shared.contracts.registry import EngagementActivated
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.disputes.matters import OTHER, joined, opened
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.years import before_2027, publish_2027


async def test_a_grievance_is_told_to_both_sides(complaints: Harness) -> None:
    matter = await opened(complaints, enterprises=[PLATFORM, OTHER])
    told = [one for one in await complaints.told(DisputeOpened) if one.dispute_id == matter.id]
    assert [(one.worker_id, one.platforms) for one in told] == [(matter.worker_id, (PLATFORM, OTHER))]
    assert (await matter.read(bearer("platform", uscc=OTHER))).status_code == 200


async def test_ten_workers_act_by_their_representatives(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    others = [f"w-{new_id()}" for _ in range(9)]
    await joined(matter, *others)
    assert await matter.step(matter.worker, "mediate", forum="arbitration") == 200
    chosen = {"representatives": others[:2]}
    assert (await matter.send(offices["hrss"], "representatives", chosen, "PUT")).status_code == 200
    assert await matter.step(matter.worker, "fail") == 403
    assert await matter.step(bearer("worker", worker_id=others[0]), "fail") == 200
    told = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == matter.id and one.step == "fail"]
    assert {one.worker_id for one in told} == {matter.worker_id, *others}
    assert [one.platforms for one in told if one.first] == [(PLATFORM,)]
    assert all(one.platforms == () for one in told if not one.first)


async def test_an_enterprise_knows_a_worker_by_its_own_reference(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    await complaints.publish(engagement(EngagementActivated, worker_id, "rider-77", was_blocked=False))
    await complaints.settled()
    matter = await opened(complaints, worker_id)
    answer = await matter.read(matter.platform)
    assert answer.json()["workers"] == ["rider-77"]
    assert worker_id not in answer.text
    assert (await matter.read(bearer("platform", uscc=OTHER))).status_code == 404


async def test_what_is_said_lies_open_nowhere(complaints: Harness) -> None:
    matter = await opened(complaints)
    await matter.step(matter.platform, "answer", text="骑手未完成配送")
    row = await collection_of(Dispute).find_one({"_id": matter.id})
    assert "拖欠" not in str(row)
    assert "未完成" not in str(row)
    assert matter.shown["entries"][-1]["text"] == "骑手未完成配送"


async def test_a_published_year_moves_the_day_for_an_answer(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An enterprise has some days to answer a grievance: they end later where the days behind them are off."""
    with before_2027():
        matter = await opened(complaints)
        before = dt.date.fromisoformat((await matter.read()).json()["due_on"])
        await publish_2027(monkeypatch, before)

        async def moved() -> bool:
            due_on = dt.date.fromisoformat((await matter.read()).json()["due_on"])
            return due_on > before

        await eventually(moved)
