"""Gateways that answer what they should not, or slowly, when they are asked for receipts; and receipts that are not what they seem."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.notifier.deliveries.documents import Delivery
from services.notifier.gateways.rules import Accepted
from services.notifier.providers import commands as providers
from services.notifier.providers.aliyun import Aliyun
from services.notifier.providers.rules import Name, Sent
from services.notifier.receipts import asking, cli
from services.notifier.receipts.commands import ALL, LOOK
from shared import clock
from shared.contracts.registry import WorkerErased
from shared.storage.client import collection_of
from tests.harness import eventually
from tests.integration.notifier.conftest import RECEIPT_TOKEN, World
from tests.integration.notifier.people import Person
from tests.integration.notifier.receipts.test_late_receipts import (
    look,
    never_known,
    sent,
    stored,
    timers,
    to_decide,
    wait_for,
)

DELIVERED = {"success": True, "err_code": "DELIVERED"}
LOST = {"success": False, "err_code": "UNDELIVERED"}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for(monkeypatch, dt.timedelta(), dt.timedelta(hours=1))


async def test_nonsense_of_one_keeps_no_other_from_being_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "aliyun")
    other, _ = await sent(world, "push")

    async def nonsense(*_: object, **__: object) -> dict[str, Any]:
        return {"Code": "OK"}

    with monkeypatch.context() as patch:
        patch.setattr(Aliyun, "_call", nonsense)
        await look()
        await world.ended(other.worker_id, "delivered")
    assert (await stored(delivery)).state == "sent"
    await look()
    await world.ended(person.worker_id, "delivered")


async def test_what_there_was_no_time_to_ask_about_is_asked_about_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not given up unasked, however old it is, as after a long rest."""
    people = [(await sent(world, "aliyun"))[0] for _ in range(3)]
    ask = providers.ask

    async def slowly(name: Name, phone: str, of: Sequence[Sent]) -> Mapping[str, Accepted]:
        await asyncio.sleep(asking.SECONDS * 0.7)
        return await ask(name, phone, of)

    monkeypatch.setattr(asking, "SECONDS", 0.5)
    monkeypatch.setattr(providers, "ask", slowly)
    wait_for(monkeypatch, dt.timedelta(), dt.timedelta())
    await look()
    for person in people:
        await world.ended(person.worker_id, "delivered")


async def test_messages_go_out_while_gateways_are_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await sent(world, "aliyun")
    asked, answered, ask = asyncio.Event(), asyncio.Event(), asking.ask

    async def long() -> asking.Asked:
        asked.set()
        await answered.wait()
        return await ask()

    monkeypatch.setattr(asking, "ask", long)
    await timers().update_one({"_id": LOOK.id_of(ALL)}, {"$set": {"due_at": clock.now()}})
    await asyncio.wait_for(asked.wait(), 20)
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    await world.ended(person.worker_id, "delivered")
    answered.set()


async def test_asking_at_once_forgets_none_that_is_older(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a backup of five days ago was brought back."""
    person, delivery = await sent(world, "push")
    now = clock.now()
    wait_for(monkeypatch, dt.timedelta(), dt.timedelta(hours=72))
    before, until = now - dt.timedelta(hours=100), now - dt.timedelta(hours=101)
    await collection_of(Delivery).update_one({"_id": delivery["id"]}, {"$set": {"sent_at": before}})
    other, _ = await sent(world, "aliyun")
    later = {"data": {"until": until.isoformat(), "more": False}, "due_at": now + dt.timedelta(hours=1)}

    async def resting() -> bool:
        changed = await timers().update_one({"_id": LOOK.id_of(ALL), "holder": None}, {"$set": later})
        return bool(changed.matched_count)

    await eventually(resting)
    await cli.ask_receipts()
    for one in (person, other):
        await world.ended(one.worker_id, "delivered")


async def test_nobody_decides_on_an_erased_persons_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "aliyun")
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))

    async def forgotten() -> bool:
        return (await stored(delivery)).address is None

    await eventually(forgotten)
    await never_known(world, delivery, monkeypatch)
    await world.ended(person.worker_id, "uncertain")
    assert delivery["id"] not in await to_decide(world)


# receipts that are brought


async def test_a_loss_of_an_earlier_time_is_no_loss_of_this_one(world: World) -> None:
    person, delivery = await sent(world, "aliyun")
    number = (await stored(delivery)).gateway_id
    await world.give_receipt({"out_id": delivery["id"], "biz_id": "an-earlier-one", **LOST})
    assert (await stored(delivery)).state == "sent"
    await world.give_receipt({"out_id": delivery["id"], "biz_id": number, **LOST})
    await world.ended(person.worker_id, "failed")
    await world.give_receipt({"out_id": delivery["id"], "biz_id": "an-earlier-one", **DELIVERED})
    await world.ended(person.worker_id, "delivered")


async def test_one_unreadable_receipt_keeps_no_other_out(world: World) -> None:
    person, delivery = await sent(world, "aliyun")
    odd: list[dict[str, object]] = [{"out_id": None, **DELIVERED}, {"out_id": "x"}, {"success": "?"}]
    answer = await world.give_receipt(*odd, {"out_id": delivery["id"], "success": True, "err_code": None})
    assert (answer.status_code, answer.json()["errors"]) == (422, ["1", "2"])
    await world.ended(person.worker_id, "delivered")


async def test_one_unreadable_report_keeps_no_other_out(world: World) -> None:
    person, delivery = await sent(world, "tencent")
    number = (await stored(delivery)).gateway_id
    reports = [{"sid": "1:1", "report_status": "?"}, None, {"sid": number, "report_status": "SUCCESS", "errmsg": None}]
    path = f"/v1/sms-receipts/tencent/{RECEIPT_TOKEN}"
    answer = await world.notifier.http.post(path, content=json.dumps(reports))
    assert (answer.status_code, answer.json()["errors"]) == (422, ["0", "1"])
    await world.ended(person.worker_id, "delivered")


async def test_a_push_that_arrived_takes_no_device_away(world: World) -> None:
    person, delivery = await sent(world, "push")
    odd = {"message_id": delivery["id"], "success": True, "err_code": "UNREGISTERED"}
    assert (await world.give_receipt(odd, path="/v1/push-receipts")).status_code == 204
    await world.ended(person.worker_id, "delivered")
    await world.notifier.publish(person.complained("TS2"))
    await world.ended(person.worker_id, "delivered", 2)
    assert len(await world.pushes(f"device-{person.number}")) == 2


async def test_thousands_of_receipts_in_one_batch_are_stored(world: World) -> None:
    person, delivery = await sent(world, "aliyun")
    strangers: list[dict[str, object]] = [{"out_id": f"stranger-{n}", **LOST} for n in range(3_000)]
    both: list[dict[str, object]] = [{"out_id": delivery["id"], **LOST}, {"out_id": delivery["id"], **DELIVERED}]
    assert (await world.give_receipt(*strangers, *both)).status_code == 200
    await world.ended(person.worker_id, "delivered")
    assert await world.told(delivery) in (["sent", "failed", "delivered"], ["sent", "delivered"])


async def test_a_stranger_at_the_secret_address_is_turned_away(world: World) -> None:
    person, delivery = await sent(world, "tencent")
    number = (await stored(delivery)).gateway_id
    forged = json.dumps([{"sid": number, "report_status": "SUCCESS"}])
    for token in ("x", RECEIPT_TOKEN[:-1], RECEIPT_TOKEN + "x", "%E5%BE%B7"):
        answer = await world.notifier.http.post(f"/v1/sms-receipts/tencent/{token}", content=forged)
        assert answer.status_code == 401
    assert (await stored(delivery)).state == "sent"
    assert [one["state"] for one in await world.deliveries(person.worker_id)] == ["sent"]
