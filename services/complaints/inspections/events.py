"""What complaints publishes of campaigns and inspections: no person, no text, no lead."""

from __future__ import annotations

import datetime as dt

from services.complaints.inspections.documents import Campaign, Draw, Inspection
from services.complaints.inspections.rules import Cause
from shared.contracts.complaints import (
    CampaignAnnounced,
    InspectionCalledOff,
    InspectionDrawn,
    InspectionFields,
    InspectionFound,
    InspectionPublished,
)


def announced(campaign: Campaign, draw: Draw | None) -> CampaignAnnounced:
    return CampaignAnnounced(
        campaign_id=campaign.id,
        kind=campaign.kind,
        title=campaign.title,
        articles=tuple(campaign.articles),
        district=campaign.district,
        lead_department=campaign.department,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        enterprises=len(draw.lists["enterprises"]) if draw else None,
        lists_digest=draw.lists_digest if draw else None,
        commitment=draw.commitment if draw else None,
        source=draw.source if draw else None,
        known_from=draw.known_from if draw else None,
    )


def drawn(inspection: Inspection) -> InspectionDrawn:
    return InspectionDrawn(**fields(inspection), visit_by=inspection.visit_by, by_lot=inspection.by_lot)


def called_off(inspection: Inspection, cause: Cause) -> InspectionCalledOff:
    return InspectionCalledOff(**fields(inspection), cause=cause)


def found(inspection: Inspection, visited_on: dt.date, publish_by: dt.date) -> InspectionFound:
    assert inspection.outcome is not None
    return InspectionFound(
        **fields(inspection),
        visited_on=visited_on,
        outcome=inspection.outcome,
        violated=tuple(inspection.violated),
        publish_by=publish_by,
    )


def published(inspection: Inspection, published_on: dt.date) -> InspectionPublished:
    assert inspection.outcome is not None
    assert inspection.visited_on is not None
    return InspectionPublished(
        **fields(inspection),
        visited_on=inspection.visited_on,
        outcome=inspection.outcome,
        violated=tuple(inspection.violated),
        published_on=published_on,
    )


def fields(inspection: Inspection) -> InspectionFields:
    return {
        "inspection_id": inspection.id,
        "number": inspection.number,
        "campaign_id": inspection.campaign_id,
        "kind": inspection.kind,
        "uscc": inspection.enterprise,
        "district": inspection.district,
        "lead_department": inspection.department,
    }
