"""The embedded database: SecantusDB, which speaks MongoDB's protocol, as a process on loopback."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from deploy.local import child

OPTIONS = "directConnection=true&retryWrites=false&serverMonitoringMode=poll&heartbeatFrequencyMS=30000&maxPoolSize=12"
SETTINGS = Path(__file__).with_name("secantusd.toml")


def database_uri(port: int) -> str:
    """Where a database on this machine is reached.

    The embedded server keeps a list of retryable writes that it goes through at every write, watches each streaming
    heartbeat from a thread of its own, and gives each connection a thread: so it is asked for little of these. Whoever
    writes tries again by itself.
    """
    return f"mongodb://127.0.0.1:{port}/?{OPTIONS}"


def database_command(directory: Path, port: int) -> list[str]:
    """The server's command line, with every commit synced: an acknowledged transaction survives a SIGKILL."""
    directory.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "secantus", "--config", str(SETTINGS)),
        *("--port", str(port), "--storage-path", str(directory)),
    ]


async def database_answers(uri: str) -> bool:
    """Whether a MongoDB server answers a ping within a second."""
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
