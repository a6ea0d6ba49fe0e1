"""Broadcasts, whom they may concern, and the instants that their messages have taken. The rows of a broadcast are deliveries."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pymongo import ASCENDING, IndexModel

from services.notifier.broadcasts.rules import State
from shared.contracts.notifier import BroadcastKind
from shared.contracts.platform import Industry
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TITLE, TEXT = "broadcast.title", "broadcast.text"
"""The places that the words of a broadcast are encrypted for: a draft may name somebody."""


class Standing(Record):
    """Who works where: an engagement as it stands; its id is the engagement's.

    `standing`: it has no end. One whose worker may not work yet stands too.
    """

    version: int = 0
    worker_id: str = ""
    platform: str = ""
    industry: str = ""
    district: str = ""
    standing: bool = False

    class Settings:
        name = "audience"
        indexes = [IndexModel([("district", ASCENDING), ("standing", ASCENDING), ("_id", ASCENDING)])]


class Broadcast(Record):
    """One text to many people.

    `department` and `district` are those of the officer who made it, `authors` the subjects of all who wrote or proposed
    it. `template` is the code that the text is filed under with the SMS gateway. It goes to whoever works in one of
    `districts`, and in one of `industries` and for one of `platforms` where any are named.

    Where there is a `sheet`, it goes to the people whom that names and to nobody else; a sheet that is sent in anew is another one.

    How far the rows are made: those of the districts before the `reached`th are, and there those of engagements, or of the sheet, up
    to `after`. `listed` rows were there when all were; `given` messages went on their way, `unreachable` people were known to
    nobody (any more), `declined` ones do not want to hear of such.

    Whether it must pause is asked of those given since `counted_since`, before which there were `given_before`.
    """

    department: str
    district: str
    authors: list[str]
    kind: BroadcastKind
    urgent: bool
    title: Annotated[str, EncryptedAt(TITLE)] = ""
    text: Annotated[str, EncryptedAt(TEXT)] = ""
    template: str
    districts: list[str]
    industries: list[Industry]
    platforms: list[str]
    sheet: str | None = None
    sheet_people: int = 0
    sheet_faults: int = 0
    state: State = "draft"
    paused_for: Literal["officer", "failures"] | None = None
    approved_by: str | None = None
    approved_at: dt.datetime | None = None
    reached: int = 0
    after: str = ""
    listed: int = 0
    given: int = 0
    unreachable: int = 0
    declined: int = 0
    given_before: int = 0
    counted_since: dt.datetime | None = None
    finished_at: dt.datetime | None = None

    class Settings:
        name = "broadcasts"
        indexes = [
            IndexModel([("state", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
        ]

    def word(self, title: str, text: str) -> None:
        """Set title and text, given in clear."""
        self.title, self.text = encrypt_field(TITLE, self.id, title), encrypt_field(TEXT, self.id, text)

    @property
    def words(self) -> tuple[str, str]:
        """Title and text in clear."""
        return decrypt_field(TITLE, self.id, self.title), decrypt_field(TEXT, self.id, self.text)


class Pace(Record):
    """Up to when the instants of messages are taken, by all broadcasts together; there is one."""

    until: dt.datetime

    class Settings:
        name = "broadcast_pace"
