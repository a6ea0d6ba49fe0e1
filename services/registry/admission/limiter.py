"""How much one platform may push in a second, counted in events."""

from __future__ import annotations

from functools import cache

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from services.registry.admission.settings import settings


class EventLimit:
    """A moving window of one second for each platform, in this process."""

    def __init__(self, events_per_second: int) -> None:
        self._item = RateLimitItemPerSecond(events_per_second)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def allows(self, platform: str, events: int) -> bool:
        """Count a push; False where it is more than the window still has room for.

        A push larger than a whole second's worth fills the window by itself, or it could never be taken; one without any
        event counts as one.
        """
        return await self._limiter.hit(self._item, platform, cost=min(max(events, 1), self._item.amount))


@cache
def event_limit() -> EventLimit:
    return EventLimit(settings().events_per_second)
