"""Making the rows of broadcasts, and giving their messages the instants at which they go. In a lane of their own: no
message waits behind them, and they behind none."""

from __future__ import annotations

from services.notifier.broadcasts import audience, sending
from services.notifier.broadcasts.audience import Listed
from services.notifier.broadcasts.documents import Broadcast
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@work(sending.PREPARE, lane="broadcasting")
async def prepare(due: Due[None]) -> Listed | None:
    broadcast = await Broadcast.of(due.key)
    if broadcast is None or broadcast.state not in ("approved", "preparing"):
        return None
    return await audience.list_some(broadcast)


@prepare.store
async def on_listed(due: Due[None], listed: Listed, tx: Transaction) -> None:
    await sending.store_listed(due.key, listed, tx)


@timer(sending.PACE, lane="broadcasting")
async def on_pace(_: Due[None], tx: Transaction) -> None:
    await sending.pace(tx)
