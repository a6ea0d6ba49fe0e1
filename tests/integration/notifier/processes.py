"""The notifier's workers as processes of their own, which a test kills."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from shared.settings import Settings
from tests import processes
from tests.integration.notifier.conftest import RECEIPT_SECRET


def environment(settings: Settings) -> dict[str, str]:
    """What a worker is told. Its gateways are nowhere, until a test names them."""
    return {
        **processes.environment(settings),
        "SMS_URL": "http://127.0.0.1:9",
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "PUSH_URL": "http://127.0.0.1:9",
        "PUSH_SECRET": "secret",
        "RECEIPT_SECRET": RECEIPT_SECRET,
        "QUIET_HOURS": "off",
    }


def notifier(env: dict[str, str], log: Path) -> AbstractAsyncContextManager[processes.Forked]:
    """A worker that is told this."""
    return processes.running("services.notifier", "--role", "worker", env=env, log=log)
