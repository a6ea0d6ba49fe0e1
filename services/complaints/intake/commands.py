"""What touches several capabilities: the merging of two records of one person."""

from __future__ import annotations

from services.complaints.cases import commands as cases
from services.complaints.leads import commands as leads
from services.complaints.legal_aid import commands as legal_aid
from shared.storage.transaction import Transaction


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's cases, leads and applications for legal aid to the record that has taken the other's place."""
    await cases.merge_worker(worker_id, merged_worker_id, tx)
    await leads.merge_worker(worker_id, merged_worker_id, tx)
    await legal_aid.merge_worker(worker_id, merged_worker_id, tx)
