"""From an event to the phone: who is told what, once, and as soon as it is known how."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.table import ROWS
from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.commands import FACT_KNOWN, FACTS_KNOWN, wait_key
from services.notifier.recipients.documents import Contact, contact_id
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.notifier import DeliveryDelivered, DeliveryFailed, DeliverySent
from shared.ids import new_id
from shared.storage.client import collection_of, storage
from shared.storage.transaction import Transaction, transact
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person


async def test_a_complaint_gives_one_sms_however_often_its_event_comes(world: World) -> None:
    person, event_id = Person(), new_id()
    complaint = person.complained("TS2026-1")
    await world.notifier.publish(person.registered())
    await world.notifier.settled()
    await world.notifier.publish(complaint, event_id=event_id)
    await world.notifier.publish(complaint, event_id=event_id)
    [delivery] = await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert await world.texts(person.phone) == [
        "【德阳人社】您的投诉举报已登记，编号TS2026-1。是否受理将于2026年9月30日前决定，届时短信告知。"
    ]
    assert delivery["channel"] == "sms"
    assert delivery["phone"] == f"{person.phone[:3]}****{person.phone[-4:]}"


async def test_a_replayed_event_without_its_mark_sends_nothing_again(world: World) -> None:
    person, event_id = Person(), new_id()
    complaint = person.complained()
    await world.notifier.publish(person.registered())
    await world.notifier.publish(complaint, event_id=event_id)
    await world.ended(person.worker_id, "delivered")
    await storage().collection("inbox").delete_many({})
    await world.notifier.publish(complaint, event_id=event_id)
    await world.notifier.settled()
    assert len(await world.texts(person.phone)) == 1
    assert await world.notifier.process.dead_letters() == []


async def test_what_the_version_before_has_released_goes_out(world: World) -> None:
    """It sets a timer for each fact; what this version sets for several it does not take."""
    person = Person()
    await world.notifier.publish(person.complained())
    await world.notifier.settled()
    key = contact_id("worker", person.worker_id)
    await storage().collection("contacts").update_one({"_id": key}, {"$set": {"waited_for": False}})
    await world.notifier.publish(person.registered())
    await world.notifier.settled()
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["waiting"]

    async def release(tx: Transaction) -> None:
        tx.schedule(FACT_KNOWN, wait_key(Contact, key), clock.now())

    await transact(release)
    await world.ended(person.worker_id, "delivered")
    assert len({FACT_KNOWN.name, FACTS_KNOWN.name}) == 2


async def test_a_message_waits_until_its_recipient_is_known(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.complained(), person.accepted())
    await world.notifier.settled()
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["waiting", "waiting"]
    await world.notifier.publish(person.registered())
    await world.ended(person.worker_id, "delivered", 2)
    assert len(await world.texts(person.phone)) == 2


async def test_a_message_and_its_recipient_at_the_same_moment_meet(world: World) -> None:
    people = [Person() for _ in range(40)]

    async def complain(person: Person) -> None:
        complaint = person.complained()
        event = CloudEvent(new_id(), "/services/complaints", complaint.TYPE, clock.now(), complaint)
        await transact(lambda tx: deliveries.make_deliveries(event, tx))

    async def register(person: Person) -> None:
        await transact(lambda tx: contacts.record_worker(person.registered(), clock.now(), tx))

    for person in people:
        await asyncio.gather(complain(person), register(person))
    for person in people:
        await world.ended(person.worker_id, "delivered")
        assert len(await world.texts(person.phone)) == 1


async def test_a_claim_reaches_whoever_its_reference_turns_out_to_be(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.had_accident(known=False))
    await world.notifier.publish(person.platform_registered())
    await eventually(lambda: world.texts(person.platform_phone))
    await world.notifier.settled()
    await world.notifier.publish(person.engaged())
    await world.notifier.settled()
    assert await world.texts(person.phone) == []
    await world.notifier.publish(person.registered())
    await world.ended(person.worker_id, "delivered")
    [to_worker], [to_platform] = await world.texts(person.phone), await world.texts(person.platform_phone)
    assert f"德阳快送{person.number}号已报送您" in to_worker
    assert "INC-1" in to_platform


async def test_an_employer_hears_of_its_duty_once_the_worker_is_known(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.platform_registered())
    await world.notifier.publish(person.must_be_insured())
    await world.notifier.settled()
    assert await world.texts(person.platform_phone) == []
    await world.notifier.publish(person.engaged())
    [text] = await eventually(lambda: world.texts(person.platform_phone))
    assert person.worker_ref in text
    assert "2026年9月30日前" in text


async def test_more_waiting_messages_than_a_transaction_takes_go_out(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.engaged())
    await world.notifier.publish(*(person.must_be_insured() for _ in range(130)))
    await world.notifier.settled()
    assert await world.texts(person.platform_phone) == []
    await world.notifier.publish(person.platform_registered())

    async def all_there() -> bool:
        return len(await world.texts(person.platform_phone)) == 130

    await eventually(all_there, 40)
    await world.notifier.settled()
    assert len(await world.texts(person.platform_phone)) == 130


async def test_the_newest_number_holds_though_an_older_one_comes_later(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered())
    await world.notifier.settled()
    [told] = await Contact.find({"_id": f"worker:{person.worker_id}"}).to_list()
    assert told.told_at is not None
    older = told.told_at.replace(year=told.told_at.year - 1)
    await world.notifier.publish(person.registered("13700000000"), time=older)
    await world.notifier.settled()
    await world.notifier.publish(person.complained())
    await world.ended(person.worker_id, "delivered")
    assert len(await world.texts(person.phone)) == 1


async def test_events_on_a_message_hold_neither_text_nor_number(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    sent = [fact for fact in await world.notifier.told(DeliverySent) if fact.delivery_id == delivery["id"]]
    arrived = [fact for fact in await world.notifier.told(DeliveryDelivered) if fact.delivery_id == delivery["id"]]
    assert [(fact.template, fact.recipient, fact.channel) for fact in (*sent, *arrived)] == [
        ("case_opened_worker", person.worker_id, "sms")
    ] * 2
    rows = await storage().collection("outbox").find({"key": delivery["id"]}).to_list(None)
    assert not [row for row in rows if person.phone.encode() in row["data"]]


async def test_numbers_and_names_are_stored_encrypted_only(world: World) -> None:
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    await world.ended(person.worker_id, "delivered")
    contact = await collection_of(Contact).find_one({"_id": f"worker:{person.worker_id}"})
    sent = await collection_of(Delivery).find({"recipient": person.worker_id}).to_list(None)
    stored = f"{contact}{sent}"
    assert person.phone not in stored
    assert "张三丰" not in stored


async def test_nobody_was_given_up_in_all_this(world: World) -> None:
    assert await world.notifier.told(DeliveryFailed) == []
    answer = await world.notifier.http.get("/v1/statistics", headers=world.notifier.officer)
    figures = answer.json()
    assert figures["failed"] == 0
    assert figures["sent"] == figures["delivered"] > 130


async def test_a_message_keeps_the_text_as_it_was_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    await world.notifier.publish(person.registered(), person.complained("TS2026-2"))
    [sent] = await world.ended(person.worker_id, "delivered")
    now = msgspec.structs.replace(ROWS["case_opened_worker"], text="编号${number}。", version=2)
    monkeypatch.setitem(ROWS, "case_opened_worker", now)
    [shown] = await world.deliveries(person.worker_id)
    assert shown["text"] == sent["text"]
    assert shown["text"].startswith("您的投诉举报已登记，编号TS2026-2。")


async def test_a_worker_marks_what_was_read_and_nobody_else_does(world: World) -> None:
    person, other = Person(), Person()
    await world.notifier.publish(person.registered(), person.complained(), person.accepted())
    first, _ = await world.ended(person.worker_id, "delivered", 2)
    mark = f"/v1/deliveries/{first['id']}/read-mark"
    strange = await world.notifier.http.put(mark, headers=world.notifier.headers("worker", worker_id=other.worker_id))
    assert strange.status_code == 404
    own = world.notifier.headers("worker", worker_id=person.worker_id)
    assert [(await world.notifier.http.put(mark, headers=own)).status_code for _ in range(2)] == [204, 204]
    assert first["id"] not in {one["id"] for one in await world.deliveries(person.worker_id, unread="true")}
    assert len(await world.deliveries(person.worker_id, unread="true")) == 1
    assert {one["id"]: bool(one["read_at"]) for one in await world.deliveries(person.worker_id)}[first["id"]]


async def test_how_soon_messages_are_handed_over_is_counted(world: World) -> None:
    """By channel and provider, and apart what the law demands; a day without messages has none."""

    async def counted(day: str | None = None) -> dict[bool, dict[str, int]]:
        asked = {"day": day} if day else {}
        path = "/v1/statistics/hand-overs"
        answer = await world.notifier.http.get(path, params=asked, headers=world.notifier.officer)
        assert answer.json()["goal_percent"] == "99"
        return {one["awaited"]: one for one in answer.json()["hand_overs"] if one["provider"] == "aliyun"}

    before = (await counted()).get(True, {"messages": 0, "within_60s": 0})
    person = Person()
    await world.notifier.publish(person.registered())
    await world.notifier.settled()
    await world.notifier.publish(person.complained())
    await world.ended(person.worker_id, "delivered")
    after = (await counted())[True]
    assert after["messages"] == before["messages"] + 1
    assert after["within_60s"] == before["within_60s"] + 1
    assert after["within_1s"] <= after["within_10s"] <= after["within_60s"]
    assert await counted("2023-01-01") == {}
