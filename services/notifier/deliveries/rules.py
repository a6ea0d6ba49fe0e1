"""What becomes of a delivery, and which one an event makes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Literal

from services.notifier.messages.message import Message
from shared.policy.calendar import SHANGHAI

State = Literal["waiting", "held", "withdrawn", "queued", "sent", "delivered", "failed"]
News = Literal["taken", "arrived", "lost", "refused"]
"""What a gateway or a receipt says: taken by the gateway; arrived; taken, but lost on the way; never taken."""

TRIES = 40
"""Tries until a delivery is given up: with their growing delays, a little more than a day."""

_NEXT: dict[tuple[State, News], State] = {
    ("queued", "taken"): "sent",
    ("queued", "arrived"): "delivered",
    ("queued", "lost"): "failed",
    ("queued", "refused"): "failed",
    ("sent", "arrived"): "delivered",
    ("sent", "lost"): "failed",
    ("failed", "arrived"): "delivered",
}


def withdrawn(state: State) -> State:
    """The state after the fact of a message was taken back: what has not gone out yet never does."""
    return "withdrawn" if state in ("waiting", "held") else state


def must_tell(told: Sequence[str], says: str, untold: str) -> bool:
    """Whether what a fact `says` is to be told. `told`: what was told of it, in order; `untold`: what goes without saying."""
    return says != (told[-1] if told else untold)


def next_state(state: State, news: News) -> State:
    """The state after a piece of news. In whatever order news comes, and however often, the last state is the same.

    That a message arrived outweighs everything: a delivery that was given up may have been taken after all.
    """
    return _NEXT.get((state, news), state)


def delivery_id(source: str, event_id: str, message: Message) -> str:
    """The same for the same message of the same event: 32 hexadecimal digits."""
    recipient = message.recipient or message.reference or ""
    text = "\n".join((source, event_id, message.template, message.kind, recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def days_between(first: dt.datetime, last: dt.datetime) -> list[dt.date]:
    """The days in Asia/Shanghai from one instant to another, both included, the latest first."""
    start, end = first.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date()
    return [end - dt.timedelta(days=n) for n in range((end - start).days + 1)]
