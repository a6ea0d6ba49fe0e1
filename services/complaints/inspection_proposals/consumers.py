"""Leads that are raised and closed here, heard as everybody else hears of them: finders know nothing of inspections."""

from __future__ import annotations

from services.complaints.inspection_proposals import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadFact, LeadRaised
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(LeadRaised, LeadChanged, LeadClosed, group="complaints.inspections")
async def on_lead(event: CloudEvent[LeadFact], tx: Transaction) -> None:
    await commands.weigh(event.data.platform, event.data.lead_department, tx)
