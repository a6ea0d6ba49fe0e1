"""Orders to put right, as they are stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.directives.rules import BREACHED, OriginKind, State, Violation
from shared.contracts.complaints import Category
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

TEXT: Final = "directive.text"


class Demand(BaseModel):
    """One thing to be put right: the article that it rests on, and what must be done."""

    article: str
    text: Annotated[str, EncryptedAt(TEXT)]


class Owed(BaseModel):
    """What a person is owed, and what is added after the term; `worker_ref` is the enterprise's own name for them. From
    `elsewhere_on` arbitration or a court decides on it, and the order says no more of it."""

    worker_ref: str
    amount: Yuan
    added: Yuan | None = None
    elsewhere_on: dt.date | None = None


class ExtensionAsked(BaseModel):
    """An extension that waits for another officer."""

    days: int
    reason: Annotated[str, EncryptedAt(TEXT)]
    by: str


class Check(BaseModel):
    """What an officer found when they checked, and the other officer who confirmed it."""

    met: bool
    note: Annotated[str, EncryptedAt(TEXT)]
    by: str
    confirmed_by: str | None = None


class Directive(Record):
    """An order to put right. Its term runs from the day it was served. What it arose from is never shown to the enterprise.

    `root` names what it arose from for good, so that an act stays the same act whatever follows from it. `listings` are those on the
    lists of credit that stand upon it.
    """

    number: str
    origin: OriginKind
    origin_id: str | None
    root: str
    violation: Violation
    enterprise: str
    department: str
    district: str
    circle: Category | None = None
    demands: list[Demand]
    owed: list[Owed] = []
    percent: int | None = None
    days: int
    issued_on: dt.date | None = None
    state: State = "issued"
    issued_by: str
    served_on: dt.date | None = None
    served_by: str | None = None
    due_on: dt.date | None = None
    passed: bool = False
    extension: ExtensionAsked | None = None
    check: Check | None = None
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None
    withdrawn_for: Annotated[str | None, EncryptedAt(TEXT)] = None
    listings: list[str] = []
    used: list[Used]

    class Settings:
        name = "directives"
        indexes = [
            IndexModel([("enterprise", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("root", ASCENDING)]),
        ]

    @property
    def matter(self) -> str:
        """The order as what evidence belongs to."""
        return f"directive:{self.id}"

    @property
    def drawn_up_on(self) -> dt.date:
        """The day of the order; earlier versions kept only when it was recorded."""
        return self.issued_on or shanghai_date(self.created_at)

    @property
    def breached(self) -> bool:
        """Whether a penalty may follow: what ran out stays breached, also where arbitration decides on the pay since."""
        return self.state in BREACHED or (self.state == "to_dispute" and self.passed)

    @property
    def ordered(self) -> list[Owed]:
        """What is owed to persons and not decided elsewhere."""
        return [one for one in self.owed if one.elsewhere_on is None]

    @property
    def amounts(self) -> list[Decimal]:
        return [one.amount for one in self.ordered]


def encrypted_text(directive_id: str, text: str) -> str:
    return encrypt_field(TEXT, directive_id, text)


def clear(directive_id: str, text: str | None) -> str | None:
    return None if text is None else decrypt_field(TEXT, directive_id, text)
