"""Differences between decisions and what is known since, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.subsidies.revisions.rules import Answer, Cause, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

REASON: Final = "revision.reason"


class Revision(Record):
    """A difference; its id is `<application>:<digest of the new result>`, with the number of the decision that it is beside from the
    second on, so that it is found once; of an appeal that of the appeal, of a restriction `<application>:<restriction>`.

    `approved`: what was approved, `difference`: what is due beside it (yuan), null where an officer must say; `against`: the
    conditions that are not met now. `reason` is encrypted. `decided`: the difference that the officers settled on.
    """

    application_id: str
    number: str
    kind: str
    department: str
    district: str
    cause: Cause
    approved: Yuan | None
    difference: Yuan | None
    against: list[str]
    used: list[Used]
    state: State = "open"
    answer: Answer | None = None
    decided: Yuan | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    proposed_by: str | None = None
    confirmed_by: str | None = None
    decided_on: dt.date | None = None

    class Settings:
        name = "subsidy_revisions"
        indexes = [
            IndexModel([("application_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_reason(self) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, self.id, self.reason)


class SubsidyLaw(Record):
    """The parameter rows of a kind by which its decisions were looked at last; its id is the kind."""

    rows: list[str]

    class Settings:
        name = "subsidy_law"


def encrypted_reason(revision_id: str, reason: str) -> str:
    return encrypt_field(REASON, revision_id, reason)
