"""Receipts that never come: the gateway is asked, until it says what became of the message, or until nobody can."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

import httpx2
import pytest

from services.notifier.deliveries.documents import Delivery
from services.notifier.providers.rules import Name
from services.notifier.receipts import asking, cli, commands, rules
from services.notifier.receipts.commands import ALL, ASK, LOOK
from services.notifier.receipts.rules import Patience
from services.notifier.sheets.documents import UNKNOWN
from shared import circuit, clock
from shared.contracts.complaints import CaseWithdrawn
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.storage.client import collection_of, storage
from shared.telemetry import measuring
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

BOTH: tuple[Name, Name] = ("aliyun", "tencent")
MANY = 1_000


def gateway(world: World, name: str) -> httpx2.AsyncClient:
    return {"aliyun": world.sms, "tencent": world.tencent, "push": world.push}[name]


def wait_for(monkeypatch: pytest.MonkeyPatch, first: dt.timedelta, end: dt.timedelta) -> None:
    """Have receipts waited for so long before their gateway is asked, and until nobody knows."""
    monkeypatch.setattr(commands, "patience", lambda: Patience(first, end))


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for(monkeypatch, dt.timedelta(), dt.timedelta(hours=1))


async def look() -> None:
    """Have the notifier look now for receipts that have not come, and ask."""

    async def changed() -> bool:
        due = {"$set": {"due_at": clock.now()}}
        return bool((await timers().update_one({"_id": LOOK.id_of(ALL), "holder": None}, due)).matched_count)

    async def looked() -> bool:
        standing = await timers().find_one({"_id": LOOK.id_of(ALL)})
        return standing is not None and standing["due_at"] > clock.now() + rules.LOOK / 2

    await eventually(changed)
    await eventually(looked)


def timers() -> Any:
    return storage().collection("timers")


async def stored(delivery: dict[str, Any]) -> Delivery:
    found = await Delivery.get(delivery["id"])
    assert found is not None
    return found


async def sent(world: World, name: str, **behaviour: int) -> tuple[Person, dict[str, Any]]:
    """Somebody's message that a gateway took, whose receipt is lost."""
    person = Person()
    if name == "push":
        await with_app(world, person)
    else:
        world.go_by(100 if name == "aliyun" else 0)
    await world.behave(gateway(world, name), **{"lose_receipts_next": 1, "receipt_delay_ms": 0} | behaviour)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "sent")
    return person, delivery


async def with_app(world: World, person: Person) -> None:
    headers = world.notifier.headers("worker", worker_id=person.worker_id)
    answer = await world.notifier.http.put(
        f"/v1/devices/device-{person.number}", json={"platform": "android"}, headers=headers
    )
    assert answer.status_code == 200


def withdrawn(person: Person) -> CaseWithdrawn:
    """What no law has anybody told."""
    case = person.complained()
    same = {name: getattr(case, name) for name in ("number", "worker_id", "platform", "category", "district")}
    return CaseWithdrawn(case_id=new_id(), departments=("hrss",), lead_department="hrss", **same)


# what the gateway says when it is asked


@pytest.mark.parametrize("name", [*BOTH, "push"])
async def test_a_receipt_that_is_lost_is_asked_for(world: World, name: str) -> None:
    person, delivery = await sent(world, name)
    await look()
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert await world.told(delivery) == ["sent", "delivered"]
    assert (await stored(delivery)).ask_at is None
    assert len(await world.texts(person.phone)) == (0 if name == "push" else 1)


@pytest.mark.parametrize("name", BOTH)
async def test_a_message_lost_on_its_way_is_found_to_be_so(world: World, name: Name) -> None:
    person, delivery = await sent(world, name, refuse_next=1)
    await look()
    [delivery] = await world.ended(person.worker_id, "failed")
    assert delivery["reason"] == "MK:0001"
    assert await world.told(delivery) == ["sent", "failed"]


async def test_a_push_that_failed_unheard_goes_as_an_sms(world: World) -> None:
    person, _ = await sent(world, "push", refuse_next=1)
    await look()
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["channel"] == "sms"
    assert len(await world.texts(person.phone)) == 1
    await world.notifier.publish(person.complained("TS2"))
    await world.ended(person.worker_id, "delivered", 2)
    assert len(await world.pushes(f"device-{person.number}")) == 1  # the app is gone, and not tried again


async def test_several_messages_to_a_number_take_one_question(world: World) -> None:
    person, _ = await sent(world, "aliyun", lose_receipts_next=3)
    await world.notifier.publish(person.complained("TS2"), person.complained("TS3"))
    await world.ended(person.worker_id, "sent", 3)
    before = (await world.sms.get("/sandbox/counts")).json().get("asked", 0)
    await look()
    await world.ended(person.worker_id, "delivered", 3)
    # a message near midnight is looked for on two days
    assert (await world.sms.get("/sandbox/counts")).json()["asked"] - before in (1, 2)


async def test_an_email_is_never_asked_about(world: World) -> None:
    row = {"kind": "platform", "channel": "email", "state": "sent", "sent_at": clock.now() - dt.timedelta(seconds=1)}
    rows = collection_of(Delivery)
    await rows.insert_one({"_id": "an-email", **row})
    try:
        await look()
        assert "ask_at" not in (await rows.find_one({"_id": "an-email"}) or {})
    finally:
        await rows.delete_one({"_id": "an-email"})


# gateways that are away, and receipts that come meanwhile


@pytest.mark.parametrize("name", [*BOTH, "push"])
async def test_a_gateway_that_is_away_is_asked_again(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circuit, "REST", dt.timedelta(milliseconds=100))
    person, delivery = await sent(world, name)
    away = {"status": 503, "fail_reads_next" if name == "push" else "fail_next": 1_000}
    await world.behave(gateway(world, name), **away)
    for _ in range(2):
        await look()
        assert (await stored(delivery)).ask_at is not None
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["sent"]
    await world.behave(gateway(world, name))
    await look()
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_who_refuses_questions_alone_goes_on_taking_messages(world: World) -> None:
    """An account may lack the right to ask."""
    people = [(await sent(world, "aliyun"))[0] for _ in range(circuit.FAILURES + 1)]
    await world.behave(world.sms, code_next=circuit.FAILURES, code="isv.RAM_PERMISSION_DENY")
    calls = await world.calls(world.sms)
    await look()
    assert await world.calls(world.sms) == calls + circuit.FAILURES  # no more of them until the next look
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    await world.ended(person.worker_id, "delivered")
    assert await world.asked(person.phone) == ["aliyun"]
    await look()
    for one in people:
        await world.ended(one.worker_id, "delivered")


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_receipt_that_comes_while_it_is_asked_counts_once(
    world: World, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    person, delivery = await sent(world, "aliyun", refuse_next=0 if arrived else 1)
    ask = asking.ask

    async def between() -> asking.Asked:
        found = await ask()
        assert found.told[delivery["id"]] is not None
        receipt = {"out_id": delivery["id"], "success": arrived, "err_code": "DELIVERED" if arrived else "MK:0001"}
        assert (await world.give_receipt(receipt)).status_code == 200
        return found

    monkeypatch.setattr(asking, "ask", between)
    await look()
    [delivery] = await world.ended(person.worker_id, "delivered" if arrived else "failed")
    assert await world.told(delivery) == ["sent", "delivered" if arrived else "failed"]


async def test_a_receipt_after_silence_settles_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "aliyun", forget_next=1)
    ask = asking.ask

    async def between() -> asking.Asked:
        found = await ask()
        assert found.told[delivery["id"]] is None
        await world.give_receipt({"out_id": delivery["id"], "success": True, "err_code": "DELIVERED"})
        return found

    monkeypatch.setattr(asking, "ask", between)
    await look()
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert (await stored(delivery)).ask_at is None
    assert await world.told(delivery) == ["sent", "delivered"]


# when nobody knows


async def never_known(world: World, delivery: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway does not know the message, first for a while, and then at the end."""
    await look()
    assert ((await stored(delivery)).state, (await stored(delivery)).ask_at is not None) == ("sent", True)
    wait_for(monkeypatch, dt.timedelta(), dt.timedelta())
    await collection_of(Delivery).update_one({"_id": delivery["id"]}, {"$set": {"ask_at": clock.now()}})
    await look()


@pytest.mark.parametrize("name", BOTH)
async def test_a_message_that_its_gateway_does_not_know_ends_uncertain(
    world: World, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, delivery = await sent(world, name, forget_next=1)
    labels = {"channel": "sms", "provider": name}
    before = await world.notifier.figure("xindun_notifier_receipts_given_up_total", **labels)
    counted = await statistics(world)
    await never_known(world, delivery, monkeypatch)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    assert delivery["reason"] == "NO_RECEIPT"
    assert await world.told(delivery) == ["sent"]
    assert len(await world.texts(person.phone)) == 1
    assert await world.notifier.figure("xindun_notifier_receipts_given_up_total", **labels) == (before or 0) + 1
    assert Counter(await statistics(world)) - Counter(counted) == Counter(uncertain=1)
    assert delivery["id"] in await to_decide(world)
    receipt = {"out_id": delivery["id"], "success": True, "err_code": "DELIVERED"}
    await world.give_receipt(receipt)  # late after all
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_an_officer_has_a_notice_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "aliyun", forget_next=1)
    await never_known(world, delivery, monkeypatch)
    await world.ended(person.worker_id, "uncertain")
    path, officer = f"/v1/deliveries/{delivery['id']}/resolution", world.notifier.officer
    answer = await world.notifier.http.post(path, json={"decision": "send_again"}, headers=officer)
    assert answer.json()["state"] == "queued"
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert await world.told(delivery) == ["sent", "sent", "delivered"]
    assert len(await world.texts(person.phone)) == 2


async def test_of_what_no_law_demands_nobody_has_to_decide(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    await with_app(world, person)
    await world.behave(world.push, lose_receipts_next=1, forget_next=1)
    await world.notifier.publish(person.registered(), withdrawn(person))
    [delivery] = await world.ended(person.worker_id, "sent")
    await never_known(world, delivery, monkeypatch)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    assert delivery["id"] not in await to_decide(world)
    await world.notifier.settled()
    assert await world.texts(person.phone) == []
    assert len(await world.pushes(f"device-{person.number}")) == 1


async def test_a_notice_of_the_law_goes_on_by_the_next_channel(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "push", forget_next=1)
    await never_known(world, delivery, monkeypatch)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["channel"] == "sms"
    assert await world.told(delivery) == ["sent", "sent", "delivered"]
    late = {"message_id": delivery["id"], "success": True, "err_code": "DELIVERED"}
    assert (await world.give_receipt(late, path="/v1/push-receipts")).status_code == 204
    assert len(await world.texts(person.phone)) == 1


async def test_of_an_erased_recipients_sms_nobody_can_be_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, delivery = await sent(world, "aliyun")
    await world.notifier.publish(WorkerErased(worker_id=person.worker_id))

    async def forgotten() -> bool:
        return (await stored(delivery)).address is None

    await eventually(forgotten)
    await never_known(world, delivery, monkeypatch)
    await world.ended(person.worker_id, "uncertain")


async def test_a_number_of_nobody_on_file_is_forgotten_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that a sheet named: nobody could ask for it to be erased."""
    _, delivery = await sent(world, "aliyun", forget_next=1)
    listed = {"recipient": f"{UNKNOWN}somebody", "broadcast": "b-late", "template": "SMS_1"}
    await collection_of(Delivery).update_one({"_id": delivery["id"]}, {"$set": listed})
    await never_known(world, delivery, monkeypatch)

    async def over() -> bool:
        return (await stored(delivery)).state == "uncertain"

    await eventually(over)
    assert ((await stored(delivery)).address, (await stored(delivery)).left_at is not None) == (None, True)


# how much at once, and how it begins


async def test_a_thousand_are_asked_about_in_bounded_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, ask = [], asking.ask

    async def counted() -> asking.Asked:
        found = await ask()
        sizes.append(len(found.batch))
        return found

    monkeypatch.setattr(asking, "ask", counted)
    await world.behave(world.push, lose_receipts_next=MANY)
    ids = [f"late-{number}" for number in range(MANY)]
    known = asyncio.Semaphore(8)

    async def take(delivery_id: str) -> None:
        message = {"message_id": delivery_id, "device_token": "device-late", "title": "", "body": ""}
        async with known:
            secret = {"authorization": "Bearer push-secret"}
            (await world.push.post("/v1/messages", json=message, headers=secret)).raise_for_status()

    pushed, texted = ids[::2], ids[1::2]
    await asyncio.gather(*(take(one) for one in pushed))
    [(_, example)] = [await sent(world, "push")]
    row = await collection_of(Delivery).find_one({"_id": example["id"]})
    assert row is not None
    at = clock.now() - dt.timedelta(seconds=1)
    sms = {"channel": "sms", "provider": "tencent", "address": None}
    rows = [{**row, "_id": one, "sent_at": at} | (sms if one in set(texted) else {}) for one in ids]
    await collection_of(Delivery).insert_many(rows)
    started = {"$set": {"data": {"until": (at - dt.timedelta(hours=1)).isoformat()}}}
    await eventually(lambda: _matched(started))
    await look()

    async def all_told() -> bool:
        told = {"_id": {"$in": pushed}, "state": "delivered"}
        asked = {"_id": {"$in": texted}, "state": "sent", "ask_at": {"$ne": None}}
        counts = [await collection_of(Delivery).count_documents(wanted) for wanted in (told, asked)]
        return counts == [len(pushed), len(texted)]

    await eventually(all_told, 60)
    assert max(sizes) <= rules.AT_ONCE * len(asking.LINES)
    assert len(sizes) >= MANY // rules.AT_ONCE
    await collection_of(Delivery).delete_many({"_id": {"$in": ids}})


async def _matched(change: dict[str, Any]) -> bool:
    return bool((await timers().update_one({"_id": LOOK.id_of(ALL), "holder": None}, change)).matched_count)


async def test_at_rest_only_one_look_waits(world: World) -> None:
    await look()
    await world.notifier.settled()
    await commands.begin(world.notifier.running)
    waiting = await timers().find({"kind": {"$in": [LOOK.name, ASK.name]}}).to_list(None)
    assert [one["_id"] for one in waiting] == [LOOK.id_of(ALL)]


async def test_a_lost_look_is_set_again_at_the_next_start(world: World) -> None:
    person, _ = await sent(world, "aliyun")
    await timers().delete_many({"kind": LOOK.name})
    await commands.begin(world.notifier.running)
    await world.ended(person.worker_id, "delivered")


async def test_an_operator_has_gateways_asked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restore, when no time has passed since the message."""
    wait_for(monkeypatch, dt.timedelta(hours=1), dt.timedelta(hours=72))
    person, delivery = await sent(world, "aliyun")
    await look()
    assert (await stored(delivery)).ask_at is None
    assert await cli.ask_receipts() >= 1
    await world.ended(person.worker_id, "delivered")


async def test_it_is_shown_how_many_have_no_receipt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "HOLDS_SECONDS", 0.0)

    async def shown() -> dict[str, int]:
        answer = await world.notifier.http.get("/v1/statistics/receipts", headers=world.notifier.officer)
        assert {used["verified"] for used in answer.json()["used"]} == {False}
        [found] = [one for one in answer.json()["gateways"] if one["provider"] == "tencent"] or [Counter()]
        return {name: found[name] for name in ("asked", "unknown", "to_decide")}

    async def waiting() -> float:
        return await world.notifier.figure("xindun_notifier_receipts_late") or 0.0

    _, delivery = await sent(world, "tencent", forget_next=1)
    before, late = await shown(), await waiting()
    await look()
    assert await waiting() == late + 1
    assert (await shown())["asked"] == before["asked"] + 1
    await never_known(world, delivery, monkeypatch)
    assert await waiting() == late
    assert await shown() == before | {"unknown": before["unknown"] + 1, "to_decide": before["to_decide"] + 1}


async def statistics(world: World) -> dict[str, int]:
    found: dict[str, int] = (await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)).json()
    return found


async def to_decide(world: World) -> list[str]:
    answer = await world.notifier.http.get("/v1/uncertain-deliveries", headers=world.notifier.officer)
    return [one["id"] for one in answer.json()["items"]]
