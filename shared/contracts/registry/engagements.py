"""What the registry tells of engagements: who works through whom, on what footing."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Instant, Topic, event
from shared.contracts.platform import Agreement, District, Industry, Relation

ENGAGEMENT = Topic("registry.engagement", partitions=12)


class EngagementFact(Fact, frozen=True, kw_only=True):
    """One person's work through one platform, on one legal footing, as it stands after this event.

    `version` grows with each change of the engagement, so that a listener can tell an old event from a new one.
    `footings` are the footings by the day from which each holds, the earliest first, the first one from `started_on`;
    `relation` is the last of them. Empty in events older than the field: then `relation` holds from `started_on`.
    `worked`: the person may work, or might on a day up to the last one; null in events older than the field.
    `part_time`: where the footing is employment, it is part time, by the hour (劳动合同法 art. 68).
    """

    engagement_id: Id
    version: int
    worker_id: Id
    platform: Id
    worker_ref: Id
    industry: Industry
    relation: Relation
    started_on: date
    ended_on: date | None
    district: District
    agreement: Agreement | None
    partner_uscc: str | None
    dispatched: bool
    happened_at: Instant
    footings: tuple[tuple[date, Relation], ...] = ()
    worked: bool | None = None
    part_time: bool = False


class EngagementFields(TypedDict):
    """The fields of `EngagementFact`, for whoever makes its events."""

    engagement_id: Id
    version: int
    worker_id: Id
    platform: Id
    worker_ref: Id
    industry: Industry
    relation: Relation
    started_on: date
    ended_on: date | None
    district: District
    agreement: Agreement | None
    partner_uscc: str | None
    dispatched: bool
    happened_at: Instant
    footings: tuple[tuple[date, Relation], ...]
    worked: bool | None
    part_time: bool


@event("cn.deyang.registry.engagement.started.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementStarted(EngagementFact, frozen=True, kw_only=True):
    """An engagement is on file, whether it may begin or not."""


@event("cn.deyang.registry.engagement.blocked.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementBlocked(EngagementFact, frozen=True, kw_only=True):
    """No safety training is on file, so that the person may not work yet (德人社发〔2022〕95 号 art. 7)."""


@event("cn.deyang.registry.engagement.activated.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementActivated(EngagementFact, frozen=True, kw_only=True):
    """The person may work. `was_blocked`: a block was lifted by this. `trained_on`: the legal day on which the training that
    opens the gate was completed, the earliest of several; null where none is demanded, and in events older than the field."""

    was_blocked: bool
    trained_on: date | None = None


@event("cn.deyang.registry.engagement.corrected.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementCorrected(EngagementFact, frozen=True, kw_only=True):
    """The platform declared the same engagement again with other facts, an officer decided its footing anew, or an earlier training
    has become known: `trained_on` then is when that was completed, and null otherwise."""

    trained_on: date | None = None


@event("cn.deyang.registry.engagement.ended.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementEnded(EngagementFact, frozen=True, kw_only=True):
    """The engagement has an end; `ended_on` is its last day. `reason` stands only in events of the past."""

    reason: str


@event("cn.deyang.registry.engagement.restated.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementRestated(EngagementFact, frozen=True, kw_only=True):
    """How an engagement stands, told again for copies that were begun after its other events had gone; nothing has changed."""


STANDING_EVENTS = (EngagementBlocked, EngagementActivated, EngagementCorrected, EngagementEnded)
"""The events that say how an engagement stands; that it started comes with one of them."""


class FootingDispute(Fact, frozen=True, kw_only=True):
    """Somebody says that an engagement's footing is another one from `since` on."""

    dispute_id: Id
    engagement_id: Id
    worker_id: Id
    platform: Id
    raised_by: Literal["worker", "platform", "officer", "union"]
    claimed: Relation
    since: date


class FootingDisputeFields(TypedDict):
    """The fields of `FootingDispute`, for whoever makes its events."""

    dispute_id: Id
    engagement_id: Id
    worker_id: Id
    platform: Id
    raised_by: Literal["worker", "platform", "officer", "union"]
    claimed: Relation
    since: date


@event("cn.deyang.registry.footing.contested.v1", topic=ENGAGEMENT, key="engagement_id")
class FootingContested(FootingDispute, frozen=True, kw_only=True):
    """The footing is contested; nothing has changed yet."""


@event("cn.deyang.registry.footing.decided.v1", topic=ENGAGEMENT, key="engagement_id")
class FootingDecided(FootingDispute, frozen=True, kw_only=True):
    """The contest was decided; where the footing is another one now, a correction of the engagement says so too."""

    outcome: Literal["upheld", "changed", "withdrawn"]
    decided: Relation
    effective_on: date | None
