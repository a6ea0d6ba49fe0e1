"""What the registry tells."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Fact, Id, Instant, Sealed, Topic, event
from shared.contracts.platform import Agreement, DeliveryClass, District, Industry, Relation

WORKER = Topic("registry.worker")
ENTERPRISE = Topic("registry.enterprise")
ENGAGEMENT = Topic("registry.engagement", partitions=12)


@event("cn.deyang.registry.worker.registered.v1", topic=WORKER, key="worker_id")
class WorkerRegistered(Fact, frozen=True, kw_only=True):
    """A person is on file, or what is on file of them has changed; the latest one holds.

    Each sealed field is a JSON object encrypted for one service: `for_insurance` {id_number, name}, `for_notifier` {name,
    phone}, `for_subsidies` {born_on}.
    """

    worker_id: Id
    for_insurance: Sealed
    for_notifier: Sealed
    for_subsidies: Sealed


@event("cn.deyang.registry.enterprise.registered.v1", topic=ENTERPRISE, key="uscc")
class EnterpriseRegistered(Fact, frozen=True, kw_only=True):
    """An enterprise is on file, or what is on file of it has changed; the latest one holds.

    `delivery_classes` are the days from which each declared class holds, the earliest first; it holds before that day too.
    `for_notifier` seals {phone}.
    """

    uscc: Id
    name: str
    industries: tuple[Industry, ...]
    delivery_classes: tuple[tuple[date, DeliveryClass], ...]
    for_notifier: Sealed


class EngagementFact(Fact, frozen=True, kw_only=True):
    """One person's work through one platform, on one legal footing, as it stands after this event.

    `version` grows with each change of the engagement, so that a listener can tell an old event from a new one.
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


@event("cn.deyang.registry.engagement.started.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementRegistered(EngagementFact, frozen=True, kw_only=True):
    """An engagement is on file, whether it may begin or not."""


@event("cn.deyang.registry.engagement.blocked.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementBlocked(EngagementFact, frozen=True, kw_only=True):
    """No safety training is on file, so that the person may not work yet (德人社发〔2022〕95 号 art. 7)."""


@event("cn.deyang.registry.engagement.activated.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementActivated(EngagementFact, frozen=True, kw_only=True):
    """The person may work. `was_blocked`: a block was lifted by this."""

    was_blocked: bool


@event("cn.deyang.registry.engagement.corrected.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementCorrected(EngagementFact, frozen=True, kw_only=True):
    """The platform declared the same engagement again with other facts."""


@event("cn.deyang.registry.engagement.ended.v1", topic=ENGAGEMENT, key="engagement_id")
class EngagementClosed(EngagementFact, frozen=True, kw_only=True):
    """The engagement has an end; `ended_on` is its last day."""

    reason: str
