"""Timers, outside work and leases on the real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from opentelemetry.trace import SpanKind

from shared import clock
from shared.messaging import relay
from shared.messaging.scheduler import Scheduler
from shared.messaging.timers import Due, timer
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.leases import Lease
from shared.storage.transaction import Transaction, transact
from shared.telemetry import traces
from tests.harness import Harness, eventually
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Pong


async def heard(name: str) -> list[int]:
    counter = await Counter.find_one(Counter.name == name)
    return counter.heard if counter else []


async def test_a_timer_fires_when_due_and_only_once(service: Harness) -> None:
    before = clock.now()
    await sample.ring_later("bell", 4, seconds=0.4)
    assert await heard("bell") == []
    assert await eventually(lambda: heard("bell")) == [4]
    assert clock.now() - before >= timedelta(seconds=0.4)
    await service.settled()
    assert await heard("bell") == [4]


async def test_a_timer_that_is_set_anew_fires_at_its_new_time_only(service: Harness) -> None:
    await sample.ring_later("moved", 1, seconds=60)
    await sample.ring_later("moved", 2, seconds=0)
    assert await eventually(lambda: heard("moved")) == [2]


async def test_a_cancelled_timer_never_fires(service: Harness) -> None:
    async def cancel(tx: Transaction) -> None:
        tx.cancel(sample.BELL, "silent")

    await sample.ring_later("silent", 1, seconds=0.5)
    await transact(cancel)
    await sample.ring_later("loud", 1, seconds=0.6)
    await eventually(lambda: heard("loud"))
    assert await heard("silent") == []


async def test_the_last_word_of_a_transaction_on_a_timer_holds(service: Harness) -> None:
    async def hesitate(tx: Transaction) -> None:
        for number in (1, 2):
            tx.schedule(sample.BELL, "twice", clock.now(), sample.Number(number))
        tx.schedule(sample.BELL, "after all not", clock.now(), sample.Number(1))
        tx.cancel(sample.BELL, "after all not")
        tx.cancel(sample.BELL, "after all")
        tx.schedule(sample.BELL, "after all", clock.now(), sample.Number(3))

    await transact(hesitate)
    await eventually(lambda: heard("after all"))
    await service.settled()
    assert [await heard(name) for name in ("twice", "after all not", "after all")] == [[2], [], [3]]


async def test_many_set_the_same_timer_without_meeting(service: Harness) -> None:
    kind, due_at = TimerKind("sample.shared"), clock.now() + timedelta(hours=1)
    both, tries = asyncio.Barrier(2), 0

    async def set_it(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        await tx.schedule_once(kind, "many", due_at)
        if 1 < tries <= 3:
            await both.wait()

    await transact(set_it)
    await asyncio.gather(transact(set_it), transact(set_it))
    assert tries == 3
    due_at += timedelta(minutes=1)
    tries = 3
    await transact(set_it)
    timers = storage().collection("timers")
    rows = await timers.find({"kind": kind.name}).to_list(None)
    await timers.delete_many({"kind": kind.name})  # nobody would take it
    assert [row["due_at"] for row in rows] == [due_at]


async def test_a_timer_that_may_be_taken_meanwhile_is_set_anew(service: Harness) -> None:
    kind, timers = TimerKind("sample.soon"), storage().collection("timers")
    due = {"soon": clock.now() + timedelta(seconds=60), "later": clock.now() + timedelta(seconds=120)}

    async def set_them(tx: Transaction) -> None:
        for key, due_at in due.items():
            await tx.schedule_once(kind, key, due_at)

    await transact(set_them)
    await timers.update_many({"kind": kind.name}, {"$set": {"attempts": 7}})
    await transact(set_them)
    rows = await timers.find({"kind": kind.name}).to_list(None)
    await timers.delete_many({"kind": kind.name})  # nobody would take them
    assert {row["key"]: row["attempts"] for row in rows} == {"soon": 0, "later": 7}


async def test_a_timer_of_a_dead_process_comes_to_another(service: Harness) -> None:
    """It comes when the lease of the dead process runs out."""
    stale = clock.now() - timedelta(seconds=1)
    row = {"_id": "sample.bell:orphan", "kind": "sample.bell", "key": "orphan", "due_at": stale, "data": {"number": 8}}
    await storage().collection("timers").insert_one({**row, "attempts": 1, "holder": "a process that died"})
    assert await eventually(lambda: heard("orphan")) == [8]


async def test_work_set_anew_while_tried_is_done_once_by_its_last_word(service: Harness) -> None:
    """What the first try looked at may have changed since: its outcome is given up, and the second one's is stored."""
    gates = sample.gates["again-1"], sample.gates["again-2"] = asyncio.Event(), asyncio.Event()

    async def tried(times: int) -> None:
        async def often() -> bool:
            return sample.attempts.count("again") == times

        await eventually(often)

    async def one_is_left() -> bool:
        assert service.process.scheduler is not None
        return service.process.scheduler.lanes[""].under_way == 1

    await sample.errand("again", number=1)
    await tried(1)
    await sample.errand("again", number=2)
    await tried(2)
    gates[0].set()
    await eventually(one_is_left)
    assert await heard("again") == []
    gates[1].set()
    assert await eventually(lambda: heard("again")) == [2]
    await service.settled()
    assert await heard("again") == [2]


async def test_two_processes_never_fire_one_timer_twice(service: Harness) -> None:
    twins = [asyncio.create_task(Scheduler([sample.on_bell]).run()) for _ in range(3)]
    try:
        for number in range(25):
            await sample.ring_later(f"twin-{number}", number, seconds=0)

        async def all_heard() -> bool:
            return await Counter.find({"name": {"$regex": "^twin-"}}).count() == 25

        await eventually(all_heard)
        await service.settled()
    finally:
        for twin in twins:
            twin.cancel()
        await asyncio.gather(*twins, return_exceptions=True)
    counters = await Counter.find({"name": {"$regex": "^twin-"}}).to_list()
    assert all(counter.heard == [int(counter.name.removeprefix("twin-"))] for counter in counters)


async def test_what_a_timer_does_is_part_of_its_trace(service: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = traces.make_provider("test", None)
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("test"))
    kind, seen = TimerKind("sample.traced"), list[str | None]()

    @timer(kind)
    async def on_traced(due: Due[None], tx: Transaction) -> None:
        seen.append(traces.current_trace_id())

    async def fired() -> bool:
        return bool(seen)

    async def set_it(tx: Transaction) -> None:
        tx.schedule(kind, "one", clock.now())

    with traces.span("cause", SpanKind.INTERNAL):
        cause = traces.current_trace_id()
        await transact(set_it)
    scheduler = asyncio.create_task(Scheduler([on_traced]).run())
    try:
        await eventually(fired)
    finally:
        scheduler.cancel()
        await asyncio.gather(scheduler, return_exceptions=True)
        provider.shutdown()
    assert cause is not None
    assert seen[0] == cause


async def test_outside_work_is_tried_until_it_succeeds(service: Harness) -> None:
    """What came of it is recorded once."""
    sample.faults["errand"] = 2
    await sample.errand("errand")
    assert await eventually(lambda: heard("errand")) == [3]
    assert sample.attempts.count("errand") == 3


async def test_however_much_one_lane_has_to_do_the_others_go_on(service: Harness) -> None:
    """A hundred parcels that nobody takes, and then an errand."""
    gate = sample.gates["parcels"] = asyncio.Event()
    await sample.parcels(100)
    await sample.errand("beside")
    assert await eventually(lambda: heard("beside"), 3) == [1]
    assert await storage().collection("timers").count_documents({"kind": "sample.parcel"}) == 100
    gate.set()
    await service.settled()
    assert await storage().collection("timers").count_documents({"kind": "sample.parcel"}) == 0


async def test_a_lease_has_one_holder_and_passes_on_when_it_runs_out(service: Harness) -> None:
    first, second = Lease("tested", seconds=0.6), Lease("tested", seconds=0.6)
    assert await first.renew()
    assert not await second.renew()
    assert first.held
    assert not second.held
    await eventually(second.renew, 5)
    assert not first.held
    assert not await first.renew()


async def test_two_relays_publish_every_fact_once_and_in_order(service: Harness, kafka_bootstrap: str) -> None:
    second = asyncio.create_task(relay.run(service.running.producer, _nothing, 0.5))
    try:
        for number in range(60):
            await transact(lambda tx, n=number: _pong(n, tx))  # type: ignore[misc]
        await service.settled()
    finally:
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
    assert await _published(kafka_bootstrap) == list(range(60))


async def _nothing() -> None:
    return None


async def _pong(number: int, tx: Transaction) -> None:
    tx.publish(Pong(name="relayed", number=number))


async def _published(bootstrap: str) -> list[int]:
    consumer = AIOKafkaConsumer("test.pong", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    numbers: list[int] = []
    try:
        while batch := await consumer.getmany(timeout_ms=1500):
            pongs = [msgspec.json.decode(r.value, type=Pong) for records in batch.values() for r in records]
            numbers += [pong.number for pong in pongs if pong.name == "relayed"]
    finally:
        await consumer.stop()
    return numbers
