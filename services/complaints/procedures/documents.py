"""The procedures of a claim as they are stored."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from services.complaints.procedures.rules import DISPUTES, Claim, ClaimKind, Side
from shared.storage.records import Record


class ClaimProcedures(Record):
    """A claim, by `Claim.id`, and the procedures that have it: complaints under investigation, disputes that are being decided
    or mediated. Never both `inspections` and `disputes`.

    Two procedures that begin at one moment meet at this row, and one of them is done again.
    """

    worker_id: str
    enterprise: str
    kind: ClaimKind
    inspections: list[str] = []
    disputes: list[str] = []
    mediations: list[str] = []
    civil_mediations: list[str] = []

    class Settings:
        name = "claim_procedures"
        indexes = [
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("inspections", ASCENDING)]),
            *(IndexModel([(side, ASCENDING)]) for side in DISPUTES),
        ]

    def having(self, side: Side) -> list[str]:
        found: list[str] = getattr(self, side)
        return found

    @property
    def claim(self) -> Claim:
        return Claim(self.worker_id, self.enterprise, self.kind)
