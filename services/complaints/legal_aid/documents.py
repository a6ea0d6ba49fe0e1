"""Applications for legal aid and those who give it, as they are stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.legal_aid.rules import Asked, Body, Ending, Form, Ground, Means, Outcome, State, Subject
from services.complaints.legal_aid.rules import Lawyer as Able
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

TEXT, MEANS, ANSWER, NOTE, NAME = "aid.text", "aid.means", "aid.answer", "aid.note", "lawyer.name"


class AidStep(BaseModel):
    """Something that was done for the person: a meeting, a paper, a hearing. `note` is encrypted."""

    on: dt.date
    kind: str
    note: Annotated[str, EncryptedAt(NOTE)]
    by: str


class Replacement(BaseModel):
    """A wish that somebody else be assigned in place of `lawyer` (法律援助法 art. 55). `replaced`: None until it is decided on, and
    where the aid ended before; `text` says why, `answer` why not: both encrypted."""

    lawyer: str
    asked_on: dt.date
    text: Annotated[str, EncryptedAt(NOTE)]
    replaced: bool | None = None
    answer: Annotated[str | None, EncryptedAt(NOTE)] = None
    by: str | None = None
    decided_on: dt.date | None = None


class LegalAid(Record):
    """An application for legal aid and what became of it.

    `text` says what it is about, `income` what a head of the household has in a month (yuan), `answer` why it was refused,
    ended or what must be handed in: all encrypted. `first`: aid was given before it was decided on. `decided_by`: the subject
    of an officer. `lawyers` have or had the matter, the last of them has it now.
    """

    number: str
    worker_id: str
    body: Body
    department: str
    district: str
    subject: Subject
    form: Form
    text: Annotated[str, EncryptedAt(TEXT)]
    ground: Ground | None = None
    income: Annotated[str | None, EncryptedAt(MEANS)] = None
    pledged: bool = False
    ends_on: dt.date | None = None
    origin: str | None = None
    state: State = "submitted"
    received_on: dt.date
    reasons: list[str]
    grant_proposed: bool | None
    first: bool = False
    asked_once: bool = False
    answer: Annotated[str | None, EncryptedAt(ANSWER)] = None
    decided_by: str | None = None
    decided_on: dt.date | None = None
    ending: Ending | None = None
    outcome: Outcome | None = None
    recovered: Yuan | None = None
    lawyers: list[str] = []
    steps: list[AidStep] = []
    replacements: list[Replacement] = []
    used: list[Used]

    class Settings:
        name = "legal_aid"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_answer(self) -> str | None:
        return None if self.answer is None else decrypt_field(ANSWER, self.id, self.answer)

    @property
    def asked(self) -> Asked:
        income = None if self.income is None else Decimal(decrypt_field(MEANS, self.id, self.income))
        means = Means(ground=self.ground, monthly_income=income, pledged=self.pledged)
        return Asked(body=self.body, subject=self.subject, means=means, ends_on=self.ends_on)

    @property
    def lawyer(self) -> str | None:
        return self.lawyers[-1] if self.lawyers else None

    @property
    def replacing(self) -> Replacement | None:
        """The wish for another lawyer that waits."""
        return next((one for one in self.replacements if one.decided_on is None), None)

    @property
    def replaced(self) -> list[str]:
        """Who was replaced since they did not do their duty."""
        return [one.lawyer for one in self.replacements if one.replaced]


class Lawyer(Record):
    """Somebody who gives legal aid: a lawyer, a legal worker or a volunteer. `load` is how many matters they have."""

    name: Annotated[str, EncryptedAt(NAME)]
    firm: str
    body: Body
    districts: list[str]
    fields: list[Subject]
    active: bool = True
    load: int = 0

    class Settings:
        name = "lawyers"
        indexes = [IndexModel([("body", ASCENDING), ("_id", ASCENDING)])]

    @property
    def clear_name(self) -> str:
        return decrypt_field(NAME, self.id, self.name)

    @property
    def able(self) -> Able:
        kept = self.model_dump(include={"body", "districts", "fields", "active", "load"})
        return Able(lawyer_id=self.id, **kept)


def encrypted_text(aid_id: str, text: str) -> str:
    return encrypt_field(TEXT, aid_id, text)


def encrypted_income(aid_id: str, income: Decimal | None) -> str | None:
    return None if income is None else encrypt_field(MEANS, aid_id, str(income))


def encrypted_answer(aid_id: str, answer: str) -> str:
    return encrypt_field(ANSWER, aid_id, answer)


def encrypted_note(aid_id: str, note: str) -> str:
    return encrypt_field(NOTE, aid_id, note)


def encrypted_name(lawyer_id: str, name: str) -> str:
    return encrypt_field(NAME, lawyer_id, name)
