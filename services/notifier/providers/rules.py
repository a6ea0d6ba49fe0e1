"""Which provider a message goes through: shares that move away from one that is slow, and drift back."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol

from services.notifier.gateways.rules import Accepted, Refused
from shared.policy.calendar import SHANGHAI

Name = Literal["aliyun", "tencent"]
PROVIDERS: Final[tuple[Name, Name]] = ("aliyun", "tencent")

SEEN: Final = dt.timedelta(minutes=15)
"""How far back a provider's messages are looked at."""
LOOK: Final = dt.timedelta(minutes=1)
"""How often they are looked at, by all processes together."""
SLOW: Final = dt.timedelta(minutes=2)
"""A message whose receipt takes longer than this is slow."""
MOVED: Final = 10
"""Points that move at once."""
BETWEEN: Final = dt.timedelta(minutes=5)
"""The least time between two moves away from a slow provider, so that a move shows its effect before the next."""
DRIFT: Final = dt.timedelta(minutes=15)
"""The least time between two moves, or after one, towards the resting share."""
TOO_MANY_SLOW, FEW_SLOW = 0.15, 0.05
"""Above the first share of slow messages a provider is slow, and up to the second it is sound; between them nothing moves."""
LEAST: Final = 20
"""Messages that a judgement takes. Of a provider that got fewer nothing bad is known, so that it gets some again."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message as all providers need it. `asked_at`: when its provider was first asked, at the earliest."""

    delivery_id: str
    phone: str = field(repr=False)
    template: str
    params: Mapping[str, str] = field(repr=False)
    asked_at: dt.datetime


class SmsProvider(Protocol):
    """One provider. Both calls raise `NotTaken` or `Unsure` where it does not do its work, `TryAgain` where the number has had
    enough for now; `find` also `CannotSay`."""

    @property
    def name(self) -> Name: ...

    def has(self, template: str) -> bool:
        """Whether a template is filed with it, as far as that is known."""

    async def send(self, sms: Sms) -> Accepted | Refused:
        """Give it a message. It does not know one again that it is given twice: whoever is unsure asks `find` first."""

    async def find(self, sms: Sms) -> Accepted | None:
        """The message, if the provider has it; None where it surely does not."""


class CannotSay(Exception):
    """The provider cannot say, now or later, whether it has a message."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How many messages a provider took in the last quarter of an hour, and how many of them were slow."""

    taken: int = 0
    slow: int = 0

    @property
    def judgement(self) -> Literal["sound", "between", "slow"]:
        if self.taken < LEAST or self.slow <= FEW_SLOW * self.taken:
            return "sound"
        return "slow" if self.slow > TOO_MANY_SLOW * self.taken else "between"


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a hundred messages go by the first provider; when that moved last."""

    first: int
    moved_at: dt.datetime | None = None


def moved(shares: Shares, resting: int, seen: Mapping[Name, Seen], now: dt.datetime) -> Shares:
    """The shares after a look at both providers.

    Points move away from a provider that is slow while the other is not; where both are, the fault lies elsewhere. Once
    both are sound they drift back.
    """
    first, second = (seen.get(name, Seen()).judgement for name in PROVIDERS)
    since = now - shares.moved_at if shares.moved_at else DRIFT
    if (first == "slow") != (second == "slow"):
        to = max(shares.first - MOVED, 0) if first == "slow" else min(shares.first + MOVED, 100)
        due = since >= BETWEEN
    elif first == second == "sound":
        away = resting - shares.first
        to = shares.first + max(-MOVED, min(MOVED, away))
        due = since >= DRIFT
    else:
        return shares
    return replace(shares, first=to, moved_at=now) if due and to != shares.first else shares


def chosen(shares: Shares, delivery_id: str, there: Sequence[Name]) -> Name:
    """The provider of a message among those that there are: the same for the same message and shares."""
    if len(there) == 1:
        return there[0]
    return PROVIDERS[0] if zlib.crc32(delivery_id.encode()) % 100 < shares.first else PROVIDERS[1]


def days_between(first: dt.datetime, last: dt.datetime) -> list[dt.date]:
    """The days in Asia/Shanghai from one instant to another, both included, the latest first."""
    start, end = first.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date()
    return [end - dt.timedelta(days=n) for n in range((end - start).days + 1)]
