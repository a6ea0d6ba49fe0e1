"""Waiting until the services have nothing left to do."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from deploy.local.demo import calls
from deploy.local.demo.client import Client
from deploy.local.stack import SERVICES

LOOK_AFTER, LOOK_EVERY, OF_THE_WAIT = 0.1, 1.0, 0.2
"""Seconds between two looks at least and at most, and which part of the wait so far: each look is work for the services too."""
STALLED = 180.0
"""Seconds without any progress after which the demo no longer waits for the services to settle."""

Note = Callable[[str], None]
"""Shows what is left, in words."""


class NotSettled(RuntimeError):
    """The services have work left and no longer move; the text says what."""


class Patience:
    """Waits between looks, the longer the longer it has waited, for as long as what is found goes on changing."""

    def __init__(self) -> None:
        self.began = self.moved = time.monotonic()
        self.last = ""

    async def wait(self, found: str, left: str) -> None:
        """Wait for the next look. Raises `NotSettled` where nothing has changed of what is `found` for too long."""
        now = time.monotonic()
        if found != self.last:
            self.moved, self.last = now, found
        elif now - self.moved > STALLED:
            raise NotSettled(f"nothing has moved for {STALLED:.0f} s; left: {left}")
        await asyncio.sleep(min(max(LOOK_AFTER, (now - self.began) * OF_THE_WAIT), LOOK_EVERY))


async def until(left: Callable[[], Awaitable[str]], note: Note) -> None:
    """Wait until nothing is left, which `left` says in words.

    Raises:
        NotSettled: what is left no longer changes.
    """
    patience = Patience()
    while text := await left():
        note(text)
        await patience.wait(text, text)


async def settle(client: Client, note: Note) -> None:
    """Wait until no service has anything under way, twice running, and none has handled anything in between.

    Raises:
        NotSettled: something is left, and nothing is handled any more.
    """
    patience, before = Patience(), [-1]
    while True:
        found = await asyncio.gather(*(calls.backlog(client, service) for service in SERVICES))
        handled = [count for _, count, _ in found]
        idle = all(idle for idle, _, _ in found)
        if idle and handled == before:
            return
        before = handled if idle else [-1]
        left = "; ".join(f"{name}: {text}" for name, (_, _, text) in zip(SERVICES, found, strict=True) if text)
        note(left)
        if idle:
            await asyncio.sleep(LOOK_AFTER)
        else:
            await patience.wait(f"{handled} {left}", left)
