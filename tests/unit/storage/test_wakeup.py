from __future__ import annotations

import asyncio

import pytest

from shared.storage import wakeup


@pytest.mark.parametrize("turns", range(4))
async def test_who_waits_is_cancelled_though_the_bell_rings(turns: int) -> None:
    """A process that stops while work comes must not wait for ever for the loop that does it."""
    waiting = asyncio.create_task(wakeup.wait("test", 30))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    wakeup.wake("test")
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.done():
        return  # it had heard the bell before
    waiting.cancel()
    await asyncio.wait([waiting], timeout=5)
    assert waiting.cancelled()


async def test_who_waits_hears_the_bell_or_goes_on_after_a_time() -> None:
    asyncio.get_running_loop().call_soon(wakeup.wake, "heard")
    async with asyncio.timeout(5):
        await wakeup.wait("heard", 30)
        await wakeup.wait("never", 0.01)
