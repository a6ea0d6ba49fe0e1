"""Kafka by TLS and with a sign-in, as a real Apache Kafka asks for it."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError

from deploy.local import apache, child
from deploy.local.broker import broker_answers, broker_kind
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings, from_environment
from tests.authority import make_authority
from tests.harness import METRICS_TOKEN, Harness, eventually, running, write_keys
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping

pytestmark = pytest.mark.skipif(
    broker_kind() != "apache", reason="only Apache Kafka has TLS and sign-in (BROKER=apache)"
)

USERNAME, PASSWORD = "xindun", "a-pass-word"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def secured(broker_at_hand: None, module_directory: Path) -> AsyncIterator[KafkaSettings]:
    """An Apache Kafka that is reached by TLS and SCRAM."""
    authority, server = make_authority(module_directory)
    port, listener = child.free_port(), apache.Secured(child.free_port(), server, USERNAME, PASSWORD)
    log = module_directory / "broker.log"
    process = await child.start(await apache.broker_command(module_directory / "broker", port, listener), log)
    try:
        await child.ready(process, lambda: broker_answers(f"127.0.0.1:{port}"), log)
        password_file = module_directory / "password"
        password_file.write_text(f"{PASSWORD}\n")
        yield from_environment(
            "sample",
            {
                "MONGO_URI": "-",
                "KEYS_FILE": "-",
                "OIDC_ISSUER": "-",
                "OIDC_JWKS_URL": "-",
                "KAFKA_BOOTSTRAP": f"127.0.0.1:{listener.port}",
                "KAFKA_IDEMPOTENT": "true",
                "KAFKA_SECURITY": "SASL_SSL",
                "KAFKA_TLS_CA": str(authority),
                "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
                "KAFKA_SASL_USERNAME": USERNAME,
                "KAFKA_SASL_PASSWORD_FILE": str(password_file),
            },
        ).kafka
    finally:
        await child.stop(process)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(secured: KafkaSettings, mongo_uri: str, module_directory: Path) -> AsyncIterator[Harness]:
    await create_topics(secured, sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, secured, module_directory) as harness:
        yield harness


async def test_events_and_dead_letters_go_by_tls_with_a_sign_in(service: Harness) -> None:
    await service.publish(Ping(name="secured", number=3), Ping(name="refused-by-tls", number=1))

    async def echoed() -> bool:
        return await Counter.find_one(Counter.name == "echo of secured") is not None

    await eventually(echoed)
    await service.settled()
    assert [b"refused-by-tls" in letter.value for letter in await service.process.dead_letters()] == [True]


async def test_it_is_shown_when_the_certificates_expire(service: Harness) -> None:
    page = (await service.http.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})).text
    for of in ("authority", "broker"):
        [expires] = re.findall(rf'^xindun_certificate_expires_seconds{{of="{of}"}} (\S+)$', page, re.MULTILINE)
        assert 0 < float(expires) - time.time() <= 24 * 3600


async def test_the_plain_mechanism_signs_in_too(secured: KafkaSettings, mongo_uri: str, tmp_path: Path) -> None:
    write_keys(tmp_path / "keys.json")
    async with running(sample.SERVICE, mongo_uri, replace(secured, mechanism="PLAIN"), tmp_path) as harness:
        assert await harness.process.not_ready() == {}


async def test_a_wrong_password_is_refused(secured: KafkaSettings) -> None:
    with pytest.raises(KafkaError):
        await create_topics(replace(secured, password="another"), sample.TOPICS)


async def test_a_broker_of_another_authority_is_not_talked_to(secured: KafkaSettings, tmp_path: Path) -> None:
    stranger, _ = make_authority(tmp_path)
    with pytest.raises((KafkaError, ssl.SSLError)):
        await create_topics(replace(secured, tls_ca=stranger), sample.TOPICS)


async def test_the_password_shows_nowhere_in_the_settings(secured: KafkaSettings) -> None:
    assert PASSWORD not in repr(secured)
