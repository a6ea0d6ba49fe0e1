"""How often a group fetches: not as often as there is something, and seldom where there is nothing.

A fetch names every partition of the group's streams, asked for and answered one by one, however few of them have anything. So one
that follows another too soon is put off, and takes what has come meanwhile too. A group that has nothing to do rests, where its
broker holds an empty fetch dearly: the embedded one looks again and again through every partition of a fetch that it holds. So a
group that rests asks it for a single look now and then, and waits between the looks here. aiokafka has no setting for either: its
fetcher is reached into.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Hashable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

LOOK_MS: Final = 2
"""How long the broker may hold the fetch of a group that rests: enough for one look."""
ROUND_SECONDS: Final = 5.0
"""How often aiokafka goes through a group's partitions where nothing calls it to; all that matters calls."""


class Rest:
    """The rest of one group between its looks: `seconds` long while it has nothing to do, and otherwise so that its fetches from one
    node begin at least `apart` seconds after one another."""

    def __init__(self, seconds: float, apart: float = 0.0) -> None:
        self._seconds, self._apart = seconds, apart
        self._sent: dict[Hashable, float] = {}
        """When the last fetch went to a node (monotonic time)."""
        self._consumer: AIOKafkaConsumer | None = None
        self._busy = asyncio.Event()
        self._busy_ms = 0

    def attach(self, consumer: AIOKafkaConsumer) -> None:
        """Have this consumer's fetches wait for the end of the rest; it is busy at first."""
        if consumer is self._consumer or not (self._seconds or self._apart):
            return
        self._consumer, fetcher = consumer, consumer._fetcher
        self._busy_ms = fetcher._fetch_max_wait_ms
        self._busy.set()
        send = fetcher._proc_fetch_request

        async def send_after_rest(assignment: Any, node: Hashable, request: Any) -> bool:
            try:
                await self._end()
                if (early := self._early(node)) > 0:
                    await asyncio.sleep(early)
                    return False  # to be asked for anew, with what was taken meanwhile
            except asyncio.CancelledError:  # as aiokafka's own: nobody is interested any more
                return False
            self._sent[node] = time.monotonic()
            return bool(await send(assignment, node, request))

        fetcher._proc_fetch_request = send_after_rest
        if self._seconds:
            fetcher._fetcher_timeout = ROUND_SECONDS

    def found(self, anything: bool) -> None:
        """Rest from now on if nothing was found; be busy otherwise."""
        if self._consumer is None or not self._seconds:
            return
        if anything:
            self._busy.set()
        else:
            self._busy.clear()
        self._consumer._fetcher._fetch_max_wait_ms = self._busy_ms if anything else LOOK_MS

    def _early(self, node: Hashable) -> float:
        """How many seconds too early a fetch from a node would be now."""
        last = self._sent.get(node)
        return 0.0 if last is None else last + self._apart - time.monotonic()

    async def _end(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await self._busy.wait()
