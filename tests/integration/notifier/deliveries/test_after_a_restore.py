"""SMS that were given to a provider after the backup that the database was brought back from."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.notifier.deliveries.documents import Delivery
from services.notifier.providers import cli, commands, tencent
from services.notifier.providers.documents import SMS, Restore
from services.notifier.providers.rules import Name
from shared import clock
from shared.contracts.complaints import CaseOpened
from shared.ids import new_id
from shared.storage.client import collection_of, storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

BOTH: tuple[Name, Name] = ("aliyun", "tencent")
[ASK_FIRST] = cli.COMMANDS


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def forgotten(world: World) -> AsyncIterator[None]:
    yield
    await collection_of(Restore).delete_many({"_id": SMS})
    await commands.read_restore(world.notifier.running)


async def restore(since: dt.datetime) -> None:
    """As after a restore, when the notifier has been started again."""
    assert await ASK_FIRST.run(Namespace(since=since)) == 0
    await commands.read_restore(None)


async def lost(world: World, by: Name) -> tuple[Person, CaseOpened, dict[str, Any]]:
    """Somebody who has had a message of which the database knows nothing any more, as it knows nothing of its event."""
    person, event_id = Person(), new_id()
    world.go_by(100 if by == "aliyun" else 0)
    case, at = person.complained(), clock.now()
    await world.notifier.publish(person.registered())
    await world.notifier.publish(case, event_id=event_id, time=at)
    [delivery] = await world.ended(person.worker_id, "delivered")
    await collection_of(Delivery).delete_one({"_id": delivery["id"]})
    removed = await storage().collection("inbox").delete_many({"_id": {"$regex": event_id}})
    assert removed.deleted_count
    return person, case, {"event_id": event_id, "time": at}


@pytest.mark.parametrize("by", BOTH)
async def test_what_went_before_a_restore_is_not_sent_again(
    world: World, by: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tencent, "OVERDUE", dt.timedelta())
    before = clock.now()
    person, case, event = await lost(world, by)
    world.go_by(0 if by == "aliyun" else 100)  # by whom it went is not known any more
    await restore(before)
    await world.notifier.publish(case, **event)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert await world.asked(person.phone) == [by]
    stored = await Delivery.get(delivery["id"])
    assert stored is not None
    assert stored.provider == by


async def test_what_had_not_gone_yet_is_sent_after_a_restore(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tencent, "OVERDUE", dt.timedelta())
    person, before = Person(), clock.now()
    await world.notifier.publish(person.registered())
    await restore(before)
    await world.notifier.publish(person.complained(), time=before)
    await world.ended(person.worker_id, "delivered")
    assert len(await world.texts(person.phone)) == 1


async def test_nobody_is_asked_about_what_is_told_after_a_restore(world: World) -> None:
    """Tencent could not say so soon: it would wait for ten minutes."""
    person = Person()
    await world.notifier.publish(person.registered())
    await restore(clock.now())
    await world.notifier.publish(person.complained())
    await world.ended(person.worker_id, "delivered")


async def test_where_a_provider_cannot_say_an_officer_decides_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tencent, "OVERDUE", dt.timedelta())
    monkeypatch.setattr(tencent, "PULLED", 1)
    before = clock.now()
    person, _, _ = await lost(world, "tencent")
    await restore(before)
    await world.notifier.publish(person.complained("TS2"), time=before)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    path, officer = f"/v1/deliveries/{delivery['id']}/resolution", world.notifier.officer
    await world.notifier.http.post(path, json={"decision": "send_again"}, headers=officer)
    await world.ended(person.worker_id, "delivered")
    assert len(await world.texts(person.phone)) == 2


async def test_the_command_takes_no_instant_that_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    ahead = clock.now() + dt.timedelta(hours=1)
    for since in (ahead, ahead.replace(tzinfo=None)):
        assert await ASK_FIRST.run(Namespace(since=since)) == 2
    assert "offset" in capsys.readouterr().err


async def test_a_second_restore_counts_from_its_own_backup(world: World) -> None:
    first, second = clock.now() - dt.timedelta(days=2), clock.now() - dt.timedelta(days=1)
    await restore(first)
    await restore(second)

    async def stored() -> bool:
        found = await Restore.get(SMS)
        return found is not None and abs(found.since - second) < dt.timedelta(seconds=1)

    await eventually(stored)
