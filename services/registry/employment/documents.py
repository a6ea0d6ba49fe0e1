"""What is stored of employment registration."""

from __future__ import annotations

import datetime as dt
from collections import deque
from typing import Annotated, Final
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.registry.employment.rules import Period, Registration, State
from services.registry.employment.unemployment_rules import State as UnemploymentState
from shared.contracts.registry import EmploymentForm, UnemploymentEnding
from shared.policy.parameters import Used
from shared.storage.client import Storage, collection_of, storage
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Keyed, Record

CAUSE: Final = "employment.unemployment_cause"
"""The place that the cause of unemployment is encrypted for."""


class Form(BaseModel):
    """The form of employment that holds from a legal day on."""

    since: dt.date
    form: EmploymentForm


class StoredRegistration(BaseModel):
    """One registration, first and last day included; `ends_on` is null while it runs."""

    registration_id: str
    state: State
    starts_on: dt.date
    ends_on: dt.date | None
    district: str
    forms: list[Form]

    def as_rule(self) -> Registration:
        forms = tuple((one.since, one.form) for one in self.forms)
        return Registration(
            self.registration_id, self.state, Period(self.starts_on, self.ends_on, self.district, forms)
        )


class OwnWork(BaseModel):
    """Flexible work that the person registered, first and last day included (就业服务与就业管理规定 art. 62)."""

    work_id: str
    district: str
    starts_on: dt.date
    ends_on: dt.date | None
    told_at: dt.datetime


class StoredUnemployment(BaseModel):
    """One registration as unemployed. `cause` is encrypted: it may tell of a sentence (个人信息保护法 art. 28). `ended_by`: the
    employment registration that ended it. `contacted_on`: when the person was in contact last; without another one it ends with
    `contact_due_on`, which rests on `used`."""

    registration_id: str
    state: UnemploymentState
    district: str
    cause: Annotated[str, EncryptedAt(CAUSE)]
    registered_on: dt.date
    unemployed_since: dt.date
    ended_on: dt.date | None = None
    ending: UnemploymentEnding | None = None
    ended_by: str | None = None
    contacted_on: dt.date | None = None
    contact_due_on: dt.date | None = None
    used: list[Used] = []


class Employment(Record):
    """A person's (its id) registrations as employed and as unemployed. `certificate_number`: given once, for life.

    `works`: flexible work that the person registered; `unemployments`: the earliest first.
    """

    certificate_number: str
    registrations: list[StoredRegistration] = []
    works: list[OwnWork] = []
    unemployments: list[StoredUnemployment] = []

    @property
    def standing(self) -> list[StoredRegistration]:
        """The registrations as employed that were not withdrawn, the earliest first."""
        found = [one for one in self.registrations if one.state != "withdrawn"]
        return sorted(found, key=lambda one: one.starts_on)

    @property
    def unemployed(self) -> StoredUnemployment | None:
        """The registration as unemployed that runs."""
        return next((one for one in self.unemployments if one.state == "registered"), None)

    def unemployed_on(self, day: dt.date) -> StoredUnemployment | None:
        """The registration as unemployed that holds on a day: one that work to come ends holds until then."""
        until = [one for one in self.unemployments if one.ended_by is not None and one.ended_on is not None]
        return self.unemployed or next(
            (one for one in until if one.registered_on <= day <= (one.ended_on or day)), None
        )

    class Settings:
        name = "employments"
        indexes = [IndexModel([("certificate_number", ASCENDING)])]


class CertificateSeries(Keyed):
    """The last serial number taken in a district and year (its id)."""

    last: int

    class Settings:
        name = "certificate_series"

    @classmethod
    async def next_number(cls, district: str, year: int) -> str:
        """A certificate number that nobody has: district, year and a serial number of six digits.

        They are taken outside any transaction, so that registrations do not wait for each other, and some at once: a
        registration that is tried again, or a process that ends, leaves numbers unused.
        """
        series = f"{district}:{year}"
        mine = _taken.setdefault(storage(), {}).setdefault(series, deque())
        if not mine:
            try:
                last = await cls._count(series)
            except DuplicateKeyError:  # somebody else began the series at the same moment
                last = await cls._count(series)
            mine.extend(range(last - NUMBERS_AT_ONCE + 1, last + 1))
        return f"{district}{year}{mine.popleft():06}"

    @classmethod
    async def _count(cls, series: str) -> int:
        taken = {"$inc": {"last": NUMBERS_AT_ONCE}}
        row = await collection_of(cls).find_one_and_update(
            {"_id": series}, taken, upsert=True, return_document=ReturnDocument.AFTER
        )
        return int(row["last"])


NUMBERS_AT_ONCE = 20
_taken: WeakKeyDictionary[Storage, dict[str, deque[int]]] = WeakKeyDictionary()
"""Numbers that this process has taken and not given out yet."""
