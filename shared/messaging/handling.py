"""What a group does with the events of a batch: their effect once, another try, or a dead letter with its reason."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import structlog
from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind
from pymongo.errors import DuplicateKeyError

from shared import clock
from shared.contracts.base import CloudEvent
from shared.identity.masking import mask_text
from shared.messaging import dead_letters
from shared.messaging.consuming import Consumer
from shared.messaging.dead_rate import DeadRate
from shared.messaging.envelope import InvalidEvent
from shared.messaging.fetching import Read
from shared.storage.client import storage
from shared.storage.passing import is_passing
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics, traces

log = structlog.get_logger(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.1, 15.0
"""Seconds between tries in place."""
COLLISIONS = 3
"""Tries that may meet a unique key before the event is taken to break a rule."""

Record: TypeAlias = ConsumerRecord[Any, Any]
Item: TypeAlias = tuple[Record, Consumer[Any], CloudEvent[Any]]
"""A record, who handles it, and the event in it."""


class TooManyDead(Exception):
    """So many events were refused that the group must stop."""


class Handling:
    """How the events of one group are handled: all in bulk, or each in a transaction with its mark."""

    def __init__(self, group: str, by_type: dict[str, Consumer[Any]], producer: AIOKafkaProducer) -> None:
        self._group, self._by_type, self._producer = group, by_type, producer
        self._bulk = any(consumer.handle_many for consumer in by_type.values())
        self._rate = DeadRate()

    async def handle(self, batch: Sequence[Read], finished: list[Record]) -> int:
        """Returns how many events were handled.

        Puts each record that has had its effect or is a dead letter into `finished`, which tells even where this raises:
        `TooManyDead`, or what is nobody's fault but our own.
        """
        events: list[Item] = []
        now = time.monotonic()
        for record, event in batch:
            if event is None:  # a type of this topic that the group does not listen to
                finished.append(record)
            elif isinstance(event, InvalidEvent):
                await self._bury(record, event, finished)
            elif self._rate.is_aside(event.source, now):
                await self._put_aside(record, _aside(event), finished)
            else:
                events.append((record, self._by_type[event.type], event))
        if events:
            await (self._in_bulk if self._bulk else self._in_transactions)(events, finished)
        return len(events)

    async def _in_bulk(self, events: Sequence[Item], finished: list[Record]) -> None:
        for consumer in {id(item[1]): item[1] for item in events}.values():
            own = [item for item in events if item[1] is consumer]
            try:
                await self._patiently(partial(self._call, consumer, [item[2] for item in own]))
            except Exception:
                for item in own:
                    await self._one_by_one(item, partial(self._call, consumer, [item[2]]), finished)
            else:
                metrics.HANDLED.labels(self._group).inc(len(own))
                self._finish(own, finished)

    async def _call(self, consumer: Consumer[Any], events: Sequence[CloudEvent[Any]]) -> None:
        """One span for all events, since a span for each would cost more than the work; it links to where they come from."""
        assert consumer.handle_many is not None
        links = (event.traceparent for event in events)
        attributes = {"messaging.batch.message_count": len(events)}
        with traces.span(f"{self._group} batch", SpanKind.CONSUMER, links=links, attributes=attributes):
            await consumer.handle_many(events)

    async def _in_transactions(self, events: Sequence[Item], finished: list[Record]) -> None:
        # Events seldom come twice: marks, and what is new by its id, are simply stored, and looked up only where one is there.
        for look in (False, True):
            try:
                await transact(partial(self._apply, events, look), attempts=3)
                self._finish(events, finished)
                return
            except DuplicateKeyError:
                continue
            except Exception as error:
                log.debug("consumer.one_by_one", group=self._group, reason=type(error).__name__)
                break
        for item in events:
            await self._one_by_one(item, partial(self._apply_alone, item), finished)

    async def _one_by_one(self, item: Item, work: Callable[[], Awaitable[None]], finished: list[Record]) -> None:
        record, _, event = item
        if self._rate.is_aside(event.source, time.monotonic()):
            await self._put_aside(record, _aside(event), finished)
            return
        try:
            await self._patiently(work)
            self._finish([item], finished)
        except Exception as error:
            await self._bury(record, error, finished)

    def _finish(self, items: Sequence[Item], finished: list[Record]) -> None:
        finished += [record for record, _, _ in items]
        for source, count in Counter(event.source for _, _, event in items).items():
            self._rate.took(source, count)

    async def _apply_alone(self, item: Item) -> None:
        await transact(partial(self._apply, [item], True))

    async def _apply(self, events: Sequence[Item], look: bool, tx: Transaction) -> None:
        inbox, now, tx.hopeful = storage().collection("inbox"), clock.now(), not look
        marks = {inbox_mark(self._group, event): (consumer, event) for _, consumer, event in events}
        if look:
            seen = await inbox.find({"_id": {"$in": list(marks)}}, {"_id": 1}, session=tx.session).to_list(None)
            for row in seen:
                del marks[row["_id"]]
        metrics.REPEATED.labels(self._group).inc(len(events) - len(marks))
        if not marks:
            return
        tx.mark_consumed([{"_id": mark, "at": now} for mark in marks])
        for loading in {id(consumer): consumer for consumer, _ in marks.values()}.values():
            if loading.load is not None:
                await loading.load([event for consumer, event in marks.values() if consumer is loading], tx)
        for consumer, event in marks.values():
            assert consumer.handle is not None
            with traces.span(f"{self._group} {event.type}", SpanKind.CONSUMER, event.traceparent):
                await consumer.handle(event, tx)
        metrics.HANDLED.labels(self._group).inc(len(marks))

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
                metrics.RETRIED.labels(self._group).inc()
                log.warning("consumer.retries", group=self._group, reason=type(error).__name__, seconds=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)

    async def _bury(self, record: Record, error: Exception, finished: list[Record]) -> None:
        """Put aside what was tried and can never succeed; raises `TooManyDead` where that is too much."""
        await self._put_aside(record, mask_text(f"{type(error).__name__}: {error}")[:500], finished)
        self._rate.refused(_source_of(record), time.monotonic())
        if self._rate.too_high:
            raise TooManyDead

    async def _put_aside(self, record: Record, reason: str, finished: list[Record]) -> None:
        await self._patiently(lambda: dead_letters.dead_letter(self._producer, self._group, record, reason))
        finished.append(record)
        metrics.DEAD.labels(self._group).inc()
        log.error("consumer.dead_letter", group=self._group, topic=record.topic, offset=record.offset, reason=reason)


def inbox_mark(group: str, event: CloudEvent[Any]) -> str:
    """What says that a group has had an event: CloudEvents makes source and id unique together."""
    return f"{group}|{event.source}|{event.id}"


def _passes(error: Exception) -> bool:
    # two processes may make the same thing at once: the one that comes second finds it when it tries again
    passing = KafkaError | TimeoutError | ConnectionError | DuplicateKeyError
    return is_passing(error) or isinstance(error, passing)


def _aside(event: CloudEvent[Any]) -> str:
    return f"{event.source} is set aside: too many of its events were refused"


def _source_of(record: Record) -> str:
    """The `ce_source` of a record, whatever else is wrong with it."""
    source: bytes = dict(record.headers).get("ce_source", b"unknown")
    return source.decode(errors="replace")
