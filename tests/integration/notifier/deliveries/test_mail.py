"""E-mail by a real mail server, which fails, refuses, dawdles and hangs up: every message goes out, none twice."""

from __future__ import annotations

from typing import Any

import httpx2

from services.notifier.deliveries import commands
from services.notifier.deliveries.commands import DELIVERY
from services.notifier.deliveries.documents import Delivery
from services.notifier.gateways.mail import ANSWER_LOST, DEAD_ADDRESS
from services.notifier.notices.rules import Message
from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.documents import Contact
from shared import clock
from shared.ids import new_id
from shared.storage.client import collection_of, storage
from shared.storage.encryption import seal_for
from shared.storage.transaction import transact
from tests.harness import bearer, eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person
from tests.unit.identity.numbers import make_uscc

TEMPLATE = "case_opened_department"


class Desk:
    """An officer of the labour department, and the desk of their district, each at addresses of its own."""

    def __init__(self) -> None:
        number = new_id()
        self.subject, self.own = f"officer:{number}", f"{number}@officers.example"
        self.desk, self.shared = f"desk_{number[-6:].lower()}:510681", f"{number}@desks.example"
        self.department = self.desk.partition(":")[0]

    def message(self, kind: Any = "department") -> Message:
        recipient = self.subject if kind == "officer" else self.desk
        desk = self.desk if kind == "officer" else None
        params = {"number": "TS1", "accept_by": "2026年10月1日"}
        return Message(TEMPLATE, kind, recipient, desk=desk, params=params)

    async def open(self, *, phone: str | None = None) -> None:
        name, email = "值班", self.shared
        await transact(lambda tx: contacts.record_desk(self.desk, name, phone, email, tx))

    async def officer(self, department: str | None = None, *, phone: str | None = None) -> None:
        whose = department or self.department
        await transact(lambda tx: contacts.record_officer(self.subject, whose, "510681", phone, self.own, tx))


async def tell(message: Message) -> str:
    delivery_id = new_id()
    await transact(lambda tx: commands.queue_or_wait(commands.new_delivery(delivery_id, message, clock.now()), tx))
    return delivery_id


async def ended(delivery_id: str, state: str) -> Delivery:
    async def look() -> Delivery | None:
        found = await Delivery.of(delivery_id)
        return found if found is not None and found.state == state else None

    return await eventually(look)


async def test_a_desk_without_a_phone_hears_by_email(world: World) -> None:
    desk = Desk()
    await desk.open()
    delivery = await ended(await tell(desk.message()), "sent")
    [mail] = await world.mails(desk.shared)
    assert mail["subject"] == "【德阳人社】新的投诉举报"
    assert "投诉举报TS1已登记" in mail["text"]
    assert mail["headers"]["Message-ID"] == f"<{delivery.id}@example.com>"
    assert desk.shared not in str(await collection_of(Delivery).find({"_id": delivery.id}).to_list(None))
    assert desk.shared not in str(await storage().collection("contacts").find({}).to_list(None))


async def test_a_desk_with_a_mobile_hears_by_sms_alone(world: World) -> None:
    desk = Desk()
    phone = f"136{Person().number:08d}"
    await desk.open(phone=phone)
    await ended(await tell(desk.message()), "delivered")
    assert len(await world.texts(phone)) == 1
    assert await world.mails(desk.shared) == []


async def test_mail_put_off_goes_out_later_and_once(world: World) -> None:
    desk = Desk()
    await desk.open()
    await world.behave(world.mail, code_next=1, code="451 4.7.1 greylisted")
    delivery = await ended(await tell(desk.message()), "sent")
    assert delivery.attempts == 2
    assert len(await world.mails(desk.shared)) == 1


async def test_mail_refused_for_now_after_its_text_goes_later(world: World) -> None:
    desk = Desk()
    await desk.open()
    await world.behave(world.mail, fail_next=1, status=452)
    delivery = await ended(await tell(desk.message()), "sent")
    assert delivery.attempts == 2
    assert len(await world.mails(desk.shared)) == 1


async def test_a_refused_mail_fails_where_there_is_no_other_way(world: World) -> None:
    desk = Desk()
    await desk.open()
    await world.behave(world.mail, fail_next=1, status=554)
    delivery = await ended(await tell(desk.message()), "failed")
    assert (delivery.reason, delivery.sent_at) == ("SMTP 554", None)
    await ended(await tell(desk.message()), "sent")  # the address was not what was refused
    assert len(await world.mails(desk.shared)) == 1


async def test_a_mail_whose_answer_was_lost_is_never_sent_again(world: World) -> None:
    desk = Desk()
    await desk.open()
    await world.behave(world.mail, lose_answer_next=1)
    delivery = await ended(await tell(desk.message()), "uncertain")
    assert delivery.reason == ANSWER_LOST
    await world.notifier.settled()
    assert len(await world.mails(desk.shared)) == 1
    answer = await world.notifier.http.post(
        f"/v1/deliveries/{delivery.id}/resolution", json={"decision": "send_again"}, headers=world.notifier.officer
    )
    assert answer.status_code == 200, answer.text
    await ended(delivery.id, "sent")
    assert len(await world.mails(desk.shared)) == 2


async def test_a_slow_mail_server_is_asked_again_before_the_text(world: World) -> None:
    desk = Desk()
    await desk.open()
    await world.behave(world.mail, delay_ms=6_000)
    delivery_id = await tell(desk.message())

    async def put_off() -> bool:
        left = await storage().collection("timers").find_one({"key": delivery_id, "holder": None, "attempts": 1})
        return left is not None

    await eventually(put_off, 15)
    await world.behave(world.mail)
    delivery = await ended(delivery_id, "sent")
    assert delivery.attempts == 2
    assert len(await world.mails(desk.shared)) == 1


async def test_a_crash_before_the_answer_is_stored_sends_no_twin(world: World) -> None:
    desk = Desk()
    await desk.open()
    delivery = await ended(await tell(desk.message()), "sent")
    # as a process leaves it that dies between the server's answer and the transaction that stores it
    await collection_of(Delivery).update_one({"_id": delivery.id}, {"$set": {"state": "queued", "sent_at": None}})
    left = {"_id": f"{DELIVERY}:{delivery.id}", "kind": DELIVERY.name, "key": delivery.id, "due_at": clock.now()}
    await storage().collection("timers").insert_one({**left, "data": {}, "attempts": 1, "holder": "one that died"})
    await ended(delivery.id, "uncertain")
    assert len(await world.mails(desk.shared)) == 1


async def test_a_dead_address_is_not_used_until_another_is_told(world: World) -> None:
    person = Person()
    uscc = make_uscc(f"EM{person.number:07d}")
    platform = bearer("platform", uscc=uscc)
    contact, fixed_line = f"/v1/platforms/{uscc}/contact", "0838-2345678"

    async def record(email: str) -> httpx2.Response:
        return await world.notifier.http.put(contact, json={"email": email}, headers=platform)

    assert (await record("office@firm.example")).json() == {"email": "o*****@firm.example", "email_works": True}
    registered = person.platform_registered()
    await world.notifier.publish(registered_as(registered, uscc, fixed_line))
    message = Message("enterprise_delisted_enterprise", "platform", uscc, params={"delisted_on": "2026年9月1日"})
    await eventually(lambda: known(f"platform:{uscc}"))
    await world.behave(world.mail, refuse_next=1)
    refused = await ended(await tell(message), "failed")
    assert refused.reason == DEAD_ADDRESS
    assert (await world.notifier.http.get(contact, headers=platform)).json()["email_works"] is False
    unreachable = await ended(await tell(message), "failed")
    assert unreachable.reason == "NO_MOBILE"
    assert (await record("new@firm.example")).json()["email_works"] is True
    await ended(await tell(message), "sent")
    assert len(await world.mails("new@firm.example")) == 1
    assert await world.mails("office@firm.example") == []


def registered_as(registered: Any, uscc: str, phone: str) -> Any:
    return type(registered)(
        uscc=uscc,
        name=registered.name,
        industries=registered.industries,
        delivery_classes=registered.delivery_classes,
        for_notifier=seal_for("notifier", {"phone": phone}),
    )


async def known(contact_id: str) -> bool:
    contact = await Contact.of(contact_id)
    return contact is not None and contact.known


async def test_an_officer_hears_at_their_own_address(world: World) -> None:
    desk = Desk()
    await desk.open()
    await desk.officer()
    await ended(await tell(desk.message("officer")), "sent")
    assert len(await world.mails(desk.own)) == 1
    assert await world.mails(desk.shared) == []


async def test_for_an_officer_without_an_address_the_desk_hears(world: World) -> None:
    desk = Desk()
    await desk.open()
    delivery = await ended(await tell(desk.message("officer")), "sent")
    assert (delivery.kind, delivery.recipient) == ("department", desk.desk)
    assert len(await world.mails(desk.shared)) == 1


async def test_an_address_told_by_another_department_is_not_used(world: World) -> None:
    desk = Desk()
    await desk.open()
    await desk.officer("transport")
    await ended(await tell(desk.message("officer")), "sent")
    assert await world.mails(desk.own) == []
    assert len(await world.mails(desk.shared)) == 1


async def test_an_address_told_from_another_district_is_not_used(world: World) -> None:
    """Nobody has a colleague's messages of another district sent to themselves; who reaches the whole city may say where."""
    for district, used in (("510603", False), ("510681", True), ("510600", True)):
        desk = Desk()
        desk.desk = "commerce:510681"
        await desk.open()
        teller = bearer("officer", department="commerce", district=district)
        path, body = f"/v1/officers/{desk.subject}/contact", {"email": desk.own}
        told = await world.notifier.http.put(path, json=body, headers=teller)
        assert told.status_code == 200, told.text
        await ended(await tell(desk.message("officer")), "sent")
        assert [len(await world.mails(one)) for one in (desk.own, desk.shared)] == [int(used), int(not used)], district


async def test_the_desk_hears_where_an_officers_mail_comes_back(world: World) -> None:
    desk = Desk()
    await desk.open()
    await desk.officer()
    await world.behave(world.mail, refuse_next=1)
    await ended(await tell(desk.message("officer")), "sent")
    assert await world.mails(desk.own) == []
    assert len(await world.mails(desk.shared)) == 1


async def test_officers_say_their_own_and_colleagues_addresses(world: World) -> None:
    subject = f"officer:{new_id()}"
    path, body = f"/v1/officers/{subject}/contact", {"email": "someone@city.example", "phone": "13700000009"}
    colleague = bearer("officer", department="hrss", district="510603")
    stranger = bearer("officer", department="transport", district="510600")
    elsewhere = bearer("officer", department="hrss", district="510681")
    city = bearer("officer", department="hrss", district="510600")
    told = await world.notifier.http.put(path, json=body, headers=colleague)
    assert told.json() == {
        "phone": "137****0009",
        "phone_works": True,
        "email": "s******@city.example",
        "email_works": True,
    }
    assert (await world.notifier.http.get(path, headers=colleague)).json() == told.json()
    for other in (stranger, elsewhere):
        assert (await world.notifier.http.get(path, headers=other)).status_code == 404
        assert (await world.notifier.http.put(path, json=body, headers=other)).status_code == 404
    assert (await world.notifier.http.put(path, json=body, headers=city)).status_code == 200
    assert (await world.notifier.http.get(path, headers=colleague)).status_code == 200
    nothing = await world.notifier.http.put(path, json={}, headers=colleague)
    broken = await world.notifier.http.put(path, json={"email": "a@b.example\r\nBcc: c@d.example"}, headers=colleague)
    assert (nothing.status_code, broken.status_code) == (422, 422)
    [entry, *_] = await storage().collection("audit_log").find({"about": subject}).to_list(None)
    assert entry["action"] == "officer.contact_recorded"
