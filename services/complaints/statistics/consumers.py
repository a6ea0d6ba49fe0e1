"""This service's own events, each of which says that a matter counts otherwise now."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.statistics import commands
from shared.contracts import complaints
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import CaseFact, TermEscalated, TermFact, TermMissed, TermNear
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadFact, LeadRaised
from shared.messaging.consuming import consumes_in_bulk

GROUP = "complaints.statistics"
UNHURRIED_MS = 2000

CASE_EVENTS = tuple(
    one
    for one in vars(complaints).values()
    if isinstance(one, type) and issubclass(one, CaseFact) and one is not CaseFact
)


@consumes_in_bulk(*CASE_EVENTS, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_cases(events: Sequence[CloudEvent[CaseFact]]) -> None:
    await commands.count_cases(event.data.case_id for event in events)


@consumes_in_bulk(LeadRaised, LeadChanged, LeadClosed, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_leads(events: Sequence[CloudEvent[LeadFact]]) -> None:
    await commands.count_leads(event.data.lead_id for event in events)


@consumes_in_bulk(TermNear, TermMissed, TermEscalated, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_terms(events: Sequence[CloudEvent[TermFact]]) -> None:
    await commands.count_terms((event.data.matter_kind, event.data.matter_id) for event in events)
