"""Webhooks, the streams of events that go to them, and the log of tries.

A stream is one topic of one platform, whose events are numbered as they come. Each webhook has a lane in it: up to which number it
has been sent everything that it wants. Who adds to a stream and who moves a lane both store the stream, so that neither
misses the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.notifier.webhooks.rules import KEPT_DAYS, OLD_SECRET_FOR, Fault, Outcome, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.indexes import DAY_SECONDS
from shared.storage.records import Record

SIGNING: Final = "webhook.secret"
"""The place that the signing secrets of a webhook are encrypted for."""
KEPT_SECONDS = KEPT_DAYS * DAY_SECONDS


class Endpoint(Record):
    """A webhook of a platform. `types`: the events that it wants, None for all.

    `old_secret` is signed with too, until `old_until`. `fault`: why it was switched off, if not by the platform.
    `rests_until`: nothing is sent before.
    """

    platform: str
    url: str
    types: list[str] | None
    state: State = "pending"
    secret: Annotated[str, EncryptedAt(SIGNING)] = ""
    old_secret: Annotated[str | None, EncryptedAt(SIGNING)] = None
    old_until: dt.datetime | None = None
    fault: Fault | None = None
    rests_until: dt.datetime | None = None

    class Settings:
        name = "webhooks"
        indexes = [IndexModel([("platform", ASCENDING), ("_id", ASCENDING)])]

    def wants(self, kind: str) -> bool:
        return self.types is None or kind in self.types

    def give_secret(self, secret: str, now: dt.datetime) -> None:
        """Sign with this secret from now on, and for a while with the present one too."""
        if self.secret:
            self.old_secret, self.old_until = self.secret, now + OLD_SECRET_FOR
        self.secret = encrypt_field(SIGNING, self.id, secret)

    def secrets_at(self, now: dt.datetime) -> list[str]:
        """The secrets that are valid, in clear, the newest first."""
        valid = [self.secret]
        if self.old_secret is not None and self.old_until is not None and now < self.old_until:
            valid.append(self.old_secret)
        return [decrypt_field(SIGNING, self.id, one) for one in valid]


class Holder(Record):
    """The webhooks of a platform, by its credit code: two that are registered at once meet here, and are counted."""

    endpoints: list[str] = Field(default_factory=list)

    class Settings:
        name = "webhook_holders"


class Lane(BaseModel):
    """How far a webhook is in a stream. `under_way`: a timer or a try will go on with what follows `sent`."""

    sent: int
    under_way: bool = False


class Stream(Record):
    """The events of one topic for one platform (`<credit code>|<topic>`), numbered up to `last`."""

    platform: str
    topic: str
    last: int = 0
    lanes: dict[str, Lane] = Field(default_factory=dict)

    class Settings:
        name = "webhook_streams"
        indexes = [IndexModel([("platform", ASCENDING)])]


class Message(Record):
    """An event for a platform (`<credit code>|<event>`) as it is sent, kept so that it can be sent again. `at`: when it happened."""

    platform: str
    topic: str
    number: int
    type: str
    body: str
    at: dt.datetime

    class Settings:
        name = "webhook_messages"
        indexes = [
            IndexModel([("platform", ASCENDING), ("topic", ASCENDING), ("number", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("at", ASCENDING)]),
            IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
        ]

    @staticmethod
    def id_of(platform: str, event_id: str) -> str:
        return f"{platform}|{event_id}"

    @property
    def event_id(self) -> str:
        return self.id.partition("|")[2]


class Replay(Record):
    """Messages that a platform wants again at a webhook, whose id this has; `done` of them have been sent."""

    platform: str
    messages: Sequence[str]
    done: int = 0
    under_way: bool = True

    class Settings:
        name = "webhook_replays"


class Attempt(Record):
    """One try to send something to a webhook, and how it ended."""

    endpoint: str
    event_id: str
    type: str
    outcome: Outcome
    status: int | None
    milliseconds: int
    replayed: bool = False

    class Settings:
        name = "webhook_attempts"
        indexes = [
            IndexModel([("endpoint", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
        ]
