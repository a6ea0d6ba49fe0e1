"""What a message costs: statements to the database, each a journey over the network."""

from __future__ import annotations

import asyncio

from prometheus_client import REGISTRY

from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

MESSAGES = 60
AT_MOST = 4.0
"""Statements of each of many messages from their events to their receipts, with those of a process at rest in that time."""


def statements() -> float:
    name = "xindun_database_statements_total"
    return sum(sample.value for family in REGISTRY.collect() for sample in family.samples if sample.name == name)


async def receipts(world: World) -> int:
    return int((await world.sms.get("/sandbox/counts")).json().get("receipts", 0))


async def test_messages_that_come_together_cost_few_statements(world: World) -> None:
    people = [Person() for _ in range(MESSAGES)]
    await world.notifier.publish(*(one.registered() for one in people))
    await world.notifier.settled()
    told, before = await receipts(world), statements()
    await world.notifier.publish(*(one.accepted(f"TS{one.number}") for one in people))

    async def all_stored() -> bool:
        await asyncio.sleep(0.2)
        return await receipts(world) == told + MESSAGES

    await eventually(all_stored, 60)
    assert (statements() - before) / MESSAGES <= AT_MOST
    await world.notifier.settled()
    for one in people:
        assert len(await world.texts(one.phone)) == 1
        assert [item["state"] for item in await world.deliveries(one.worker_id)] == ["delivered"]


async def test_a_forgotten_mark_makes_no_second_message(world: World) -> None:
    """Marks are kept for a while only; what the event made is there, and is found by its key."""
    person, event_id = Person(), new_id()
    await world.notifier.publish(person.registered())
    await world.notifier.publish(person.accepted(), event_id=event_id)
    await world.ended(person.worker_id, "delivered")
    marks = storage().collection("inbox")
    assert (await marks.delete_many({"_id": {"$regex": event_id}})).deleted_count == 1
    await world.notifier.publish(person.accepted(), event_id=event_id)
    await eventually(lambda: marks.find_one({"_id": {"$regex": event_id}}))
    await world.notifier.settled()
    assert len(await world.texts(person.phone)) == 1
    assert len(await world.deliveries(person.worker_id)) == 1
