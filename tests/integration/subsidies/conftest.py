from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from services.subsidies.app import service
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction
from tests.harness import Harness, running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def subsidies(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[Harness]:
    """The subsidies service, running."""
    async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
        yield harness


@pytest.fixture
def scheduled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The timers that are set from now on, by kind with what they carry: those that are due at once are gone soon."""
    found: list[tuple[str, Any]] = []
    schedule = Transaction.schedule

    def noted(tx: Transaction, kind: TimerKind[Any], key: str, due_at: Any, *carried: Any) -> None:
        found.append((kind.name, carried[0] if carried else None))
        schedule(tx, kind, key, due_at, *carried)

    monkeypatch.setattr(Transaction, "schedule", noted)
    return found
