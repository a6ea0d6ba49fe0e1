"""Two SMS providers that fail, answer late or not at all, and tell receipts as they like: every message goes out, none twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.notifier.deliveries import giving, outcomes
from services.notifier.deliveries.commands import DELIVERY
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import DEAD_AFTER
from services.notifier.providers import aliyun, rules, tencent
from services.notifier.providers import commands as providers
from services.notifier.providers.documents import SMS, Balance
from services.notifier.providers.rules import Name, Seen
from services.notifier.receipts import commands as receipts
from shared import circuit, clock
from shared.storage.client import collection_of, storage
from tests.harness import bearer, eventually
from tests.integration.notifier.conftest import RECEIPT_TOKEN, World
from tests.integration.notifier.people import Person

BOTH: tuple[Name, Name] = ("aliyun", "tencent")
NO_MONEY = {"aliyun": "isv.AMOUNT_NOT_ENOUGH", "tencent": "FailedOperation.InsufficientBalanceInSmsPackage"}
SLOWLY = 2_500
"""Milliseconds after which a receipt is told, where a test needs to come before it."""
NEVER = 60_000


def gateway(world: World, name: Name) -> httpx2.AsyncClient:
    return world.sms if name == "aliyun" else world.tencent


def other(name: Name) -> Name:
    return BOTH[1 - BOTH.index(name)]


def go_by(world: World, name: Name) -> None:
    world.go_by(100 if name == "aliyun" else 0)


async def complain(world: World, person: Person) -> None:
    await world.notifier.publish(person.registered(), person.complained())


async def stored(delivery: dict[str, Any]) -> dict[str, Any]:
    row = await collection_of(Delivery).find_one({"_id": delivery["id"]})
    assert row is not None
    return row


async def leave_queued(delivery: dict[str, Any], **fields: object) -> None:
    """As a process leaves a delivery that dies in its first try: queued, and its work leased to nobody that lives."""
    lost = {"state": "queued", "sent_at": None, "finished_at": None, "gateway_id": None, "attempts": 0}
    await collection_of(Delivery).update_one({"_id": delivery["id"]}, {"$set": lost | fields})
    timer = {"_id": f"{DELIVERY}:{delivery['id']}", "kind": DELIVERY.name, "key": delivery["id"], "data": {}}
    left = {"due_at": clock.now(), "attempts": 1, "holder": "a process that died"}
    await storage().collection("timers").insert_one(timer | left)


async def report(world: World, number: str, status: str = "SUCCESS", token: str = RECEIPT_TOKEN) -> httpx2.Response:
    item = {"sid": number, "report_status": status, "errmsg": "DELIVRD" if status == "SUCCESS" else "MK:0001"}
    return await world.notifier.http.post(f"/v1/sms-receipts/tencent/{token}", json=[item])


@pytest.mark.parametrize("name", BOTH)
async def test_a_message_goes_by_either_provider_with_its_text(world: World, name: Name) -> None:
    async def sent() -> dict[str, int]:
        answer = await world.notifier.http.get("/v1/statistics/channels", headers=world.notifier.officer)
        return {row["provider"]: row["delivered"] for row in answer.json()["channels"] if row["channel"] == "sms"}

    person, before = Person(), await sent()
    go_by(world, name)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    after = await sent()
    assert {one: after[one] - before.get(one, 0) for one in after if after[one] != before.get(one)} == {name: 1}
    assert (delivery["provider"], delivery["attempts"]) == (name, 1)
    assert await world.asked(person.phone) == [name]
    [text] = await world.texts(person.phone)
    assert text == f"【德阳人社】{delivery['text']}"
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_at_rest_both_providers_get_messages(world: World) -> None:
    people = [Person() for _ in range(20)]
    world.go_by(50)
    for person in people:
        await complain(world, person)
    asked = [(await world.ended(person.worker_id, "delivered"))[0]["provider"] for person in people]
    assert set(asked) == set(BOTH)


@pytest.mark.parametrize("name", BOTH)
async def test_what_a_provider_says_no_to_goes_by_the_other(world: World, name: Name) -> None:
    person = Person()
    go_by(world, name)
    await world.behave(gateway(world, name), code_next=1, code=NO_MONEY[name])
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert (delivery["provider"], delivery["attempts"]) == (other(name), 1)
    assert await world.asked(person.phone) == [other(name)]


@pytest.mark.parametrize("name", BOTH)
async def test_an_answer_that_is_lost_never_sends_by_the_other(world: World, name: Name) -> None:
    person = Person()
    go_by(world, name)
    await world.behave(gateway(world, name), lose_answer_next=1)
    await complain(world, person)
    await eventually(lambda: world.asked(person.phone))
    go_by(world, other(name))
    [delivery] = await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert delivery["provider"] == name
    assert await world.asked(person.phone) == [name]


@pytest.mark.parametrize("name", BOTH)
async def test_a_provider_that_is_slow_to_answer_is_not_sent_to_twice(
    world: World, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person()
    go_by(world, name)
    monkeypatch.setattr("services.notifier.gateways.connection.TIMEOUT", httpx2.Timeout(0.5))
    await world.behave(gateway(world, name), answer_delay_ms=900)
    await complain(world, person)
    await eventually(lambda: world.asked(person.phone))
    await world.behave(gateway(world, name))
    [delivery] = await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert (delivery["provider"], await world.asked(person.phone)) == (name, [name])


async def test_a_provider_that_is_out_is_left_alone_and_the_other_used(world: World) -> None:
    people = [Person() for _ in range(circuit.FAILURES + 3)]
    await world.behave(world.sms, code_next=1_000, code=NO_MONEY["aliyun"])
    before = await world.calls(world.sms)
    for person in people:
        await complain(world, person)
        [delivery] = await world.ended(person.worker_id, "delivered")
        assert delivery["provider"] == "tencent"
    assert await world.calls(world.sms) - before == circuit.FAILURES


async def test_a_provider_that_is_back_is_used_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circuit, "REST", dt.timedelta(seconds=1))
    await world.behave(world.sms, code_next=circuit.FAILURES, code=NO_MONEY["aliyun"])
    for _ in range(circuit.FAILURES):
        person = Person()
        await complain(world, person)
        await world.ended(person.worker_id, "delivered")
    assert providers.opened().lines["aliyun"].state == "open"

    async def used() -> bool:
        person = Person()
        await complain(world, person)
        [delivery] = await world.ended(person.worker_id, "delivered")
        return bool(delivery["provider"] == "aliyun")

    await eventually(used)
    assert providers.opened().lines["aliyun"].state == "closed"


async def test_where_both_are_out_a_message_waits_and_goes_once(world: World) -> None:
    person = Person()
    for name in BOTH:
        await world.behave(gateway(world, name), code_next=2, code=NO_MONEY[name])
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["attempts"] == 3
    assert len(await world.texts(person.phone)) == 1


@pytest.mark.parametrize("name", BOTH)
async def test_a_number_that_has_had_enough_waits_for_its_message(
    world: World, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sends it meanwhile, and nobody is in doubt about it."""
    limits = {"aliyun": "isv.BUSINESS_LIMIT_CONTROL", "tencent": "LimitExceeded.PhoneNumberOneHourLimit"}
    for module in (aliyun, tencent):
        monkeypatch.setattr(module, "LIMIT_SECONDS", 0.5)
    person = Person()
    go_by(world, name)
    before = await world.calls(gateway(world, other(name)))
    await world.behave(gateway(world, name), code_next=2, code=limits[name])
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert (delivery["provider"], delivery["attempts"]) == (name, 3)
    assert await world.asked(person.phone) == [name]
    assert await world.calls(gateway(world, other(name))) == before


@pytest.mark.parametrize("name", BOTH)
async def test_receipts_late_twice_and_for_strangers_change_nothing(world: World, name: Name) -> None:
    person = Person()
    go_by(world, name)
    await world.behave(gateway(world, name), answer_twice=1, strangers_next=1, receipt_delay_ms=500)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")

    async def repeated() -> bool:
        return bool((await gateway(world, name).get("/sandbox/counts")).json().get("receipts", 0) >= 4)

    await eventually(repeated)
    assert await world.told(delivery) == ["sent", "delivered"]
    assert await world.asked(person.phone) == [name]


async def test_a_report_before_the_answer_is_kept_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "EARLY", (dt.timedelta(seconds=1), dt.timedelta(seconds=1)))
    person = Person()
    go_by(world, "tencent")
    await world.behave(world.tencent, answer_delay_ms=1_500, receipt_delay_ms=0)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["attempts"] == 1
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_a_report_of_nobody_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "EARLY", (dt.timedelta(0), dt.timedelta(0)))
    assert (await report(world, "1:404")).json() == {"result": 0, "errmsg": "OK"}
    await world.notifier.settled()
    assert await storage().collection("timers").find_one({"key": "1:404"}) is None


async def test_reports_to_another_address_change_nothing(world: World) -> None:
    person = Person()
    go_by(world, "tencent")
    await world.behave(world.tencent, receipt_delay_ms=NEVER)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "sent")
    number = (await stored(delivery))["gateway_id"]
    assert (await report(world, number, token="a-guess")).status_code == 401
    unreadable = await world.notifier.http.post(f"/v1/sms-receipts/tencent/{RECEIPT_TOKEN}", json=[{"sid": number}])
    assert unreadable.status_code == 422
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["sent"]
    await report(world, number)
    await world.ended(person.worker_id, "delivered")


async def test_a_receipt_that_took_long_is_noted_as_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "SLOW", dt.timedelta(seconds=1))
    quick, slow = Person(), Person()
    await complain(world, quick)
    await world.ended(quick.worker_id, "delivered")
    await world.behave(world.sms, receipt_delay_ms=1_500)
    await complain(world, slow)
    late = [(await stored((await world.ended(one.worker_id, "delivered"))[0]))["late"] for one in (quick, slow)]
    assert late == [False, True]


@pytest.mark.parametrize("name", BOTH)
async def test_a_message_lost_on_its_way_fails_with_its_code(world: World, name: Name) -> None:
    person = Person()
    go_by(world, name)
    await world.behave(gateway(world, name), refuse_next=1)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "failed")
    assert delivery["reason"] == "MK:0001"


async def test_one_providers_loss_does_not_end_what_the_other_has(world: World) -> None:
    person = Person()
    await world.behave(world.sms, code_next=1, code=NO_MONEY["aliyun"])
    await world.behave(world.tencent, receipt_delay_ms=NEVER)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "sent")
    assert delivery["provider"] == "tencent"
    receipt = {"out_id": delivery["id"], "success": False, "err_code": "MK:0001"}
    await world.give_receipt(receipt)
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["sent"]
    await world.give_receipt(receipt | {"success": True})
    await world.ended(person.worker_id, "delivered")


# a process that dies at each step of a delivery


@pytest.mark.parametrize("name", BOTH)
async def test_a_crash_after_the_answer_asks_the_same_provider(world: World, name: Name) -> None:
    person = Person()
    go_by(world, name)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    go_by(world, other(name))
    await leave_queued(delivery)
    [delivery] = await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert (delivery["provider"], await world.asked(person.phone)) == (name, [name])


async def test_a_message_of_the_version_before_is_not_sent_twice(world: World) -> None:
    """It does not say whom it went through: there was one provider."""
    person = Person()
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    go_by(world, "tencent")
    await leave_queued(delivery, provider=None, offered_at=None)
    await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert await world.asked(person.phone) == ["aliyun"]


async def test_a_crash_before_asking_sends_once_where_one_can_tell(world: World) -> None:
    person = Person()
    await world.behave(world.sms, code_next=1, code="isv.SMS_CONTENT_ILLEGAL")
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "failed")
    go_by(world, "tencent")
    await leave_queued(delivery)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert (delivery["provider"], await world.asked(person.phone)) == ("aliyun", ["aliyun"])


async def test_a_crash_before_asking_is_uncertain_where_nobody_can(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tencent, "OVERDUE", dt.timedelta(seconds=1))
    person = Person()
    go_by(world, "tencent")
    await world.behave(world.tencent, code_next=1, code="FailedOperation.ContainSensitiveWord")
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "failed")
    await leave_queued(delivery)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    assert await world.asked(person.phone) == []


@pytest.mark.parametrize("name", BOTH)
async def test_a_crash_after_turning_to_the_other_asks_the_other(world: World, name: Name) -> None:
    """Whom it turned to was stored before that one was asked."""
    person = Person()
    go_by(world, other(name))
    await world.behave(gateway(world, other(name)), code_next=1, code=NO_MONEY[other(name)])
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert delivery["provider"] == name
    await leave_queued(delivery)
    await world.ended(person.worker_id, "delivered")
    await world.notifier.settled()
    assert await world.asked(person.phone) == [name]


async def test_the_provider_is_stored_before_it_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Name, object]] = []
    send = providers.send

    async def watched(name: Name, sms: rules.Sms) -> Any:
        row = await collection_of(Delivery).find_one({"_id": sms.delivery_id})
        seen.append((name, row and row["provider"]))
        return await send(name, sms)

    monkeypatch.setattr(providers, "send", watched)
    person = Person()
    world.go_by(50)
    for name in BOTH:
        await world.behave(gateway(world, name), code_next=2, code=NO_MONEY[name])
    await complain(world, person)
    await world.ended(person.worker_id, "delivered")
    assert len(seen) == 5
    assert [asked for asked, _ in seen] == [known for _, known in seen]


# what nobody knows


async def uncertain(world: World, person: Person, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A delivery that Tencent may have: it was taken, the answer was lost, and no report has come."""
    monkeypatch.setattr(tencent, "OVERDUE", dt.timedelta(seconds=1))
    go_by(world, "tencent")
    await world.behave(world.tencent, lose_answer_next=1, receipt_delay_ms=NEVER)
    await complain(world, person)
    [delivery] = await world.ended(person.worker_id, "uncertain")
    return delivery


async def test_what_nobody_knows_goes_again_only_if_somebody_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, officer = Person(), world.notifier.officer
    delivery = await uncertain(world, person, monkeypatch)
    await world.notifier.settled()
    assert (await world.told(delivery), await world.asked(person.phone)) == ([], ["tencent"])
    listed = (await world.notifier.http.get("/v1/uncertain-deliveries", headers=officer)).json()["items"]
    assert delivery["id"] in [one["id"] for one in listed]
    go_by(world, "aliyun")
    path = f"/v1/deliveries/{delivery['id']}/resolution"
    answer = await world.notifier.http.post(path, json={"decision": "send_again"}, headers=officer)
    assert answer.json()["state"] == "queued"
    [delivery] = await world.ended(person.worker_id, "delivered")
    assert (delivery["provider"], delivery["reason"]) == ("aliyun", None)
    assert await world.asked(person.phone) == ["tencent", "aliyun"]
    again = await world.notifier.http.post(path, json={"decision": "send_again"}, headers=officer)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-uncertain")
    audit = (await world.notifier.http.get("/v1/audit", headers=officer, params={"limit": 500})).json()["items"]
    assert ("delivery.send_again", delivery["id"]) in [(one["action"], one["about"]) for one in audit]


async def test_what_nobody_knows_can_be_left_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person, officer = Person(), world.notifier.officer
    delivery = await uncertain(world, person, monkeypatch)
    path = f"/v1/deliveries/{delivery['id']}/resolution"
    elsewhere = bearer("officer", department="hrss", district="510603")
    refused = await world.notifier.http.post(path, json={"decision": "leave"}, headers=elsewhere)
    assert refused.status_code == 403
    left = await world.notifier.http.post(path, json={"decision": "leave"}, headers=officer)
    assert left.json()["state"] == "uncertain"
    listed = (await world.notifier.http.get("/v1/uncertain-deliveries", headers=officer)).json()["items"]
    assert delivery["id"] not in [one["id"] for one in listed]
    again = await world.notifier.http.post(path, json={"decision": "send_again"}, headers=officer)
    assert again.status_code == 409
    unknown = await world.notifier.http.post(
        "/v1/deliveries/nobody/resolution", json={"decision": "leave"}, headers=officer
    )
    assert unknown.status_code == 404
    assert await world.asked(person.phone) == ["tencent"]


# numbers that nobody has


async def test_a_number_that_comes_back_three_times_is_used_no_more(world: World) -> None:
    person = Person()
    await world.behave(world.sms, refuse_next=DEAD_AFTER)
    await world.notifier.publish(person.registered())
    for count in range(1, DEAD_AFTER + 1):
        await world.notifier.publish(person.complained(f"TS{count}"))
        await world.ended(person.worker_id, "failed", count)
    await world.notifier.publish(person.complained("TS9"))
    deliveries = await world.ended(person.worker_id, "failed", DEAD_AFTER + 1)
    assert deliveries[0]["reason"] == "NO_MOBILE"
    assert len(await world.texts(person.phone)) == DEAD_AFTER
    living = Person().phone
    await world.notifier.publish(person.registered(living))

    async def known() -> bool:
        row = await storage().collection("contacts").find_one({"_id": f"worker:{person.worker_id}"})
        return row is not None and not row["dead"]

    await eventually(known)
    await world.notifier.publish(person.complained("TS10"))
    await world.ended(person.worker_id, "delivered")
    assert len(await world.texts(living)) == 1


async def test_where_there_is_an_app_it_takes_over_a_dead_number(world: World) -> None:
    person, device = Person(), "device-of-a-dead-number"
    headers = world.notifier.headers("worker", worker_id=person.worker_id)
    await world.notifier.http.put(f"/v1/devices/{device}", json={"platform": "android"}, headers=headers)
    prefers = await world.notifier.http.put(
        "/v1/preferences", json={"channel": "sms"}, headers=headers | {"If-Match": '"0"'}
    )
    assert prefers.status_code == 200
    await world.behave(world.sms, refuse_next=DEAD_AFTER)
    await world.notifier.publish(person.registered())
    for count in range(1, DEAD_AFTER):
        await world.notifier.publish(person.complained(f"TS{count}"))
        await world.ended(person.worker_id, "failed", count)
    for count in (1, 2):
        await world.notifier.publish(person.complained(f"TS{DEAD_AFTER + count}"))
        deliveries = await world.ended(person.worker_id, "delivered", count)
    assert {one["channel"] for one in deliveries if one["state"] == "delivered"} == {"push"}
    await world.notifier.settled()
    assert len(await world.pushes(device)) == 2
    assert len(await world.texts(person.phone)) == DEAD_AFTER


# how the messages are shared out


async def test_the_database_says_how_slow_each_provider_was(world: World) -> None:
    now, taken = clock.now(), {"aliyun": 3, "tencent": 2}
    before = await giving.measure(now)
    quick, slow = dt.timedelta(seconds=5), rules.SLOW + dt.timedelta(seconds=1)
    rows: list[tuple[Name, str, dt.timedelta, dt.timedelta | None]] = [
        ("aliyun", "delivered", quick * 2, quick),
        ("aliyun", "delivered", slow * 2, slow),
        ("aliyun", "sent", slow, None),
        ("tencent", "failed", quick, quick),
        ("tencent", "sent", quick, None),
        ("tencent", "delivered", rules.SEEN + slow, slow),
    ]
    for number, (name, state, ago, took) in enumerate(rows):
        sent_at = now - ago
        await collection_of(Delivery).insert_one(
            {
                "_id": f"measured-{number}",
                "channel": "sms",
                "provider": name,
                "state": state,
                "sent_at": sent_at,
                "finished_at": took and sent_at + took,
                "late": took is not None and took > rules.SLOW,
            }
        )
    try:
        seen = await giving.measure(now)
    finally:
        await collection_of(Delivery).delete_many({"_id": {"$regex": "^measured-"}})
    more = {
        name: (seen[name].taken - before.get(name, Seen()).taken, seen[name].slow - before.get(name, Seen()).slow)
        for name in BOTH
    }
    assert more == {"aliyun": (taken["aliyun"], 2), "tencent": (taken["tencent"], 0)}


async def test_all_processes_share_one_balance_looked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[dt.datetime] = []

    async def slow_tencent(now: dt.datetime) -> dict[Name, Seen]:
        looked.append(now)
        return {"aliyun": Seen(100, 1), "tencent": Seen(100, 50)}

    await collection_of(Balance).delete_many({})
    monkeypatch.setattr(providers.opened(), "resting", 50)
    for _ in range(3):  # each as a process that has just started
        providers.forget()
        await providers.look(slow_tencent)
        providers.forget()
        await providers.choose("some delivery", "case_opened_worker")
        assert providers.opened().shares.first == 60
    assert len(looked) == 1
    balance = await Balance.get(SMS)
    assert balance is not None
    assert balance.first == 60
    await collection_of(Balance).delete_many({})
