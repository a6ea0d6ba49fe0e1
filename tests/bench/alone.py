"""The subsidies service's commands on a database of their own, without Kafka."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.database import embedded_database
from services.subsidies.app import service
from shared.storage.client import connect, disconnect
from shared.storage.keys import read
from tests.harness import write_keys


@asynccontextmanager
async def connected(name: str) -> AsyncIterator[None]:
    """A database of that name, on the server that `MONGO_URI` names or on one of its own."""
    with TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            uri = os.environ.get("MONGO_URI")
            if uri is None:
                uri = await stack.enter_async_context(embedded_database(Path(folder) / "data"))
            await connect(uri, name, service.documents, read(write_keys(Path(folder) / "keys.json")), "subsidies")
            try:
                yield
            finally:
                disconnect()
