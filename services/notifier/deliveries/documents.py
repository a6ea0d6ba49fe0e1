"""A delivery: one message to one recipient, from the event that made it to its receipt."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notifier.deliveries.rules import State
from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind
from services.notifier.notices.table import TEMPLATES, text_of
from services.notifier.providers.rules import Name
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

ADDRESS: Final = "delivery.address"
"""The place that the phone, device token or e-mail address of a delivery is encrypted for."""
EVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Before everything: what is later than this is there."""


class Delivery(Record):
    """One message. Its id comes from the event, so that it is made once.

    `recipient`, `reference`, `platform`, `engagement` and `desk` are those of the message; `waits_for` names the copy that it
    lacks. `fact` and `says` are those of a message that a later event may take back: it is held until `settles_at`.
    `address` is the encrypted phone, device token or e-mail address, fixed when the delivery is held or queued, so that every
    try goes the same way; empty where nothing reaches the recipient. `erased`: the recipient was erased when it was still to go
    out, so that its address is forgotten as soon as it is needed no more. `asked_at` is since when it should go out: the event's
    time, the end of its holding or of the quiet hours, or when it was found that it must go another way; `told_at` is the event's time
    in any case, none of what somebody has sent again. `title`, `text` and
    `version` are those of the row when it was queued; `merged` messages became this one. One of a `broadcast` is listed until
    its turn; its words come from there, and its `template` is filed for them alone; one that is `app_only` becomes no SMS.
    `provider`: the one that an SMS was or will be given to, and since when (`offered_at`); none where surely nobody has it.
    `submitted_at`: since when the mail server may have an e-mail. `tried`: the channels by which it did not arrive.
    `not_before`: when it may go out. `sent_at` is when a gateway accepted it (`late`: its receipt took long), `waited_ms` how
    long after `asked_at`, `read_at` when its recipient marked it as read, `left_at` when somebody decided that one of which
    nobody knows whether it went out is not sent again, or since when that is plain. `ask_at`: when its gateway is asked (next) what
    became of it, since no receipt came; none where one may still come, or has.
    """

    template: str
    kind: RecipientKind
    recipient: str | None
    reference: str | None = None
    platform: str | None = None
    engagement: str | None = None
    desk: str | None = None
    district: str | None
    params: dict[str, str]
    title: str = ""
    text: str = ""
    version: int = 0
    merged: int = 1
    broadcast: str | None = None
    urgent: bool = False
    app_only: bool = False
    fact: str | None = None
    says: str | None = None
    settles_at: dt.datetime | None = None
    state: State = "waiting"
    waits_for: str | None = None
    channel: Channel | None = None
    address: Annotated[str | None, EncryptedAt(ADDRESS)] = None
    erased: bool = False
    tried: Annotated[list[Channel], Field(default_factory=list)]
    provider: Name | None = None
    offered_at: dt.datetime | None = None
    submitted_at: dt.datetime | None = None
    attempts: int = 0
    gateway_id: str | None = None
    reason: str | None = None
    asked_at: dt.datetime | None = None
    told_at: dt.datetime | None = None
    queued_at: dt.datetime | None = None
    not_before: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    waited_ms: int | None = None
    late: bool = False
    ask_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    read_at: dt.datetime | None = None
    left_at: dt.datetime | None = None

    class Settings:
        name = "deliveries"
        indexes = [
            IndexModel([("kind", ASCENDING), ("recipient", ASCENDING), ("created_at", DESCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("sent_at", ASCENDING)]),
            IndexModel([("waits_for", ASCENDING)], partialFilterExpression={"state": "waiting"}),
            # only of those few that have one: each index that a row is in makes a broadcast's many rows dearer
            IndexModel(
                [("state", ASCENDING), ("settles_at", ASCENDING)],
                name="held",
                partialFilterExpression={"state": "held"},
            ),
            IndexModel([("fact", ASCENDING)], name="of_fact", partialFilterExpression={"fact": {"$gt": ""}}),
            IndexModel([("gateway_id", ASCENDING)], partialFilterExpression={"provider": "tencent"}),
            IndexModel([("ask_at", ASCENDING)], name="asked", partialFilterExpression={"ask_at": {"$gt": EVER}}),
            IndexModel(
                [("broadcast", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"broadcast": {"$gt": ""}},
            ),
        ]

    def send_to(self, channel: Channel, address: str) -> None:
        """Fix the way that the delivery goes; `address` in clear."""
        self.channel, self.address = channel, encrypt_field(ADDRESS, self.id, address)

    def word(self) -> None:
        """Fix title and text by the row as it is now; those of a broadcast are fixed already."""
        if self.broadcast is not None:
            return
        if self.merged > 1:
            self.template, self.params = f"{self.template}_several", {"count": str(self.merged)}
        row = TEMPLATES[self.template]
        self.title, self.text, self.version = row.title, text_of(row, self.params), row.version

    @property
    def words(self) -> tuple[str, str]:
        """Title and text as they were or will be sent; by the row as it is now where they are not fixed yet."""
        if self.broadcast is not None:
            return self.title, self.text
        row = TEMPLATES[self.template]
        return self.title or row.title, self.text or text_of(row, self.params)

    @property
    def way(self) -> tuple[str, Channel]:
        """To whom and through what a delivery goes that is queued or beyond."""
        assert self.recipient is not None
        assert self.channel is not None
        return self.recipient, self.channel

    @property
    def may_be_with(self) -> Name | None:
        """Who may have an SMS that was offered before. One that was queued when there was one provider can only be with that."""
        return "aliyun" if self.channel == "sms" and self.offered_at is None else self.provider

    @property
    def may_be_out(self) -> bool:
        """Whether a gateway may have what was offered before, and does not know it again."""
        return self.submitted_at is not None if self.channel == "email" else self.may_be_with is not None

    @property
    def clear_address(self) -> str | None:
        return None if self.address is None else decrypt_field(ADDRESS, self.id, self.address)
