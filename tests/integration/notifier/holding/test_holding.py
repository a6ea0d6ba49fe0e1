"""What a later event may take back is held, and told only where it still stands."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest

from services.notifier.deliveries.documents import Delivery
from services.notifier.holding import commands
from shared.contracts.base import Fact
from shared.contracts.complaints import LeadClosed, LeadRaised, WorkWhileBlocked
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

BLOCKED, OPEN, COVER = "暂不能接单", "安全培训已登记", "纳入职业伤害保障"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTLING_SECONDS", "3600")


async def hear(world: World, *facts: Fact) -> None:
    """Publish facts one after the other, each once the last has been heard."""
    for fact in facts:
        await world.notifier.publish(fact)
        await world.notifier.settled()


async def release(world: World) -> int:
    answer = await world.notifier.http.post("/v1/message-releases", headers=world.notifier.officer)
    assert answer.status_code == 200, answer.text
    await world.notifier.settled()
    return int(answer.json()["released"])


async def known(world: World) -> Person:
    person = Person()
    await hear(world, person.registered(), person.platform_registered(), person.engaged())
    return person


async def states(person: Person) -> list[str]:
    found = await Delivery.find({"recipient": person.worker_id}).to_list()
    return [delivery.state for delivery in sorted(found, key=lambda one: one.created_at)]


async def told(world: World, person: Person, count: int) -> list[str]:
    """What the worker's phone shows once so many messages have gone out."""

    async def look() -> list[str]:
        texts = await world.texts(person.phone)
        return texts if len(texts) == count else []

    return await eventually(look)


async def test_a_block_that_is_lifted_while_it_is_held_alarms_nobody(held: None, world: World) -> None:
    person = await known(world)
    await hear(world, person.blocked(), person.unblocked())
    assert await states(person) == ["withdrawn"]
    await release(world)
    assert await world.texts(person.phone) == await world.texts(person.platform_phone) == []
    assert await world.deliveries(person.worker_id) == []


async def test_a_message_taken_back_of_one_erased_leaves_no_address(held: None, world: World) -> None:
    person = await known(world)
    await hear(world, person.blocked(), WorkerErased(worker_id=person.worker_id))
    [kept] = await Delivery.find({"recipient": person.worker_id}).to_list()
    assert (kept.state, kept.address is None) == ("held", False)
    await hear(world, person.unblocked())
    [taken_back] = await Delivery.find({"recipient": person.worker_id}).to_list()
    assert (taken_back.state, taken_back.address) == ("withdrawn", None)


async def test_a_block_and_its_end_in_one_batch_alarm_nobody(held: None, world: World) -> None:
    person = await known(world)
    await world.notifier.publish(person.blocked(), person.unblocked(), person.blocked(4), person.unblocked(5))
    await world.notifier.settled()
    await release(world)
    assert await world.texts(person.phone) == []


async def test_a_block_that_stands_is_told_and_so_is_its_end(held: None, world: World) -> None:
    person = await known(world)
    await hear(world, person.blocked())
    assert await world.texts(person.phone) == []
    assert await release(world) == 2
    [text] = await told(world, person, 1)
    assert BLOCKED in text
    # lifted and set again while that is held: what was told of it still stands
    await hear(world, person.unblocked(), person.blocked(4))
    await release(world)
    assert len(await world.texts(person.phone)) == 1
    await hear(world, person.unblocked(5))
    await release(world)
    assert OPEN in (await told(world, person, 2))[-1]
    assert len(await world.texts(person.platform_phone)) == 2


def untrained(person: Person, outcome: Literal["taken_up", "withdrawn"] | None = None, lead: str = "1") -> Fact:
    """That somebody worked without safety training, or what became of that."""
    found = WorkWhileBlocked(engagement_id="e", days=1, first_on=dt.date(2026, 9, 4), last_on=dt.date(2026, 9, 4))
    common = LeadRaised(
        lead_id=f"{person.worker_id}-{lead}",
        kind="work_while_blocked",
        platform=person.platform,
        worker_ref=person.worker_ref,
        worker_id=person.worker_id,
        district="510603",
        departments=("emergency",),
        lead_department="emergency",
        verified=True,
        holds=outcome is None,
        finding=found,
    )
    if outcome is None:
        return common
    fields = {name: getattr(common, name) for name in common.__struct_fields__ if name != "finding"}
    return LeadClosed(**fields, outcome=outcome, reason=None, became=None)


async def test_work_without_training_is_told_unless_taken_back(held: None, world: World) -> None:
    person = await known(world)
    await hear(world, untrained(person), untrained(person, "withdrawn"))
    await release(world)
    assert await world.texts(person.platform_phone) == []  # an earlier training was on its way
    await hear(world, untrained(person, lead="2"), untrained(person, "taken_up", lead="2"))
    await release(world)

    async def text() -> str | None:
        return next(iter(await world.texts(person.platform_phone)), None)

    said = await eventually(text)
    assert "未经安全培训仍有订单" in said
    assert person.worker_ref in said


async def test_many_held_messages_go_out_a_few_at_a_time(
    held: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, no transaction holds more than some of them."""
    monkeypatch.setattr(commands, "AT_ONCE", 2)
    people = [await known(world) for _ in range(3)]
    await hear(world, *(person.blocked() for person in people))
    assert await release(world) == 6
    for person in people:
        assert await states(person) == ["delivered"]


async def test_of_an_engagement_that_ended_meanwhile_no_block_is_told(held: None, world: World) -> None:
    person = await known(world)
    await hear(world, person.blocked(), person.ended())
    await release(world)
    assert await world.texts(person.phone) == []


async def test_a_cover_that_another_account_took_over_is_told_once(held: None, world: World) -> None:
    person, first, second = await known(world), new_id(), new_id()
    await hear(world, person.covered(first), person.covered(second), person.never_covered(first))
    await release(world)
    [text] = await told(world, person, 1)
    assert COVER in text


async def test_a_cover_taken_back_and_opened_again_is_told_once(held: None, world: World) -> None:
    person, enrolment_id = await known(world), new_id()
    opened = person.covered(enrolment_id)
    await hear(world, opened, person.never_covered(enrolment_id), opened)
    await release(world)
    await told(world, person, 1)
    # told already: the same again, as a replay tells it, is no news
    await storage().collection("inbox").delete_many({})
    await hear(world, opened, person.covered(enrolment_id))
    await release(world)
    assert len(await world.texts(person.phone)) == 1


async def test_what_is_taken_back_while_it_waits_never_goes_out(held: None, world: World) -> None:
    person = Person()
    await hear(world, person.blocked(), person.unblocked(), person.registered(), person.platform_registered())
    await release(world)
    assert await states(person) == ["withdrawn"]
    assert await world.texts(person.phone) == []


async def test_what_is_held_goes_out_by_itself_when_its_time_has_come(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    person = await known(world)
    monkeypatch.setenv("SETTLING_SECONDS", "1")
    await world.notifier.publish(person.blocked())
    await eventually(lambda: world.texts(person.phone), 40)
    await eventually(lambda: world.texts(person.platform_phone), 40)


async def test_only_the_citys_labour_department_releases_messages(world: World) -> None:
    for headers in (
        world.notifier.headers("officer", department="hrss", district="510603"),
        world.notifier.headers("officer", department="transport", district="510600"),
        world.notifier.headers("worker", worker_id=new_id()),
    ):
        answer = await world.notifier.http.post("/v1/message-releases", headers=headers)
        assert answer.status_code == 403
