"""Safety training that lapses: a city's own period, reminders, the block, and renewal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.registry.intake import commands as intake
from services.registry.safety import commands as safety
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementEnded,
    EngagementFact,
    SafetyTrainingExpired,
    SafetyTrainingExpiring,
)
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.city import City
from tests.unit.registry.pushes import ended, training
from tests.unit.registry.safety.test_safety_rules import LAPSING

_serial = iter(range(700, 999))


@pytest.fixture
def city(registry: Harness, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city that has said how long a training holds: twelve months."""
    monkeypatch.setattr(safety, "parameters", LAPSING)
    monkeypatch.setattr(intake, "parameters", LAPSING)
    return City(registry, next(_serial))


def months_ago(count: int, days: int = 0) -> dt.date:
    """A training completed on this day lapses `12 - count` months from today, about; days are added."""
    return shanghai_date(dt.datetime.now(dt.UTC)) - dt.timedelta(days=30 * count) + dt.timedelta(days=days)


async def news(city: City) -> list[type[EngagementFact]]:
    return [type(fact) for fact in await city.told()][1:]


async def started(city: City, completed_on: dt.date) -> dict[str, Any]:
    declared = {"course": "safety-onboarding", "completed_on": completed_on.isoformat()}
    await city.push(city.start(safety_training=declared))
    [item] = await city.listed()
    return item


async def safety_of(city: City, engagement_id: str) -> dict[str, Any]:
    return dict((await city.get(f"/v1/engagements/{engagement_id}/safety")).json())


async def test_a_newer_training_lifts_the_block_of_a_lapsed_one(
    city: City,
) -> None:
    item = await started(city, months_ago(14))
    assert item["state"] == "blocked"
    assert (await safety_of(city, item["engagement_id"]))["state"] == "expired"
    today = months_ago(0)
    await city.push(training(platform=city.one, completed_on=today.isoformat(), time=f"{today}T00:00:00+08:00"))
    # the training that has lapsed still held on the first days of the engagement
    assert await news(city) == [EngagementActivated, EngagementBlocked, EngagementActivated]
    seen = await safety_of(city, item["engagement_id"])
    assert (seen["state"], seen["may_work"]) == ("valid", True)
    assert dt.date.fromisoformat(seen["valid_to"]) > today + dt.timedelta(360)


async def test_the_end_of_a_training_blocks_the_engagement_and_says_so(
    city: City, registry: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await started(city, months_ago(10))
    assert item["state"] == "active"
    last = dt.date.fromisoformat((await safety_of(city, item["engagement_id"]))["valid_to"])

    async def reminded() -> list[SafetyTrainingExpiring]:
        return [fact for fact in await registry.told(SafetyTrainingExpiring) if fact.platform == city.one]

    async def ended() -> list[SafetyTrainingExpired]:
        return [fact for fact in await registry.told(SafetyTrainingExpired) if fact.platform == city.one]

    assert await reminded() == []
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: end_of_day(last) - dt.timedelta(seconds=1))
        [reminder] = await eventually(reminded)
        assert (await safety_of(city, item["engagement_id"]))["state"] == "expiring"
        assert await ended() == []
        patch.setattr("shared.clock.now", lambda: end_of_day(last))
        [end] = await eventually(ended)
        assert (await safety_of(city, item["engagement_id"]))["state"] == "expired"
    assert {(fact.engagement_id, fact.course, fact.valid_to) for fact in (reminder, end)} == {
        (item["engagement_id"], "safety-onboarding", last)
    }
    assert await news(city) == [EngagementActivated, EngagementBlocked]


async def test_whoever_renewed_in_time_is_not_reminded_or_blocked(
    city: City, registry: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await started(city, months_ago(10))
    last = dt.date.fromisoformat((await safety_of(city, item["engagement_id"]))["valid_to"])
    timer = await storage().collection("timers").find_one({"_id": f"{safety.LAPSE}:{item['engagement_id']}"})
    assert timer is not None
    today = months_ago(0)
    await city.push(training(platform=city.one, completed_on=today.isoformat(), time=f"{today}T00:00:00+08:00"))
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: end_of_day(last))
        await transact(lambda tx: safety.remind(item["engagement_id"], last, tx))
        assert await transact(lambda tx: safety.lapse(item["engagement_id"], last, tx)) is None
    assert await news(city) == [EngagementActivated]
    assert [fact for fact in await registry.told(SafetyTrainingExpired) if fact.platform == city.one] == []
    moved = await storage().collection("timers").find_one({"_id": timer["_id"]})
    assert moved is not None
    assert moved["due_at"] > timer["due_at"] + dt.timedelta(days=200)


async def test_work_known_after_its_end_is_judged_by_its_last_day(city: City) -> None:
    over = months_ago(13)  # the training of sixteen months ago was valid then, and is not today
    await city.push(ended(platform=city.one, ended_on=over.isoformat(), time=f"{over}T22:00:00+08:00"))
    declared = {"course": "safety-onboarding", "completed_on": months_ago(16).isoformat()}
    began = months_ago(15)
    await city.push(city.start(safety_training=declared, started_on=began.isoformat(), time=f"{began}T08:00:00+08:00"))
    assert await news(city) == [EngagementActivated, EngagementEnded]


@pytest.mark.parametrize("told_by", ["engagement", "training"])
async def test_a_training_dated_ahead_counts_from_its_day(
    city: City, monkeypatch: pytest.MonkeyPatch, told_by: str
) -> None:
    day = months_ago(0, days=40)
    course = {"course": "safety-onboarding", "completed_on": day.isoformat()}
    declared = course if told_by == "engagement" else None
    await city.push(city.start(safety_training=declared))
    if told_by == "training":
        await city.push(training(platform=city.one, **course))
    assert await news(city) == [EngagementBlocked]
    [item] = await city.listed()
    seen = await safety_of(city, item["engagement_id"])
    assert (seen["state"], seen["may_work"], seen["valid_to"]) == ("none", False, None)
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: start_of_day(day) - dt.timedelta(seconds=1))
        await transact(lambda tx: intake.reassess(item["worker_id"], start_of_day(day), tx))
        assert await news(city) == [EngagementBlocked]
        patch.setattr("shared.clock.now", lambda: start_of_day(day))

        async def opened() -> bool:
            return await news(city) == [EngagementBlocked, EngagementActivated]

        await eventually(opened)
    assert [fact.trained_on for fact in await city.told() if isinstance(fact, EngagementActivated)] == [day]


async def test_a_training_dated_ahead_takes_none_away(city: City) -> None:
    item = await started(city, months_ago(1))
    ahead = months_ago(0, days=40).isoformat()
    await city.push(training(platform=city.one, course="safety-onboarding", completed_on=ahead))
    assert await news(city) == [EngagementActivated]
    seen = await safety_of(city, item["engagement_id"])
    assert (seen["state"], seen["may_work"]) == ("valid", True)
    # the latest word names the one ahead alone: nothing that holds today is on file any more
    named = {"course": "safety-onboarding", "completed_on": ahead}
    await city.push(city.start(safety_training=named, time=f"{months_ago(0)}T00:00:00+08:00"))
    assert (await news(city))[-1] == EngagementBlocked
    assert [fact.worked for fact in await city.told()][-1]


async def test_who_may_see_the_trainings_of_an_engagement(city: City, registry: Harness) -> None:
    item = await started(city, months_ago(10))
    path = f"/v1/engagements/{item['engagement_id']}/safety"
    for headers, status in [
        (bearer("platform", uscc=city.one), 200),
        (bearer("platform", uscc=city.other), 404),
        (bearer("worker", worker_id=item["worker_id"]), 200),
        (bearer("worker", worker_id="somebody"), 404),
        (bearer("officer", department="hrss", district="510681"), 404),
    ]:
        assert (await registry.http.get(path, headers=headers)).status_code == status


async def test_what_a_trade_demands_can_be_asked(registry: Harness) -> None:
    answer = await registry.http.get("/v1/safety-courses?industry=freight", headers=registry.officer)
    body = answer.json()
    assert (body["required"], body["validity_months"]) == (True, None)
    assert {"road-safety", "freight-safety*"} < set(body["courses"])
    riders = (await registry.http.get("/v1/safety-courses?industry=ride_hailing", headers=registry.officer)).json()
    assert "freight-safety*" not in riders["courses"]
    elsewhere = await registry.http.get("/v1/safety-courses?industry=freight&district=110101", headers=registry.officer)
    assert elsewhere.status_code == 422
