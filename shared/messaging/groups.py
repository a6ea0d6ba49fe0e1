"""A consumer group: what it is subscribed to, how far it is, and when it commits.

The offsets of a batch are committed when all of it has had its effect, and in the order of the fetches: never past one
that is still under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, ConsumerStoppedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared import faults
from shared.messaging.consuming import BATCH, BULK_BATCH, Consumer
from shared.messaging.fetching import Fetcher, Read, Unreadable
from shared.messaging.handling import Handling, Record, TooManyDead
from shared.settings import KafkaSettings
from shared.telemetry import metrics

log = structlog.get_logger(__name__)

POLL_SECONDS = 600
"""How long one batch may take before the broker gives its partitions to another process."""


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Whether the group's coordinator has given this process its part."""

    given = False

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self.given = False

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.given = True


class Group:
    """The consumers of one group, subscribed to their topics."""

    def __init__(
        self, name: str, consumers: Sequence[Consumer[Any]], producer: AIOKafkaProducer, kafka: KafkaSettings
    ) -> None:
        self.name = name
        self.kafka = kafka
        facts = [(fact, consumer) for consumer in consumers for fact in consumer.facts]
        by_type = {fact.TYPE: consumer for fact, consumer in facts}
        if len(by_type) < len(facts):
            raise ValueError(f"{name}: a type of event has two handlers, of which one would never be called")
        bulk = any(consumer.handle_many for consumer in consumers)
        if bulk and not all(consumer.handle_many for consumer in consumers):
            raise ValueError(f"{name}: a group handles in bulk or one by one, not both")
        self.topics = sorted({fact.TOPIC.name for fact, _ in facts})
        self.fetch_wait_ms = max(consumer.fetch_wait_ms for consumer in consumers)
        self.overlapping = all(consumer.overlapping for consumer in consumers)
        self.fetcher = Fetcher(
            {fact.TYPE: fact for fact, _ in facts}, BULK_BATCH if bulk else BATCH, kafka.rest_seconds
        )
        self.handling = Handling(name, by_type, producer)
        self.stopped: str | None = None
        self.handled = 0
        self._done: dict[TopicPartition, int] = {}
        self._under_way: list[asyncio.Task[bool]] = []
        """The batches that are not committed yet, in the order of their fetches; at most two."""
        self._membership = _Membership()
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
            listener=self._membership,
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

    async def cancel(self) -> None:
        """Give up what is under way; it is not committed, and comes again."""
        for work in self._under_way:
            work.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        return self._subscriber.consumer if self._subscriber else None

    @property
    def joined(self) -> bool:
        """Whether the group's coordinator has given this process its part, which may be no partition at all."""
        return self.consumer is not None and self._membership.given

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
        if any(found.values()):
            self.fetcher.expect()
        return found

    async def measure(self, offsets: AIOKafkaConsumer) -> None:
        """Measure the lag; it is not shown while it is not known."""
        found = await self.lag(offsets)
        for topic in self.topics:
            if found is None:
                metrics.LAG.remove(self.name, topic)
            else:
                metrics.LAG.labels(self.name, topic).set(found[topic])

    async def _fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """In place of FastStream's own, which sleeps for half a second after each fetch that found nothing."""
        batch: Sequence[Read] = ()
        try:
            if not self.stopped:
                batch = await self.fetcher.fetch(consumer)
        except Unreadable as error:
            self._stop(f"a record cannot be read: {error}")
        if self.stopped:
            await asyncio.gather(*self._under_way)
            self._ending = asyncio.create_task(self._subscriber.stop())  # which cancels the task that this runs in
            raise ConsumerStoppedError
        return batch

    async def _take(self, batch: Sequence[Read]) -> None:
        """Handle a batch; one that may overlap goes on by itself once the one before it is finished."""
        before = self._under_way[-1] if self._under_way else None
        work = asyncio.create_task(self._work(batch, before))
        self._under_way.append(work)
        work.add_done_callback(self._under_way.remove)
        if not self.overlapping:
            await work
        elif before is not None:
            await before

    async def _work(self, batch: Sequence[Read], before: asyncio.Task[bool] | None) -> bool:
        """Handle a batch, and commit it after the one before. Returns whether the group goes on."""
        records, finished = [read.record for read in batch], list[Record]()
        try:
            self.handled += await self.handling.handle(batch, finished)
            faults.reach("consumer.handled")
            if before is not None and not await before:
                return False
            await self._commit(records)
        except TooManyDead:
            self._stop("too many dead letters")
            if before is None or await before:
                await self._commit(_finished_first(records, finished))
        except Exception as error:  # FastStream would go on with the next batch, and commit past this one
            self._stop(f"{type(error).__name__}")
            log.exception("consumer.broken", group=self.name)
        return not self.stopped

    async def _commit(self, records: Sequence[Record]) -> None:
        # the records of a partition come in their order: the last one's offset stays
        after = {(record.topic, record.partition): record.offset + 1 for record in records}
        offsets = {TopicPartition(*place): offset for place, offset in after.items()}
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

    def _stop(self, reason: str) -> None:
        self.stopped = reason
        metrics.STOPPED.labels(self.name).set(1)
        log.error("consumer.stopped", group=self.name, reason=reason)


def _finished_first(records: Sequence[Record], finished: Sequence[Record]) -> list[Record]:
    """Of each partition, the records before the first unfinished one."""
    done = {_place(record) for record in finished}
    first: list[Record] = []
    held: set[TopicPartition] = set()
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        if _place(record) not in done:
            held.add(partition)
        elif partition not in held:
            first.append(record)
    return first


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


async def _leave_as_read(batch: Sequence[Read]) -> KafkaMessage:
    """In place of FastStream's own reading, which loses the whole fetch over one header that is not UTF-8."""
    records = tuple(read.record for read in batch)
    return KafkaMessage(body=batch, headers={}, message_id="", raw_message=records, consumer=FAKE_CONSUMER)


async def _leave_as_it_is(message: KafkaMessage) -> Any:
    # not the message itself, which FastStream keeps in it: no batch would go before the garbage collector comes
    return message.body
