"""Taking a lead up as a matter that is on file already."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.intake import commands
from services.complaints.leads.api import LeadReader
from services.complaints.leads.documents import Lead
from services.complaints.leads.views import LeadDetail, detail_of
from shared.contracts.leads import Became, BecameKind
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag

router = APIRouter(prefix="/v1", tags=["leads 线索"])


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
        return await commands.take_up_lead(lead_id, Became(kind=body.became, id=body.id), seen, officer, tx)

    lead = await transact(take_up)
    set_etag(response, lead.revision)
    return await detail_of(lead)
