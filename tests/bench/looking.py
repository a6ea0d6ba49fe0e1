"""How long it takes to read a list, again and again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

LOOKS, SECONDS = 100, 15.0
"""How often a list is read, unless it has taken longer than this by then."""


async def timed(look: Callable[[], Awaitable[Any]]) -> list[float]:
    """Milliseconds of each look."""
    took = list[float]()
    while len(took) < LOOKS and sum(took) < 1000 * SECONDS:
        began = time.perf_counter()
        await look()
        took.append(1000 * (time.perf_counter() - began))
    return took
