"""What becomes of a delivery, and which one an event makes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.notifier.notices.rules import Message, RecipientKind
from shared.states import Machine

State = Literal["listed", "waiting", "held", "withdrawn", "queued", "sent", "delivered", "failed", "uncertain"]
Event = Literal["hold", "queue", "withdraw", "accepted", "arrived", "lost", "refused", "unknown", "unconfirmed"]
"""What the notifier does with a delivery, and what a gateway or a receipt says of it: accepted by the gateway; arrived;
accepted, but lost on the way; never accepted; not to be found out whether accepted; accepted, and not to be found out whether it
arrived."""

TRIES = 40
"""Tries until a delivery is given up: with their growing delays, a little more than a day."""

MOVES: Mapping[tuple[State, Event], State] = {
    ("listed", "queue"): "queued",
    ("listed", "withdraw"): "withdrawn",
    ("waiting", "hold"): "held",
    ("waiting", "queue"): "queued",
    ("waiting", "withdraw"): "withdrawn",
    ("held", "queue"): "queued",
    ("held", "withdraw"): "withdrawn",
    ("queued", "accepted"): "sent",
    ("queued", "arrived"): "delivered",
    ("queued", "lost"): "failed",
    ("queued", "refused"): "failed",
    ("sent", "arrived"): "delivered",
    ("sent", "lost"): "failed",
    ("sent", "unconfirmed"): "uncertain",
    ("failed", "arrived"): "delivered",
    ("failed", "queue"): "queued",  # what failed by one channel goes out by the other
    ("queued", "unknown"): "uncertain",
    ("uncertain", "arrived"): "delivered",
    ("uncertain", "lost"): "failed",
    ("uncertain", "queue"): "queued",  # somebody has it sent again, or the law has it go by another channel
}

STATES: Machine[State, Event, State] = Machine("delivery", MOVES)


UNSEEN: Sequence[State] = ("listed", "withdrawn")
"""The states of what has not gone, or never will, and is shown to no recipient."""


@dataclass(frozen=True, slots=True)
class Box:
    """The messages of these recipients of one kind."""

    kind: RecipientKind
    recipients: Sequence[str]

    @property
    def wanted(self) -> dict[str, Any]:
        """The condition on its messages."""
        recipient = self.recipients[0] if len(self.recipients) == 1 else {"$in": list(self.recipients)}
        return {"kind": self.kind, "recipient": recipient, "state": {"$nin": list(UNSEEN)}}

    def holds(self, kind: RecipientKind, recipient: str | None, state: State) -> bool:
        """Whether a message of that recipient is in it."""
        return kind == self.kind and recipient in self.recipients and state not in UNSEEN


def next_state(state: State, event: Event) -> State:
    """The state after an event; one that the state does not allow changes nothing.

    So in whatever order answers and receipts come, and however often, the last state is the same. That a message arrived
    outweighs everything: a delivery that was given up may have been accepted after all.
    """
    return STATES.next(state, event) if STATES.allows(state, event) else state


def delivery_id(source: str, event_id: str, message: Message) -> str:
    """The same for the same message of the same event: 32 hexadecimal digits."""
    recipient = message.recipient or message.reference or ""
    text = "\n".join((source, event_id, message.template, message.kind, recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def must_tell(told: Sequence[str], says: str, untold: str) -> bool:
    """Whether to send that a fact `says` this. `told`: what was sent of it, in order; `untold`: what holds if nothing was."""
    return says != (told[-1] if told else untold)


def milliseconds(since: dt.datetime, until: dt.datetime) -> int:
    """How long it was, not less than nothing: clocks of two machines differ."""
    return max(0, round((until - since).total_seconds() * 1000))


def window_end(now: dt.datetime, minutes: int) -> dt.datetime:
    """The end of the stretch of so many minutes that an instant lies in: the same for everything that becomes one."""
    seconds = minutes * 60
    return dt.datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, dt.UTC)


NO_TEMPLATE = "TEMPLATE_NOT_FILED"
"""Why an SMS was refused: its template is filed with no provider."""
NO_MOBILE = "NO_MOBILE"
"""Why an SMS is refused to a number that is not a mobile one, or that is dead, where there is no other channel."""
NO_RECEIPT = "NO_RECEIPT"
"""Why nobody can say whether a message arrived: no receipt came, and its gateway could not say when it was asked."""
NO_MAIL = "NO_MAIL_SERVER"
"""Why an e-mail is refused where no mail server is set up any more."""
DEAD_NUMBER = frozenset(
    {"MK:0001", "MN:0001", "CB:0001", "isv.MOBILE_NUMBER_ILLEGAL", "InvalidParameterValue.IncorrectPhoneNumber"}
)
"""The codes of operators and providers that say that nobody has the number."""
DEAD_AFTER = 3
"""So many messages in a row that such a code comes back for make a number a dead one."""


def is_dead(reasons: Sequence[str | None]) -> bool:
    """Whether a number is dead, by what became of the last messages to it, the latest first."""
    last = reasons[:DEAD_AFTER]
    return len(last) == DEAD_AFTER and all(reason in DEAD_NUMBER for reason in last)
