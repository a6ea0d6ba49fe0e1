"""A complaints service that dies by SIGKILL while it finds something raises each lead and each prompt once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from services.complaints.app import service
from services.complaints.leads.documents import Lead
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.complaints import InspectionProposed
from shared.contracts.complaints.leads import LeadRaised
from shared.contracts.complaints.rest import RestLimitReached, RestPauseAsked
from shared.contracts.platform import OrderFinished
from shared.ids import new_id
from shared.messaging.broker import Record, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import eventually
from tests.integration.complaints.facts import PLATFORM, SOURCE
from tests.integration.dying import own

DRIVERS = 12


def drive(number: int) -> Record:
    """Somebody who has driven for five hours, until now."""
    now = clock.now()
    order = OrderFinished(
        order_id=new_id(),
        worker_ref=f"DIES-{number}",
        industry="ride_hailing",
        taken_at=now - dt.timedelta(hours=5),
        finished_at=now,
        district="510681",
        fee="80.00",
    )
    headers = headers_of(new_id(), SOURCE, OrderFinished.TYPE, now)
    return Record(
        OrderFinished.TOPIC.name, f"{PLATFORM}|{order.worker_ref}".encode(), msgspec.json.encode(order), headers
    )


async def told(fact: type[Fact]) -> int:
    return await client.storage().collection("outbox").count_documents({"type": fact.TYPE})


@pytest.mark.parametrize("place", ["relay.published", "consumer.handled"])
async def test_a_kill_tells_each_lead_and_prompt_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    producer = make_producer(KafkaSettings(kafka_bootstrap))
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await producer.start()
        try:
            await doomed.killed_at(place, lambda _: publish(producer, [drive(number) for number in range(DRIVERS)]))
        finally:
            await producer.stop()
        async with doomed.serving():

            async def all_done() -> bool:
                pending = await client.storage().collection("outbox").count_documents({"pending": True})
                return await told(InspectionProposed) > 0 and await told(LeadRaised) >= DRIVERS and not pending

            await eventually(all_done, 90)
        counts = [await told(fact) for fact in (LeadRaised, RestLimitReached, RestPauseAsked, InspectionProposed)]
        found = await Lead.find({"platform": PLATFORM, "state": "raised"}).count()
    assert [*counts, found] == [DRIVERS, DRIVERS, DRIVERS, 1, DRIVERS]
