"""A walk over everything that the notifier stores, after somebody's erasure."""

from __future__ import annotations

from shared.contracts.registry import WorkerErased
from tests.integration.erased import remains, undeclared
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person
from tests.integration.notifier.recipients.test_recipients import register_device, tell


async def test_nothing_says_how_an_erased_person_is_reached(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered())
    await tell(world, person)
    await register_device(world, person, "device-of-a-walk")
    await world.notifier.settled()
    told = [person.phone, "device-of-a-walk"]
    before = await remains(world.notifier, [person.worker_id], told)
    assert {("contacts", "texts"), ("devices", "texts")} <= before
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))
    await world.notifier.settled()
    after = await remains(world.notifier, [person.worker_id], told)
    assert {name for name, what in after if what != "id"} == set()
    assert undeclared("notifier", after) == []
