"""What the registry tells of union membership and service stations (德人社发〔2022〕95 号 art. 15, 17)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

UNION = Topic("registry.union", partitions=1)

StationKind = Literal["drivers_home", "couriers_station", "workers_home", "outdoor_station"]
"""货车司机之家、快递小哥温馨驿站、新就业形态劳动者之家、户外劳动者驿站。"""


UnionSpeaker = Literal["worker", "union"]
"""The side whose word it was."""


@event("cn.deyang.registry.union.recorded.v1", topic=UNION, key="union_id")
class UnionRecorded(Fact, frozen=True, kw_only=True):
    """A union is on file, or its scope or those who act for it have changed; the latest one holds.

    `officers`: the subjects of the tokens of those who act for it.
    """

    union_id: Id
    name: str
    district: District
    officers: tuple[str, ...]


@event("cn.deyang.registry.membership.applied.v1", topic=UNION, key="worker_id")
class MembershipApplied(Fact, frozen=True, kw_only=True):
    """A worker asks to join a union, which accepts or refuses."""

    membership_id: Id
    worker_id: Id
    union_id: Id


@event("cn.deyang.registry.membership.refused.v1", topic=UNION, key="worker_id")
class MembershipRefused(Fact, frozen=True, kw_only=True):
    """A worker does not become a member: the union refuses an application, or the worker what the union proposed."""

    membership_id: Id
    worker_id: Id
    union_id: Id
    by: UnionSpeaker


@event("cn.deyang.registry.membership.proposed.v1", topic=UNION, key="worker_id")
class MembershipProposed(Fact, frozen=True, kw_only=True):
    """A union, or an enterprise, says that a worker has joined on paper from `since` on; nothing follows until the worker confirms it.

    `union`: the union's name. `by`: who says so; null, in events older than the field, is the union.
    """

    membership_id: Id
    worker_id: Id
    union_id: Id
    union: str
    since: date
    by: Literal["union", "platform"] | None = None


@event("cn.deyang.registry.membership.recorded.v1", topic=UNION, key="worker_id")
class MembershipRecorded(Fact, frozen=True, kw_only=True):
    """A worker is a member of a union. `by`: whose word was the last that it took; null in events older than the field."""

    membership_id: Id
    worker_id: Id
    union_id: Id
    since: date
    by: UnionSpeaker | None = None


@event("cn.deyang.registry.membership.ended.v1", topic=UNION, key="worker_id")
class MembershipEnded(Fact, frozen=True, kw_only=True):
    """A membership has ended; `until` was its last day. `by`: who said so; null in events older than the field."""

    membership_id: Id
    worker_id: Id
    union_id: Id
    until: date
    by: UnionSpeaker | None = None


class StationFact(Fact, frozen=True, kw_only=True):
    """A service station."""

    station_id: Id
    union_id: Id
    kind: StationKind
    name: str
    district: District


@event("cn.deyang.registry.station.opened.v1", topic=UNION, key="station_id")
class StationOpened(StationFact, frozen=True, kw_only=True):
    """A station is open to workers, or what is on file of it has changed."""


@event("cn.deyang.registry.station.closed.v1", topic=UNION, key="station_id")
class StationClosed(StationFact, frozen=True, kw_only=True):
    """A station is no longer open."""
