"""The notifier's workers as processes of their own, which a test kills."""

from __future__ import annotations

import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import child
from shared.settings import Settings
from tests.harness import SESSION_SECONDS
from tests.integration.notifier.conftest import RECEIPT_SECRET


def environment(settings: Settings) -> dict[str, str]:
    """What a worker is told. Its gateways are nowhere, until a test names them."""
    return {
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka.bootstrap,
        "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
        "KEYS_FILE": str(settings.keys_file),
        "OIDC_ISSUER": settings.issuer,
        "OIDC_JWKS_URL": settings.jwks_url,
        "HTTP_PORT": str(child.free_port()),
        "SMS_URL": "http://127.0.0.1:9",
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "PUSH_URL": "http://127.0.0.1:9",
        "PUSH_SECRET": "secret",
        "RECEIPT_SECRET": RECEIPT_SECRET,
        "QUIET_HOURS": "off",
    }


@asynccontextmanager
async def notifier(env: dict[str, str], log: Path) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "services.notifier", "--role", "worker"]
    process = await child.start(command, log, env={**os.environ, **env}, directory=child.PROJECT)
    try:
        yield process
    finally:
        await child.stop(process)
