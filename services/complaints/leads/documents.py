"""Leads as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

import msgspec
from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.leads.rules import State
from shared.contracts.complaints.leads import BecameKind, Finding, LeadKind
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Keyed, Record

NOTE: Final = "lead.note"
MET_SECONDS: Final = 86_400
"""Longer than any transaction takes."""


class Decision(BaseModel):
    """What an officer decided: the matter that the lead became, or the code of why it is dismissed and what they wrote.
    `kept_back`: which matter it became is for whoever decided so, as it comes of a case in confidence or of a closed circle."""

    by: str
    at: dt.datetime
    became_kind: BecameKind | None = None
    became_id: str | None = None
    kept_back: bool = False
    reason: str | None = None
    note: Annotated[str | None, EncryptedAt(NOTE)] = None


class Superseded(BaseModel):
    """What a lead showed while other parameters were known."""

    finding: dict[str, Any]
    used: list[Used]
    until: dt.datetime


class Lead(Record):
    """A sign in the data that a rule was broken. Its id comes from its kind and what it is about (`rules.lead_id`); those
    raised by earlier versions have another.

    `finding` is a struct of `shared.contracts.complaints.leads`, by kind; `holds`: the data still show it, also where an officer has
    decided. `changed_at`: when later data last changed it. `superseded`: what it showed by parameters that hold no more.
    """

    kind: LeadKind
    platform: str
    worker_ref: str | None
    worker_id: str | None
    district: str
    departments: list[str]
    lead_department: str
    finding: dict[str, Any]
    events: list[str]
    used: list[Used]
    verified: bool
    to_judge: list[str]
    state: State = "raised"
    holds: bool = True
    changed_at: dt.datetime | None = None
    decision: Decision | None = None
    superseded: list[Superseded] = []

    class Settings:
        name = "leads"
        indexes = [
            IndexModel([("departments", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel(
                [("departments", ASCENDING), ("district", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]
            ),
            # what a list is chosen by stands in its index: beside a field that does not, the databases of one machine read a whole
            # department's leads
            IndexModel(
                [("departments", ASCENDING), ("state", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]
            ),
            IndexModel(
                [("departments", ASCENDING), ("kind", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]
            ),
            IndexModel([(field, ASCENDING) for field in ("departments", "district", "state", "created_at", "_id")]),
            IndexModel([(field, ASCENDING) for field in ("departments", "platform", "created_at", "_id")]),
            IndexModel([("platform", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING)], partialFilterExpression={"worker_id": {"$gt": ""}}),
            IndexModel([("state", ASCENDING), ("decision.reason", ASCENDING)]),
        ]

    @property
    def found(self) -> Finding:
        finding: Finding = msgspec.convert(self.finding, Finding)
        return finding

    @property
    def clear_note(self) -> str | None:
        note = self.decision.note if self.decision else None
        return None if note is None else decrypt_field(NOTE, self.id, note)


def encrypted_note(lead_id: str, note: str) -> str:
    return encrypt_field(NOTE, lead_id, note)


class Reckoning(Keyed):
    """That leads on a platform's worker (its id: `<platform>|<worker_ref>`) are reckoned, as often as it counts."""

    times: int
    at: dt.datetime

    class Settings:
        name = "reckonings"
        indexes = [IndexModel([("at", ASCENDING)], expireAfterSeconds=MET_SECONDS)]
