"""Events that a platform wants again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.notifier.webhooks import commands, rules
from services.notifier.webhooks.commands import SEND, Next, lane_key
from services.notifier.webhooks.documents import Message, Replay, Stream
from shared import clock
from shared.errors import Conflict, NotFound, RuleBroken
from shared.storage.transaction import Transaction


async def replay_one(endpoint_id: str, platform: str, event_id: str, tx: Transaction) -> Replay:
    """Send one event again; raises `NotFound` where it is not kept (any more), `Conflict` where it is yet to be sent."""
    message = await Message.of(Message.id_of(platform, event_id), tx)
    if message is None:
        raise NotFound("该事件", "this event")
    if not await _sent(endpoint_id, [message], tx):
        raise Conflict("not-sent-yet", "该事件尚未推送，将按顺序推送", "this event is yet to be sent, in its order")
    return await _replay(endpoint_id, platform, [message], tx)


async def replay_some(
    endpoint_id: str, platform: str, since: dt.datetime, until: dt.datetime, tx: Transaction
) -> Replay:
    """Send again, each stream in order, what happened in a time and was sent; raises `RuleBroken` for too much."""
    endpoint = await commands.of(endpoint_id, platform, tx)
    wanted: dict[str, Any] = {"platform": platform, "at": {"$gte": since, "$lt": until}}
    if endpoint.types is not None:
        wanted["type"] = {"$in": endpoint.types}
    found = await tx.find(Message, wanted, limit=rules.MOST_REPLAYED + 1)
    if len(found) > rules.MOST_REPLAYED:
        most = rules.MOST_REPLAYED
        raise RuleBroken("too-much-to-replay", f"一次最多补发{most}个事件", f"at most {most} events at once", most=most)
    sent = await _sent(endpoint_id, found, tx)
    return await _replay(endpoint_id, platform, sorted(sent, key=lambda one: (one.topic, one.number)), tx)


async def _sent(endpoint_id: str, messages: Sequence[Message], tx: Transaction) -> list[Message]:
    """Those that the webhook does not wait for: sent ahead of what comes before it, one would be out of its order."""
    ids = {message.id: f"{message.platform}|{message.topic}" for message in messages}
    streams = {stream_id: await Stream.of(stream_id, tx) for stream_id in sorted(set(ids.values()))}
    lanes = {stream_id: stream.lanes.get(endpoint_id) for stream_id, stream in streams.items() if stream}
    return [one for one in messages if (lane := lanes.get(ids[one.id])) is None or one.number <= lane.sent]


async def _replay(endpoint_id: str, platform: str, messages: Sequence[Message], tx: Transaction) -> Replay:
    endpoint = await commands.of(endpoint_id, platform, tx)
    if endpoint.state != "active":
        raise Conflict("webhook-not-active", "推送地址未启用", "the webhook is not in use", state=endpoint.state)
    replay = await Replay.of(endpoint.id, tx) or Replay(id=endpoint.id, platform=platform, messages=[], under_way=False)
    if replay.done < len(replay.messages):
        raise Conflict("replay-under-way", "上次补发尚未完成", "an earlier replay has not ended yet")
    replay.messages, replay.done = [message.id for message in messages], 0
    return await go_on(replay, tx)


async def go_on(replay: Replay, tx: Transaction) -> Replay:
    replay.under_way = replay.done < len(replay.messages)
    if replay.under_way:
        following = Next(endpoint=replay.id, message=replay.messages[replay.done], stream=None, number=replay.done + 1)
        tx.schedule(SEND, lane_key(replay.id, None), clock.now(), following)
    return await replay.put(tx)
