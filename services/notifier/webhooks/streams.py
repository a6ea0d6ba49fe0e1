"""The events of platforms, numbered by stream as they come, and how each webhook goes through them in order."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from services.notifier.webhooks import commands, replays, rules
from services.notifier.webhooks.calling import Answer, caller
from services.notifier.webhooks.commands import RESUME, SEND, Next, again_key, lane_key
from services.notifier.webhooks.documents import Endpoint, Lane, Message, Replay, Stream
from services.notifier.webhooks.table import told
from shared import clock, faults
from shared.contracts.base import CloudEvent
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

AT_ONCE = 100
"""Events that one transaction adds to their streams."""

_under_way: Counter[str] = Counter()
"""How many tries of each platform's this process has under way."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event for one platform, with the fields that go there."""

    platform: str
    event: CloudEvent[Any]
    data: dict[str, Any]

    @property
    def message_id(self) -> str:
        return Message.id_of(self.platform, self.event.id)

    @property
    def stream_id(self) -> str:
        return f"{self.platform}|{self.event.data.TOPIC.name}"


async def keep(events: Sequence[CloudEvent[Any]]) -> None:
    """Add events to the streams of the platforms that have webhooks for them, each once however often it comes.

    One that is older than what is kept was sent long ago, or was never to be.
    """
    oldest = clock.now() - dt.timedelta(days=rules.KEPT_DAYS)
    news = [
        Told(platform, event, data)
        for event in events
        if event.time > oldest
        for platform, data in told(event.data).items()
    ]
    platforms = sorted({one.platform for one in news})
    if not news or not (listening := await find(Endpoint, {"platform": {"$in": platforms}})):
        return
    heard = {one.platform for one in listening}
    news = [one for one in news if one.platform in heard]
    for start in range(0, len(news), AT_ONCE):
        await transact(partial(_add, news[start : start + AT_ONCE]))


async def _add(news: Sequence[Told], tx: Transaction) -> None:
    endpoints: dict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in await tx.find(Endpoint, {"platform": {"$in": sorted({one.platform for one in news})}}):
        endpoints[endpoint.platform].append(endpoint)
    news = [one for one in news if any(endpoint.wants(one.event.type) for endpoint in endpoints[one.platform])]
    await tx.load(Message, (one.message_id for one in news))
    await tx.load(Stream, (one.stream_id for one in news))
    changed: dict[str, Stream] = {}
    for one in news:
        if await Message.of(one.message_id, tx) is None:
            topic = one.event.data.TOPIC.name
            stream = changed.get(one.stream_id) or await Stream.of(one.stream_id, tx)
            stream = changed[one.stream_id] = stream or Stream(id=one.stream_id, platform=one.platform, topic=topic)
            await _append(one, stream, endpoints[one.platform], tx)
    for stream in changed.values():
        await stream.put(tx)


async def _append(one: Told, stream: Stream, endpoints: Sequence[Endpoint], tx: Transaction) -> None:
    stream.last += 1
    message = Message(
        id=one.message_id,
        platform=one.platform,
        topic=stream.topic,
        number=stream.last,
        type=one.event.type,
        body=rules.body_of(one.event.id, one.event.type, one.event.time, one.data),
        at=one.event.time,
    )
    await message.put(tx)
    for endpoint in endpoints:
        lane = stream.lanes.setdefault(endpoint.id, Lane(sent=stream.last - 1))
        if not lane.under_way:
            await _go_on(stream, lane, endpoint, tx, newest=message)


async def _go_on(
    stream: Stream, lane: Lane, endpoint: Endpoint, tx: Transaction, *, newest: Message | None = None
) -> None:
    """Have a webhook sent what follows in a stream; it rests where nothing does, or where it is not in use."""
    lane.under_way = False
    if endpoint.state != "active":
        return
    if newest is not None and lane.sent == newest.number - 1:
        following = newest if endpoint.wants(newest.type) else None
    else:
        following = await _following(stream, lane, endpoint, tx)
    if following is None:
        lane.sent = stream.last
    else:
        lane.under_way = True
        following_it = Next(endpoint=endpoint.id, message=following.id, stream=stream.id, number=following.number)
        tx.schedule(SEND, lane_key(endpoint.id, stream.topic), clock.now(), following_it)


async def _following(stream: Stream, lane: Lane, endpoint: Endpoint, tx: Transaction) -> Message | None:
    if lane.sent >= stream.last:
        return None
    after = {"platform": stream.platform, "topic": stream.topic, "number": {"$gt": lane.sent}}
    wanted = after if endpoint.types is None else {**after, "type": {"$in": endpoint.types}}
    found = await tx.find(Message, wanted, sort="number", limit=1)
    return found[0] if found else None


async def resume(endpoint_id: str, again: bool, tx: Transaction) -> None:
    """Send a webhook that is in use now what has waited for it in every stream."""
    endpoint = await Endpoint.of(endpoint_id, tx)
    if endpoint is None or endpoint.state != "active":
        return
    for stream in await tx.find(Stream, {"platform": endpoint.platform}):
        lane = stream.lanes.setdefault(endpoint.id, Lane(sent=stream.last))
        if not (again and lane.under_way):
            await _go_on(stream, lane, endpoint, tx)
            await stream.put(tx)
    replay = await Replay.of(endpoint.id, tx)
    if replay is not None and not (again and replay.under_way):
        await replays.go_on(replay, tx)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a try. `answer` is None where nothing was sent: it is tried at `until`, or the webhook is not in use."""

    endpoint: Endpoint
    message: Message | None
    answer: Answer | None = None
    until: dt.datetime | None = None


async def send(following: Next) -> Tried | None:
    """Send a message to its webhook; None where the webhook is there no more."""
    endpoint, now = await Endpoint.of(following.endpoint), clock.now()
    if endpoint is None:
        return None
    if endpoint.state != "active":
        return Tried(endpoint, None)
    if endpoint.rests_until is not None and endpoint.rests_until > now:
        return Tried(endpoint, None, until=endpoint.rests_until + rules.TRIED_FIRST)
    if _under_way[endpoint.platform] >= rules.AT_ONCE_EACH:
        return Tried(endpoint, None, until=now + rules.BUSY_FOR)
    _under_way[endpoint.platform] += 1
    try:
        return await _try(endpoint, following.message, now)
    finally:
        _under_way[endpoint.platform] -= 1


async def _try(endpoint: Endpoint, message_id: str, now: dt.datetime) -> Tried:
    message = await Message.of(message_id)
    if message is None:  # it has waited for longer than events are kept
        return Tried(endpoint, None, Answer("delivered", 0))
    webhook_id = rules.webhook_id(endpoint.id, message.event_id)
    faults.reach("webhook.chosen")
    answer = await caller().post(endpoint.url, endpoint.secrets_at(now), webhook_id, message.body, now)
    faults.reach("webhook.answered")
    return Tried(endpoint, message, answer)


async def store_tried(key: str, following: Next, tried: Tried, tx: Transaction) -> None:
    """Store what became of a try, and what follows from it."""
    answer = tried.answer
    if answer is None and tried.until is not None:
        tx.schedule(SEND, key, tried.until, following)
    elif answer is None:
        await _rest(following, tx)
    else:
        if tried.message is not None:
            message, replayed = tried.message, following.stream is None
            await commands.log(following.endpoint, message.event_id, message.type, answer, tx, replayed=replayed)
        if answer.outcome == "delivered":
            await _advance(following, tried.endpoint, tx)
        else:
            await _failed(key, following, answer, tx)


async def _advance(following: Next, endpoint: Endpoint, tx: Transaction) -> None:
    if following.stream is None:
        replay = await Replay.of(following.endpoint, tx)
        if replay is not None:
            replay.done = following.number
            await replays.go_on(replay, tx)
        return
    stream = await Stream.of(following.stream, tx)
    lane = stream.lanes.get(endpoint.id) if stream else None
    if stream is not None and lane is not None:
        lane.sent = following.number
        await _go_on(stream, lane, endpoint, tx)
        await stream.put(tx)


async def _rest(following: Next, tx: Transaction) -> None:
    """Leave what was to follow until the webhook is in use again."""
    if following.stream is None:
        replay = await Replay.of(following.endpoint, tx)
        if replay is not None:
            replay.under_way = False
            await replay.put(tx)
        return
    stream = await Stream.of(following.stream, tx)
    lane = stream.lanes.get(following.endpoint) if stream else None
    if stream is not None and lane is not None:
        lane.under_way = False
        await stream.put(tx)


async def _failed(key: str, following: Next, answer: Answer, tx: Transaction) -> None:
    now = clock.now()
    since = following.since or now
    gone, given_up = answer.status == rules.GONE, now - since >= rules.GIVEN_UP_AFTER
    if gone or given_up:
        endpoint = await Endpoint.of(following.endpoint, tx)
        if endpoint is not None and endpoint.state == "active":
            if gone:
                await commands.fail(endpoint, "gone", "gone", since, tx)
            else:
                await commands.fail(endpoint, "give_up", "failing", since, tx)
        await _rest(following, tx)
        return
    again = msgspec.structs.replace(following, tries=following.tries + 1, since=since)
    due = rules.next_try(again.tries, since, now, answer.rest, rules.GIVEN_UP_AFTER)
    tx.schedule(SEND, key, due, again)
    if until := rules.rests_until(answer.outcome, answer.rest, due, now):
        # not by `put`: that it rests is no change that the platform must have seen
        tx.update(Endpoint, following.endpoint, {"$set": {"rests_until": until}})


def look_again(endpoint_id: str, tx: Transaction) -> None:
    """Look once more when every transaction has ended that did not see yet that the webhook is in use."""
    tx.schedule(RESUME, again_key(endpoint_id), clock.now() + commands.LOOK_AGAIN_AFTER)
