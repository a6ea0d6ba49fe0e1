"""The embedded servers, as the tests of everything else use them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from deploy.local import native
from deploy.local.apache import fetch_jars
from deploy.local.broker import Kind, embedded_broker
from deploy.local.child import StartError
from deploy.local.database import embedded_database
from deploy.local.engines import engines

KINDS: list[Kind] = ["embedded", "apache"]


async def test_the_database_keeps_what_was_committed_over_a_restart(tmp_path: Path) -> None:
    async with embedded_database(tmp_path / "db") as uri:
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(uri)
        async with client.start_session() as session, await session.start_transaction():
            await client.test.bills.insert_one({"_id": 1}, session=session)
        await client.close()
    async with embedded_database(tmp_path / "db") as uri:
        client = AsyncMongoClient(uri)
        assert await client.test.bills.count_documents({}) == 1
        await client.close()


@pytest.mark.parametrize("kind", ["embedded", "native"])
async def test_the_database_that_runs_is_named_with_its_version(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("MONGO_URI", "KAFKA_BOOTSTRAP", "BROKER"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DATABASE", kind)
    if kind == "native" and native.found() is None:
        pytest.skip("make native has not been run")
    async with embedded_database(tmp_path / "db") as uri:
        found = await engines(uri)
        assert re.fullmatch(kind + r": SecantusDB [\d.a-z-]+, as MongoDB 8\.[\d.]+", found["database"])
        assert found["broker"].startswith("embedded: Tansu")
        monkeypatch.setenv("BROKER", "apache")
        assert re.fullmatch(r"apache: Apache Kafka 4\.[\d.]+", (await engines(uri))["broker"])


async def need(kind: Kind) -> None:
    """Skip where Apache Kafka cannot be had; not in CI, which insists on it."""
    if kind == "apache":
        try:
            await fetch_jars()
        except StartError as error:
            if "CI" in os.environ:
                raise
            pytest.skip(str(error))


@pytest.mark.parametrize("kind", KINDS)
async def test_the_broker_hands_back_what_it_was_given(kind: Kind, tmp_path: Path) -> None:
    await need(kind)
    async with embedded_broker(tmp_path / "broker", kind=kind) as bootstrap:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic("orders", num_partitions=1, replication_factor=1)])
        await admin.close()
        async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
            await producer.send_and_wait("orders", b"one", key=b"k")
        consumer = AIOKafkaConsumer("orders", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        async with consumer:
            message = await consumer.getone()
        assert (message.key, message.value) == (b"k", b"one")


async def test_a_server_that_cannot_start_says_where_its_log_is(tmp_path: Path) -> None:
    async with embedded_database(tmp_path / "db"):
        with pytest.raises(StartError, match=r"db\.log"):
            async with embedded_database(tmp_path / "db"):
                pass


def test_a_killed_parent_leaves_no_server(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from deploy.local.broker import embedded_broker\n"
        "from deploy.local.database import embedded_database\n"
        "async def main():\n"
        "    d = Path(sys.argv[1])\n"
        "    async with embedded_database(d / 'db'), embedded_broker(d / 'broker', kind='embedded'):\n"
        "        print('up', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert len(children) == 2
        os.kill(parent.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
