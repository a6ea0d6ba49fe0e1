"""A platform pushes its events over HTTP, and they stand on the broker."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
from typing import Any

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from aiokafka.partitioner import DefaultPartitioner
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError, WTimeoutError

from services.registry.batches import commands as batches
from services.registry.batches import records
from services.registry.gateway import api, commands
from services.registry.gateway.body import BATCH_JSON, LINES
from shared import clock
from shared.contracts.platform import OrderFinished
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.pushing import push
from tests.unit.registry.pushes import RIVAL, UBIQ, array, engagement, lines, order, person, profile

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def on_topic(registry: Harness, topic: str, wanted: set[str]) -> list[ConsumerRecord[Any, Any]]:
    """Every record of a topic once those with the wanted event ids are there."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=registry.running.settings.kafka.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    found: list[ConsumerRecord[Any, Any]] = []
    try:
        async with asyncio.timeout(15):
            while not wanted <= {id_of(record) for record in found}:
                for some in (await consumer.getmany(timeout_ms=200)).values():
                    found.extend(some)
    finally:
        await consumer.stop()
    return found


def id_of(record: ConsumerRecord[Any, Any]) -> str:
    return str(dict(record.headers)["ce_id"], "utf-8")


async def test_a_push_gets_its_receipt_and_stands_on_the_topic(registry: Harness) -> None:
    events = [order(worker_ref=f"k-{number % 7}") for number in range(50)]
    answer = await push(registry, array(*events), traceparent=TRACE)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (50, [])
    ids = {event["id"] for event in events}
    found = [one for one in await on_topic(registry, "platform.order", ids) if id_of(one) in ids]
    assert len(found) == 50
    partitions = list(range(12))
    for record in found:
        headers = dict(record.headers)
        assert headers["ce_source"].decode() == f"/platforms/{UBIQ}"
        assert headers["ce_time"].decode() == "2026-09-12T12:31:00+08:00"
        assert headers["traceparent"].decode().split("-")[1] == TRACE.split("-")[1]
        assert record.key.decode().startswith(f"{UBIQ}:k-")
        assert record.partition == DefaultPartitioner()(record.key, partitions, partitions)


async def test_lines_and_gzip_are_taken_too(registry: Harness) -> None:
    plain = await push(registry, lines(order(), order()), LINES)
    packed = await push(registry, gzip.compress(lines(order(), order())), LINES, **{"Content-Encoding": "gzip"})
    two = gzip.compress(lines(order())) + gzip.compress(lines(order()))
    members = await push(registry, two, LINES, **{"Content-Encoding": "gzip"})
    array_packed = await push(
        registry, gzip.compress(array(order(), order())), f"{BATCH_JSON}; charset=utf-8", **{"Content-Encoding": "gzip"}
    )
    for answer in (plain, packed, members, array_packed):
        assert (answer.status_code, answer.json()["accepted"]) == (202, 2)


async def test_refused_events_are_named_again_by_the_receipt(registry: Harness) -> None:
    bad = order(fee=6.5)
    answer = await push(registry, lines(order(), bad, order()) + b"{not json\n", LINES)
    assert answer.status_code == 202
    body = answer.json()
    assert body["accepted"] == 2
    assert [(one["index"], one["id"]) for one in body["rejected"]] == [(1, bad["id"]), (3, None)]
    assert body["rejected"][0]["type"] == "cn.deyang.platform.order.finished.v1"
    again = await registry.http.get(f"/v1/batches/{body['receipt']}", headers=bearer("platform", uscc=UBIQ))
    assert again.json()["rejected"] == body["rejected"]
    assert again.json()["published"] is True
    other = await registry.http.get(f"/v1/batches/{body['receipt']}", headers=bearer("platform", uscc=RIVAL))
    assert other.status_code == 404


async def test_a_push_with_nothing_good_publishes_nothing(registry: Harness) -> None:
    answer = await push(registry, array(order(fee="x")))
    assert (answer.status_code, answer.json()["accepted"], len(answer.json()["rejected"])) == (202, 0, 1)
    empty = await push(registry, b"[]")
    assert (empty.status_code, empty.json()["accepted"], empty.json()["rejected"]) == (202, 0, [])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[{", BATCH_JSON),
        (b"{}", BATCH_JSON),
        (b"", BATCH_JSON),
        (b"", LINES),
        (b"\xff\xfe\n", LINES),
        (b"[" * 90_000, BATCH_JSON),
    ],
)
async def test_a_body_that_cannot_be_read_as_events_is_a_400(registry: Harness, body: bytes, kind: str) -> None:
    answer = await push(registry, body, kind)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_broken_gzip_is_a_400(registry: Harness) -> None:
    for body in (b"not gzip", gzip.compress(array(order()))[:-9]):
        answer = await push(registry, body, **{"Content-Encoding": "gzip"})
        assert answer.status_code == 400


async def test_a_push_beyond_the_limits_is_a_413(registry: Harness) -> None:
    too_many = await push(registry, lines(*[order()] * 5001), LINES)
    too_large = await push(registry, b"[" + b" " * (8 * 1024 * 1024) + b"]")
    bomb = gzip.compress(b"[" + b" " * (200 * 1024 * 1024) + b"]", 9)
    unpacked = await push(registry, bomb, **{"Content-Encoding": "gzip"})
    assert [answer.status_code for answer in (too_many, too_large, unpacked)] == [413, 413, 413]
    just = await push(registry, lines(*[order()] * 5000), LINES)
    assert (just.status_code, just.json()["accepted"]) == (202, 5000)


async def test_another_way_of_writing_is_a_415(registry: Harness) -> None:
    assert (await push(registry, array(order()), "application/json")).status_code == 415
    assert (await push(registry, array(order()), **{"Content-Encoding": "br"})).status_code == 415


async def test_only_a_platform_pushes_and_only_its_own_events(registry: Harness) -> None:
    nobody = await registry.http.post("/v1/platform-events", content=b"[]", headers={"Content-Type": BATCH_JSON})
    officer = await registry.http.post("/v1/platform-events", content=b"[]", headers=registry.officer)
    foreign = await push(registry, array(order(platform=RIVAL)))
    assert (nobody.status_code, officer.status_code) == (401, 403)
    assert foreign.json()["accepted"] == 0
    assert "source" in foreign.json()["rejected"][0]["detail"]


async def test_nothing_personal_is_clear_on_broker_or_database(registry: Harness) -> None:
    number, phone, contact = person(77), "13900000077", "13900000078"
    told, declared = engagement(id_number=number, phone=phone, name="试样庚"), profile(contact_phone=contact)
    answer = await push(registry, array(told, declared))
    assert answer.json()["accepted"] == 2
    row = await storage().collection("batches").find_one({"_id": answer.json()["receipt"]})
    assert row is not None
    kept = records.unpack_records(row["records"])
    found = await on_topic(registry, "platform.engagement", {told["id"]})
    shown = b"".join([record[4] for record in kept] + [record.value for record in found])
    for secret in (number, phone, contact, "试样庚"):
        assert secret.encode() not in shown
        assert json.dumps(secret).encode() not in shown


async def away(*_: Any) -> None:
    raise KafkaConnectionError("away")


async def test_without_the_broker_a_batch_stays_held(registry: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(commands, "publish", away)
        answer = await push(registry, array(order()))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["type"] == "/problems/outcome-unknown"
    receipt = f"/v1/batches/{answer.json()['receipt']}"
    told = await registry.http.get(receipt, headers=bearer("platform", uscc=UBIQ))
    assert (told.json()["accepted"], told.json()["published"]) == (1, False)
    assert await batches.publish_held(registry.running.producer, clock.now() + dt.timedelta(seconds=1)) == 1
    told = await registry.http.get(receipt, headers=bearer("platform", uscc=UBIQ))
    assert told.json()["published"] is True


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (ServerSelectionTimeoutError("away"), "not-accepted"),
        (OperationFailure("no", 13), "not-accepted"),
        (AutoReconnect("lost"), "outcome-unknown"),
        (WTimeoutError("slow", 64), "outcome-unknown"),
    ],
)
async def test_only_what_is_surely_not_stored_is_not_accepted(
    registry: Harness, monkeypatch: pytest.MonkeyPatch, fault: Exception, kind: str
) -> None:
    class Faulty:
        async def insert_one(self, row: dict[str, Any]) -> None:
            raise fault

    monkeypatch.setattr(batches, "_batches", Faulty)
    answer = await push(registry, array(order()))
    assert (answer.status_code, answer.json()["type"]) == (503, f"/problems/{kind}")
    assert answer.headers["retry-after"]
    assert ("receipt" in answer.json()) == (kind == "outcome-unknown")


async def test_a_dead_processs_batch_is_published_by_the_sweep(registry: Harness) -> None:
    event = order()
    accepted, _ = await commands.sort(UBIQ, [json.dumps(event).encode()])
    receipt = new_id()
    await batches.store(receipt, UBIQ, None, accepted, [])
    producer = registry.running.producer
    assert await batches.publish_held(producer, clock.now() - dt.timedelta(minutes=1)) == 0
    assert (await batches.held_count())["batches"] == 1
    assert await batches.publish_held(producer, clock.now() + dt.timedelta(seconds=1)) == 1
    assert (await batches.held_count())["batches"] == 0
    await on_topic(registry, "platform.order", {event["id"]})
    found = await batches.find(receipt)
    assert found is not None


async def test_batches_are_published_again_by_time_and_topic(registry: Harness) -> None:
    await push(registry, array(order()))
    since = clock.now()
    event, other = order(), profile()
    await push(registry, array(event, other))
    producer = registry.running.producer
    assert await batches.republish(producer, since, None) == 2
    assert await batches.republish(producer, since, "platform.profile") == 1
    again = [one for one in await on_topic(registry, "platform.order", {event["id"]}) if id_of(one) == event["id"]]

    async def twice() -> bool:
        found = await on_topic(registry, "platform.order", {event["id"]})
        return [id_of(one) for one in found].count(event["id"]) == 2

    assert again
    await eventually(twice)
    values = {
        record.value
        for record in await on_topic(registry, "platform.order", {event["id"]})
        if id_of(record) == event["id"]
    }
    assert len(values) == 1
    assert msgspec.json.decode(values.pop(), type=OrderFinished).order_id == event["data"]["order_id"]


async def test_more_pushes_at_once_than_there_are_places_are_sent_away(registry: Harness) -> None:
    async with asyncio.TaskGroup() as group:
        places = [group.create_task(api._places.acquire()) for _ in range(api.PUSHES_AT_ONCE)]
    assert all(place.result() for place in places)
    try:
        answer = await push(registry, array(order()))
    finally:
        for _ in places:
            api._places.release()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
