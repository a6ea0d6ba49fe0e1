"""How a group rests that has nothing to do, where its broker holds an empty fetch dearly.

The embedded broker looks again and again through every partition of a fetch that it holds. So a group that rests asks it for a
single look now and then, and waits between the looks here. aiokafka has no setting for that: its fetcher is reached into.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

LOOK_MS: Final = 2
"""How long the broker may hold the fetch of a group that rests: enough for one look."""
ROUND_SECONDS: Final = 5.0
"""How often aiokafka goes through a group's partitions where nothing calls it to; all that matters calls."""


class Rest:
    """The rest of one group between its looks: `seconds` long while it has nothing to do, none otherwise."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._consumer: AIOKafkaConsumer | None = None
        self._busy = asyncio.Event()
        self._busy_ms = 0

    def attach(self, consumer: AIOKafkaConsumer) -> None:
        """Have this consumer's fetches wait for the end of the rest; it is busy at first."""
        if consumer is self._consumer or not self._seconds:
            return
        self._consumer, fetcher = consumer, consumer._fetcher
        self._busy_ms = fetcher._fetch_max_wait_ms
        self._busy.set()
        send = fetcher._proc_fetch_request

        async def send_after_rest(*request: Any) -> bool:
            try:
                await self._end()
            except asyncio.CancelledError:  # as aiokafka's own: nobody is interested any more
                return False
            return bool(await send(*request))

        fetcher._proc_fetch_request = send_after_rest
        fetcher._fetcher_timeout = ROUND_SECONDS

    def found(self, anything: bool) -> None:
        """Rest from now on if nothing was found; be busy otherwise."""
        if self._consumer is None:
            return
        if anything:
            self._busy.set()
        else:
            self._busy.clear()
        self._consumer._fetcher._fetch_max_wait_ms = self._busy_ms if anything else LOOK_MS

    async def _end(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await self._busy.wait()
