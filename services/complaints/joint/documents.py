"""Joint tasks as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.inspections.documents import Origin
from services.complaints.joint.rules import Outcome, PartState, State
from shared.contracts.complaints import Category
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "joint.text"


class Part(BaseModel):
    """A department's part: what it is asked for, until when, and its answer. `rounds`: how often it was asked."""

    department: str
    demand: Annotated[str, EncryptedAt(TEXT)]
    due_on: dt.date
    rounds: int = 1
    state: PartState = "asked"
    missed: bool = False
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None
    answered_by: str | None = None
    answered_on: dt.date | None = None
    remark: Annotated[str | None, EncryptedAt(TEXT)] = None


class JointTask(Record):
    """One joint task; `lead_department` is that of the article. `departments` are those of the parts, for looking up;
    `directives`: the orders to put right that followed; `circle`: the sensitive category of the case that it comes from, whose
    officers alone see it."""

    number: str
    article: str
    enterprise: str
    district: str
    lead_department: str
    departments: list[str]
    origin: Origin
    circle: Category | None = None
    opened_by: str
    subject: Annotated[str, EncryptedAt(TEXT)]
    parts: list[Part]
    state: State = "open"
    outcome: Outcome | None = None
    result: Annotated[str | None, EncryptedAt(TEXT)] = None
    reason: Annotated[str | None, EncryptedAt(TEXT)] = None
    concluded_on: dt.date | None = None
    concluded_by: str | None = None
    directives: list[str] = []
    used: list[Used]

    class Settings:
        name = "joint_tasks"
        indexes = [
            IndexModel([("departments", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    def part_of(self, department: str) -> Part | None:
        return next((part for part in self.parts if part.department == department), None)

    @property
    def waiting(self) -> list[str]:
        """The departments that have not answered."""
        return [part.department for part in self.parts if part.state == "asked"]

    def clear(self, text: str | None) -> str | None:
        return None if text is None else decrypt_field(TEXT, self.id, text)


def encrypted_text(joint_id: str, text: str) -> str:
    return encrypt_field(TEXT, joint_id, text)
