"""An insurance service that dies by SIGKILL between the tax office's answer and its own book loses nothing and tells nothing twice."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx2
import msgspec
import pytest

from services.insurance.app import service
from services.insurance.tax.documents import TaxStatement
from shared import clock
from shared.contracts import topics
from shared.contracts.insurance import BillIssued
from shared.ids import new_id
from shared.messaging.broker import Record, create_topics, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.insurance.conftest import SECRET
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.tax.test_tax import issued
from tests.processes import environment, is_ready, running

BILLS = 6


def told(platform: str) -> Record:
    fact = issued(platform)
    headers = headers_of(new_id(), "/services/insurance", BillIssued.TYPE, clock.now())
    return Record(BillIssued.TOPIC.name, fact.key().encode(), msgspec.json.encode(fact), headers)


@pytest.mark.parametrize("place", ["work.attempted", "consumer.handled"])
async def test_a_kill_declares_each_bill_once(
    place: str, province: httpx2.AsyncClient, mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    assert (await province.post("/sandbox/behaviour", json={})).is_success
    await create_topics(KafkaSettings(kafka_bootstrap), topics())
    log = tmp_path / "insurance.log"
    base = str(province.base_url).rstrip("/")
    before = (await province.get("/sandbox/counts")).json()
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env = environment(settings) | {
            "PROVINCIAL_URL": base,
            "PROVINCIAL_SECRET": SECRET,
            "TAX_OFFICE_URL": f"{base}/tax",
            "TAX_OFFICE_SECRET": SECRET,
        }
        platforms = [new_platform() for _ in range(BILLS)]
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents)
        producer = make_producer(KafkaSettings(kafka_bootstrap))
        await producer.start()
        try:
            async with running("services.insurance", env=env | {"XINDUN_CRASH_AT": place}, log=log) as doomed:
                await eventually(lambda: is_ready(env), 60)
                await publish(producer, [told(platform) for platform in platforms])
                assert await doomed.wait() == -signal.SIGKILL
            async with running("services.insurance", env=env, log=log):

                async def all_done() -> bool:
                    return await TaxStatement.find({"state": "accepted"}).count() == BILLS

                await eventually(all_done, 90)
            numbers = [one.number for one in await TaxStatement.find_all().to_list()]
        finally:
            await producer.stop()
            client.disconnect()
    assert sorted(numbers) == sorted(f"premium|{platform}|2026-09:1" for platform in platforms)
    after = (await province.get("/sandbox/counts")).json()
    assert after["accepted"] - before.get("accepted", 0) == BILLS
