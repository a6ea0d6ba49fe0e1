"""A complaints service that dies by SIGKILL while it finds something raises each lead and each prompt once."""

from __future__ import annotations

import datetime as dt
import signal
from pathlib import Path

import msgspec
import pytest

from services.complaints.app import service
from services.complaints.leads.documents import Lead
from shared import clock
from shared.contracts import topics
from shared.contracts.base import Fact
from shared.contracts.complaints import InspectionProposed
from shared.contracts.complaints.leads import LeadRaised
from shared.contracts.complaints.rest import RestLimitReached, RestPauseAsked
from shared.contracts.platform import OrderFinished
from shared.ids import new_id
from shared.messaging.broker import Record, create_topics, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.complaints.facts import PLATFORM, SOURCE
from tests.processes import environment, is_ready, running

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
async def test_a_kill_tells_each_lead_and_prompt_once(
    place: str, mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), topics())
    log = tmp_path / "complaints.log"
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env = environment(settings)
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents)
        producer = make_producer(KafkaSettings(kafka_bootstrap))
        await producer.start()
        try:
            async with running("services.complaints", env=env | {"XINDUN_CRASH_AT": place}, log=log) as doomed:

                async def ready_or_dead() -> bool:
                    # what the run before left on the topics may kill it as soon as it starts
                    return doomed.returncode is not None or await is_ready(env)

                await eventually(ready_or_dead, 60)
                await publish(producer, [drive(number) for number in range(DRIVERS)])
                assert await doomed.wait() == -signal.SIGKILL
            async with running("services.complaints", env=env, log=log):

                async def all_done() -> bool:
                    pending = await client.storage().collection("outbox").count_documents({"pending": True})
                    return await told(InspectionProposed) > 0 and await told(LeadRaised) >= DRIVERS and not pending

                await eventually(all_done, 90)
            counts = [await told(fact) for fact in (LeadRaised, RestLimitReached, RestPauseAsked, InspectionProposed)]
            found = await Lead.find({"platform": PLATFORM, "state": "raised"}).count()
        finally:
            await producer.stop()
            client.disconnect()
    assert [*counts, found] == [DRIVERS, DRIVERS, DRIVERS, 1, DRIVERS]
