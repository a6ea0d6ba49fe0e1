"""Proposals as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.inspection_proposals.rules import State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

REASON: Final = "inspection_proposal.reason"


class Proposal(Record):
    """A proposal to inspect an enterprise. Its id is `<enterprise>:<department>:<round>`, so that there is one of a round.

    `leads` are those that it rests on, with the figures of that moment; and, once it is taken up, those raised meanwhile.
    """

    enterprise: str
    department: str
    district: str
    leads: list[str]
    lead_count: int
    persons: int
    since: dt.date
    state: State = "proposed"
    decided_at: dt.datetime | None = None
    decided_by: str | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    inspection_id: str | None = None
    used: list[Used]

    class Settings:
        name = "inspection_proposals"
        indexes = [
            IndexModel([("enterprise", ASCENDING), ("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_reason(self) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, self.id, self.reason)


def encrypted_reason(proposal_id: str, reason: str) -> str:
    return encrypt_field(REASON, proposal_id, reason)
