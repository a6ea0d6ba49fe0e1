"""Outbox, relay, consuming and dead letters on the real servers."""

from __future__ import annotations

from functools import partial

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared import clock
from shared.ids import new_id
from shared.messaging import dead_letters, replay
from shared.messaging.broker import Record, publish
from shared.messaging.envelope import Headers, headers_of
from shared.storage.client import storage
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics
from tests.harness import Harness, eventually
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Bulk, Counter, Ping, Pong


async def heard(name: str) -> list[int]:
    counter = await Counter.find_one(Counter.name == name)
    return counter.heard if counter else []


async def test_an_event_has_its_effect_and_tells_on(service: Harness) -> None:
    await service.publish(Ping(name="once", number=7))
    await eventually(lambda: heard("once"))
    assert await heard("once") == [7]
    assert [pong.number for pong in await service.told(Pong) if pong.name == "once"] == [7]


async def test_the_same_event_counts_once(service: Harness) -> None:
    """Told twice in a batch and again later."""
    event_id = new_id()
    await service.publish(Ping(name="twice", number=1), Ping(name="twice", number=1), event_id=event_id)
    await eventually(lambda: heard("twice"))
    await service.publish(Ping(name="twice", number=1), event_id=event_id)
    await service.settled()
    assert await heard("twice") == [1]


async def test_events_of_one_key_keep_their_order_through_the_relay(service: Harness) -> None:
    async def tell(number: int, tx: Transaction) -> None:
        tx.publish(Ping(name="ordered", number=number))

    for number in range(40):
        await transact(lambda tx, n=number: tell(n, tx))  # type: ignore[misc]
    await eventually(lambda: _all_heard("ordered", 40))
    assert await heard("ordered") == list(range(40))


async def test_what_nobody_awaits_is_published_in_its_place(service: Harness) -> None:
    """Behind what was stored before it, and before what is stored after it."""

    async def tell(number: int, tx: Transaction) -> None:
        tx.publish(Ping(name="late", number=number), late=number % 2 == 1)

    await transact(partial(tell, 1))
    await eventually(lambda: _all_heard("late", 1))
    for number in range(2, 10):
        await transact(partial(tell, number))
    await eventually(lambda: _all_heard("late", 9))
    assert await heard("late") == list(range(1, 10))


async def _all_heard(name: str, count: int) -> bool:
    return len(await heard(name)) == count


async def test_what_a_failed_command_told_is_never_published(service: Harness) -> None:
    async def tell_and_fail(tx: Transaction) -> None:
        tx.publish(Ping(name="never", number=1))
        raise KeyError("changed my mind")

    with pytest.raises(KeyError):
        await transact(tell_and_fail)
    await service.settled()
    assert await heard("never") == []


async def test_a_passing_fault_is_waited_out_in_place(service: Harness) -> None:
    sample.faults["weak"] = 3
    await service.publish(Ping(name="weak", number=1), Ping(name="weak", number=2))
    await eventually(lambda: _all_heard("weak", 2))
    assert await heard("weak") == [1, 2]
    assert sample.faults["weak"] == 0


async def test_a_broken_rule_becomes_a_dead_letter(
    service: Harness,
) -> None:
    """The letter's reason holds no personal data, and the rest of the batch goes on."""
    await service.publish(Ping(name="refused-1", number=1), Ping(name="fine", number=2))
    await eventually(lambda: heard("fine"))
    await service.settled()
    letter = next(letter for letter in await service.process.dead_letters() if b"refused-1" in letter.value)
    assert letter.group == "sample.counting"
    assert "Refusal" in letter.reason
    assert "19900101" not in letter.reason
    answer = await service.http.get("/v1/dead-letters", headers=service.headers("operator"))
    assert letter.id in [item["id"] for item in answer.json()["items"]]


async def test_a_record_that_is_no_event_is_put_aside_with_its_reason(service: Harness) -> None:
    headers = ping_headers()
    await publish(service.running.producer, [Record("test.ping", b"k", b'{"name": 5}', headers)])
    letter = await eventually(lambda: _letter(service, b'{"name": 5}'))
    assert "InvalidEvent" in letter.reason


async def _letter(service: Harness, value: bytes) -> dead_letters.DeadLetter | None:
    return next((letter for letter in await service.process.dead_letters() if letter.value == value), None)


async def test_a_dead_letter_sent_again_has_effect_and_leaves_the_list(service: Harness) -> None:
    event_id = new_id()
    await service.publish(Ping(name="refused-later", number=9), event_id=event_id)
    letter = await eventually(lambda: _by_name(service, b"refused-later"))
    forgiven = dead_letters.DeadLetter(
        **{
            **{name: getattr(letter, name) for name in letter.__slots__},
            "value": letter.value.replace(b"refused-later", b"forgiven-now"),
        }
    )
    await dead_letters.send_again(service.running.producer, forgiven)
    await eventually(lambda: heard("forgiven-now"))
    assert await _by_name(service, b"refused-later") is None


async def _by_name(service: Harness, name: bytes) -> dead_letters.DeadLetter | None:
    return next((letter for letter in await service.process.dead_letters() if name in letter.value), None)


async def test_a_bulk_group_puts_only_the_refused_aside(service: Harness) -> None:
    await service.publish(Bulk(name="b1"), Bulk(name="refused-b"), Bulk(name="b2"))

    async def both() -> bool:
        return await storage().collection("bulk").count_documents({"_id": {"$in": ["b1", "b2"]}}) == 2

    await eventually(both)
    await eventually(lambda: _by_name(service, b"refused-b"))


async def test_replay_brings_back_only_what_a_consumer_never_had(service: Harness) -> None:
    """An effect that it had already is not repeated."""

    async def tell(tx: Transaction) -> None:
        tx.publish(Ping(name="replayed", number=3))

    await transact(tell)
    await eventually(lambda: heard("replayed"))
    await service.settled()
    assert await replay.replay_outbox(service.running.producer, None, "test.ping") > 0
    await service.settled()
    assert await heard("replayed") == [3]
    # what a broker that lost its disk would mean: the effect never came, and the mark neither
    await Counter.find(Counter.name == "replayed").delete()
    await storage().collection("inbox").delete_many({})
    await replay.replay_outbox(service.running.producer, None, "test.ping")
    await eventually(lambda: heard("replayed"))
    assert await heard("replayed") == [3]


async def test_the_trace_goes_from_a_request_to_what_a_consumer_tells(service: Harness) -> None:
    """Through the outbox."""
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = service.headers("worker", worker_id="w1") | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    answer = await service.http.post("/v1/counters", json={"name": "traced"}, headers=headers)
    assert answer.status_code == 201

    async def ponged() -> str | None:
        told = [event for event in await service.told_events(Pong) if event.data.name == "traced"]
        return told[0].traceparent if told else None

    traceparent = await eventually(ponged)
    assert traceparent.split("-")[1] == trace_id


async def test_a_record_with_a_header_that_is_no_text_is_put_aside(
    service: Harness,
) -> None:
    """Only where the event needs the header; the rest of the same fetch has its effect."""
    broken = [(name, b"\xff\xfe" if name == "ce_id" else value) for name, value in ping_headers()]
    unread = [(name, b"\xff\xfe" if name == "ce_type" else value) for name, value in ping_headers()]
    extra = [*ping_headers(), ("x-trace", b"\xff\xfe")]
    records = [
        Record("test.ping", b"beside", b'{"name": "beside"}', ping_headers()),
        Record("test.ping", b"beside", b'{"name": "broken id"}', broken),
        Record("test.ping", b"beside", b'{"name": "broken type"}', unread),
        Record("test.ping", b"beside", b'{"name": "extra"}', extra),
        Record("test.ping", b"beside", b'{"name": "beside"}', ping_headers()),
    ]
    await publish(service.running.producer, records)
    await eventually(lambda: _all_heard("beside", 2))
    await eventually(lambda: _all_heard("extra", 1))
    for name in (b"broken id", b"broken type"):
        letter = await eventually(lambda name=name: _by_name(service, name))  # type: ignore[misc]
        assert "UTF-8" in letter.reason or "UnicodeDecodeError" in letter.reason


def ping_headers() -> Headers:
    return headers_of(new_id(), "/services/test", Ping.TYPE, clock.now())


async def test_a_batch_that_comes_again_is_recognised_at_once(service: Harness) -> None:
    records = [
        Record("test.ping", b"batch", b'{"name": "batch", "number": %d}' % number, ping_headers())
        for number in range(150)
    ]
    await publish(service.running.producer, records)
    await eventually(lambda: _all_heard("batch", 150))
    await service.settled()
    commits = metrics.STATEMENTS.labels("commitTransaction")
    before = commits._value.get()
    await publish(service.running.producer, records)
    await service.settled()
    assert commits._value.get() - before < 20
    assert await heard("batch") == list(range(150))


async def test_a_flood_of_bad_events_sets_aside_its_platform_alone(service: Harness) -> None:
    flood = "/platforms/91510600MA00000172"
    await service.publish(*[Ping(name=f"refused-flood-{n}", number=n) for n in range(120)], source=flood)
    await service.publish(Ping(name="unharmed", number=1), source="/platforms/91510600MA00000253")
    await eventually(lambda: heard("unharmed"))
    await service.settled()
    group = next(group for group in service.process.groups if group.name == "sample.counting")
    assert group.stopped is None
    letters = [letter for letter in await service.process.dead_letters() if b"refused-flood" in letter.value]
    assert len(letters) == 120
    assert len([letter for letter in letters if "set aside" in letter.reason]) > 0


async def test_too_many_dead_letters_stop_the_group(
    service: Harness,
) -> None:
    """It stops behind what it has done, and callers are still answered."""
    await service.publish(*[Ping(name=f"refused-{n}", number=n) for n in range(260)])
    group = next(group for group in service.process.groups if group.name == "sample.counting")

    async def stopped() -> str | None:
        return group.stopped

    assert "too many dead letters" in await eventually(stopped, 60)
    letters = [letter for letter in await service.process.dead_letters() if b"refused-" in letter.value]
    ready = await service.http.get("/readyz")
    assert ready.status_code == 200
    assert "sample.counting" in ready.json()["stopped"]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=service.process.settings.kafka.bootstrap, group_id=group.name, enable_auto_commit=False
    )
    await consumer.start()
    try:
        partitions = [TopicPartition("test.ping", number) for number in range(3)]
        committed = {partition: await consumer.committed(partition) or 0 for partition in partitions}
    finally:
        await consumer.stop()
    dead = [letter for letter in letters if letter.topic == "test.ping"]
    assert len(dead) < 400
    assert all(letter.offset < committed[TopicPartition(letter.topic, letter.partition)] for letter in dead)
