"""Consuming: `@consumes` does idempotence, retry and dead letters, so that no consumer writes them.

A group (`shared.messaging.groups`) takes records in batches. Each batch is first tried in one transaction; where that fails,
event by event (`shared.messaging.handling`). An event whose effect is stored has its mark in the `inbox`, in the same
transaction, so that the same event again changes nothing. A passing fault (the database is away, two transactions met) is
tried again in place with growing delays, and holds the partitions of the batch. An event that can never succeed goes to
`<group>.dead` with its reason; only when the broker has it do the offsets move. Too many dead letters stop the group instead
of draining the topic (`shared.messaging.dead_rate`); what had its effect by then is committed first. So does a record that the
Kafka client itself cannot read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.contracts.base import CloudEvent, Fact
from shared.storage.transaction import Transaction

F = TypeVar("F", bound=Fact)

BATCH = 200
"""Events of one transaction, and of one fetch of an ordinary group."""
BULK_BATCH = 2000
"""Events of one fetch of a group that writes in bulk."""
FETCH_WAIT_MS = 250
"""How long the broker may hold an empty fetch. The embedded one holds it to the end even where an event comes meanwhile."""

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
    overlapping: bool = False


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
    *facts: type[F], group: str, fetch_wait_ms: int = FETCH_WAIT_MS, overlapping: bool = False
) -> Callable[[Callable[[Sequence[CloudEvent[F]]], Awaitable[None]]], Consumer[F]]:
    """Handle high-volume types in batches, without inbox and transaction.

    The handler must be idempotent by natural keys: a batch may come again, whole or cut otherwise. A group that reads many
    topics and is in no hurry waits longer for each fetch, which spares the broker. Where batches may overlap, the next is
    handled while the database still stores the one before: for a handler to which the order of events means nothing.
    """

    def declare(handle: Callable[[Sequence[CloudEvent[F]]], Awaitable[None]]) -> Consumer[F]:
        return Consumer(facts, group, handle_many=handle, fetch_wait_ms=fetch_wait_ms, overlapping=overlapping)

    return declare


def group_consumers(consumers: Sequence[Consumer[Any]]) -> dict[str, list[Consumer[Any]]]:
    """The consumers by their group."""
    groups: dict[str, list[Consumer[Any]]] = {}
    for consumer in consumers:
        groups.setdefault(consumer.group, []).append(consumer)
    return groups
