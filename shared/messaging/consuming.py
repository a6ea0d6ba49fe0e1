"""Consuming: `@consumes` does idempotence, retry and dead letters, so that no consumer writes them.

A group takes records in batches. Each batch is first tried in one transaction; where that fails, event by event. An event
whose effect is stored has its mark in the `inbox`, in the same transaction, so that the same event again changes nothing.
A passing fault (the database is away, two transactions met) is tried again in place with growing delays, and holds the
partitions of the batch. An event that can never succeed goes to `<group>.dead` with its reason; only when the broker has
it do the offsets move. Too many dead letters stop the group instead of draining the topic (`shared.messaging.dead_rate`);
what had its effect by then is committed first. So does a record that the Kafka client itself cannot read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, cast

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    ConsumerStoppedError,
    IllegalStateError,
    KafkaError,
)
from faststream import AckPolicy
from faststream.exceptions import StopConsume
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER
from opentelemetry.trace import SpanKind
from pymongo.errors import DuplicateKeyError

from shared import clock, faults
from shared.contracts.base import CloudEvent, Fact
from shared.identity.masking import mask_text
from shared.messaging import dead_letters
from shared.messaging.dead_rate import DeadRate
from shared.messaging.envelope import InvalidEvent
from shared.messaging.fetching import Fetcher, Read, Unreadable
from shared.settings import KafkaSettings
from shared.storage.client import storage
from shared.storage.passing import is_passing
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics, traces

log = structlog.get_logger(__name__)

F = TypeVar("F", bound=Fact)

BATCH = 200
"""Events of one transaction, and of one fetch of an ordinary group."""
BULK_BATCH = 2000
"""Events of one fetch of a group that writes in bulk."""
FIRST_DELAY, LONGEST_DELAY = 0.1, 15.0
"""Seconds between tries in place."""
FETCH_WAIT_MS = 250
"""How long the broker may hold an empty fetch. The embedded one holds it to the end even where an event comes meanwhile."""
COLLISIONS = 3
"""Tries that may meet a unique key before the event is taken to break a rule."""
POLL_SECONDS = 600
"""How long one batch may take before the broker gives its partitions to another process."""

Load = Callable[[Sequence[CloudEvent[Any]], Transaction], Awaitable[None]]
Handle = Callable[[CloudEvent[Any], Transaction], Awaitable[None]]
HandleMany = Callable[[Sequence[CloudEvent[Any]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Consumer(Generic[F]):
    """A handler of some types of event, in a group."""

    facts: tuple[type[F], ...]
    group: str
    handle: Handle | None = None
    handle_many: HandleMany | None = None
    load: Load | None = None
    fetch_wait_ms: int = FETCH_WAIT_MS


def consumes(
    *facts: type[F], group: str, load: Load | None = None, fetch_wait_ms: int = FETCH_WAIT_MS
) -> Callable[[Callable[[CloudEvent[F], Transaction], Awaitable[None]]], Consumer[F]]:
    """Handle each event of these types once, in a transaction. `group` is `<service>.<capability>`.

    `load` reads beforehand, for all events of a transaction at once, what the handler asks for one by one. A group that is in no
    hurry waits longer for each fetch, and handles more of them in one.
    """

    def declare(handle: Callable[[CloudEvent[F], Transaction], Awaitable[None]]) -> Consumer[F]:
        return Consumer(facts, group, handle=handle, load=load, fetch_wait_ms=fetch_wait_ms)

    return declare


def consumes_in_bulk(
    *facts: type[F], group: str, fetch_wait_ms: int = FETCH_WAIT_MS
) -> Callable[[Callable[[Sequence[CloudEvent[F]]], Awaitable[None]]], Consumer[F]]:
    """Handle high-volume types in batches, without inbox and transaction.

    The handler must be idempotent by natural keys: a batch may come again, whole or cut otherwise. A group that reads many
    topics and is in no hurry waits longer for each fetch, which spares the broker.
    """

    def declare(handle: Callable[[Sequence[CloudEvent[F]]], Awaitable[None]]) -> Consumer[F]:
        return Consumer(facts, group, handle_many=handle, fetch_wait_ms=fetch_wait_ms)

    return declare


Item = tuple[ConsumerRecord[Any, Any], Consumer[Any], CloudEvent[Any]]
"""A record, who handles it, and the event in it."""


class Group:
    """The consumers of one group, subscribed to their topics."""

    def __init__(
        self, name: str, consumers: Sequence[Consumer[Any]], producer: AIOKafkaProducer, kafka: KafkaSettings
    ) -> None:
        self.name = name
        self.kafka = kafka
        self.by_type = {fact.TYPE: (fact, consumer) for consumer in consumers for fact in consumer.facts}
        if len(self.by_type) < sum(len(consumer.facts) for consumer in consumers):
            raise ValueError(f"{name}: a type of event has two handlers, of which one would never be called")
        self.topics = sorted({fact.TOPIC.name for fact, _ in self.by_type.values()})
        self.fetch_wait_ms = max(consumer.fetch_wait_ms for consumer in consumers)
        self.bulk = any(consumer.handle_many for consumer in consumers)
        if self.bulk and not all(consumer.handle_many for consumer in consumers):
            raise ValueError(f"{name}: a group handles in bulk or one by one, not both")
        facts = {kind: fact for kind, (fact, _) in self.by_type.items()}
        self.fetcher = Fetcher(facts, BULK_BATCH if self.bulk else BATCH, kafka.rest_seconds)
        self.producer = producer
        self.stopped: str | None = None
        self.handled = 0
        self.rate = DeadRate()
        self._finished: set[tuple[str, int, int]] = set()
        """Records of the present fetch that have had their effect or are dead letters."""
        self._done: dict[TopicPartition, int] = {}
        self._subscriber: Any = None
        self._ending: asyncio.Task[None] | None = None
        for counter in (metrics.HANDLED, metrics.REPEATED, metrics.RETRIED, metrics.DEAD):
            counter.labels(name)  # shown from the start: what rises from nothing is seen to rise
        metrics.STOPPED.labels(name).set(0)

    def subscribe(self, broker: KafkaBroker) -> None:
        session_ms = int(self.kafka.session_seconds * 1000)
        self._subscriber = broker.subscriber(
            *self.topics,
            group_id=self.name,
            batch=True,
            fetch_max_wait_ms=self.fetch_wait_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            max_poll_interval_ms=POLL_SECONDS * 1000,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // 3,
            parser=_leave_as_read,
            decoder=_leave_as_it_is,
        )
        self._subscriber.get_msg = self._fetch
        self._subscriber(self._take)

    async def _fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """In place of FastStream's own, which sleeps for half a second after each fetch that found nothing."""
        try:
            return await self.fetcher.fetch(consumer)
        except Unreadable as error:
            self._stop(f"a record cannot be read: {error}")
            self._ending = asyncio.create_task(self._subscriber.stop())  # which cancels the task that this runs in
            raise ConsumerStoppedError from error

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        return self._subscriber.consumer if self._subscriber else None

    @property
    def joined(self) -> bool:
        """Whether the group's coordinator has given this process its part, which may be no partition at all."""
        consumer = self.consumer
        return consumer is not None and not consumer._subscription.reassignment_in_progress

    async def lag(self, offsets: AIOKafkaConsumer) -> dict[str, int] | None:
        """Records between what this process has finished and the end of its partitions, by topic.

        None while it joins, and where it has stopped: what there is to do is not known.

        `offsets` is a consumer that fetches nothing: a question on the group's own connection waits for the fetch that is held.
        """
        consumer = self.consumer
        if consumer is None or not self.joined:
            return None
        partitions = list(consumer.assignment())
        if not partitions:
            return dict.fromkeys(self.topics, 0)
        unknown = [partition for partition in partitions if partition not in self._done]
        ends, begins, *committed = await asyncio.gather(
            offsets.end_offsets(partitions),
            offsets.beginning_offsets(unknown),
            *(consumer.committed(partition) for partition in unknown),
        )
        for partition, offset in zip(unknown, committed, strict=True):
            self._done.setdefault(partition, offset or begins[partition])
        found = dict.fromkeys(self.topics, 0)
        for partition in partitions:
            done = self._done[partition]
            # the embedded broker reports the end of a batch of several records too low; a fetch tells it right
            found[partition.topic] += max(0, max(ends[partition], consumer.highwater(partition) or 0) - done)
        return found

    async def measure(self, offsets: AIOKafkaConsumer) -> None:
        """Measure the lag; it is not shown while it is not known."""
        found = await self.lag(offsets)
        for topic in self.topics:
            if found is None:
                metrics.LAG.remove(self.name, topic)
            else:
                metrics.LAG.labels(self.name, topic).set(found[topic])

    async def _take(self, message: KafkaMessage) -> None:
        batch = cast("Sequence[Read]", message.body)
        records = [read.record for read in batch]
        self._finished.clear()
        try:
            await self._handle_all(batch)
            faults.reach("consumer.handled")
            await self._commit(records)
        except StopConsume:
            await self._commit(self._finished_first(records))
            raise
        except asyncio.CancelledError:
            raise
        except Exception as error:  # FastStream would go on with the next batch, and commit past this one
            self._stop(f"{type(error).__name__}")
            log.exception("consumer.broken", group=self.name)
            raise StopConsume from error

    def _finished_first(self, records: Sequence[ConsumerRecord[Any, Any]]) -> list[ConsumerRecord[Any, Any]]:
        """Of each partition, the records before the first unfinished one."""
        first: list[ConsumerRecord[Any, Any]] = []
        held: set[TopicPartition] = set()
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            if place(record) not in self._finished:
                held.add(partition)
            elif partition not in held:
                first.append(record)
        return first

    async def _commit(self, records: Sequence[ConsumerRecord[Any, Any]]) -> None:
        offsets: dict[TopicPartition, int] = {}
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
        consumer = self.consumer
        if consumer is None:
            return
        try:
            await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            # the partitions went to another process, which takes the batch again
            log.info("consumer.partitions_lost", group=self.name)
        except KafkaError as error:
            # the effect is stored and the mark kept: the next commit moves further, a restart repeats harmlessly
            log.warning("consumer.commit_failed", group=self.name, reason=type(error).__name__)
        self._done.update(offsets)

    async def _handle_all(self, batch: Sequence[Read]) -> None:
        events: list[Item] = []
        for record, event in ((read.record, read.event) for read in batch):
            if event is None:  # a type of this topic that the group does not listen to
                self._finished.add(place(record))
            elif isinstance(event, InvalidEvent):
                await self._bury(record, event)
            elif self.rate.is_aside(event.source, time.monotonic()):
                await self._put_aside(record, f"{event.source} is set aside: too many of its events were refused")
            else:
                events.append((record, self.by_type[event.type][1], event))
        if not events:
            return
        if self.bulk:
            await self._handle_in_bulk(events)
        else:
            await self._handle_in_transactions(events)
        self.handled += len(events)

    async def _handle_in_bulk(self, events: Sequence[Item]) -> None:
        for consumer in {id(item[1]): item[1] for item in events}.values():
            own = [item for item in events if item[1] is consumer]
            try:
                await self._patiently(partial(self._call, consumer, [item[2] for item in own]))
                metrics.HANDLED.labels(self.name).inc(len(own))
                self._finish(own)
            except Exception:
                for item in own:
                    await self._one_by_one(item, partial(self._call, consumer, [item[2]]))

    async def _call(self, consumer: Consumer[Any], events: Sequence[CloudEvent[Any]]) -> None:
        """One span for all events, since a span for each would cost more than the work; it links to where they come from."""
        assert consumer.handle_many is not None
        links = (event.traceparent for event in events)
        attributes = {"messaging.batch.message_count": len(events)}
        with traces.span(f"{self.name} batch", SpanKind.CONSUMER, links=links, attributes=attributes):
            await consumer.handle_many(events)

    async def _handle_in_transactions(self, events: Sequence[Item]) -> None:
        # Events seldom come twice: marks, and what is new by its id, are simply stored, and looked up only where one is there.
        for look in (False, True):
            try:
                await transact(partial(self._apply, events, look), attempts=3)
                self._finish(events)
                return
            except DuplicateKeyError:
                continue
            except Exception as error:
                log.debug("consumer.one_by_one", group=self.name, reason=type(error).__name__)
                break
        for item in events:
            await self._one_by_one(item, partial(self._apply_alone, item))

    async def _one_by_one(self, item: Item, work: Callable[[], Awaitable[None]]) -> None:
        record, _, event = item
        if self.rate.is_aside(event.source, time.monotonic()):
            await self._put_aside(record, f"{event.source} is set aside: too many of its events were refused")
            return
        try:
            await self._patiently(work)
            self._finish([item])
        except Exception as error:
            await self._bury(record, error)

    def _finish(self, items: Sequence[Item]) -> None:
        for record, _, event in items:
            self.rate.took(event.source)
            self._finished.add(place(record))

    async def _apply_alone(self, item: Item) -> None:
        await transact(partial(self._apply, [item], True))

    async def _apply(self, events: Sequence[Item], look: bool, tx: Transaction) -> None:
        inbox, now, tx.hopeful = storage().collection("inbox"), clock.now(), not look
        marks = {inbox_mark(self.name, event): (consumer, event) for _, consumer, event in events}
        if look:
            seen = await inbox.find({"_id": {"$in": list(marks)}}, {"_id": 1}, session=tx.session).to_list(None)
            for row in seen:
                del marks[row["_id"]]
        metrics.REPEATED.labels(self.name).inc(len(events) - len(marks))
        if not marks:
            return
        tx.mark_consumed([{"_id": mark, "at": now} for mark in marks])
        for loading in {id(consumer): consumer for consumer, _ in marks.values()}.values():
            if loading.load is not None:
                await loading.load([event for consumer, event in marks.values() if consumer is loading], tx)
        for consumer, event in marks.values():
            assert consumer.handle is not None
            with traces.span(f"{self.name} {event.type}", SpanKind.CONSUMER, event.traceparent):
                await consumer.handle(event, tx)
        metrics.HANDLED.labels(self.name).inc(len(marks))

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Try until the fault has passed. Raises only what does not pass by itself."""
        delay, collisions = FIRST_DELAY, 0
        while True:
            try:
                return await work()
            except Exception as error:
                collisions += isinstance(error, DuplicateKeyError)
                if not _passes(error) or collisions > COLLISIONS:
                    raise
                metrics.RETRIED.labels(self.name).inc()
                log.warning("consumer.retries", group=self.name, reason=type(error).__name__, seconds=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)

    async def _bury(self, record: ConsumerRecord[Any, Any], error: Exception) -> None:
        """Put aside what was tried and can never succeed; too much of it stops the group."""
        await self._put_aside(record, mask_text(f"{type(error).__name__}: {error}")[:500])
        self.rate.refused(source_of(record), time.monotonic())
        if self.rate.too_high:
            self._stop("too many dead letters")
            raise StopConsume

    async def _put_aside(self, record: ConsumerRecord[Any, Any], reason: str) -> None:
        await self._patiently(lambda: dead_letters.dead_letter(self.producer, self.name, record, reason))
        self._finished.add(place(record))
        metrics.DEAD.labels(self.name).inc()
        log.error("consumer.dead_letter", group=self.name, topic=record.topic, offset=record.offset, reason=reason)

    def _stop(self, reason: str) -> None:
        self.stopped = reason
        metrics.STOPPED.labels(self.name).set(1)
        log.error("consumer.stopped", group=self.name, reason=reason)


def inbox_mark(group: str, event: CloudEvent[Any]) -> str:
    """What says that a group has had an event: CloudEvents makes source and id unique together."""
    return f"{group}|{event.source}|{event.id}"


def _passes(error: Exception) -> bool:
    # two processes may make the same thing at once: the one that comes second finds it when it tries again
    passing = KafkaError | TimeoutError | ConnectionError | DuplicateKeyError
    return is_passing(error) or isinstance(error, passing)


def place(record: ConsumerRecord[Any, Any]) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


def source_of(record: ConsumerRecord[Any, Any]) -> str:
    """The `ce_source` of a record, whatever else is wrong with it."""
    source: bytes = dict(record.headers).get("ce_source", b"unknown")
    return source.decode(errors="replace")


async def _leave_as_read(batch: Sequence[Read]) -> KafkaMessage:
    """In place of FastStream's own reading, which loses the whole fetch over one header that is not UTF-8."""
    records = tuple(read.record for read in batch)
    return KafkaMessage(body=batch, headers={}, message_id="", raw_message=records, consumer=FAKE_CONSUMER)


async def _leave_as_it_is(message: Any) -> Any:
    return message


def group_consumers(consumers: Sequence[Consumer[Any]]) -> dict[str, list[Consumer[Any]]]:
    """The consumers by their group."""
    groups: dict[str, list[Consumer[Any]]] = {}
    for consumer in consumers:
        groups.setdefault(consumer.group, []).append(consumer)
    return groups
