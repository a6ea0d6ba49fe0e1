"""An insurance service that dies by SIGKILL between the tax office's answer and its own book loses nothing and tells nothing twice."""

from __future__ import annotations

from pathlib import Path

import httpx2
import msgspec
import pytest

from services.insurance.app import service
from services.insurance.tax.documents import TaxStatement
from shared import clock
from shared.contracts.insurance import BillIssued
from shared.ids import new_id
from shared.messaging.broker import Record, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from tests.harness import eventually
from tests.integration.dying import own
from tests.integration.insurance.conftest import lines
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.tax.test_tax import issued

BILLS = 6


def told(platform: str) -> Record:
    fact = issued(platform)
    headers = headers_of(new_id(), "/services/insurance", BillIssued.TYPE, clock.now())
    return Record(BillIssued.TOPIC.name, fact.key().encode(), msgspec.json.encode(fact), headers)


@pytest.mark.parametrize("place", ["work.attempted", "consumer.handled"])
async def test_a_kill_declares_each_bill_once(
    place: str, province: httpx2.AsyncClient, kafka_bootstrap: str, tmp_path: Path
) -> None:
    assert (await province.post("/sandbox/behaviour", json={})).is_success
    before = (await province.get("/sandbox/counts")).json()
    platforms = [new_platform() for _ in range(BILLS)]
    producer = make_producer(KafkaSettings(kafka_bootstrap))
    async with own(service, kafka_bootstrap, tmp_path, lines(province)) as doomed:
        await producer.start()
        try:
            await doomed.killed_at(place, lambda _: publish(producer, [told(platform) for platform in platforms]))
        finally:
            await producer.stop()
        async with doomed.serving():

            async def all_done() -> bool:
                return await TaxStatement.find({"state": "accepted"}).count() == BILLS

            await eventually(all_done, 90)
        numbers = [one.number for one in await TaxStatement.find_all().to_list()]
    assert sorted(numbers) == sorted(f"premium|{platform}|2026-09:1" for platform in platforms)
    after = (await province.get("/sandbox/counts")).json()
    assert after["accepted"] - before.get("accepted", 0) == BILLS
