"""Which provider a message goes through: shares that move away from one that is slow, and drift back; and how calls to each are
signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import zlib
from collections.abc import Collection, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a provider has taken, as it is asked what became of it: by our id, or by its own `number`. It was offered and
    taken at these instants."""

    delivery_id: str
    number: str | None
    offered_at: dt.datetime
    sent_at: dt.datetime


APART: Final = dt.timedelta(minutes=1)
"""How far a provider's clock may be from ours."""


LATEST: Final = dt.timedelta(minutes=10)
"""How long before a backup a message was given to a provider at the earliest whose answer is not in it."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of time of which the database lacks what was given to providers: from a backup until it was brought back."""

    since: dt.datetime
    until: dt.datetime

    def reaches(self, told_at: dt.datetime | None) -> dt.datetime | None:
        """Since when a provider may have a message unknown to us that was told of at that instant; None where none has."""
        if told_at is None or told_at >= self.until:
            return None
        return max(told_at, self.since - LATEST) - APART


class SmsProvider(Protocol):
    """One provider. All calls raise `NotTaken` or `Unsure` where it does not do its work, `TryAgain` where the number has had
    enough for now; `find` also `CannotSay`."""

    @property
    def name(self) -> Name: ...

    @property
    def templates(self) -> Collection[str] | None:
        """Those that are filed with it, as far as that is known; None: whichever it is asked for."""

    async def send(self, sms: Sms) -> Accepted | Refused:
        """Give it a message. It does not know one again that it is given twice: whoever is unsure asks `find` first."""

    async def find(self, sms: Sms) -> Accepted | None:
        """The message, if the provider has it; None where it surely does not."""

    async def find_lost(self, sms: Sms, until: dt.datetime) -> Accepted | None:
        """The message, if it was given to the provider between `asked_at` and `until` and our own record of that is lost; None where
        it surely was not."""

    async def ask(self, phone: str, sent: Sequence[Sent]) -> Mapping[str, Accepted]:
        """What became of messages to one number, by our ids, with as few calls as the provider allows. One that it does not name it
        does not know, or no more, or not yet: it may be asked again, and nothing is sent for it."""


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


ACS3 = "ACS3-HMAC-SHA256"
"""Aliyun's request signature, version 3, for an RPC action called by POST with a form."""
TC3 = "TC3-HMAC-SHA256"
"""Tencent Cloud's request signature, version 3, for an action called by POST with JSON."""


def acs3_headers(
    key_id: str, secret: str, *, host: str, action: str, version: str, body: bytes, nonce: str, at: dt.datetime
) -> dict[str, str]:
    """The headers of a call to Aliyun; `nonce` must be new for every call, `at` is in UTC."""
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": digest,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    text = f"{ACS3}\n{_digest(_canonical(headers, digest))}"
    signed = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return headers | {"authorization": f"{ACS3} Credential={key_id},SignedHeaders={_names(headers)},Signature={signed}"}


def tc3_headers(
    secret_id: str,
    secret_key: str,
    *,
    service: str,
    host: str,
    action: str,
    version: str,
    region: str,
    body: bytes,
    at: dt.datetime,
) -> dict[str, str]:
    """The headers of a call to Tencent Cloud; `at` is in UTC."""
    signed = {"content-type": "application/json; charset=utf-8", "host": host, "x-tc-action": action.lower()}
    timestamp, date = str(int(at.timestamp())), at.astimezone(dt.UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    request = _canonical(signed, hashlib.sha256(body).hexdigest())
    text = f"{TC3}\n{timestamp}\n{scope}\n{_digest(request)}"
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return {
        "content-type": signed["content-type"],
        "host": host,
        "x-tc-action": action,
        "x-tc-version": version,
        "x-tc-region": region,
        "x-tc-timestamp": timestamp,
        "authorization": f"{TC3} Credential={secret_id}/{scope}, SignedHeaders={_names(signed)}, Signature={key.hex()}",
    }


def _canonical(headers: Mapping[str, str], body_digest: str) -> str:
    """A POST to `/` without a query, with these headers (lower-case names), as both have it signed."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    return "\n".join(["POST", "/", "", lines, _names(headers), body_digest])


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(headers))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
