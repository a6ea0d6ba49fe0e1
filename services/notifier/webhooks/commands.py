"""A platform's webhooks: registered, shown to be its own by a challenge, changed, and switched off."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.notifier import settings
from services.notifier.webhooks import rules
from services.notifier.webhooks.calling import Answer, caller
from services.notifier.webhooks.documents import Attempt, Endpoint, Holder, Replay, Stream
from services.notifier.webhooks.table import SENT
from shared import clock
from shared.contracts.notifier import WebhookDisabled
from shared.errors import Conflict, NotFound, RuleBroken
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

SECRET_BYTES = 32
CHALLENGE_AFTER = dt.timedelta(seconds=2)
"""How long a platform has to put a new secret in its place before the first challenge."""
LOOK_AGAIN_AFTER = dt.timedelta(minutes=1)
"""By when every transaction has ended that did not see yet that a webhook is in use."""


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to a webhook next: a message of a stream, or, where `stream` is None, of its replay.

    It has failed `tries` times, `since` the first of them.
    """

    endpoint: str
    message: str
    stream: str | None
    number: int
    tries: int = 0
    since: dt.datetime | None = None


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge that began `since`, and has failed `tries` times."""

    since: dt.datetime
    tries: int = 0


SEND = TimerKind("notifier.webhook", Next)
"""The outside work of sending one message; its key is the webhook and the topic, or `replay`."""
CHALLENGE = TimerKind("notifier.webhook_challenge", Challenge)
"""The outside work of challenging the webhook that the key names."""
RESUME = TimerKind[None]("notifier.webhook_resume")
"""The timer at which the webhook that the key names is sent what has waited for it."""


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


async def of(endpoint_id: str, platform: str, tx: Transaction | None = None) -> Endpoint:
    """A webhook of that platform; raises `NotFound`."""
    endpoint = await Endpoint.of(endpoint_id, tx)
    if endpoint is None or endpoint.platform != platform:
        raise NotFound("该推送地址", "this webhook")
    return endpoint


def checked(url: str, types: Sequence[str] | None) -> tuple[str, list[str] | None]:
    """An address and event types that a webhook may have; raises `RuleBroken`."""
    if types is not None and (unknown := sorted(set(types) - SENT.keys())):
        raise RuleBroken("unknown-event-type", "事件类型不可订阅", "no such event goes to platforms", types=unknown)
    return rules.checked_url(url, settings.webhook_hosts()), None if types is None else sorted(set(types))


async def register(platform: str, url: str, types: Sequence[str] | None, tx: Transaction) -> tuple[Endpoint, str]:
    """A new webhook and its secret, which is not shown again; raises `Conflict` where the platform has enough of them."""
    url, wanted = checked(url, types)
    holder = await Holder.of(platform, tx) or Holder(id=platform)
    if len(holder.endpoints) >= settings.WEBHOOKS_PER_PLATFORM:
        most = settings.WEBHOOKS_PER_PLATFORM
        raise Conflict("too-many-webhooks", f"推送地址最多登记{most}个", f"there may be {most} webhooks", most=most)
    endpoint, secret = Endpoint(platform=platform, url=url, types=wanted), new_secret()
    endpoint.give_secret(secret, clock.now())
    holder.endpoints.append(endpoint.id)
    await holder.put(tx)
    _challenge(endpoint, tx)
    return await endpoint.put(tx), secret


async def change(
    endpoint_id: str, platform: str, url: str, types: Sequence[str] | None, seen: int, tx: Transaction
) -> Endpoint:
    """Store another address or choice of events. A new address is challenged before it is used."""
    endpoint = await of(endpoint_id, platform, tx)
    require_revision(seen, endpoint.revision)
    url, endpoint.types = checked(url, types)
    if url != endpoint.url:
        endpoint.url = url
        _challenge(endpoint, tx)
    return await endpoint.put(tx)


async def challenge(endpoint_id: str, platform: str, tx: Transaction) -> Endpoint:
    """Challenge a webhook, one that was switched off too; it is used when it has answered."""
    endpoint = await of(endpoint_id, platform, tx)
    _challenge(endpoint, tx)
    return await endpoint.put(tx)


def _challenge(endpoint: Endpoint, tx: Transaction) -> None:
    endpoint.state, endpoint.fault = rules.STATES.next(endpoint.state, "challenge"), None
    endpoint.rests_until = None
    at = clock.now() + CHALLENGE_AFTER
    tx.schedule(CHALLENGE, endpoint.id, at, Challenge(since=at))


async def switch_off(endpoint_id: str, platform: str, tx: Transaction) -> Endpoint:
    """Send nothing any more until the platform asks for a challenge."""
    endpoint = await of(endpoint_id, platform, tx)
    endpoint.state = rules.STATES.next(endpoint.state, "switch_off")
    tx.cancel(CHALLENGE, endpoint.id)
    return await endpoint.put(tx)


async def rotate(endpoint_id: str, platform: str, tx: Transaction) -> tuple[Endpoint, str]:
    """A new secret beside the present one, which stays valid for a day."""
    endpoint, secret = await of(endpoint_id, platform, tx), new_secret()
    endpoint.give_secret(secret, clock.now())
    return await endpoint.put(tx), secret


async def remove(endpoint_id: str, platform: str, seen: int, tx: Transaction) -> None:
    """Forget a webhook with what waits for it."""
    endpoint = await of(endpoint_id, platform, tx)
    require_revision(seen, endpoint.revision)
    holder = await Holder.of(platform, tx)
    if holder is not None:
        holder.endpoints = [one for one in holder.endpoints if one != endpoint.id]
        await holder.put(tx)
    for stream in await tx.find(Stream, {"platform": platform}):
        if stream.lanes.pop(endpoint.id, None) is not None:
            tx.cancel(SEND, lane_key(endpoint.id, stream.topic))
            await stream.put(tx)
    tx.cancel(CHALLENGE, endpoint.id)
    tx.cancel(RESUME, endpoint.id)
    tx.cancel(RESUME, again_key(endpoint.id))
    tx.cancel(SEND, lane_key(endpoint.id, None))
    tx.delete(Replay, endpoint.id)
    tx.delete(Endpoint, endpoint.id)


def lane_key(endpoint_id: str, topic: str | None) -> str:
    """The key of what is sent next to a webhook of a topic, or of its replay."""
    return f"{endpoint_id}|{topic or 'replay'}"


def again_key(endpoint_id: str) -> str:
    """The key of the second look at what has waited for a webhook."""
    return f"{endpoint_id}|again"


async def fail(endpoint: Endpoint, event: rules.Event, fault: rules.Fault, since: dt.datetime, tx: Transaction) -> None:
    """Switch off a webhook that its platform did not switch off, and have the platform told."""
    endpoint.state, endpoint.fault = rules.STATES.next(endpoint.state, event), fault
    await endpoint.put(tx)
    tx.publish(WebhookDisabled(webhook_id=endpoint.id, platform=endpoint.platform, reason=fault, failing_since=since))


async def log(
    endpoint_id: str, event_id: str, kind: str, answer: Answer, tx: Transaction, *, replayed: bool = False
) -> None:
    """Note down a try for the platform to read."""
    attempt = Attempt(
        endpoint=endpoint_id,
        event_id=event_id,
        type=kind,
        outcome=answer.outcome,
        status=answer.status,
        milliseconds=answer.milliseconds,
        replayed=replayed,
    )
    await attempt.put(tx)


@dataclass(frozen=True, slots=True)
class Challenged:
    """What an endpoint answered to its challenge of that id."""

    event_id: str
    answer: Answer


async def ask(endpoint_id: str, since: dt.datetime) -> Challenged | None:
    """Challenge a webhook: only who reads what is sent there can send the token back."""
    endpoint = await Endpoint.of(endpoint_id)
    if endpoint is None or endpoint.state != "pending":
        return None
    event_id, token, now = f"{endpoint.id}.{int(since.timestamp())}", secrets.token_urlsafe(24), clock.now()
    body = rules.body_of(event_id, rules.CHALLENGE, now, {"token": token})
    webhook_id = rules.webhook_id(endpoint.id, event_id)
    answer = await caller().post(endpoint.url, endpoint.secrets_at(now), webhook_id, body, now)
    if answer.outcome == "delivered" and not echoes(answer.body, token):
        answer = Answer("challenge_not_answered", answer.milliseconds, answer.status)
    return Challenged(event_id, answer)


def echoes(body: bytes, token: str) -> bool:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    echo = said.get("token") if isinstance(said, dict) else None
    # what cannot be encoded (half of a pair of surrogates) is not the token either
    return isinstance(echo, str) and hmac.compare_digest(echo.encode(errors="replace"), token.encode())


async def store_challenged(endpoint_id: str, asked: Challenge, given: Challenged, tx: Transaction) -> None:
    """Use a webhook that has answered its challenge; ask again, or after a day give up, where it has not."""
    endpoint, now, answer = await Endpoint.of(endpoint_id, tx), clock.now(), given.answer
    if endpoint is None or endpoint.state != "pending":
        return
    await log(endpoint.id, given.event_id, rules.CHALLENGE, answer, tx)
    if answer.outcome == "delivered":
        endpoint.state = rules.STATES.next(endpoint.state, "confirm")
        await endpoint.put(tx)
        tx.schedule(RESUME, endpoint.id, now)
    elif answer.status == rules.GONE:
        await fail(endpoint, "gone", "gone", asked.since, tx)
    elif now - asked.since >= rules.CHALLENGED_FOR:
        await fail(endpoint, "give_up", "unconfirmed", asked.since, tx)
    else:
        again = Challenge(since=asked.since, tries=asked.tries + 1)
        due = rules.next_try(again.tries, again.since, now, answer.rest, rules.CHALLENGED_FOR)
        tx.schedule(CHALLENGE, endpoint.id, due, again)
