"""Decisions, paid facts, and those whom applications are about."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.subsidies.decisions.rules import ApplicantKind
from shared import clock
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction

RECORD: Final = "decision.record"


class PaidFact(Taken):
    """A fact that was paid for; its id is the key that a rule gives it, `holder` the application that was approved for it.

    It is stored in the approval's transaction: a second approval for the same fact meets it at its id, whoever applies, in
    whatever year and under whatever kind.
    """

    class Settings:
        name = "paid_facts"


class Subject(Record):
    """A person or a body that an application is about, by worker id or credit code.

    Whatever decides on an application stores its subject too, so that of two decisions on one subject at once, or of a decision
    and a merger of two persons, one is done again and sees the other.
    """

    class Settings:
        name = "subsidy_subjects"

    @classmethod
    def touch(cls, subject_id: str, tx: Transaction) -> None:
        """Store the subject with the transaction, known or new, unread: its write alone meets that of another transaction."""
        now = clock.now()
        change = {"$inc": {"revision": 1}, "$set": {"updated_at": now}, "$setOnInsert": {"created_at": now}}
        tx.update(cls, subject_id, change, upsert=True)


class Decision(Record):
    """A decision as it was taken; its id is `<application>:<number>`, a later one beside it has the next number.

    `record` is the canonical record, encrypted; `digest` its SHA-256. `day`: by whose parameters it was decided.
    """

    application_id: str
    kind: str
    applicant_kind: ApplicantKind
    day: dt.date
    decided_on: dt.date
    digest: str
    record: Annotated[str, EncryptedAt(RECORD)]

    class Settings:
        name = "subsidy_decisions"
        indexes = [
            IndexModel([("application_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("kind", ASCENDING), ("day", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def content(self) -> bytes:
        return decrypt_field(RECORD, self.id, self.record).encode()


def encrypted_record(decision_id: str, content: bytes) -> str:
    return encrypt_field(RECORD, decision_id, content.decode())
