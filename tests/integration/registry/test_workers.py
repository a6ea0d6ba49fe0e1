"""One person, one record: corrected numbers, mergers, one's own phone, erasure."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from services.registry.gateway.body import BATCH_JSON
from services.registry.workers.commands import Person, register
from services.registry.workers.documents import Identity, Worker
from shared import clock
from shared.contracts.registry import EngagementCorrected, WorkerErased, WorkerMerged, WorkerRegistered
from shared.storage import keys, reencryption
from shared.storage.client import collection_of
from shared.storage.encryption import open_sealed
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import array, ended, training


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def record(city: City, worker_id: str) -> httpx2.Response:
    return await city.get(f"/v1/workers/{worker_id}", {"unmasked": "true"})


async def correct(city: City, worker_id: str, number: str, officer: dict[str, str] | None = None) -> httpx2.Response:
    etag = (await city.get(f"/v1/workers/{worker_id}")).headers["etag"]
    headers = bearer("officer", **officer) if officer else city.registry.officer
    body = {"id_number": number, "reason": "居民户口簿"}
    return await city.registry.http.put(
        f"/v1/workers/{worker_id}/id-number", json=body, headers={**headers, "If-Match": etag}
    )


async def own(city: City, method: str, path: str, worker_id: str, **request: Any) -> httpx2.Response:
    headers = city.registry.headers("worker", worker_id=worker_id) | request.pop("headers", {})
    return await city.registry.http.request(method, f"/v1/workers/me{path}", headers=headers, **request)


async def test_a_wrong_number_is_corrected_and_its_platform_goes_on_meaning_that_person(city: City) -> None:
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


async def test_where_the_right_number_is_on_file_both_records_become_one(city: City) -> None:
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


async def test_ones_own_phone_stands_over_what_platforms_say(city: City, registry: Harness) -> None:
    await city.push(city.start(phone="13800000001"))
    worker = await city.worker()
    etag = (await own(city, "GET", "", worker)).headers["etag"]
    answer = await own(city, "PUT", "/phone", worker, json={"phone": "+86 139 0000 0009"}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["phone"]) == (200, "139****0009")
    await city.push(city.start(phone="13800000002", time="2026-09-20T08:00:00+08:00"))
    told = [fact for fact in await registry.told(WorkerRegistered) if fact.worker_id == worker]
    assert open_sealed("notifier", told[-1].for_notifier)["phone"] == "13900000009"


async def test_a_record_is_erased_when_nothing_keeps_it(city: City, registry: Harness) -> None:
    await city.push(
        city.start(started_on="2022-05-01", time="2022-05-01T08:00:00+08:00"),
        ended(platform=city.one, ended_on="2022-06-30", time="2022-06-30T20:00:00+08:00"),
    )
    # the last day of work is more than three years ago: erased as soon as the end is known
    assert await registry.told(WorkerErased)
    [item] = await city.listed()
    row = await collection_of(Worker).find_one({"_id": item["worker_id"]})
    assert row is not None
    assert (row["name"], row["id_number"], row["phone"], row["phones"]) == ("", "", "", [])
    assert (await record(city, item["worker_id"])).status_code == 404
    assert await identities(item["worker_id"]) == set()
    # whoever comes back is a new record
    await city.push(city.start(platform=city.other))
    assert await city.worker(city.other) != item["worker_id"]


async def test_while_somebody_works_a_request_for_erasure_waits_and_can_be_taken_back(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    answer = await own(city, "POST", "/erasure-requests", worker)
    assert (answer.status_code, answer.json()) == (202, {"status": "waiting", "on": None})
    assert (await own(city, "GET", "", worker)).json()["erasure_asked"]
    refused = await record(city, worker)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/erasure-asked")
    assert (await own(city, "POST", "/erasure-requests", worker)).status_code == 409
    assert (await own(city, "DELETE", "/erasure-requests", worker)).status_code == 204
    assert (await record(city, worker)).status_code == 200


async def test_new_work_takes_a_request_for_erasure_back(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    await own(city, "POST", "/erasure-requests", worker)
    await city.push(city.start(platform=city.other))
    assert not (await own(city, "GET", "", worker)).json()["erasure_asked"]


async def identities(worker_id: str) -> set[str]:
    rows = await collection_of(Identity).find({"worker_id": worker_id}).to_list(None)
    return {row["_id"] for row in rows}


async def test_one_whom_two_platforms_declare_at_the_same_moment_is_one_record(city: City) -> None:
    person = Person(city.somebody, "张测试", "13800000001")

    async def declared(platform: str) -> str:
        worker = await transact(lambda tx: register(person, platform, clock.now(), tx, stands_for=None))
        return worker.id

    assert len({*await asyncio.gather(*(declared(f"platform-{number}") for number in range(5)))}) == 1


async def test_a_person_stays_one_record_while_the_index_key_changes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    await city.push(city.start())
    worker, old = await city.worker(), keys.ring("index")
    before = await identities(worker)
    both = keys.KeyRing("k2", {**old.keys, "k2": b"2" * 32})
    monkeypatch.setitem(keys._rings, "index", both)
    await city.push(city.start(platform=city.other))
    assert await city.worker(city.other) == worker
    assert before < await identities(worker)
    await reencryption.rehash(Identity)
    after = await identities(worker)
    assert (len(after), after & before) == (1, set())
    monkeypatch.setitem(keys._rings, "index", keys.KeyRing("k2", {"k2": both.keys["k2"]}))
    await city.push(city.start(started_on="2026-10-01", time="2026-10-01T08:00:00+08:00"))
    assert {item["worker_id"] for item in await city.listed()} == {worker}


async def test_the_number_of_a_record_that_became_another_can_be_that_ones_own(city: City, registry: Harness) -> None:
    await city.push(city.start(), city.start(platform=city.other, id_number=city.somebody_else))
    kept, merged = await city.worker(), await city.worker(city.other)
    body = {"merged_worker_id": merged, "reason": "居住证与身份证为同一人"}
    answer = await registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=registry.officer)
    assert answer.status_code == 201, answer.text
    assert (await correct(city, kept, city.somebody_else)).status_code == 200
    assert (await record(city, kept)).json()["id_number"] == city.somebody_else
    assert await identities(merged) == set()


async def phones_told(city: City, worker: str) -> list[str]:
    """The phones that the notifier was told for a person, in order."""
    told = [fact for fact in await city.registry.told(WorkerRegistered) if fact.worker_id == worker]
    return [open_sealed("notifier", fact.for_notifier)["phone"] for fact in told]


async def test_a_second_platform_neither_renames_a_person_nor_takes_over_their_messages(city: City) -> None:
    await city.push(city.start(name="张测试", phone="13800000001"))
    later = "2026-09-20T08:00:00+08:00"
    await city.push(city.start(platform=city.other, name="王假冒", phone="13900000666", time=later))
    worker = await city.worker()
    seen = (await record(city, worker)).json()
    assert (seen["name"], seen["phone"]) == ("张测试", "13800000001")
    assert seen["other_names"] == [{"source": city.other, "name": "王假冒"}]
    assert await phones_told(city, worker) == ["13800000001"]
    # what only the first platform declared it may correct
    await city.push(city.start(name="张测式", phone="13800000002", time="2026-09-21T08:00:00+08:00"))
    seen = (await record(city, worker)).json()
    assert (seen["name"], seen["phone"]) == ("张测式", "13800000002")
    assert await phones_told(city, worker) == ["13800000001", "13800000002"]


async def test_an_officer_finds_which_name_is_right_and_no_platform_changes_it(city: City) -> None:
    await city.push(city.start(name="张测试"))
    worker = await city.worker()
    etag = (await city.get(f"/v1/workers/{worker}")).headers["etag"]
    path, body = f"/v1/workers/{worker}/name", {"name": "张测式", "reason": "居民身份证"}
    headers = bearer("officer", department="transport", district="510600") | {"If-Match": etag}
    assert (await city.registry.http.put(path, json=body, headers=headers)).status_code == 403
    answer = await city.registry.http.put(path, json=body, headers=city.registry.officer | {"If-Match": etag})
    assert answer.status_code == 200, answer.text
    await city.push(city.start(name="张再测", time="2026-09-22T08:00:00+08:00"))
    assert (await record(city, worker)).json()["name"] == "张测式"
    entries = (await city.get("/v1/audit", {"limit": "500"})).json()["items"]
    assert "worker.name_corrected" in [entry["action"] for entry in entries if entry["about"] == worker]


async def officers_word(city: City, worker: str, what: str, said: str, **who: str) -> httpx2.Response:
    etag = (await city.get(f"/v1/workers/{worker}")).headers["etag"]
    headers = bearer("officer", **who) if who else city.registry.officer
    body = {what: said, "reason": "本人到窗口出示"}
    return await city.registry.http.put(f"/v1/workers/{worker}/{what}", json=body, headers=headers | {"If-Match": etag})


async def test_an_officers_phone_stands_over_platforms_and_under_the_workers_own(city: City) -> None:
    await city.push(city.start(phone="13800000001"))
    worker = await city.worker()
    elsewhere = {"department": "hrss", "district": "510603"}
    assert (await officers_word(city, worker, "phone", "13700000007", **elsewhere)).status_code == 403
    wrong = await officers_word(city, worker, "phone", "0838-2200000")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/not-a-phone")
    answer = await officers_word(city, worker, "phone", "13700000007")
    assert (answer.status_code, answer.json()["phone"]) == (200, "137****0007")
    await city.push(city.start(phone="13800000002", time="2026-09-20T08:00:00+08:00"))
    etag = (await own(city, "GET", "", worker)).headers["etag"]
    await own(city, "PUT", "/phone", worker, json={"phone": "13900000009"}, headers={"If-Match": etag})
    await officers_word(city, worker, "phone", "13700000008")
    assert (await record(city, worker)).json()["phone"] == "13900000009"
    assert await phones_told(city, worker) == ["13800000001", "13700000007", "13900000009"]
    entries = (await city.get("/v1/audit", {"limit": "500"})).json()["items"]
    assert [entry["action"] for entry in entries if entry["about"] == worker].count("worker.phone_corrected") == 2


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


async def test_what_was_said_of_either_record_counts_for_the_one_person(city: City) -> None:
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
async def test_of_two_platforms_words_the_one_that_knew_the_person_first_holds_whichever_record_stays(
    city: City, stays: int
) -> None:
    records = await two_records(city)
    kept = records[stays]
    await merge(city, kept, records[1 - stays])
    seen = (await record(city, kept)).json()
    assert (seen["name"], seen["phone"]) == ("张测试", "13800000001")
    assert (await phones_told(city, kept))[-1] == "13800000001"


async def test_a_wrong_number_takes_ones_own_phone_along_to_the_right_record(city: City) -> None:
    wrong, right = await two_records(city)
    etag = (await own(city, "GET", "", wrong)).headers["etag"]
    await own(city, "PUT", "/phone", wrong, json={"phone": "13900000009"}, headers={"If-Match": etag})
    assert (await correct(city, wrong, city.somebody_else)).status_code == 200
    assert (await record(city, right)).json()["phone"] == "13900000009"


async def test_one_platform_does_not_heap_engagements_on_a_person(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    await city.push(city.start())
    monkeypatch.setattr("services.registry.engagements.rules.MOST_ENGAGEMENTS", 1)
    another = city.start(worker_ref="another")
    headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=city.one)}
    answer = await city.registry.http.post("/v1/platform-events", content=array(another), headers=headers)
    assert answer.status_code == 202
    [letter] = await eventually(city.registry.process.dead_letters, 30)
    assert letter.reason.startswith("TooMany")
    assert len(await city.listed()) == 1
    # another platform may still say that the person works for it
    await city.push(city.start(platform=city.other))
