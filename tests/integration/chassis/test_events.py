"""Outbox, relay, consuming and dead letters on the real servers."""

from __future__ import annotations

import pytest

from shared.ids import new_id
from shared.messaging import dead_letters, replay
from shared.storage.client import storage
from shared.storage.transaction import Transaction, transact
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


async def test_the_same_event_twice_in_a_batch_and_again_later_counts_once(service: Harness) -> None:
    event_id = new_id()
    await service.publish(Ping(name="twice", number=1), Ping(name="twice", number=1), event_id=event_id)
    await eventually(lambda: heard("twice"))
    await service.publish(Ping(name="twice", number=1), event_id=event_id)
    await service.settled()
    assert await heard("twice") == [1]


async def test_events_of_one_key_keep_their_order_through_the_relay(service: Harness) -> None:
    async def tell(number: int, tx: Transaction) -> None:
        tx.tell(Ping(name="ordered", number=number))

    for number in range(40):
        await transact(lambda tx, n=number: tell(n, tx))  # type: ignore[misc]
    await eventually(lambda: _all_heard("ordered", 40))
    assert await heard("ordered") == list(range(40))


async def _all_heard(name: str, count: int) -> bool:
    return len(await heard(name)) == count


async def test_what_a_failed_command_told_is_never_published(service: Harness) -> None:
    async def tell_and_fail(tx: Transaction) -> None:
        tx.tell(Ping(name="never", number=1))
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


async def test_a_broken_rule_goes_to_the_dead_letters_without_personal_data_and_the_rest_goes_on(
    service: Harness,
) -> None:
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
    from shared import clock
    from shared.messaging.broker import Record, publish
    from shared.messaging.envelope import headers_of

    headers = headers_of(new_id(), "/services/test", Ping.TYPE, clock.now())
    await publish(service.running.producer, [Record("test.ping", b"k", b'{"name": 5}', headers)])
    letter = await eventually(lambda: _letter(service, b'{"name": 5}'))
    assert "InvalidEvent" in letter.reason


async def _letter(service: Harness, value: bytes) -> dead_letters.DeadLetter | None:
    return next((letter for letter in await service.process.dead_letters() if letter.value == value), None)


async def test_a_dead_letter_that_is_sent_again_has_its_effect_and_leaves_the_list(service: Harness) -> None:
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


async def test_replay_repeats_no_effect_and_brings_back_what_a_consumer_never_had(service: Harness) -> None:
    async def tell(tx: Transaction) -> None:
        tx.tell(Ping(name="replayed", number=3))

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


async def test_the_trace_goes_from_the_request_through_the_outbox_to_what_the_consumer_tells(service: Harness) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = service.headers("worker", worker_id="w1") | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    answer = await service.http.post("/v1/counters", json={"name": "traced"}, headers=headers)
    assert answer.status_code == 201

    async def ponged() -> str | None:
        told = [event for event in await service.told_events(Pong) if event.data.name == "traced"]
        return told[0].traceparent if told else None

    traceparent = await eventually(ponged)
    assert traceparent.split("-")[1] == trace_id


async def test_too_many_dead_letters_in_a_row_stop_the_group_and_readiness_says_so(service: Harness) -> None:
    await service.publish(*[Ping(name=f"refused-{n}", number=n) for n in range(60)])
    group = next(group for group in service.process.groups if group.name == "sample.counting")

    async def stopped() -> str | None:
        return group.stopped

    assert "dead letters in a row" in await eventually(stopped, 60)
    ready = await service.http.get("/readyz")
    assert ready.status_code == 503
    assert "sample.counting" in ready.json()["missing"]
    letters = [letter for letter in await service.process.dead_letters() if b"refused-" in letter.value]
    assert len(letters) < 60
