"""A service made for the tests of the chassis: it counts what it hears, and tells it on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from shared import clock
from shared.contracts.base import CloudEvent, Fact, Id, Topic
from shared.errors import Conflict, NotFound
from shared.messaging.consuming import consumes, consumes_in_bulk
from shared.messaging.timers import Due, TryAgain, timer, work
from shared.service import Service
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.records import Record, require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import AnyCaller, Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

PINGS = Topic("test.ping", partitions=3)
PONGS = Topic("test.pong", partitions=3)
BULK = Topic("test.bulk", partitions=3)
HEAPS = Topic("test.heap", partitions=1)


class Ping(Fact, frozen=True, kw_only=True):
    name: Id
    number: int = 0


class Pong(Fact, frozen=True, kw_only=True):
    name: Id
    number: int


class Bulk(Fact, frozen=True, kw_only=True):
    name: Id


class Heap(Fact, frozen=True, kw_only=True):
    name: Id


for _fact, _type, _topic in (
    (Ping, "cn.deyang.test.ping.said.v1", PINGS),
    (Pong, "cn.deyang.test.pong.said.v1", PONGS),
    (Bulk, "cn.deyang.test.bulk.said.v1", BULK),
    (Heap, "cn.deyang.test.heap.said.v1", HEAPS),
):
    _fact.TYPE, _fact.TOPIC, _fact.KEY = _type, _topic, ("name",)

TOPICS = [PINGS, PONGS, BULK, HEAPS]


class Counter(Record):
    """How often a name was heard."""

    name: str
    heard: list[int] = Field(default_factory=list)

    class Settings:
        name = "counters"


class Refusal(ValueError):
    """What a rule of the sample service forbids."""


faults: dict[str, int] = {}
"""How many passing faults the handler still meets, by name."""
attempts: list[str] = []
"""Keys of outside work that was tried."""
gates: dict[str, asyncio.Event] = {}
"""What a try of outside work waits for in the end, by key and number; what a heap waits for, by its name."""
heaps: list[str] = []
"""What became of heaps, in order."""


async def _counter(name: str, tx: Transaction) -> Counter:
    return await tx.find_one(Counter, {"name": name}) or Counter(id=f"counter-{name}", name=name)


@consumes(Ping, group="sample.counting")
async def on_ping(event: CloudEvent[Ping], tx: Transaction) -> None:
    if event.data.name.startswith("refused"):
        raise Refusal("the id number 51060319900101001X is not wanted here")
    if faults.get(event.data.name, 0) > 0:
        faults[event.data.name] -= 1
        raise ConnectionError("away")
    counter = await _counter(event.data.name, tx)
    counter.heard.append(event.data.number)
    await counter.put(tx)
    tx.publish(Pong(name=event.data.name, number=event.data.number))


@consumes(Pong, group="sample.echo")
async def on_pong(event: CloudEvent[Pong], tx: Transaction) -> None:
    counter = await _counter(f"echo of {event.data.name}", tx)
    counter.heard.append(event.data.number)
    await counter.put(tx)


@consumes_in_bulk(Bulk, group="sample.bulk")
async def on_bulk(events: Sequence[CloudEvent[Bulk]]) -> None:
    if any(event.data.name.startswith("refused") for event in events):
        raise Refusal("not wanted")
    for event in events:
        await storage().collection("bulk").update_one({"_id": event.data.name}, {"$set": {"seen": True}}, upsert=True)


@consumes_in_bulk(Heap, group="sample.overlapping", overlapping=True)
async def on_heaps(events: Sequence[CloudEvent[Heap]]) -> None:
    for name in (event.data.name for event in events):
        heaps.append(f"{name} begun")
        try:
            if name in gates:
                await gates[name].wait()
        except asyncio.CancelledError:
            heaps.append(f"{name} given up")
            raise
        if name.startswith("refused"):
            raise Refusal("not wanted")
        heaps.append(f"{name} done")


class Number(msgspec.Struct, frozen=True):
    """What the timers and the work of this service carry."""

    number: int | None


BELL = TimerKind("sample.bell", Number)
ERRAND = TimerKind("sample.errand", Number)


@timer(BELL)
async def on_bell(due: Due[Number], tx: Transaction) -> None:
    counter = await _counter(due.key, tx)
    counter.heard.append(due.payload.number or 0)
    await counter.put(tx)


@work(ERRAND, seconds=5)
async def run_errand(due: Due[Number]) -> int | None:
    attempts.append(due.key)
    if faults.get(due.key, 0) > 0:
        faults[due.key] -= 1
        raise TryAgain("not yet")
    number = due.payload.number or due.attempts
    if (gate := gates.get(f"{due.key}-{number}")) is not None:
        await gate.wait()
    return number


@run_errand.store
async def done(due: Due[Number], number: int, tx: Transaction) -> None:
    counter = await _counter(due.key, tx)
    counter.heard.append(number)
    await counter.put(tx)


PARCEL = TimerKind("sample.parcel", Number)


@work(PARCEL, seconds=10, lane="parcels")
async def carry(due: Due[Number]) -> int | None:
    await gates["parcels"].wait()
    return None


router = APIRouter(prefix="/v1", route_class=IdempotentRoute)


class NewCounter(BaseModel):
    name: Annotated[str, "what is counted"]


class CounterView(BaseModel):
    id: str
    name: str
    heard: list[int]


def _view(counter: Counter) -> CounterView:
    return CounterView(id=counter.id, name=counter.name, heard=counter.heard)


@router.post("/counters", status_code=201)
async def create(body: NewCounter, worker: Worker) -> CounterView:
    async def store(tx: Transaction) -> Counter:
        counter = await Counter(name=body.name).put(tx)
        tx.publish(Ping(name=body.name, number=1))
        return counter

    return _view(await transact(store))


@router.post("/counters/only", status_code=201)
async def create_only(body: NewCounter, worker: Worker) -> CounterView:
    """A counter of a name that nobody has taken."""

    async def store(tx: Transaction) -> Counter:
        if await tx.get(Counter, f"only-{body.name}") is not None:
            raise Conflict("taken", "名称已被使用", "the name is taken")
        return await Counter(id=f"only-{body.name}", name=body.name).put(tx)

    return _view(await transact(store))


@router.put("/counters/{counter_id}")
async def change(
    counter_id: str, body: NewCounter, caller: AnyCaller, seen: RevisionSeen, response: Response
) -> CounterView:
    async def store(tx: Transaction) -> Counter:
        counter = await Counter.of(counter_id, tx)
        if counter is None:
            raise NotFound("计数", "counter")
        require_revision(seen, counter.revision)
        counter.name = body.name
        return await counter.put(tx)

    counter = await transact(store)
    set_etag(response, counter.revision)
    return _view(counter)


@router.get("/counters")
async def read_all(caller: AnyCaller, page: PageAsked) -> Page[CounterView]:
    return await Page.of(Counter, {}, _view, page)


async def ring_later(name: str, number: int, seconds: float) -> None:
    async def store(tx: Transaction) -> None:
        tx.schedule(BELL, name, clock.now() + timedelta(seconds=seconds), Number(number))

    await transact(store)


async def errand(name: str, number: int | None = None) -> None:
    async def store(tx: Transaction) -> None:
        tx.schedule(ERRAND, name, clock.now(), Number(number))

    await transact(store)


async def parcels(count: int) -> None:
    async def store(tx: Transaction) -> None:
        for number in range(count):
            tx.schedule(PARCEL, f"parcel-{number}", clock.now(), Number(number))

    await transact(store)


SERVICE = Service(
    "sample",
    title="样例",
    description="A service for the tests of the chassis.",
    documents=[Counter],
    routers=[router],
    modules=[sys.modules[__name__]],
)
