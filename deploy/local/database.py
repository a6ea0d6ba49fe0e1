"""The database on one machine: SecantusDB, which speaks MongoDB's protocol, as a process on loopback.

`DATABASE=native` is its Rust server, `DATABASE=embedded` the Python one that pip brings; without it native is taken
where it is found. Both keep the same files.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from deploy.local import child, native

Kind = Literal["embedded", "native"]

EMBEDDED = "directConnection=true&retryWrites=false&serverMonitoringMode=poll&heartbeatFrequencyMS=30000&maxPoolSize=12"
SETTINGS = Path(__file__).with_name("secantusd.toml")


def database_kind() -> Kind:
    """Which database `DATABASE` asks for; native where it asks for none and one is found. ValueError on anything else."""
    kind = os.environ.get("DATABASE") or ("native" if native.found() else "embedded")
    if kind not in ("embedded", "native"):
        raise ValueError(f"DATABASE is {kind!r}: it can be embedded or native")
    return "native" if kind == "native" else "embedded"


def database_uri(port: int) -> str:
    """Where a database on this machine is reached.

    The Python server keeps a list of retryable writes that it goes through at every write, watches each streaming
    heartbeat from a thread of its own, and gives each connection a thread: so it is asked for little of these. Whoever
    writes tries again by itself. The native one is spoken to as MongoDB is.
    """
    return f"mongodb://127.0.0.1:{port}/" + (f"?{EMBEDDED}" if database_kind() == "embedded" else "?w=majority")


def database_command(directory: Path, port: int) -> list[str]:
    """The server's command line, with every commit synced: an acknowledged transaction survives a SIGKILL.

    `DATABASE_CACHE` says how much it holds in memory (`1G`), in place of what its settings say.

    Raises:
        StartError: the native one is asked for and not found.
    """
    directory.mkdir(parents=True, exist_ok=True)
    cache = os.environ.get("DATABASE_CACHE")
    given = ["--cache-size", cache] if cache else []
    return [*_server(), "--config", str(SETTINGS), "--port", str(port), "--storage-path", str(directory), *given]


def _server() -> list[str]:
    if database_kind() == "embedded":
        return [sys.executable, "-m", "deploy.local.pip_database"]
    server = native.found()
    if server is None:
        raise child.StartError("DATABASE=native needs the native database: make native builds it")
    return [str(server)]


async def database_answers(uri: str) -> bool:
    """Whether a MongoDB server answers a ping within a second; at once where nobody listens, which the driver waits out."""
    host, port = parse_uri(uri)["nodelist"][0]
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
    except (OSError, TimeoutError):
        return False
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(uri, serverSelectionTimeoutMS=1_000)
    try:
        await client.admin.command("ping")
    except PyMongoError:
        return False
    finally:
        await client.close()
    return True


@asynccontextmanager
async def embedded_database(directory: Path, port: int = 0) -> AsyncIterator[str]:
    """A database with its data in `directory`, kept between runs; yields its URI. Port 0 is a free one.

    Raises:
        StartError: the server did not come up within a minute.
    """
    port = port or child.free_port()
    log = directory.with_name(directory.name + ".log")
    process = await child.start(database_command(directory, port), log)
    try:
        await child.ready(process, lambda: database_answers(database_uri(port)), log)
        yield database_uri(port)
    finally:
        await child.stop(process)
