"""Bells inside one process: whoever stores work rings, so that the loop that does it need not wait for its next look."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

_bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
_later: dict[str, float] = {}
"""When bells ring that are to ring later."""


def wake(name: str) -> None:
    _bells[name].set()


def wake_within(name: str, seconds: float) -> None:
    """Ring after `seconds`, once for all who ask meanwhile."""
    now = time.monotonic()
    if _later.get(name, 0.0) <= now:
        _later[name] = now + seconds
        asyncio.get_running_loop().call_later(seconds, wake, name)


async def wait(name: str, seconds: float) -> None:
    """Return when the bell rings, after `seconds` at the latest."""
    bell = _bells[name]
    try:
        async with asyncio.timeout(seconds):  # `wait_for` would swallow a cancellation that comes as the bell rings
            await bell.wait()
    except TimeoutError:
        return
    finally:
        bell.clear()
