"""This service's own events, each of which says that a matter counts otherwise now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from services.complaints.statistics import commands
from shared.contracts import complaints
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.complaints import (
    CaseFact,
    DirectiveFact,
    DisputeFact,
    InspectionFact,
    JointPartAnswered,
    JointPartAsked,
    LegalAidFact,
    MatterKind,
    PenaltyFact,
    TermEscalated,
    TermFact,
    TermMissed,
    TermNear,
)
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadFact, LeadRaised
from shared.messaging.consuming import consumes_in_bulk

T = TypeVar("T", bound=Fact)
GROUP = "complaints.statistics"
UNHURRIED_MS = 2000

MATTERS: dict[type[Fact], tuple[MatterKind, str]] = {
    DisputeFact: ("dispute", "dispute_id"),
    LegalAidFact: ("legal_aid", "legal_aid_id"),
    InspectionFact: ("inspection", "inspection_id"),
    DirectiveFact: ("directive", "directive_id"),
    PenaltyFact: ("penalty", "penalty_id"),
    JointPartAsked: ("joint", "joint_id"),
    JointPartAnswered: ("joint", "joint_id"),
}
"""What tells of matters that have terms besides cases, and by which field it names them."""


def _events_of(*kinds: type[T]) -> tuple[type[T], ...]:
    """The events that are of one of these kinds."""
    named = (one for one in vars(complaints).values() if isinstance(one, type) and issubclass(one, kinds))
    return tuple(one for one in named if hasattr(one, "TYPE"))


CASE_EVENTS = _events_of(CaseFact)
MATTER_EVENTS = _events_of(*MATTERS)


def _matter(fact: Fact) -> tuple[str, str]:
    kind, field = next(found for one, found in MATTERS.items() if isinstance(fact, one))
    matter_id: str = getattr(fact, field)
    if isinstance(fact, (JointPartAsked, JointPartAnswered)):
        return kind, f"{matter_id}:{fact.department}"
    return kind, matter_id


@consumes_in_bulk(*CASE_EVENTS, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_cases(events: Sequence[CloudEvent[CaseFact]]) -> None:
    await commands.count_cases(event.data.case_id for event in events)


@consumes_in_bulk(LeadRaised, LeadChanged, LeadClosed, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_leads(events: Sequence[CloudEvent[LeadFact]]) -> None:
    await commands.count_leads(event.data.lead_id for event in events)


@consumes_in_bulk(*MATTER_EVENTS, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_matters(events: Sequence[CloudEvent[Any]]) -> None:
    """What other matters tell sets or meets a term of theirs."""
    await commands.count_terms(_matter(event.data) for event in events)


@consumes_in_bulk(TermNear, TermMissed, TermEscalated, group=GROUP, fetch_wait_ms=UNHURRIED_MS)
async def on_terms(events: Sequence[CloudEvent[TermFact]]) -> None:
    await commands.count_terms((event.data.matter_kind, event.data.matter_id) for event in events)
