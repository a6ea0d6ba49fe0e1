"""Bells inside one process: whoever stores work rings, so that the loop that does it need not wait for its next look."""

from __future__ import annotations

import asyncio
from collections import defaultdict

_bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)


def wake(name: str) -> None:
    _bells[name].set()


async def wait(name: str, seconds: float) -> None:
    """Return when the bell rings, after `seconds` at the latest."""
    bell = _bells[name]
    try:
        await asyncio.wait_for(bell.wait(), seconds)
    except TimeoutError:
        return
    finally:
        bell.clear()
