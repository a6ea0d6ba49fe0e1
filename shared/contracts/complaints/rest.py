"""What complaints tells of working time and rest: that somebody should rest now."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Instant, Topic, event
from shared.contracts.platform import District

REST = Topic("complaints.rest")

RestLimit = Literal["continuous", "driving", "daily_warning", "daily"]
"""Work without a break; driving without one; the hours of a day at which to warn; the most hours of a day."""


class RestFact(Fact, frozen=True, kw_only=True):
    """A limit was come to. Limits are seconds of work; it is of use to hear of it until `helps_until`."""

    worker_ref: Id
    platform: Id
    district: District
    limit: RestLimit
    limit_seconds: int
    reached_at: Instant
    helps_until: Instant


@event("cn.deyang.complaints.rest.limit_reached.v1", topic=REST, key="worker_ref")
class RestLimitReached(RestFact, frozen=True, kw_only=True):
    """A person should rest now (人社厅发〔2023〕50号 art. 5). Told once per person, limit and day, for the person.

    `worked_seconds` are those of all platforms; `platforms` those that are concerned, `platform` the first of them.
    """

    worker_id: Id | None
    worked_seconds: int
    platforms: tuple[Id, ...]


@event("cn.deyang.complaints.rest.pause_asked.v1", topic=REST, key="worker_ref")
class RestPauseAsked(RestFact, frozen=True, kw_only=True):
    """A platform should let its worker rest now. Told once to each platform concerned, and nothing of any other one.

    `platform_seconds`: the platform's own share of the work. `reached_at` is when the platform is told, and `helps_until` counts
    from then: neither says when the person worked elsewhere.
    """

    platform_seconds: int | None = None
