"""Decisions as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.decisions.rules import Side, State
from shared.contracts.complaints import CaseOutcome
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

GROUNDS: Final = "decision.grounds"
LETTER: Final = "decision.letter"
NOTE: Final = "decision.note"


class Decision(Record):
    """How a case is to end. `grounds` are for the file and the reporter, `letter` is what the enterprise gets, `note` why the
    approver sent it back, `penalty_id` the penalty that it ends with. `code`: the keyed hash of what a reporter who has no token
    reads it by, where others had that of the case in hand."""

    case_id: str
    inquiry_id: str | None
    outcome: CaseOutcome
    penalty_id: str | None = None
    grounds: Annotated[str, EncryptedAt(GROUNDS)]
    letter: Annotated[str | None, EncryptedAt(LETTER)]
    state: State = "proposed"
    proposed_by: str
    decided_by: str | None = None
    decided_on: dt.date | None = None
    note: Annotated[str | None, EncryptedAt(NOTE)] = None
    served: dict[Side, dt.date] = {}
    code: str | None = None
    used: list[Used]

    class Settings:
        name = "decisions"
        indexes = [
            IndexModel([("case_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("inquiry_id", ASCENDING)]),
        ]


def encrypted(place: str, record_id: str, text: str | None) -> str | None:
    return None if text is None else encrypt_field(place, record_id, text)


def clear(place: str, record_id: str, token: str | None) -> str | None:
    return None if token is None else decrypt_field(place, record_id, token)


def encrypted_grounds(record_id: str, text: str) -> str:
    return encrypt_field(GROUNDS, record_id, text)
