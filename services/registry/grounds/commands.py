"""Follow the matters of other services, and say which of a person's keep the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.registry.grounds import table
from services.registry.grounds.documents import Ground
from shared.contracts.base import CloudEvent
from shared.policy import calendar
from shared.storage.records import find
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter of a person: its kind and what people read of it, since when, and when it ended; None while it is open."""

    kind: str
    title: str
    since: dt.date
    closed_on: dt.date | None


async def load(events: Sequence[CloudEvent[Any]], tx: Transaction) -> None:
    """Read what `follow` asks for of these events at once."""
    await tx.load(Ground, [effect.key for event in events for effect in table.effects_of(event.data)])


async def follow(event: CloudEvent[Any], tx: Transaction) -> dict[str, bool]:
    """Record what an event opens or closes; the persons whose grounds changed, and whether one of them has ended."""
    changed: dict[str, bool] = {}
    told_at = event.time.replace(microsecond=event.time.microsecond // 1000 * 1000)
    day = calendar.shanghai_date(told_at)
    for effect in table.effects_of(event.data):
        known = await Ground.of(effect.key, tx)
        ground = known or Ground(id=effect.key, kind=effect.kind, worker_id=None, opened_on=day, told_at=told_at)
        before = None if known is None else (known.worker_id, known.closed_on)
        ground.opened_on = min(ground.opened_on, day)
        if effect.does != "names" and told_at >= ground.told_at:
            ground.closed_on, ground.told_at = (day if effect.does == "closes" else None), told_at
        ground.worker_id = ground.worker_id or effect.worker_id
        await ground.put(tx)
        if ground.worker_id is not None and before != (ground.worker_id, ground.closed_on):
            changed[ground.worker_id] = changed.get(ground.worker_id, False) or ground.closed_on is not None
    return changed


async def of(workers: Sequence[str], tx: Transaction | None = None) -> list[Matter]:
    """The matters of a person, by all ids of theirs, the earliest first."""
    found = await find(Ground, {"worker_id": {"$in": list(workers)}}, tx)
    return [
        Matter(one.kind, table.KINDS[one.kind].title, one.opened_on, one.closed_on)
        for one in sorted(found, key=lambda one: (one.opened_on, one.id))
        if one.kind in table.KINDS
    ]


async def forget(workers: Sequence[str], tx: Transaction) -> None:
    """Remove the grounds of a person who is erased: nothing is kept any more."""
    await tx.delete_many(Ground, {"worker_id": {"$in": list(workers)}})
