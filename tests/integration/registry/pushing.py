"""Pushes as a platform sends them."""

from __future__ import annotations

import httpx2

from services.registry.gateway.body import BATCH_JSON
from tests.harness import Harness, bearer
from tests.unit.registry.pushes import UBIQ


async def push(
    registry: Harness, body: bytes, kind: str = BATCH_JSON, platform: str = UBIQ, **headers: str
) -> httpx2.Response:
    send = {"Content-Type": kind, **bearer("platform", uscc=platform), **headers}
    return await registry.http.post("/v1/platform-events", content=body, headers=send)
