"""How much one platform may push in a second, counted in events."""

from __future__ import annotations

from functools import cache

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from services.registry.gateway.settings import settings
from shared.web.problems import Problem


class EventLimit:
    """A moving window of one second for each platform, in this process."""

    def __init__(self, events_per_second: int) -> None:
        self._item = RateLimitItemPerSecond(events_per_second)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def take(self, platform: str, events: int) -> None:
        """Count a push; raises a 429 problem where it is more than the window still has room for.

        A push larger than a whole second's worth fills the window by itself, or it could never be taken; one without any
        event counts as one.
        """
        cost = min(max(events, 1), self._item.amount)
        if not await self._limiter.hit(self._item, platform, cost=cost):
            raise Problem(
                429,
                "too-many-events",
                "推送过于频繁，请稍后再试",
                "too many events in a second",
                headers={"Retry-After": "1"},
            )


@cache
def event_limit() -> EventLimit:
    return EventLimit(settings().events_per_second)
