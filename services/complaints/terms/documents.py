"""Terms as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.terms.rules import Length, Stage, State, Unit
from shared.contracts.complaints import Category, MatterKind
from shared.policy.calendar import Pause
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

REASON: Final = "term.reason"


class Stop(BaseModel):
    """Days on which the clock stands still, both included, and why; `last` is None while it does."""

    first: dt.date
    last: dt.date | None = None
    reason: Annotated[str, EncryptedAt(REASON)]

    @property
    def pause(self) -> Pause:
        return Pause(self.first, self.last)


class Extension(BaseModel):
    """By how much a term was prolonged, in its own unit, who approved it and when, and why."""

    count: int
    approved_by: str
    approved_on: dt.date
    reason: Annotated[str, EncryptedAt(REASON)]


class Term(Record):
    """Until when a step of a matter is due. Its id says which: `<kind>:<id>:<step>:<round>`.

    `rests_on` is the event that begins it, on the day `begun_on`; `calendar` the version of the days off that it was reckoned
    with. `officer` hears of it, or the desk of the department where there is none. `told` holds what was told already,
    `told_of_breach` the officers who heard that it was missed; `enterprise`, `circle` and `away` (officers) keep the levels above to
    who may deal with it.
    """

    matter_kind: MatterKind
    matter_id: str
    number: str
    step: str
    rests_on: str
    begun_on: dt.date
    length: int
    unit: Unit
    due: dt.date
    provisional: bool
    calendar: str
    stops: list[Stop] = []
    extension: Extension | None = None
    state: State = "running"
    met_on: dt.date | None = None
    breached_at: dt.datetime | None = None
    officer: str | None
    department: str
    district: str
    enterprise: str | None = None
    circle: Category | None = None
    away: list[str] = []
    told: list[Stage] = []
    told_of_breach: list[str] = []
    used: list[Used]

    class Settings:
        name = "terms"
        indexes = [
            IndexModel([("matter_kind", ASCENDING), ("matter_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("provisional", ASCENDING), ("state", ASCENDING), ("calendar", ASCENDING)]),
        ]

    @property
    def lengths(self) -> list[Length]:
        own = Length(self.length, self.unit)
        return [own] if self.extension is None else [own, Length(self.extension.count, self.unit)]

    @property
    def pauses(self) -> list[Pause]:
        return [stop.pause for stop in self.stops]

    @property
    def open(self) -> bool:
        return self.state in ("running", "paused")


def encrypted_reason(term_id: str, reason: str) -> str:
    return encrypt_field(REASON, term_id, reason)


def clear_reason(term: Term, reason: str) -> str:
    return decrypt_field(REASON, term.id, reason)
