"""Gateways that fail, lose answers, refuse and repeat themselves: every message goes out, none twice."""

from __future__ import annotations

import datetime as dt

import pytest

from services.notifier.deliveries import figures
from services.notifier.deliveries.commands import DELIVERY
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import TRIES
from shared import clock
from shared.contracts.notifier import DeliveryDelivered, DeliveryFailed, DeliverySent
from shared.contracts.registry import WorkerErased
from shared.storage.client import collection_of, storage
from shared.telemetry import measuring
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

SLOWLY = 2_500
"""Milliseconds after which a gateway tells a receipt, where a test needs to come before it."""


async def test_a_gateway_that_fails_gets_the_message_later_and_once(world: World) -> None:
    person = Person()
    await world.behave(world.sms, fail_next=2, status=503)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["attempts"] > 1
    assert len(await world.texts(person.phone)) == 1


async def test_a_message_whose_answer_was_lost_is_not_sent_again(world: World) -> None:
    person = Person()
    await world.behave(world.sms, lose_answer_next=1, receipt_delay_ms=SLOWLY)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["attempts"] == 2
    assert len(await world.texts(person.phone)) == 1
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_the_first_try_after_a_crash_asks_the_gateway_first(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    # as a process leaves it that dies between the gateway's answer and the transaction that stores it
    await collection_of(Delivery).update_one({"_id": delivery["id"]}, {"$set": {"state": "queued", "sent_at": None}})
    due = clock.now()
    left = {
        "_id": f"{DELIVERY}:{delivery['id']}",
        "kind": DELIVERY.name,
        "key": delivery["id"],
        "due_at": due,
        "data": {},
    }
    await storage().collection("timers").insert_one({**left, "attempts": 1, "holder": "a process that died"})
    await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert len(await world.texts(person.phone)) == 1


async def test_a_fixed_line_is_sent_no_sms_and_fails(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered("2345678"), person.complained())
    [delivery] = await world.ended(person.worker_id, "failed")
    assert delivery["reason"] == "NO_MOBILE"
    assert delivery["sent_at"] is None
    assert await world.told(delivery) == ["failed"]


async def test_a_message_lost_on_its_way_fails_and_counts_as_sent(world: World) -> None:
    person = Person()
    before = (await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)).json()
    await world.behave(world.sms, refuse_next=1)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "failed")
    assert delivery["reason"] == "MK:0001"
    assert await world.told(delivery) == ["sent", "failed"]
    [fact] = [fact for fact in await world.notifier.told(DeliveryFailed) if fact.delivery_id == delivery["id"]]
    assert fact.reason == "MK:0001"
    after = (await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)).json()
    assert [after[name] - before[name] for name in ("sent", "delivered", "failed")] == [1, 0, 1]


async def test_a_message_that_arrived_after_all_is_no_failure(world: World) -> None:
    person = Person()
    await world.behave(world.sms, refuse_next=1)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "failed")
    await world.give_receipt({"out_id": delivery["id"], "success": True, "err_code": "DELIVERED"})
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["reason"] is None
    assert await world.told(delivery) == ["sent", "failed", "delivered"]


async def test_a_delivery_that_nobody_took_is_given_up_in_the_end(world: World) -> None:
    person = Person()
    for gateway, code in ((world.sms, "isv.AMOUNT_NOT_ENOUGH"), (world.tencent, "RequestLimitExceeded")):
        await world.behave(gateway, code_next=1_000, code=code)
    await world.notifier.publish(person.registered(), person.complained())
    await last_try(world, person)
    [delivery] = await world.ended(person.worker_id, "failed")
    assert delivery["attempts"] == TRIES
    assert delivery["reason"].startswith("the provider")
    assert await world.texts(person.phone) == []


async def test_a_delivery_that_a_provider_may_have_ends_uncertain(world: World) -> None:
    person = Person()
    before = (await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)).json()
    await world.behave(world.sms, fail_next=1_000, status=503)
    await world.notifier.publish(person.registered(), person.complained())
    await last_try(world, person)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    assert (delivery["attempts"], delivery["provider"], delivery["sent_at"]) == (TRIES, "aliyun", None)
    assert await world.told(delivery) == []
    assert await world.asked(person.phone) == []
    after = (await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)).json()
    assert {name: after[name] - before[name] for name in after} == {
        "sent": 0,
        "delivered": 0,
        "failed": 0,
        "uncertain": 1,
    }


async def last_try(world: World, person: Person) -> None:
    """Have the next try of a person's only delivery be its last."""
    timers = storage().collection("timers")
    [delivery] = await eventually(lambda: world.deliveries(person.worker_id))

    async def tried() -> bool:
        changed = await timers.update_one(
            {"key": delivery["id"], "holder": None, "attempts": {"$gt": 0}},
            {"$set": {"attempts": TRIES - 1, "due_at": clock.now()}},
        )
        return bool(changed.modified_count)

    await eventually(tried)


async def test_a_push_whose_answer_was_lost_is_not_pushed_again(world: World) -> None:
    person = Person()
    await register_device(world, person, "device-lost-answer")
    await world.behave(world.push, lose_answer_next=1)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["channel"] == "push"
    await world.notifier.settled()
    assert len(await world.pushes("device-lost-answer")) == 1
    assert await world.texts(person.phone) == []


async def test_a_push_that_did_not_arrive_goes_out_as_an_sms(world: World) -> None:
    person = Person()
    await register_device(world, person, "device-uninstalled")
    await world.behave(world.push, refuse_next=1)
    await world.notifier.publish(person.registered(), person.complained("TS1"))
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["channel"] == "sms"
    assert await world.told(delivery) == ["sent", "sent", "delivered"]
    channels = [fact.channel for fact in await world.notifier.told(DeliverySent) if fact.delivery_id == delivery["id"]]
    assert channels == ["push", "sms"]
    late = {"message_id": delivery["id"], "success": False, "err_code": "UNREGISTERED"}
    assert (await world.give_receipt(late, path="/v1/push-receipts")).status_code == 204
    await world.notifier.publish(person.complained("TS2"))
    await world.ended(person.worker_id, "delivered", 2)
    assert len(await world.texts(person.phone)) == 2
    assert len(await world.pushes("device-uninstalled")) == 1
    arrived = [fact for fact in await world.notifier.told(DeliveryDelivered) if fact.recipient == person.worker_id]
    assert len(arrived) == 2


async def test_a_failed_push_to_someone_erased_ends_as_failed(world: World) -> None:
    person = Person()
    await register_device(world, person, "device-of-one-who-left")
    await world.behave(world.push, receipt_delay_ms=60_000)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "sent")
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))
    contacts = storage().collection("contacts")

    async def forgotten() -> bool:
        return await contacts.find_one({"_id": f"worker:{person.worker_id}"}) is None

    await eventually(forgotten)
    failed = {"message_id": delivery["id"], "success": False, "err_code": "OFFLINE"}
    assert (await world.give_receipt(failed, path="/v1/push-receipts")).status_code == 204
    [delivery] = await world.ended(person.worker_id, "failed")
    assert (delivery["reason"], delivery["phone"]) == ("RECIPIENT_UNKNOWN", None)
    assert await world.told(delivery) == ["sent", "failed"]
    assert await world.texts(person.phone) == []


async def test_how_long_a_message_took_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """From its event to its gateway; and while it takes long, that it does."""
    monkeypatch.setattr(measuring, "HOLDS_SECONDS", 0.0)
    monkeypatch.setattr(figures, "WITHIN", dt.timedelta(milliseconds=100))
    person, hand_over, sms = (
        Person(),
        "xindun_notifier_hand_over_seconds",
        {"channel": "sms", "provider": "aliyun", "outcome": "accepted"},
    )

    async def counted() -> list[float]:
        buckets = [await world.notifier.figure(f"{hand_over}_bucket", le=le, **sms) or 0 for le in ("60.0", "600.0")]
        return [*buckets, await world.notifier.figure(f"{hand_over}_count", **sms) or 0]

    await world.notifier.settled()
    before = await counted()
    assert await world.notifier.figure("xindun_notifier_hand_over_late") == 0
    await world.behave(world.sms, fail_next=1_000, status=503)
    five_minutes_ago = clock.now() - dt.timedelta(minutes=5)
    await world.notifier.publish(person.registered())
    await world.notifier.publish(person.complained(), time=five_minutes_ago)

    async def late() -> bool:
        return await world.notifier.figure("xindun_notifier_hand_over_late") == 1

    await eventually(late)
    assert await counted() == before
    await world.behave(world.sms)
    await world.ended(person.worker_id, "delivered")
    assert [now - then for now, then in zip(await counted(), before, strict=True)] == [0, 1, 1]
    assert await world.notifier.figure("xindun_notifier_hand_over_late") == 0


async def test_a_refused_message_is_counted_as_such(world: World) -> None:
    person, refused = Person(), {"channel": "sms", "provider": "aliyun", "outcome": "refused"}
    before = await world.notifier.figure("xindun_notifier_hand_over_seconds_count", **refused) or 0
    await world.notifier.publish(person.registered("2345678"), person.complained())
    await world.ended(person.worker_id, "failed")
    assert await world.notifier.figure("xindun_notifier_hand_over_seconds_count", **refused) == before + 1


async def register_device(world: World, person: Person, device_token: str) -> None:
    headers = world.notifier.headers("worker", worker_id=person.worker_id)
    answer = await world.notifier.http.put(f"/v1/devices/{device_token}", json={"platform": "android"}, headers=headers)
    assert answer.status_code == 200
