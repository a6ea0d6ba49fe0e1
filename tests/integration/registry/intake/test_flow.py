"""From what a platform pushes to what the registry holds and tells."""

from __future__ import annotations

import json

import pytest

from services.registry.engagements.cli import restate
from services.registry.workers.cli import restate as restate_workers
from shared.contracts.registry import (
    EngagementActivated,
    EngagementEnded,
    EngagementRestated,
    EnterpriseRegistered,
    WorkerRegistered,
)
from shared.storage.client import storage
from shared.storage.encryption import open_sealed
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended, profile, training


def officer_of(department: str, district: str) -> dict[str, str]:
    return {"department": department, "district": district}


@pytest.fixture
def city(registry: Harness) -> City:
    """Platforms and persons that no other test knows."""
    return City(registry, next(marks))


async def test_the_latest_profile_of_an_enterprise_holds(city: City, registry: Harness) -> None:
    await city.push(
        profile(platform=city.one, delivery_class="b", time="2026-08-02T08:00:00+08:00"),
        profile(platform=city.one, name="旧名", time="2026-08-01T08:00:00+08:00"),
        profile(platform=city.one, delivery_class="b", time="2026-08-02T08:00:00+08:00"),
    )
    told = [fact for fact in await registry.told(EnterpriseRegistered) if fact.uscc == city.one]
    assert [fact.name for fact in told] == ["试样平台", "试样平台"]
    assert [(str(day), name) for day, name in told[-1].delivery_classes] == [("2026-08-01", "a"), ("2026-08-02", "b")]
    assert open_sealed("notifier", told[-1].for_notifier) == {"phone": "13800000000"}
    seen = (await city.get(f"/v1/enterprises/{city.one}")).json()
    assert (seen["name"], seen["contact_phone"]) == ("试样平台", "138****0000")


async def test_how_engagements_stand_is_told_again(city: City, registry: Harness) -> None:
    """Of those that have no end, with the version that they have, so that nobody takes it for news."""
    await city.push(city.start(), city.start(worker_ref="r-ended"), ended(platform=city.one, worker_ref="r-ended"))
    assert await restate() > 0
    told = [fact for fact in await registry.told(EngagementRestated) if fact.platform == city.one]
    assert [fact.worker_ref for fact in told] == [city.start()["data"]["worker_ref"]]
    before = [fact.version for fact in await city.told() if fact.engagement_id == told[0].engagement_id]
    assert told[0].version == before[-1]


async def test_who_is_on_file_is_told_again_with_their_name(city: City, registry: Harness) -> None:
    await city.push(city.start())
    worker, before = await city.worker(), len(await registry.told(WorkerRegistered))
    assert await restate_workers() > 0
    told = [fact for fact in (await registry.told(WorkerRegistered))[before:] if fact.worker_id == worker]
    assert [open_sealed("subsidies", fact.for_subsidies)["name"] for fact in told] == ["试样甲"]


async def test_training_lifts_the_block_on_every_platform(city: City) -> None:
    await city.push(city.start(), city.start(platform=city.other, worker_ref="x-9"))
    assert await city.news() == ["Started", "Blocked"]
    await city.push(training(platform=city.one))
    assert await city.news() == ["Started", "Blocked", "Activated"]
    assert await city.news(city.other) == ["Started", "Blocked", "Activated"]
    told = await city.told(city.other)
    assert [fact.version for fact in told] == [1, 2, 3]
    assert isinstance(told[-1], EngagementActivated)
    assert told[-1].was_blocked
    [item] = await city.listed()
    assert (item["state"], item["version"]) == ("active", 3)


async def test_a_training_counts_when_the_engagement_comes(city: City) -> None:
    await city.push(training(platform=city.one))
    await city.push(city.start(platform=city.other))
    assert await city.news(city.other) == ["Started", "Blocked"]
    await city.push(city.start())
    assert await city.news() == ["Started", "Activated"]
    # the first platform's training is this person's: the other platform's block is lifted too
    assert await city.news(city.other) == ["Started", "Blocked", "Activated"]


async def test_a_declared_training_lets_the_person_work_at_once(city: City) -> None:
    await city.push(city.start(safety_training={"course": "safety-onboarding", "completed_on": "2026-08-31"}))
    told = await city.told()
    assert await city.news() == ["Started", "Activated"]
    assert isinstance(told[1], EngagementActivated)
    assert not told[1].was_blocked


async def test_the_same_declaration_again_changes_nothing(city: City) -> None:
    await city.push(city.start(), city.start(), city.start(time="2026-09-05T08:00:00+08:00"))
    assert await city.news() == ["Started", "Blocked"]


async def test_a_later_declaration_corrects_an_older_is_ignored(city: City) -> None:
    await city.push(
        city.start(time="2026-09-02T08:00:00+08:00", district="510681"),
        city.start(time="2026-09-01T08:00:00+08:00", district="510682"),
        city.start(time="2026-09-03T08:00:00+08:00", relation="employment"),
    )
    told = await city.told()
    assert await city.news() == ["Started", "Blocked", "Corrected"]
    assert (told[-1].relation, told[-1].district, told[-1].version) == ("employment", "510603", 3)


async def test_a_duplicate_moves_the_time_of_the_latest_word(city: City) -> None:
    await city.push(
        city.start(time="2026-09-01T08:00:00+08:00"),
        city.start(time="2026-09-03T08:00:00+08:00"),
        city.start(time="2026-09-02T08:00:00+08:00", relation="employment"),
    )
    assert await city.news() == ["Started", "Blocked"]


async def test_an_end_closes_what_has_begun_and_is_yet_to_be_told(city: City) -> None:
    await city.push(city.start(), ended(platform=city.one))
    await city.push(city.start(started_on="2026-09-10"), city.start(started_on="2026-09-21"))
    items = {item["started_on"]: (item["state"], item["ended_on"]) for item in await city.listed()}
    assert items == {
        "2026-09-01": ("ended", "2026-09-20"),
        "2026-09-10": ("ended", "2026-09-20"),
        "2026-09-21": ("blocked", None),
    }
    closed = [fact for fact in await city.told() if isinstance(fact, EngagementEnded)]
    assert [fact.reason for fact in closed] == ["", ""]


async def test_why_work_ended_is_shown_and_stands_nowhere_in_clear(city: City) -> None:
    await city.push(city.start(), ended(platform=city.one, reason="与站长王某争执后离开"))
    [item] = await city.listed()
    seen = (await city.get(f"/v1/engagements/{item['engagement_id']}")).json()
    assert seen["end_reason"] == "与站长王某争执后离开"
    assert await holding("与站长王某争执后离开") == []


async def test_an_earlier_end_that_comes_later_holds(city: City) -> None:
    await city.push(
        city.start(), ended(platform=city.one), ended(platform=city.one, ended_on="2026-09-15", reason="旷工")
    )
    assert await city.news() == ["Started", "Blocked", "Ended", "Ended"]
    [item] = await city.listed()
    assert item["ended_on"] == "2026-09-15"


async def test_a_training_after_a_blocked_end_activates_nothing(city: City) -> None:
    await city.push(city.start(), ended(platform=city.one), training(platform=city.one, completed_on="2026-09-25"))
    assert await city.news() == ["Started", "Blocked", "Ended"]


async def test_a_training_told_behind_the_end_counts_for_before(
    city: City,
) -> None:
    await city.push(city.start(), ended(platform=city.one), training(platform=city.one))
    assert await city.news() == ["Started", "Blocked", "Ended", "Activated"]
    [item] = await city.listed()
    assert item["state"] == "ended"


async def test_a_corrected_id_number_moves_engagement_and_training(city: City) -> None:
    await city.push(
        city.start(),
        city.start(platform=city.other, worker_ref="a"),
        city.start(platform=city.other, worker_ref="b", id_number=city.somebody_else),
        training(platform=city.one),
    )
    before = await city.worker()
    await city.push(city.start(id_number=city.somebody_else, time="2026-09-05T08:00:00+08:00"))
    assert await city.worker() != before
    seen = (await city.get("/v1/engagements", params={"platform": city.other})).json()["items"]
    assert {item["worker_ref"]: item["state"] for item in seen} == {"a": "blocked", "b": "active"}


async def test_one_person_on_two_platforms_is_one_worker(city: City, registry: Harness) -> None:
    await city.push(
        city.start(time="2026-09-02T08:00:00+08:00", phone="13800000002"),
        city.start(platform=city.other, phone="13800000001", time="2026-09-01T08:00:00+08:00"),
        city.start(platform=city.other, phone="13800000003", time="2026-09-03T08:00:00+08:00"),
    )
    worker = await city.worker()
    assert worker == await city.worker(city.other)
    told = [fact for fact in await registry.told(WorkerRegistered) if fact.worker_id == worker]
    phones = [open_sealed("notifier", fact.for_notifier)["phone"] for fact in told]
    assert phones == ["13800000002", "13800000001", "13800000003"]
    assert open_sealed("insurance", told[0].for_insurance) == {"id_number": city.somebody, "name": "试样甲"}
    sex = "male" if city.somebody[16] in "13579" else "female"
    sealed = open_sealed("subsidies", told[0].for_subsidies)
    assert sealed == {"born_on": "1990-03-07", "sex": sex, "name": "试样甲"}


async def test_nothing_personal_stands_in_clear_in_the_database(city: City) -> None:
    await city.push(
        city.start(name="试样壬", phone="13700000099"), profile(platform=city.one, contact_phone="13700000098")
    )
    stored = ""
    for name in await storage().database.list_collection_names():
        for row in await storage().collection(name).find({}).to_list(None):
            row.pop("data", None) if name == "outbox" else None
            stored += json.dumps(row, default=str, ensure_ascii=False)
    for secret in (city.somebody, "试样壬", "13700000099", "13700000098"):
        assert secret not in stored


async def test_a_worker_reads_the_own_record_masked(city: City, registry: Harness) -> None:
    await city.push(city.start())
    worker = await city.worker()
    answer = await registry.http.get("/v1/workers/me", headers=bearer("worker", worker_id=worker))
    body = answer.json()
    assert (body["name"], body["phone"]) == ("试**", "138****0001")
    assert body["id_number"] == f"{city.somebody[:4]}**********{city.somebody[-4:]}"
    assert [item["platform"] for item in body["engagements"]] == [city.one]
    nobody = await registry.http.get("/v1/workers/me", headers=bearer("worker", worker_id="nobody"))
    assert nobody.status_code == 404


async def test_an_unmasked_read_is_for_labour_and_written_down(city: City, registry: Harness) -> None:
    await city.push(city.start())
    worker = await city.worker()
    refused = await city.get(f"/v1/workers/{worker}?unmasked=true", officer=officer_of("transport", "510600"))
    assert refused.status_code == 403
    answer = await city.get(f"/v1/workers/{worker}?unmasked=true", officer=officer_of("hrss", "510603"))
    assert (answer.json()["id_number"], answer.json()["phone"]) == (city.somebody, "13800000001")
    audit = (await city.get("/v1/audit")).json()["items"]
    assert [(entry["department"], entry["district"]) for entry in audit if entry["about"] == worker] == [
        ("hrss", "510603")
    ]
    assert (await city.get("/v1/audit", officer=officer_of("hrss", "510603"))).status_code == 403


async def test_an_officer_of_a_district_sees_only_whats_there(city: City) -> None:
    await city.push(city.start(), city.start(platform=city.other, district="510681", worker_ref="y"))
    worker = await city.worker()
    there, elsewhere = officer_of("hrss", "510681"), officer_of("hrss", "510604")
    assert (await city.get("/v1/engagements", {"platform": city.one}, officer=there)).json()["items"] == []
    [own] = (await city.get("/v1/engagements", {"platform": city.other}, officer=there)).json()["items"]
    assert (await city.get(f"/v1/engagements/{own['engagement_id']}", officer=there)).status_code == 200
    assert (await city.get(f"/v1/engagements/{own['engagement_id']}", officer=elsewhere)).status_code == 404
    seen = (await city.get(f"/v1/workers/{worker}", officer=there)).json()
    assert [item["district"] for item in seen["engagements"]] == ["510681"]
    assert (await city.get(f"/v1/workers/{worker}", officer=elsewhere)).status_code == 404


async def test_a_platform_sees_its_own_engagements_and_no_others(city: City, registry: Harness) -> None:
    await city.push(city.start(), city.start(platform=city.other))
    headers = bearer("platform", uscc=city.other)
    seen = (await registry.http.get("/v1/engagements", headers=headers)).json()["items"]
    assert {item["platform"] for item in seen} == {city.other}
    foreign = await registry.http.get("/v1/engagements", params={"platform": city.one}, headers=headers)
    assert foreign.json()["items"] == []
    worker = await registry.http.get("/v1/engagements", headers=bearer("worker", worker_id="w"))
    assert worker.status_code == 403


async def test_lists_go_on_page_by_page(city: City) -> None:
    await city.push(*[city.start(started_on=f"2026-09-0{day}") for day in range(1, 6)])
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"platform": city.one, "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await city.get("/v1/engagements", params)).json()
        seen += [item["started_on"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"2026-09-0{day}" for day in range(1, 6)]
    assert (await city.get("/v1/engagements", {"cursor": "eyJhIjoxfQ=="})).status_code == 400


async def test_an_engagement_is_shown_with_what_its_gate_rests_on(city: City) -> None:
    await city.push(city.start())
    [item] = await city.listed(worker_ref="w-1", state="blocked")
    detail = (await city.get(f"/v1/engagements/{item['engagement_id']}")).json()
    paper = {"kind": "written_agreement", "number": "XY1", "signed_on": "2026-09-01"}
    assert detail["agreement"] == paper | {"term": None, "ends_on": None}
    assert [used["key"] for used in detail["gate_rests_on"]] == ["safety.training_required"]


async def test_the_figures_count_everything_once(city: City) -> None:
    before = (await city.get("/v1/statistics")).json()
    await city.push(
        profile(platform=city.one),
        city.start(),
        city.start(platform=city.other),
        city.start(
            started_on="2026-09-09", worker_ref="z", safety_training={"course": "s", "completed_on": "2026-09-01"}
        ),
        ended(platform=city.other),
    )
    after = (await city.get("/v1/statistics")).json()
    states = ("active", "blocked", "ended")
    assert after["workers"] - before["workers"] == 1
    assert after["enterprises"] - before["enterprises"] == 1
    assert [after["engagements"][state] - before["engagements"][state] for state in states] == [1, 1, 1]
