"""What the registry tells of safety training."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Fact, Id, Topic, event

SAFETY = Topic("registry.safety", partitions=3)


class SafetyFact(Fact, frozen=True, kw_only=True):
    """A person's safety training for one engagement; `valid_to` is its last day."""

    engagement_id: Id
    worker_id: Id
    platform: Id
    worker_ref: Id
    course: Id
    valid_to: date


@event("cn.deyang.registry.safety_training.expiring.v1", topic=SAFETY, key="worker_id")
class SafetyTrainingExpiring(SafetyFact, frozen=True, kw_only=True):
    """The training is to be renewed before its last day, or the engagement is blocked."""


@event("cn.deyang.registry.safety_training.expired.v1", topic=SAFETY, key="worker_id")
class SafetyTrainingExpired(SafetyFact, frozen=True, kw_only=True):
    """The training's last day is over and none that is newer is on file."""
