"""One push: each event is checked and sealed, the accepted part stored and published, and only then answered for."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from services.registry.batches import commands as batches
from services.registry.batches.commands import Rejection
from services.registry.batches.records import SLICE, StoredEvent, publish
from services.registry.gateway import rules
from services.registry.gateway.event_rules import UNREADABLE, RawEvents, names_of
from services.registry.gateway.sealing import seal
from shared import clock, faults
from shared.contracts.platform import platform_source, record_key
from shared.errors import RuleBroken
from shared.ids import new_id
from shared.telemetry.traces import current_traceparent

log = structlog.get_logger(__name__)

_encode: Final = msgspec.json.Encoder().encode


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a push."""

    receipt: str
    accepted: int
    rejected: list[Rejection]


class NotAccepted(Exception):
    """The batch could not be kept: nothing of it is there."""


class OutcomeUnknown(Exception):
    """Whether the batch is kept or published was not answered. What is kept stays held, and is published by the sweep."""

    def __init__(self, receipt: str) -> None:
        super().__init__(receipt)
        self.receipt = receipt


async def accept(platform: str, events: RawEvents, producer: AIOKafkaProducer) -> Receipt:
    """Take a push of a platform (its credit code); raises NotAccepted or OutcomeUnknown where a server is away."""
    records, rejected = await sort(platform, events)
    receipt, traceparent = new_id(), current_traceparent()
    await _store(receipt, platform, traceparent, records, rejected)
    if records:
        faults.reach("gateway.kept")
        await _publish(receipt, platform, traceparent, records, producer)
    return Receipt(receipt, len(records), rejected)


async def _store(
    receipt: str, platform: str, traceparent: str | None, records: list[StoredEvent], rejected: list[Rejection]
) -> None:
    try:
        await batches.store(receipt, platform, traceparent, records, rejected)
    except PyMongoError as error:
        log.warning("gateway.not_kept", receipt=receipt, reason=type(error).__name__)
        if batches.was_surely_not_stored(error):
            raise NotAccepted from error
        raise OutcomeUnknown(receipt) from error


async def _publish(
    receipt: str, platform: str, traceparent: str | None, records: list[StoredEvent], producer: AIOKafkaProducer
) -> None:
    try:
        await publish(producer, platform_source(platform), traceparent, records)
    except (KafkaError, TimeoutError, ConnectionError) as error:
        # the broker may have some of it, or have it later: the batch stays, and what is held is published again
        log.warning("gateway.not_published", receipt=receipt, reason=type(error).__name__)
        raise OutcomeUnknown(receipt) from error
    faults.reach("gateway.published")
    try:
        await batches.mark_published(receipt)
    except PyMongoError as error:  # it is out: the sweep publishes it once more, which changes nothing
        log.warning("gateway.not_marked", receipt=receipt, reason=type(error).__name__)


async def sort(platform: str, events: RawEvents) -> tuple[list[StoredEvent], list[Rejection]]:
    """Check and seal each event of a platform; what is refused is named by its place in the push."""
    source, moment = platform_source(platform), rules.moment_of(clock.now())
    records: list[StoredEvent] = []
    rejected: list[Rejection] = []
    for start in range(0, len(events), SLICE):
        for index, raw in enumerate(events[start : start + SLICE], start):
            try:
                records.append(_checked(raw, platform, source, moment))
            except (RuleBroken, *UNREADABLE) as error:
                rejected.append(Rejection(index, *names_of(raw), " / ".join(rules.reason_of(error))))
        await asyncio.sleep(0)
    return records, rejected


def _checked(raw: bytes | msgspec.Raw, platform: str, source: str, moment: rules.Moment) -> StoredEvent:
    envelope, data = rules.read(raw, source, moment)
    fact = seal(data)
    return envelope.type, record_key(platform, fact), envelope.id, envelope.time, _encode(fact)
