"""Sending webhooks, challenging them, and sending what has waited for one that is in use again."""

from __future__ import annotations

from services.notifier.webhooks import commands, streams
from services.notifier.webhooks.commands import Challenge, Challenged, Next
from services.notifier.webhooks.streams import Tried
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction

SECONDS = 25.0
LANE = "webhooks"
"""Servers of strangers may hang: that must not hold up a message."""


@work(commands.SEND, seconds=SECONDS, lane=LANE)
async def send(due: Due[Next]) -> Tried | None:
    return await streams.send(due.payload)


@send.store
async def sent(due: Due[Next], tried: Tried, tx: Transaction) -> None:
    await streams.store_tried(due.key, due.payload, tried, tx)


@work(commands.CHALLENGE, seconds=SECONDS, lane=LANE)
async def challenge(due: Due[Challenge]) -> Challenged | None:
    return await commands.ask(due.key, due.payload.since)


@challenge.store
async def challenged(due: Due[Challenge], given: Challenged, tx: Transaction) -> None:
    await commands.store_challenged(due.key, due.payload, given, tx)


@timer(commands.RESUME)
async def on_in_use(due: Due[None], tx: Transaction) -> None:
    endpoint_id, _, again = due.key.partition("|")
    await streams.resume(endpoint_id, bool(again), tx)
    if not again:
        streams.look_again(endpoint_id, tx)
