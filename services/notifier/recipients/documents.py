"""The notifier's own copies: who can be reached how, and who a platform's worker is.

A message whose recipient is not known yet waits. The transaction that makes it wait and the one that records the fact both
store the same copy, an empty one where there is none: so one of them is run again, and sees what the other did.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notifier.notices.rules import RecipientKind
from services.notifier.recipients.rules import Preference, WorkerChannel, channels_for
from shared.storage.encryption import EncryptedAt, HashedFrom, decrypt_field
from shared.storage.records import Record

PHONE, NAME, EMAIL, DEVICE_TOKEN = "contact.phone", "contact.name", "contact.email", "device.token"
"""The places that encrypted values are bound to."""


class Copy(Record):
    """A copy of a fact. `known`: it has come. `waited_for`: messages wait for it."""

    known: bool = False
    waited_for: bool = False


class Contact(Copy):
    """How a worker (`worker:<id>`), next of kin (`kin:<id>`), an enterprise (`platform:<credit code>`), a body that trains or
    evaluates (`provider:<credit code>`), a trade union (`union:<id>`), a department's duty desk
    (`department:<department>:<district>`) or an officer (`officer:<subject>`) is reached.

    Phone, e-mail and name are encrypted, a platform's too; empty where there is none. `department`, `district`: an officer's, and a
    union's district; `officers`: the subjects of those who act for a union; `of_worker`: whose next of kin they are.
    `has_app`: a device was registered once, so that it is worth looking for one. `dead`, `email_dead`: messages to the phone
    or the e-mail come back, so that it is not used until another one is told. A worker's phone is found by its hash. A
    person who was on file twice: the record `merged_into` another, which names in `merged` those whose place it took.
    """

    phone: Annotated[str, EncryptedAt(PHONE)] = ""
    phone_hash: Annotated[str | None, HashedFrom("phone")] = None
    email: Annotated[str, EncryptedAt(EMAIL)] = ""
    name: Annotated[str, EncryptedAt(NAME)] = ""
    department: str | None = None
    district: str | None = None
    of_worker: str | None = None
    officers: Annotated[list[str], Field(default_factory=list)]
    told_at: dt.datetime | None = None
    has_app: bool = False
    dead: bool = False
    email_dead: bool = False
    merged_into: str | None = None
    merged: Annotated[list[str], Field(default_factory=list)]

    class Settings:
        name = "contacts"
        indexes = [
            IndexModel([("phone_hash", ASCENDING)]),
            IndexModel([("of_worker", ASCENDING)], partialFilterExpression={"of_worker": {"$gt": ""}}),
            IndexModel([("officers", ASCENDING)], partialFilterExpression={"officers": {"$gt": ""}}),
        ]

    @property
    def recipient(self) -> str:
        """Whom the contact is of, without the kind."""
        return self.id.partition(":")[2]

    @property
    def clear_name(self) -> str:
        """The name of a known recipient, in clear."""
        return decrypt_field(NAME, self.id, self.name)

    @property
    def clear_phone(self) -> str:
        """The phone in clear; empty where none is known."""
        return decrypt_field(PHONE, self.id, self.phone) if self.phone else ""

    @property
    def clear_email(self) -> str:
        """The e-mail address in clear; empty where none is known."""
        return decrypt_field(EMAIL, self.id, self.email) if self.email else ""


def contact_id(kind: RecipientKind, recipient: str) -> str:
    return f"{kind}:{recipient}"


class Engagement(Copy):
    """Under which reference a platform knows the worker of an engagement."""

    worker_ref: str = ""
    version: int = 0

    class Settings:
        name = "engagements"


class Reference(Copy):
    """Who a platform's worker (`<credit code>|<reference>`) is, by the engagement that began last (`YYYY-MM-DD`); or that messages
    wait until a union names somebody (`union|<subject>`) as acting for it."""

    worker_id: str = ""
    engagement_id: str = ""
    started_on: str = ""
    version: int = 0

    class Settings:
        name = "references"


class Device(Record):
    """A phone with the app. Its id is a digest of its token; whoever registered it last has it."""

    worker_id: str
    platform: Literal["ios", "android", "harmony"]
    token: Annotated[str, EncryptedAt(DEVICE_TOKEN)]
    registered_at: dt.datetime

    class Settings:
        name = "devices"
        indexes = [IndexModel([("worker_id", ASCENDING), ("registered_at", DESCENDING)])]

    @property
    def clear_token(self) -> str:
        return decrypt_field(DEVICE_TOKEN, self.id, self.token)


class Preferences(Record):
    """How a worker wants messages; the id is the worker's.

    `channels` in their order, in place of `channel` where any are chosen. `no_publicity`: no broadcasts of publicity and education;
    `rest_in_app`: prompts to rest only through the app.
    """

    channel: Preference
    channels: Annotated[list[WorkerChannel], Field(default_factory=list)]
    no_publicity: bool = False
    rest_in_app: bool = False

    class Settings:
        name = "preferences"

    @property
    def order(self) -> list[WorkerChannel]:
        """The channels in the order in which they are tried."""
        return channels_for(self.channel, self.channels)
