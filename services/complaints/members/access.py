"""Lists of what is a worker's own, whose token may name a record that was merged into another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.complaints.members.commands import standing
from shared.callers import Caller
from shared.web.paging import Page

T = TypeVar("T")


async def listed(caller: Caller, list_of: Callable[[Caller], Awaitable[Page[T]]]) -> Page[T]:
    """What a caller has; where that is nothing, what the record has that stands today: to a merged one nothing belongs."""
    found = await list_of(caller)
    if found.items:
        return found
    stands = await standing(caller)
    return found if stands == caller else await list_of(stands)
