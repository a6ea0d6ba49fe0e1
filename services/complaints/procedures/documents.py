"""The procedures of a claim as they are stored."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from services.complaints.procedures.rules import ClaimKind, Side
from shared.storage.records import Record


class ClaimProcedures(Record):
    """A claim, by `Claim.id`, and the procedures that have it: complaints under investigation, disputes that are being decided.

    Two procedures that begin at one moment meet at this row, and one of them is done again.
    """

    worker_id: str
    enterprise: str
    kind: ClaimKind
    inspections: list[str] = []  # noqa: RUF012 - pydantic copies it
    disputes: list[str] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "claim_procedures"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("inspections", ASCENDING)]),
            IndexModel([("disputes", ASCENDING)]),
        ]

    def having(self, side: Side) -> list[str]:
        return self.inspections if side == "inspections" else self.disputes
