"""Delivery receipts: sent to the notifier in batches until it answers 2xx, signed as Standard Webhooks or not at all."""

import asyncio
import heapq
import itertools
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx2
from standardwebhooks import Webhook
from starlette.applications import Starlette

from deploy.sandbox.common import Sandbox
from deploy.sandbox.memory import MEMORY

BATCH = 100
TIMEOUT = 5.0
GATHER = 0.5
"""Seconds after a post that was not full: a real gateway sends the receipts of a while together."""
FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0


class Receipts:
    """One sandbox's receipts and the task that sends them, each when it is due; beyond `MEMORY` the next are lost. Without a
    secret they are not signed."""

    def __init__(self, sandbox: Sandbox, url: str, secret: str | None) -> None:
        self.sandbox, self.url, self.signer = sandbox, url, Webhook(secret) if secret else None
        self.queue: list[tuple[float, int, dict[str, Any]]] = []
        self.order = itertools.count()
        self.filled = asyncio.Event()

    def add(self, receipt: dict[str, Any], stranger: dict[str, str] | None = None) -> None:
        """Send `receipt` after the sandbox's `receipt_delay_ms`; if the sandbox is told to, one more with the ids of a stranger, or
        none at all."""
        if self.sandbox.take("lose_receipts_next"):
            return
        due = time.monotonic() + self.sandbox.behaviour.receipt_delay_ms / 1000
        self._put(due, receipt)
        if stranger and self.sandbox.take("strangers_next"):
            self._put(due, receipt | stranger)
        self.filled.set()

    def _put(self, due: float, receipt: dict[str, Any]) -> None:
        if len(self.queue) == MEMORY:
            heapq.heappop(self.queue)
            self.sandbox.counts["receipts_lost"] += 1
        heapq.heappush(self.queue, (due, next(self.order), receipt))

    @asynccontextmanager
    async def running(self, app: Starlette) -> AsyncIterator[None]:
        """The lifespan of the sandbox's application: receipts are sent while it is open."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
            while True:
                batch = await self._next_batch()
                await self._deliver(client, batch)
                if self.sandbox.take("answer_twice"):
                    await self._deliver(client, batch)
                if len(batch) < BATCH:
                    await asyncio.sleep(GATHER)

    async def _next_batch(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        while not batch:
            self.filled.clear()
            with suppress(TimeoutError):  # until the first is due, or one comes that may be due sooner
                async with asyncio.timeout(max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else None):
                    await self.filled.wait()
            while self.queue and len(batch) < BATCH and self.queue[0][0] <= time.monotonic():
                batch.append(heapq.heappop(self.queue)[2])
        return batch

    async def _deliver(self, client: httpx2.AsyncClient, batch: list[dict[str, Any]]) -> None:
        body, webhook_id, delay = json.dumps(batch, ensure_ascii=False), str(uuid.uuid4()), FIRST_DELAY
        while not await self._post(client, body, webhook_id):
            self.sandbox.counts["receipts_retried"] += 1
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)
        self.sandbox.counts["receipts"] += len(batch)

    async def _post(self, client: httpx2.AsyncClient, body: str, webhook_id: str) -> bool:
        headers, now = {"content-type": "application/json"}, datetime.now(UTC)
        if self.signer is not None:
            headers |= {
                "webhook-id": webhook_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": self.signer.sign(webhook_id, now, body),
            }
        try:
            answer = await client.post(self.url, content=body.encode(), headers=headers)
        except httpx2.HTTPError:
            return False
        return answer.is_success
