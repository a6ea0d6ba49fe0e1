"""What becomes of a webhook, when a try comes again, where none may go, and what it says (Standard Webhooks 1.0)."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

from shared.errors import RuleBroken
from shared.states import Machine

State = Literal["pending", "active", "disabled"]
"""Not shown to be the platform's yet; in use; switched off."""
Event = Literal["challenge", "confirm", "switch_off", "gone", "give_up"]
"""The platform asks for a challenge, answers it, or switches off; its server answers 410; it failed for too long."""
Fault = Literal["gone", "failing", "unconfirmed"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("pending", "challenge"): "pending",
    ("pending", "confirm"): "active",
    ("pending", "switch_off"): "disabled",
    ("pending", "gone"): "disabled",
    ("pending", "give_up"): "disabled",
    ("active", "challenge"): "pending",  # its address has changed
    ("active", "switch_off"): "disabled",
    ("active", "gone"): "disabled",
    ("active", "give_up"): "disabled",
    ("disabled", "challenge"): "pending",
}

STATES: Machine[State, Event, State] = Machine(
    "webhook", MOVES, zh="推送地址当前状态不允许此操作", kind="webhook-not-in-this-state"
)

Outcome = Literal[
    "delivered", "refused", "redirected", "timed_out", "unreachable", "address_forbidden", "challenge_not_answered"
]
"""How a try ended. `refused`: an answer other than 2xx; `redirected`: one that leads elsewhere, which is not followed."""

DELAYS = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
)
"""How long after each failed try the next one comes; after those, always the last."""
GIVEN_UP_AFTER = dt.timedelta(days=3)
"""How long an event is tried before its webhook is switched off."""
CHALLENGED_FOR = dt.timedelta(days=1)
"""How long a challenge is tried."""
SLOWED_FOR = dt.timedelta(minutes=1)
"""How long all of an endpoint rests that says that it is asked too much, or does not answer at all."""
TRIED_FIRST = dt.timedelta(seconds=20)
"""After a rest the event that failed goes first, and the endpoint's others so much later: by then its try has ended."""
AT_ONCE_EACH = 3
"""Tries of one platform's that one process has under way: whoever answers slowly leaves places to the others."""
BUSY_FOR = dt.timedelta(seconds=1)
"""How long a try waits where its platform has that many under way."""
SLOW_DOWN = frozenset({429, 503})
GONE = 410
LONGEST_REST = dt.timedelta(days=1)
"""The longest `Retry-After` that is heeded."""
OLD_SECRET_FOR = dt.timedelta(days=1)
"""How long the secret before a rotation is signed with too."""
KEPT_DAYS = 30
"""Days for which events can be sent again, and tries be read."""
LARGEST = 20_000
"""Bytes of an event's JSON."""
MOST_REPLAYED = 500
"""Events of one replay."""
CHALLENGE = "webhook.challenge"

CLOSED = tuple(
    ipaddress.ip_network(one)
    for one in (
        "168.63.129.16/32",  # a cloud's metadata for its machines
        "192.0.0.0/24",  # protocol assignments, a cloud's metadata among them
        "192.88.99.0/24",  # the way into 6to4
        "fec0::/10",  # private, as it was once
    )
)
"""Networks that `ipaddress` takes for open ones, and where nothing may be called all the same."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def next_try(tries: int, since: dt.datetime, now: dt.datetime, rest: dt.timedelta, within: dt.timedelta) -> dt.datetime:
    """When a try follows that has failed so many times, `since` its first; `rest` is what its answer asked for.

    The last one comes when the time is over, though the answer asked for more.
    """
    delay = max(DELAYS[min(tries, len(DELAYS)) - 1], rest)
    return min(now + delay, max(since + within, now + DELAYS[0]))


def rest_of(retry_after: str | None, status: int | None, now: dt.datetime) -> dt.timedelta:
    """How long an answer asks to be left alone: `Retry-After` in seconds or as a date, or what 429 and 503 mean without."""
    asked = SLOWED_FOR if status in SLOW_DOWN else dt.timedelta()
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        asked = dt.timedelta(seconds=min(int(text[:9]), LONGEST_REST.total_seconds()))
    elif text:
        try:
            until = parsedate_to_datetime(text)
            asked = until.replace(tzinfo=until.tzinfo or dt.UTC) - now
        except (ValueError, OverflowError):
            pass
    return max(dt.timedelta(), min(asked, LONGEST_REST))


def rests_until(outcome: Outcome, rest: dt.timedelta, due: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Until when nothing at all goes to an endpoint that failed: None where it may be this one event that it cannot take.

    A server that answers nothing is asked again with one event before it is with others.
    """
    if rest:
        return now + rest
    return min(due, now + SLOWED_FOR) if outcome in ("timed_out", "unreachable") else None


def outcome_of(status: int) -> Outcome:
    if 200 <= status < 300:
        return "delivered"
    return "redirected" if 300 <= status < 400 else "refused"


def checked_url(url: str, allowed_hosts: Collection[str]) -> str:
    """An address that webhooks may be registered for, or a `RuleBroken`: HTTPS, except to hosts that the deployment names."""
    try:
        parts: SplitResult = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), ""
    if not host or not url.isascii() or any(not one.isprintable() or one in ' "<>\\^`{|}' for one in url):
        raise RuleBroken("webhook-url-invalid", "推送地址不是有效的网址", "the address is not a valid URL")
    if parts.username is not None or parts.fragment:
        raise RuleBroken(
            "webhook-url-invalid",
            "推送地址不得含用户名、口令或片段",
            "the address must have no user, password or fragment",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in allowed_hosts):
        raise RuleBroken("webhook-url-not-https", "推送地址须使用 https", "the address must be https")
    return url


def may_be_called(address: str) -> bool:
    """Whether an IP address is one of the open internet: no private, local, shared, reserved or metadata address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return may_be_called(str(inner))
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not any(ip in network for network in CLOSED)
    )


def webhook_id(endpoint_id: str, event_id: str) -> str:
    """The `webhook-id` of an event at an endpoint: the same on every try and in every replay."""
    return f"msg_{hashlib.sha256(f'{endpoint_id}|{event_id}'.encode()).hexdigest()[:32]}"


def body_of(event_id: str, kind: str, at: dt.datetime, data: Mapping[str, Any]) -> str:
    """The JSON of an event. Where it would be too large, its data is the ids that it is found by, and says so."""

    def encoded(said: Mapping[str, Any]) -> bytes:
        return msgspec.json.encode({"id": event_id, "type": kind, "timestamp": at, "data": said})

    whole = encoded(data)
    if len(whole) > LARGEST:
        ids = {name: value for name, value in data.items() if name.endswith("_id")}
        whole = encoded({**ids, "shortened": True})
    return whole.decode()
