"""Taking a lead up as a matter that is on file already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.cases.access import case_for_reading
from services.complaints.cases.documents import Case
from services.complaints.inspections.access import inspection_for, matter_of
from services.complaints.leads import commands as leads
from services.complaints.leads.api import LeadReader
from services.complaints.leads.documents import Lead
from services.complaints.leads.views import LeadDetail, detail_of
from shared.callers import Caller
from shared.contracts.complaints.leads import Became, BecameKind
from shared.errors import RuleBroken
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag

router = APIRouter(prefix="/v1", tags=["leads 线索"])


async def _case(case_id: str, officer: Caller, tx: Transaction) -> Case | None:
    return await case_for_reading(case_id, officer, tx)


async def _inspection(inspection_id: str, officer: Caller, tx: Transaction) -> Case | None:
    inspection, _ = await inspection_for(inspection_id, officer, None, tx)
    return (await matter_of(inspection, tx))[1]


MATTERS: Final[Mapping[BecameKind, Callable[[str, Caller, Transaction], Awaitable[Case | None]]]] = {
    "case": _case,
    "inspection_task": _inspection,
}
"""How each kind of matter is found within an officer's reach, and the case that it is or comes from; NotFound where it is not."""


class TakingUp(BaseModel):
    """The matter on file that a lead is taken up as."""

    became: BecameKind
    id: str = Field(min_length=1, max_length=128)


@router.post("/leads/{lead_id}/taking-up")
async def take_up_lead(
    lead_id: str, body: TakingUp, officer: LeadReader, seen: RevisionSeen, response: Response
) -> LeadDetail:
    """Take a lead up as a matter within the officer's reach; the one that begins a new matter from a lead names it as origin."""

    async def take_up(tx: Transaction) -> Lead:
        lead = await leads.lead_within_reach(lead_id, officer, tx)
        require_revision(seen, lead.revision)
        find = MATTERS.get(body.became)
        if find is None:
            raise RuleBroken("no-such-matter", "暂不能转为该类事项", "no matter of this kind is kept here yet")
        case = await find(body.id, officer, tx)
        kept_back = case is not None and (case.protected or case.circle is not None)
        return await leads.take_up(lead, Became(kind=body.became, id=body.id), officer, tx, kept_back=kept_back)

    lead = await transact(take_up)
    set_etag(response, lead.revision)
    return await detail_of(lead, officer)
