"""Leads that are raised and closed here, heard as everybody else hears of them: finders know nothing of inspections."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.inspection_proposals import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadFact, LeadRaised
from shared.messaging.consuming import consumes_in_bulk


@consumes_in_bulk(LeadRaised, LeadChanged, LeadClosed, group="complaints.inspections")
async def on_leads(events: Sequence[CloudEvent[LeadFact]]) -> None:
    # of many leads that come together, an enterprise's are weighed once
    await commands.weigh_all({(event.data.platform, event.data.lead_department) for event in events})
