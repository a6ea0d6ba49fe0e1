"""Devices, preferences, and who may read which messages."""

from __future__ import annotations

import httpx2

from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person


def headers(world: World, person: Person) -> dict[str, str]:
    return world.notifier.headers("worker", worker_id=person.worker_id)


async def register_device(world: World, person: Person, device_token: str) -> httpx2.Response:
    body = {"platform": "harmony"}
    return await world.notifier.http.put(f"/v1/devices/{device_token}", json=body, headers=headers(world, person))


async def tell(world: World, person: Person, count: int = 1) -> None:
    """Tell a person one more thing, and wait until it has arrived."""
    await world.notifier.publish(person.complained(f"TS{count}"))
    await world.ended(person.worker_id, "delivered", count)


async def test_a_worker_is_told_through_the_app_and_without_it_by_sms(world: World) -> None:
    person, device = Person(), "device-of-one-worker"
    await world.notifier.publish(person.registered())
    assert (await register_device(world, person, device)).json()["platform"] == "harmony"
    await tell(world, person, 1)
    [pushed] = await world.pushes(device)
    assert pushed["title"] == "投诉举报已登记"
    assert "编号TS1" in pushed["body"]
    removed = await world.notifier.http.delete(f"/v1/devices/{device}", headers=headers(world, person))
    assert removed.status_code == 204
    await tell(world, person, 2)
    assert len(await world.pushes(device)) == 1
    assert len(await world.texts(person.phone)) == 1


async def test_a_device_that_changed_hands_shows_its_new_owners_alone(world: World) -> None:
    former, present, device = Person(), Person(), "device-handed-on"
    await world.notifier.publish(former.registered(), present.registered())
    await register_device(world, former, device)
    await register_device(world, present, device)
    await tell(world, former)
    await tell(world, present)
    assert len(await world.texts(former.phone)) == 1
    assert len(await world.pushes(device)) == 1


async def test_the_newest_of_several_devices_is_used(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered())
    await register_device(world, person, "device-old-phone")
    await register_device(world, person, "device-new-phone")
    await tell(world, person)
    assert len(await world.pushes("device-new-phone")) == 1
    assert await world.pushes("device-old-phone") == []


async def test_a_device_of_someone_else_cannot_be_removed(world: World) -> None:
    owner, other = Person(), Person()
    await register_device(world, owner, "device-not-yours")
    answer = await world.notifier.http.delete("/v1/devices/device-not-yours", headers=headers(world, other))
    assert answer.status_code == 404


async def test_device_tokens_are_stored_encrypted_only(world: World) -> None:
    await register_device(world, Person(), "device-kept-secret")
    assert "device-kept-secret" not in str(await storage().collection("devices").find({}).to_list(None))


async def test_a_worker_who_prefers_sms_is_told_by_sms(world: World) -> None:
    person, path = Person(), "/v1/preferences"
    await world.notifier.publish(person.registered())
    await register_device(world, person, "device-not-preferred")
    first = await world.notifier.http.get(path, headers=headers(world, person))
    nothing = {"channels": [], "no_publicity": False, "rest_in_app": False}
    assert first.json() == nothing | {"channel": "auto", "order": ["push", "sms"]}
    assert first.headers["etag"] == '"0"'
    match = {"If-Match": first.headers["etag"]}
    chosen = await world.notifier.http.put(path, json={"channel": "sms"}, headers=headers(world, person) | match)
    assert chosen.json() == nothing | {"channel": "sms", "order": ["sms", "push"]}
    assert chosen.headers["etag"] == '"1"'
    outdated = await world.notifier.http.put(path, json={"channel": "push"}, headers=headers(world, person) | match)
    assert outdated.status_code == 412
    await tell(world, person)
    assert len(await world.texts(person.phone)) == 1
    assert await world.pushes("device-not-preferred") == []


async def test_channels_are_tried_in_the_order_chosen(world: World) -> None:
    person, path = Person(), "/v1/preferences"
    await world.notifier.publish(person.registered())
    await register_device(world, person, "device-comes-second")
    body = {"channels": ["sms", "push"], "no_publicity": True, "rest_in_app": True}
    match = {"If-Match": '"0"'}
    chosen = await world.notifier.http.put(path, json=body, headers=headers(world, person) | match)
    assert chosen.json() == body | {"channel": "sms", "order": ["sms", "push"]}
    twice = {"channels": ["sms", "sms"]}
    refused = await world.notifier.http.put(path, json=twice, headers=headers(world, person) | {"If-Match": '"1"'})
    assert refused.status_code == 422
    await tell(world, person)
    assert len(await world.texts(person.phone)) == 1
    assert await world.pushes("device-comes-second") == []


async def test_messages_cannot_be_switched_off(world: World) -> None:
    off = await world.notifier.http.put(
        "/v1/preferences", json={"channel": "none"}, headers=headers(world, Person()) | {"If-Match": '"0"'}
    )
    assert off.status_code == 422


async def test_a_worker_reads_only_their_own_messages_page_by_page(world: World) -> None:
    person, other = Person(), Person()
    await world.notifier.publish(person.registered(), *(person.complained(f"TS{n}") for n in range(5)))
    await world.ended(person.worker_id, "delivered", 5)
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = (await world.notifier.http.get("/v1/deliveries", headers=headers(world, person), params=query)).json()
        seen += [item["text"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert await world.deliveries(other.worker_id) == []
    spied = await world.notifier.http.get(
        "/v1/deliveries", headers=headers(world, other), params={"recipient": person.worker_id}
    )
    assert spied.status_code == 403


async def test_an_officer_reads_the_districts_messages_masked(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered(), person.complained(district="510603"))
    await world.ended(person.worker_id, "delivered")
    query = {"recipient": person.worker_id}

    async def seen_by(district: str) -> list[dict[str, str]]:
        officer = world.notifier.headers("officer", department="hrss", district=district)
        answer = await world.notifier.http.get("/v1/deliveries", headers=officer, params=query)
        items: list[dict[str, str]] = answer.json()["items"]
        return items

    [item] = await seen_by("510600")
    assert item["recipient_name"] == "张**"
    assert item["phone"] == f"{person.phone[:3]}****{person.phone[-4:]}"
    assert len(await seen_by("510603")) == 1
    assert await seen_by("510681") == []


async def test_a_platform_reads_its_own_messages(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.platform_registered(), person.engaged(), person.must_be_insured())
    await world.notifier.settled()
    platform = world.notifier.headers("platform", uscc=person.platform)
    items = (await world.notifier.http.get("/v1/deliveries", headers=platform)).json()["items"]
    assert [item["title"] for item in items] == ["请办理工伤保险参保登记"]


async def test_an_officer_who_names_nobody_reads_the_own_box(world: World) -> None:
    whose = await world.notifier.http.get("/v1/deliveries", headers=world.notifier.officer)
    query = {"recipient": "x", "cursor": "WzFd"}
    cursor = await world.notifier.http.get("/v1/deliveries", headers=world.notifier.officer, params=query)
    figures = await world.notifier.http.get("/v1/statistics", headers=headers(world, Person()))
    assert (whose.status_code, cursor.status_code, figures.status_code) == (200, 400, 403)
    assert whose.json()["items"] == []


async def test_the_device_of_a_merged_record_is_that_persons(world: World) -> None:
    kept, merged, device = Person(), Person(), "device-of-two-records"
    await world.notifier.publish(kept.registered(), merged.registered())
    await register_device(world, merged, device)
    await world.notifier.publish(WorkerMerged(worker_id=kept.worker_id, merged_worker_id=merged.worker_id))
    await world.notifier.settled()
    await tell(world, kept)
    assert len(await world.pushes(device)) == 1


async def test_an_erased_person_is_forgotten_and_the_delivery_stays(world: World) -> None:
    person, device = Person(), "device-of-one-erased"
    await world.notifier.publish(person.registered())
    await tell(world, person)
    await register_device(world, person, device)
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))

    async def forgotten() -> bool:
        contact = await storage().collection("contacts").find_one({"_id": f"worker:{person.worker_id}"})
        return contact is None

    await eventually(forgotten)
    assert await storage().collection("devices").find_one({"worker_id": person.worker_id}) is None
    [delivery] = await storage().collection("deliveries").find({"recipient": person.worker_id}).to_list(None)
    assert (delivery["state"], delivery["address"]) == ("delivered", None)


async def test_what_an_erased_person_is_still_sent_leaves_no_address(world: World) -> None:
    person = Person()
    await world.behave(world.sms, fail_next=1_000, status=503)
    await world.notifier.publish(person.registered(), person.complained())
    deliveries, theirs = storage().collection("deliveries"), {"recipient": person.worker_id}
    await eventually(lambda: deliveries.find_one(theirs | {"state": "queued"}))
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))
    row = await eventually(lambda: deliveries.find_one(theirs | {"erased": True}))
    assert (row["state"], row["address"] is None) == ("queued", False)
    await world.behave(world.sms)
    row = await eventually(lambda: deliveries.find_one(theirs | {"state": {"$in": ["sent", "delivered"]}}), 60)
    assert row["address"] is None
    assert len(await world.texts(person.phone)) == 1


async def test_the_record_that_was_merged_is_forgotten_too(world: World) -> None:
    """So is where a message went that no receipt has come of."""
    kept, merged = Person(), Person()
    await world.notifier.publish(kept.registered(), merged.registered())
    await tell(world, merged)
    await world.notifier.publish(WorkerMerged(worker_id=kept.worker_id, merged_worker_id=merged.worker_id))
    await world.notifier.settled()
    delivery = {"recipient": merged.worker_id}
    under_way = {"$set": {"state": "sent", "finished_at": None}}
    await storage().collection("deliveries").update_one(delivery, under_way)
    await world.notifier.publish(WorkerErased(worker_id=kept.worker_id))
    ids = [f"worker:{one.worker_id}" for one in (kept, merged)]

    async def forgotten() -> bool:
        return await storage().collection("contacts").find_one({"_id": {"$in": ids}}) is None

    await eventually(forgotten)
    row = await storage().collection("deliveries").find_one(delivery)
    assert row is not None
    assert (row["state"], row["address"]) == ("sent", None)
