"""Wrong id numbers are corrected, and two records of one person become one."""

from __future__ import annotations

import httpx2
import pytest

from services.registry.workers.documents import Worker
from shared.contracts.registry import EngagementCorrected, WorkerMerged, WorkerRegistered
from shared.storage.client import collection_of
from shared.storage.encryption import open_sealed
from tests.harness import Harness, bearer
from tests.integration.registry.city import City, marks
from tests.integration.registry.people import identities, officers_word, own, phones_told, record
from tests.unit.registry.pushes import training


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def correct(city: City, worker_id: str, number: str, officer: dict[str, str] | None = None) -> httpx2.Response:
    etag = (await city.get(f"/v1/workers/{worker_id}")).headers["etag"]
    headers = bearer("officer", **officer) if officer else city.registry.officer
    body = {"id_number": number, "reason": "居民户口簿"}
    return await city.registry.http.put(
        f"/v1/workers/{worker_id}/id-number", json=body, headers={**headers, "If-Match": etag}
    )


async def test_a_platform_goes_on_meaning_a_corrected_person(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    answer = await correct(city, worker, city.somebody_else)
    assert answer.status_code == 200, answer.text
    assert (await record(city, worker)).json()["id_number"] == city.somebody_else
    told = [fact for fact in await city.registry.told(WorkerRegistered) if fact.worker_id == worker]
    assert open_sealed("insurance", told[-1].for_insurance)["id_number"] == city.somebody_else
    # the platform says the wrong number again, and later begins a new engagement under it
    await city.push(
        city.start(time="2026-09-05T08:00:00+08:00", phone="13800000077"),
        city.start(time="2026-10-01T08:00:00+08:00", started_on="2026-10-01"),
    )
    assert {item["worker_id"] for item in await city.listed()} == {worker}
    # to another platform the number is somebody else's
    await city.push(city.start(platform=city.other))
    assert await city.worker(city.other) != worker


async def test_a_right_number_on_file_makes_both_records_one(city: City) -> None:
    await city.push(city.start(), city.start(platform=city.other, id_number=city.somebody_else))
    wrong, right = await city.worker(), await city.worker(city.other)
    answer = await correct(city, wrong, city.somebody_else)
    assert (answer.status_code, answer.json()["worker_id"]) == (200, right)
    assert {item["platform"] for item in answer.json()["engagements"]} == {city.one, city.other}
    assert WorkerMerged(worker_id=right, merged_worker_id=wrong) in await city.registry.told(WorkerMerged)
    moved = (await city.told())[-1]
    assert (type(moved), moved.worker_id, moved.version) == (EngagementCorrected, right, 3)
    # whoever asks for the record that went gets the one that stayed
    assert (await record(city, wrong)).json()["worker_id"] == right
    assert (await own(city, "GET", "", wrong)).json()["worker_id"] == right


async def test_a_training_of_either_record_counts_for_the_one_person(city: City) -> None:
    await city.push(
        city.start(safety_training=None),
        city.start(platform=city.other, id_number=city.somebody_else, safety_training=None),
    )
    wrong, right = await city.worker(), await city.worker(city.other)
    await city.push(training(platform=city.one, course="road-safety", completed_on="2026-08-30"))
    await correct(city, wrong, city.somebody_else)
    [item] = (await city.get("/v1/engagements", {"platform": city.other})).json()["items"]
    assert (item["worker_id"], item["state"]) == (right, "active")


async def test_two_papers_of_one_person_lead_to_one_record(city: City, registry: Harness) -> None:
    await city.push(city.start(), city.start(platform=city.other, id_number=city.somebody_else))
    kept, merged = await city.worker(), await city.worker(city.other)
    body = {"merged_worker_id": merged, "reason": "居住证与身份证为同一人"}
    answer = await registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=registry.officer)
    assert answer.status_code == 201, answer.text
    again = await registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=registry.officer)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/one-record-already")
    await city.push(
        city.start(
            platform=city.other,
            id_number=city.somebody_else,
            started_on="2026-11-01",
            time="2026-11-01T08:00:00+08:00",
        )
    )
    engagements = (await record(city, kept)).json()["engagements"]
    assert len(engagements) == 3
    entries = (await city.get("/v1/audit")).json()["items"]
    assert [entry["action"] for entry in entries if entry["about"] == kept][:1] == ["worker.merged"]


@pytest.mark.parametrize(
    "officer", [{"department": "transport", "district": "510600"}, {"department": "hrss", "district": "510603"}]
)
async def test_only_the_citys_labour_department_corrects_a_number(city: City, officer: dict[str, str]) -> None:
    await city.push(city.start())
    assert (await correct(city, await city.worker(), city.somebody_else, officer)).status_code == 403


async def test_a_number_that_does_not_hold_is_refused_and_not_repeated(city: City) -> None:
    await city.push(city.start())
    answer = await correct(city, await city.worker(), "510603199001010011")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-an-id-number")
    assert "510603199001010011" not in answer.text


async def test_a_merged_records_number_can_become_the_others_own(city: City, registry: Harness) -> None:
    await city.push(city.start(), city.start(platform=city.other, id_number=city.somebody_else))
    kept, merged = await city.worker(), await city.worker(city.other)
    body = {"merged_worker_id": merged, "reason": "居住证与身份证为同一人"}
    answer = await registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=registry.officer)
    assert answer.status_code == 201, answer.text
    assert (await correct(city, kept, city.somebody_else)).status_code == 200
    assert (await record(city, kept)).json()["id_number"] == city.somebody_else
    assert await identities(merged) == set()


async def two_records(city: City) -> tuple[str, str]:
    """Two records of one person, each by another platform: the second's knows the person later, by another name and phone."""
    later = "2026-09-20T08:00:00+08:00"
    await city.push(
        city.start(name="张测试", phone="13800000001"),
        city.start(platform=city.other, id_number=city.somebody_else, name="张侧试", phone="13800000002", time=later),
    )
    return await city.worker(), await city.worker(city.other)


async def merge(city: City, kept: str, merged: str) -> None:
    body = {"merged_worker_id": merged, "reason": "居住证与身份证为同一人"}
    answer = await city.registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=city.registry.officer)
    assert answer.status_code == 201, answer.text
    await city.registry.settled()


async def test_what_was_said_of_either_record_counts_for_the_person(city: City) -> None:
    first, second = await two_records(city)
    await officers_word(city, second, "name", "张测式")
    etag = (await own(city, "GET", "", second)).headers["etag"]
    await own(city, "PUT", "/phone", second, json={"phone": "13900000009"}, headers={"If-Match": etag})
    await officers_word(city, first, "phone", "13700000007")
    await merge(city, first, second)
    seen = (await record(city, first)).json()
    assert (seen["name"], seen["phone"]) == ("张测式", "13900000009")
    assert [one["name"] for one in seen["other_names"]] == ["张测试", "张侧试"]
    assert (await phones_told(city, first))[-1] == "13900000009"
    row = await collection_of(Worker).find_one({"_id": first})
    assert row is not None
    assert len(row["names"]) == 3
    assert len(row["phones"]) == 4


@pytest.mark.parametrize("stays", [0, 1])
async def test_the_platform_that_knew_first_holds_after_a_merger(city: City, stays: int) -> None:
    records = await two_records(city)
    kept = records[stays]
    await merge(city, kept, records[1 - stays])
    seen = (await record(city, kept)).json()
    assert (seen["name"], seen["phone"]) == ("张测试", "13800000001")
    assert (await phones_told(city, kept))[-1] == "13800000001"


async def test_a_wrong_number_takes_ones_own_phone_along(city: City) -> None:
    wrong, right = await two_records(city)
    etag = (await own(city, "GET", "", wrong)).headers["etag"]
    await own(city, "PUT", "/phone", wrong, json={"phone": "13900000009"}, headers={"If-Match": etag})
    assert (await correct(city, wrong, city.somebody_else)).status_code == 200
    assert (await record(city, right)).json()["phone"] == "13900000009"
