"""What is published of a lead."""

from __future__ import annotations

from typing import TypedDict

from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import OUTCOMES
from shared.contracts.complaints.leads import Became, LeadChanged, LeadClosed, LeadKind, LeadRaised


class _Common(TypedDict):
    lead_id: str
    kind: LeadKind
    platform: str
    worker_ref: str | None
    worker_id: str | None
    district: str
    departments: tuple[str, ...]
    lead_department: str
    verified: bool
    holds: bool


def _common(lead: Lead) -> _Common:
    return {
        "lead_id": lead.id,
        "kind": lead.kind,
        "platform": lead.platform,
        "worker_ref": lead.worker_ref,
        "worker_id": lead.worker_id,
        "district": lead.district,
        "departments": tuple(lead.departments),
        "lead_department": lead.lead_department,
        "verified": lead.verified,
        "holds": lead.holds,
    }


def raised(lead: Lead) -> LeadRaised:
    return LeadRaised(**_common(lead), finding=lead.found)


def changed(lead: Lead) -> LeadChanged:
    return LeadChanged(**_common(lead), finding=lead.found)


def closed(lead: Lead) -> LeadClosed:
    decided = lead.decision
    became = None
    kept_back = decided is not None and decided.kept_back
    if decided is not None and decided.became_kind is not None and decided.became_id is not None and not kept_back:
        became = Became(kind=decided.became_kind, id=decided.became_id)
    reason = decided.reason if decided is not None else None
    return LeadClosed(**_common(lead), outcome=OUTCOMES[lead.state], reason=reason, became=became)
