"""Apache Kafka as deploy/compose.yaml starts it: the very settings and scripts, three nodes on three addresses of loopback."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError, for_code

from deploy.compose.make_secrets import make_all
from deploy.local import child
from deploy.local.apache import fetch_jars
from deploy.local.broker import broker_kind
from shared.contracts import topics
from shared.contracts.registry.workers import WORKER
from shared.messaging.broker import Record, connection, create_topics, make_producer, publish
from shared.settings import KafkaSettings, from_environment
from tests import compose

pytestmark = [
    pytest.mark.skipif(broker_kind() != "apache", reason="only Apache Kafka is what Compose starts (BROKER=apache)"),
    pytest.mark.timeout(580),
]

ADDRESSES = {"kafka-1": "127.77.0.1", "kafka-2": "127.77.0.2", "kafka-3": "127.77.0.3"}
TOOLS = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-server-start.sh": "kafka.Kafka",
    "kafka-configs.sh": "org.apache.kafka.tools.ConfigCommand",
    "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
}
READY_SECONDS = 120.0


class Kafka:
    """The three nodes, each with the files and secrets that its container is given."""

    def __init__(self, directory: Path, jars: Path) -> None:
        self.directory, self.secrets = directory, directory / "secrets"
        self.nodes: dict[str, Process] = {}
        make_all(self.secrets)
        hosts = directory / "hosts"
        hosts.write_text("".join(f"{address} {name}\n" for name, address in ADDRESSES.items()))
        tools = directory / "bin"
        tools.mkdir()
        for name, program in TOOLS.items():
            java = f"java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djdk.net.hosts.file={hosts}"
            logging = f"-Dlog4j2.configurationFile={compose.FOLDER / 'kafka' / 'log4j2.xml'}"
            file = tools / name
            file.write_text(f"#!/bin/bash\nexec {java} {logging} -cp '{jars}/*' {program} \"$@\"\n")
            file.chmod(0o755)

    async def run(self, name: str) -> Process:
        """Start what a container starts, in a folder of its own in place of the container's root."""
        root, container = self.directory / name, compose.container(name)
        places = {"/run/secrets": root / "secrets", "/etc/xindun": root / "etc", "/tmp": root / "tmp"}
        places |= {"/var/lib/kafka/data": root / "data"}
        for place in places.values():
            place.mkdir(parents=True, exist_ok=True)
        for target, file in compose.secrets(name).items():
            (places["/run/secrets"] / Path(target).name).write_bytes((self.secrets / file).read_bytes())
        for given in container["configs"]:
            text = (compose.FOLDER.parent / compose.project()["configs"][given["source"]]["file"]).read_text()
            text = re.sub("|".join(places), lambda found: str(places[found[0]]), text)
            (places["/etc/xindun"] / Path(given["target"]).name).write_text(text)
        shell, script = container["entrypoint"]
        told = {**os.environ, **container["environment"], "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}"}
        command = [shell, str(places["/etc/xindun"] / Path(script).name)]
        return await child.start(command, self.log(name), env=told)

    async def start(self, name: str) -> None:
        self.nodes[name] = await self.run(name)

    async def ready(self) -> None:
        """Wait until every node takes clients."""
        for name, process in self.nodes.items():
            await child.ready(process, partial(listens, name), self.log(name), READY_SECONDS)

    async def set_up(self) -> int:
        """What the one-shot does; its exit status."""
        process = await self.run("kafka-setup")
        async with asyncio.timeout(READY_SECONDS * 2):
            return await process.wait()

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def settings(self, service: str) -> KafkaSettings:
        """What the API of a service reads from its environment."""
        name = f"{service}-api"
        env, files = compose.environment(name, compose.variables("demo.env")), compose.secrets(name)
        told = {key: str(self.secrets / files[value]) if value in files else value for key, value in env.items()}
        return from_environment(service, told).kafka


async def listens(name: str) -> bool:
    try:
        _, writer = await asyncio.open_connection(ADDRESSES[name], 9092)
    except OSError:
        return False
    writer.close()
    return True


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kafka(broker_at_hand: None, module_directory: Path) -> AsyncIterator[Kafka]:
    """The three nodes after the one-shot, which has run twice, as on a second start of the stack."""
    resolve: Callable[..., Any] = socket.getaddrinfo
    nodes = Kafka(module_directory, await fetch_jars())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            socket, "getaddrinfo", lambda host, *rest, **more: resolve(ADDRESSES.get(host, host), *rest, **more)
        )
        try:
            for name in ADDRESSES:
                await nodes.start(name)
            await nodes.ready()
            for _ in range(2):
                assert await nodes.set_up() == 0, nodes.log("kafka-setup").read_text()[-3000:]
            yield nodes
        finally:
            await asyncio.gather(*(child.stop(process, 30) for process in nodes.nodes.values()))


async def test_a_service_makes_topics_writes_and_reads(kafka: Kafka) -> None:
    """Also after a node has been away: its storage is not made again."""
    registry = kafka.settings("registry")
    await create_topics(registry, topics())
    await send(registry, b"first")
    await child.stop(kafka.nodes["kafka-1"], 30)
    await send(registry, b"second")
    await kafka.start("kafka-1")
    await kafka.ready()
    await create_topics(registry, topics())
    await send(registry, b"third")
    assert await read(kafka.settings("insurance"), "insurance.enrolment", 3) == {b"first", b"second", b"third"}


async def test_a_service_may_use_no_group_of_another(kafka: Kafka) -> None:
    await create_topics(kafka.settings("registry"), topics())
    with pytest.raises(GroupAuthorizationFailedError):
        await read(kafka.settings("registry"), "insurance.premiums", 1)


async def test_a_service_may_not_delete_topics(kafka: Kafka) -> None:
    registry = kafka.settings("registry")
    await create_topics(registry, topics())
    admin = AIOKafkaAdminClient(**connection(registry))
    await admin.start()
    try:
        answer = await admin.delete_topics([WORKER.name])
    finally:
        await admin.close()
    assert [for_code(code) for _, code in answer.topic_error_codes] == [TopicAuthorizationFailedError]


async def test_nobody_signs_in_with_another_password(kafka: Kafka) -> None:
    insurance = kafka.settings("insurance")
    strange = {**connection(kafka.settings("registry")), "sasl_plain_password": insurance.password}
    admin = AIOKafkaAdminClient(**strange)
    with pytest.raises(KafkaError):
        await admin.start()
    await admin.close()


@pytest.mark.parametrize("port", [9093, 9094])
async def test_brokers_talk_only_to_who_shows_a_certificate(kafka: Kafka, port: int) -> None:
    """A client without one is hung up on; the administrator's opens the door."""
    authority, admin = kafka.secrets / "kafka-ca.crt", kafka.secrets / "kafka-admin.pem"
    trusting = ssl.create_default_context(cafile=authority)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await shown(port, trusting)
    trusting.load_cert_chain(admin)
    assert not await shown(port, trusting)


async def shown(port: int, context: ssl.SSLContext) -> bool:
    """Whether a node hangs up within a second on one who says nothing; raises what TLS says."""
    reader, writer = await asyncio.open_connection("kafka-1", port, ssl=context)
    try:
        async with asyncio.timeout(1):
            return await reader.read(1) == b""
    except TimeoutError:
        return False
    finally:
        writer.close()


async def send(settings: KafkaSettings, value: bytes) -> None:
    producer = make_producer(settings)
    await producer.start()
    try:
        await publish(producer, [Record(WORKER.name, b"key", value, [])])
    finally:
        await producer.stop()


async def read(settings: KafkaSettings, group: str, count: int) -> set[bytes]:
    """The first values of a topic, read as a member of a group."""
    consumer = AIOKafkaConsumer(WORKER.name, **connection(settings), group_id=group, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            return {(await consumer.getone()).value for _ in range(count)}
    finally:
        await consumer.stop()
