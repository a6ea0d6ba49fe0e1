"""What earlier versions stored of leads, brought to what this one reads."""

from __future__ import annotations

from services.complaints.compliance.documents import Lead
from shared.storage.client import Row
from shared.storage.migrations import Migration


def _named(row: Row) -> Row:
    return {"collective_contract_id": row["agreement_id"]}


COLLECTIVE_CONTRACT = Migration(
    number=1,
    title="leads name their collective contract collective_contract_id, not agreement_id",
    document=Lead,
    wanted={"agreement_id": {"$exists": True}, "collective_contract_id": {"$exists": False}},
    fields=("agreement_id",),
    change=_named,
)
"""The old field stays, for processes of the version that reads it; it goes when the lead is next stored."""
