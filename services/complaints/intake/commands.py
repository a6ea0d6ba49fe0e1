"""What touches several capabilities: taking a lead up as a matter, and the merging of two records of one person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from services.complaints.cases import commands as cases
from services.complaints.cases.access import case_for_reading
from services.complaints.leads import commands as leads
from services.complaints.leads.documents import Lead
from shared.callers import Caller
from shared.contracts.leads import Became, BecameKind
from shared.errors import RuleBroken
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


async def _case(case_id: str, officer: Caller, tx: Transaction) -> None:
    await case_for_reading(case_id, officer, tx)


MATTERS: Final[Mapping[BecameKind, Callable[[str, Caller, Transaction], Awaitable[None]]]] = {"case": _case}
"""How each kind of matter is found, within an officer's reach; NotFound where it is not."""


async def take_up_lead(lead_id: str, became: Became, seen: int, officer: Caller, tx: Transaction) -> Lead:
    """Take a lead up as a matter that is on file and within the officer's reach."""
    lead = await leads.lead_within_reach(lead_id, officer, tx)
    require_revision(seen, lead.revision)
    find = MATTERS.get(became.kind)
    if find is None:
        raise RuleBroken("no-such-matter", "暂不能转为该类事项", "no matter of this kind is kept here yet")
    await find(became.id, officer, tx)
    return await leads.take_up(lead, became, officer, tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's cases and leads to the record that has taken the other's place."""
    await cases.merge_worker(worker_id, merged_worker_id, tx)
    await leads.merge_worker(worker_id, merged_worker_id, tx)
