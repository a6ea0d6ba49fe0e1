"""What complaints tells of inspections: campaigns, visits, results, and what leads propose."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Instant, Topic, event
from shared.contracts.platform import District

CAMPAIGN = Topic("complaints.campaign", partitions=1)

INSPECTION = Topic("complaints.inspection")

CampaignKind = Literal["routine", "special", "double_random"]
"""日常巡查、专项检查、双随机抽查。"""


@event("cn.deyang.complaints.campaign.announced.v1", topic=CAMPAIGN, key="campaign_id")
class CampaignAnnounced(Fact, frozen=True, kw_only=True):
    """An inspection campaign begins (德人社发〔2022〕95 号 art. 1). Whom it leads to is not told.

    Of a double-random one the lists are public: `lists_digest` is their SHA-256, `commitment` that of the secret which the draw
    will use, beside a public draw (`source`) whose result is known from `known_from` on.
    """

    campaign_id: Id
    kind: CampaignKind
    title: str
    articles: tuple[str, ...]
    district: District
    lead_department: str
    starts_on: date
    ends_on: date
    enterprises: int | None
    lists_digest: str | None
    commitment: str | None
    source: str | None
    known_from: Instant | None


class InspectionFact(Fact, frozen=True, kw_only=True):
    """One enterprise's inspection. Who inspects it, what was written and who gave a lead never travel."""

    inspection_id: Id
    number: str
    campaign_id: Id
    kind: CampaignKind
    uscc: Id
    district: District
    lead_department: str


class InspectionFields(TypedDict):
    """The fields of `InspectionFact`, for whoever makes its events."""

    inspection_id: Id
    number: str
    campaign_id: Id
    kind: CampaignKind
    uscc: Id
    district: District
    lead_department: str


@event("cn.deyang.complaints.inspection.drawn.v1", topic=INSPECTION, key="inspection_id")
class InspectionDrawn(InspectionFact, frozen=True, kw_only=True):
    """An enterprise is to be inspected, by the draw or (`by_lot` false) by an officer's choice. The enterprise is not told."""

    visit_by: date
    by_lot: bool


@event("cn.deyang.complaints.inspection.called_off.v1", topic=INSPECTION, key="inspection_id")
class InspectionCalledOff(InspectionFact, frozen=True, kw_only=True):
    """The enterprise was not inspected: it works no more, is not to be found, or is looked into in another matter."""

    cause: Literal["ceased", "untraceable", "another_matter"]


@event("cn.deyang.complaints.inspection.found.v1", topic=INSPECTION, key="inspection_id")
class InspectionFound(InspectionFact, frozen=True, kw_only=True):
    """The enterprise was visited, and the findings are on record. `violated`: the items that do not stand up to the law."""

    visited_on: date
    outcome: Literal["compliant", "violations"]
    violated: tuple[str, ...]
    publish_by: date


@event("cn.deyang.complaints.inspection.published.v1", topic=INSPECTION, key="inspection_id")
class InspectionPublished(InspectionFact, frozen=True, kw_only=True):
    """The result is public (国办发〔2015〕58 号)."""

    visited_on: date
    outcome: Literal["compliant", "violations"]
    violated: tuple[str, ...]
    published_on: date


@event("cn.deyang.complaints.inspection.proposed.v1", topic=INSPECTION, key="uscc")
class InspectionProposed(Fact, frozen=True, kw_only=True):
    """So many leads of an enterprise, or leads about so many persons, call for an inspection; an officer decides."""

    proposal_id: Id
    uscc: Id
    district: District
    lead_department: str
    leads: int
    persons: int
    since: date
