"""Own copies of what other services tell of people and enterprises."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pymongo import ASCENDING, IndexModel

from services.subsidies.persons.rules import Paid, Sex, Spell, Work, spells
from shared.contracts.insurance import Insurance
from shared.contracts.registry import EmploymentForm
from shared.contracts.registry.restrictions import RestrictedField
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction

BORN_ON, SEX = "applicant.born_on", "applicant.sex"


class Applicant(Record):
    """A person by their worker id; date of birth and sex, which `event_id` told, are encrypted.

    `merged_into`: the worker id that has taken this one's place. Facts that were told of it stay where they are and are read
    together with those of the other, so that it makes no difference which of them comes first. What was told up to
    `erased_at` is forgotten, and not recorded again.

    Whatever decides on a person's applications stores this document too, so that two such transactions at once cannot
    both go by what the other is about to change.
    """

    born_on: Annotated[str | None, EncryptedAt(BORN_ON)] = None
    sex: Annotated[str | None, EncryptedAt(SEX)] = None
    told_at: dt.datetime | None = None
    event_id: str | None = None
    merged_into: str | None = None
    erased_at: dt.datetime | None = None

    class Settings:
        name = "applicants"
        indexes = [IndexModel([("merged_into", ASCENDING)])]

    @classmethod
    async def named(cls, worker_id: str, tx: Transaction) -> Self:
        """The person of that id, known or new."""
        return await cls.of(worker_id, tx) or cls(id=worker_id)

    @property
    def birthday(self) -> dt.date | None:
        return None if self.born_on is None else dt.date.fromisoformat(decrypt_field(BORN_ON, self.id, self.born_on))

    @property
    def clear_sex(self) -> Sex | None:
        said = None if self.sex is None else decrypt_field(SEX, self.id, self.sex)
        return "female" if said == "female" else "male" if said == "male" else None

    def forgets(self, told_at: dt.datetime) -> bool:
        """Whether what was told then is forgotten."""
        return self.erased_at is not None and told_at <= self.erased_at


class Told(Record):
    """What an event told, by its id and time: the latest word on one thing holds."""

    event_id: str
    told_at: dt.datetime

    def is_newer_than(self, told_at: dt.datetime, event_id: str) -> bool:
        return (self.told_at, self.event_id) >= (told_at, event_id)


class Contribution(Told):
    """What was really paid for a person's month, by the province's number. Amounts in yuan; see `ContributionRecorded`."""

    worker_id: str
    insurance: Insurance
    month: str
    base: Yuan
    employer_amount: Yuan
    worker_amount: Yuan
    payer: str | None
    paid_on: dt.date
    reversed: bool

    class Settings:
        name = "paid_contributions"
        indexes = [IndexModel([("worker_id", ASCENDING), ("month", ASCENDING)])]

    @property
    def paid(self) -> Paid:
        return Paid(
            contribution_id=self.id,
            insurance=self.insurance,
            month=self.month,
            base=f"{self.base:.2f}",
            amount=f"{self.worker_amount:.2f}",
            payer=self.payer,
            paid_on=self.paid_on,
        )


class Registration(Told):
    """A person's registration as employed or in flexible employment (its id); see `EmploymentFact`."""

    worker_id: str
    certificate_number: str
    district: str
    forms: list[tuple[dt.date, EmploymentForm]]
    ends_on: dt.date | None
    withdrawn: bool

    class Settings:
        name = "employment_registrations"
        indexes = [
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("certificate_number", ASCENDING)]),
        ]

    @property
    def spells(self) -> list[Spell]:
        return [] if self.withdrawn else spells(self.forms, self.ends_on)


class Unemployment(Told):
    """A person's registration as unemployed (its id), first and last day included; see `UnemploymentFact`."""

    worker_id: str
    registered_on: dt.date
    ended_on: dt.date | None

    class Settings:
        name = "unemployment_registrations"
        indexes = [IndexModel([("worker_id", ASCENDING)])]

    def holds_on(self, day: dt.date) -> bool:
        return self.registered_on <= day and (self.ended_on is None or day <= self.ended_on)


class Engagement(Record):
    """A person's work through a platform (its id is the engagement's), as the registry last told it; see `EngagementFact`."""

    version: int
    event_id: str
    worker_id: str
    platform: str
    worker_ref: str
    partner: str | None
    started_on: dt.date
    ended_on: dt.date | None
    worked: bool
    district: str

    class Settings:
        name = "person_engagements"
        indexes = [IndexModel([("worker_id", ASCENDING)])]

    @property
    def work(self) -> Work:
        return Work(
            engagement_id=self.id,
            platform=self.platform,
            partner=self.partner,
            first=self.started_on,
            last=self.ended_on,
        )


class Restriction(Told):
    """What a credit listing stops an enterprise from (its id is the restriction's), both days included; see `RestrictionFact`."""

    uscc: str
    listing_id: str
    fields: list[RestrictedField]
    since: dt.date
    until: dt.date | None

    class Settings:
        name = "enterprise_restrictions"
        indexes = [IndexModel([("uscc", ASCENDING)])]

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def encrypted_birthday(worker_id: str, born_on: dt.date) -> str:
    return encrypt_field(BORN_ON, worker_id, born_on.isoformat())


def encrypted_sex(worker_id: str, sex: Sex) -> str:
    return encrypt_field(SEX, worker_id, sex)
