"""One person, one record: one's own phone, names and phones in force, erasure."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from services.registry.engagements.documents import END_TOLD, Account, Engagement
from services.registry.gateway.body import BATCH_JSON
from services.registry.workers.commands import Person, register
from services.registry.workers.documents import Identity, Worker
from shared import clock
from shared.contracts.registry import WorkerRegistered
from shared.storage import keys, reencryption
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field, open_sealed
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.city import City, marks
from tests.integration.registry.people import identities, officers_word, own, phones_told, record
from tests.unit.registry.pushes import array, ended


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


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
    # the last day of work is more than three years ago: erased as soon as all that comes late of it may have come
    [item] = await city.listed()
    await city.push(city.start(started_on="2022-08-01", time="2022-08-01T08:00:00+08:00", worker_ref="w-2"))
    assert {one["worker_id"] for one in await city.listed()} == {item["worker_id"]}
    await city.push(ended(platform=city.one, ended_on="2022-08-30", time="2022-08-30T20:00:00+08:00", worker_ref="w-2"))
    await city.erased(item["worker_id"])
    row = await collection_of(Worker).find_one({"_id": item["worker_id"]})
    assert row is not None
    assert (row["name"], row["id_number"], row["phone"], row["phones"]) == ("", "", "", [])
    assert (await record(city, item["worker_id"])).status_code == 404
    assert await identities(item["worker_id"]) == set()
    # whoever comes back is a new record
    await city.push(city.start(platform=city.other))
    assert await city.worker(city.other) != item["worker_id"]


async def test_why_the_work_ended_is_forgotten(city: City, registry: Harness) -> None:
    over = {"ended_on": "2022-06-30", "time": "2022-06-30T20:00:00+08:00", "reason": "张测试生病住院"}
    await city.push(city.start(started_on="2022-05-01", time="2022-05-01T08:00:00+08:00"))
    await city.push(city.start(platform=city.other))
    await city.push(ended(platform=city.one, **over))
    engagement = next(one for one in await city.listed() if one["ended_on"] == "2022-06-30")
    assert await reasons(engagement["engagement_id"]) == ["张测试生病住院", "张测试生病住院"]
    now = time_machine.travel("2031-01-01T08:00:00+08:00", tick=True)
    await city.push(
        ended(platform=city.other, ended_on="2026-11-01", time="2026-11-01T20:00:00+08:00", reason="不想干了")
    )
    with now:
        await registry.settled()
    for one in await city.listed():
        assert {*await reasons(one["engagement_id"])} == {"（已按规定删除）"}


async def reasons(engagement_id: str) -> list[str]:
    """Why an engagement ended, as it is kept with it and with its account."""
    engagement = await Engagement.of(engagement_id)
    assert engagement is not None
    account = await Account.of(Account.key(engagement.platform, engagement.worker_ref))
    assert account is not None
    told = [decrypt_field(END_TOLD, account.id, one.reason) for one in account.ends]
    return [*told, engagement.clear_end_reason or ""]


async def test_a_request_for_erasure_waits_and_can_be_taken_back(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    answer = await own(city, "POST", "/erasure-requests", worker)
    assert (answer.status_code, answer.json()["status"], answer.json()["on"]) == (202, "waiting", None)
    assert (await own(city, "GET", "", worker)).json()["erasure_asked"]
    refused = await record(city, worker)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/erasure-asked")
    assert (await own(city, "POST", "/erasure-requests", worker)).status_code == 409
    assert (await own(city, "DELETE", "/erasure-requests", worker)).status_code == 204
    assert (await record(city, worker)).status_code == 200


async def test_who_is_kept_for_late_news_alone_sees_for_how_long(city: City) -> None:
    await city.push(city.start(started_on="2022-05-01", time="2022-05-01T08:00:00+08:00"))
    await city.push(ended(platform=city.one, ended_on="2022-06-30", time="2022-06-30T20:00:00+08:00"))
    shown = (await own(city, "GET", "/erasure-requests", await city.worker())).json()
    assert (shown["asked"], shown["grounds"]) == (False, [])
    used = {one["key"]: (one["value"], one["verified"]) for one in shown["used"]}
    assert used["retention.heard_late_days"] == ("7", False)


async def test_new_work_takes_a_request_for_erasure_back(city: City) -> None:
    await city.push(city.start())
    worker = await city.worker()
    await own(city, "POST", "/erasure-requests", worker)
    await city.push(city.start(platform=city.other))
    assert not (await own(city, "GET", "", worker)).json()["erasure_asked"]


async def test_two_platforms_at_the_same_moment_make_one_record(city: City) -> None:
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


async def test_a_second_platform_does_not_rename_a_person(city: City) -> None:
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


async def test_an_officer_finds_the_right_name_for_good(city: City) -> None:
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


async def test_an_officers_phone_stands_under_the_workers_own(city: City) -> None:
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


async def test_one_platform_does_not_heap_engagements_on_a_person(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    await city.push(city.start())
    monkeypatch.setattr("services.registry.intake.rules.MOST_ENGAGEMENTS", 1)
    another = city.start(worker_ref="another")
    headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=city.one)}
    answer = await city.registry.http.post("/v1/platform-events", content=array(another), headers=headers)
    assert answer.status_code == 202
    [letter] = await eventually(city.registry.process.dead_letters, 30)
    assert letter.reason.startswith("RuleBroken: too-many-engagements")
    assert len(await city.listed()) == 1
    # another platform may still say that the person works for it
    await city.push(city.start(platform=city.other))
