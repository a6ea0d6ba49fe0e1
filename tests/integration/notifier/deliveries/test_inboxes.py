"""Everybody who is told anything reads it again by their own token, marks it as read, and sees nobody else's."""

from __future__ import annotations

from typing import Any

import msgspec

from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients import contact_commands as contacts
from shared.contracts.base import Fact
from shared.contracts.complaints import (
    CaseAccepted,
    CaseAnswered,
    CaseOpened,
    LegalAidDecided,
    ReporterTold,
    TermMissed,
)
from shared.contracts.insurance import AdvancePaid, ClaimFiled
from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import ProviderChecked
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import bearer, eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person
from tests.integration.notifier.recipients.test_unions import Hall
from tests.unit.notifier.notices.test_table import published


def others() -> tuple[dict[str, str], ...]:
    """Callers whom none of it concerns."""
    return (
        bearer("worker", worker_id="w-of-nothing"),
        bearer("platform", uscc="91510600MA000000XX"),
        bearer("provider", uscc="91510600MA000000XX"),
        bearer("union", sub="union:of-nothing"),
        bearer("officer", sub="officer:of-nothing", department="post", district="510603"),
    )


async def box(world: World, headers: dict[str, str], **query: str) -> list[dict[str, Any]]:
    answer = await world.notifier.http.get("/v1/deliveries", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def reads(world: World, owner: dict[str, str], **query: str) -> list[dict[str, Any]]:
    """What an owner finds unread, all of which they mark as read; nobody else may, or finds any of it."""

    async def look() -> list[dict[str, Any]]:
        return await box(world, owner, unread="true", **query)

    found = await eventually(look)
    ids = {one["id"] for one in found}
    for other in others():
        assert not ids & {one["id"] for one in await box(world, other)}
    for delivery_id in ids:
        path = f"/v1/deliveries/{delivery_id}/read-mark"
        assert {(await world.notifier.http.put(path, headers=other)).status_code for other in others()} == {404}
        assert (await world.notifier.http.put(path, headers=owner)).status_code == 204
    assert await box(world, owner, unread="true", **query) == []
    assert ids <= {one["id"] for one in await box(world, owner, **query) if one["read_at"]}
    return found


def changed(fact: type[Fact], **values: Any) -> Fact:
    """A golden example of an event, with other values."""
    return msgspec.structs.replace(published(fact), **values)


async def test_a_worker_a_partner_and_a_provider_read_their_own(world: World) -> None:
    worker, partner, provider = new_id(), f"PARTNER-{new_id()}", f"PROVIDER-{new_id()}"
    await world.notifier.publish(
        changed(CaseOpened, worker_id=worker),
        changed(AdvancePaid, partner=partner),
        changed(ProviderChecked, provider=provider, accepted=True),
    )
    [told] = await reads(world, bearer("worker", worker_id=worker))
    assert (told["title"], told["kind"]) == ("投诉举报已登记", "worker")
    [told] = await reads(world, bearer("platform", uscc=partner))
    assert told["title"] == "平台已先行垫付待遇"
    [told] = await reads(world, bearer("provider", uscc=provider))
    assert (told["title"], told["kind"]) == ("备案审核通过", "provider")
    # a body that trains is another kind of recipient than an enterprise of the same code
    assert await box(world, bearer("platform", uscc=provider)) == []


async def test_an_officer_reads_the_own_and_the_desks_messages(world: World) -> None:
    subject, department, district = f"officer:{new_id()}", "transport", "510623"
    place = {"department": department, "district": district}
    officer, address = bearer("officer", sub=subject, **place), f"{new_id()}@officers.example"

    async def record(tx: Transaction) -> None:
        await contacts.record_officer(subject, department, district, None, address, tx)
        await contacts.record_desk(f"{department}:{district}", "值班", None, address, tx)

    await transact(record)
    of_desk = {"lead_department": "transport", "district": "510623"}
    await world.notifier.publish(
        changed(TermMissed, officer=subject, **of_desk), changed(CaseAnswered, **of_desk, filing_union=None)
    )
    [own] = await reads(world, officer)
    assert (own["kind"], own["recipient"]) == ("officer", subject)
    [shared] = await reads(world, officer, kind="department")
    assert (shared["kind"], shared["title"]) == ("department", "被投诉单位已答复")
    colleague = bearer("officer", sub="officer:colleague", **place)
    assert [one["id"] for one in await box(world, colleague, kind="department")] == [shared["id"]]
    assert await box(world, colleague) == []
    elsewhere = {"kind": "department", "recipient": "transport:510623"}
    of_city = bearer("officer", department="transport", district="510600")
    assert [one["id"] for one in await box(world, of_city, **elsewhere)] == [shared["id"]]
    for stranger in (others()[-1], bearer("officer", department="transport", district="510681")):
        answer = await world.notifier.http.get("/v1/deliveries", headers=stranger, params=elsewhere)
        assert answer.status_code == 403


async def test_a_union_reads_what_it_was_told_and_what_it_filed(world: World) -> None:
    """What it filed comes by the subject of whoever filed it, and waits until a union names them."""
    hall, person = Hall(world), Person()
    subject = f"union:{hall.union_id}"
    reported = changed(ClaimFiled, worker_id=person.worker_id, reported_by="union", filing_union=subject)
    await world.notifier.publish(
        hall.applied(), changed(CaseOpened, worker_id=new_id(), filing_union=subject), reported
    )
    waiting = {"kind": "union", "reference": f"union|{subject}", "state": "waiting"}
    await eventually(lambda: Delivery.find({**waiting, "template": "claim_filed_filing_union"}).first_or_none())
    await hall.on_file()
    await hall.say(email=hall.email)
    sent = await hall.deliveries("sent", 3)
    told = await reads(world, hall.officer)
    assert {one["id"] for one in told} == {one.id for one in sent}
    assert {one["title"] for one in told} == {"新的入会申请", "投诉举报已登记", "事故报案已登记"}
    assert len(await world.mails(hall.email)) == 3
    await world.notifier.publish(changed(CaseAccepted, worker_id=new_id(), filing_union=subject))
    [later] = await reads(world, hall.officer)
    assert later["title"] == "投诉举报已受理"


async def test_a_person_reads_what_an_earlier_record_was_told(world: World) -> None:
    kept, merged = new_id(), new_id()
    await world.notifier.publish(changed(CaseOpened, worker_id=merged))
    owner = bearer("worker", worker_id=kept)
    await world.notifier.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))
    [told] = await reads(world, owner)
    assert told["recipient"] == merged
    answer = await world.notifier.http.get("/v1/deliveries", headers=owner, params={"recipient": new_id()})
    assert answer.status_code == 403


async def test_no_officer_reads_who_reports_in_confidence(world: World) -> None:
    worker, open_ = new_id(), new_id()
    await world.notifier.publish(
        changed(ReporterTold, worker_id=worker),
        changed(LegalAidDecided, worker_id=worker, granted=True),
        changed(CaseOpened, worker_id=open_),
    )
    own = await eventually(lambda: two_of(world, bearer("worker", worker_id=worker)))
    assert {one["title"] for one in own} == {"保密事项有新进展", "决定给予法律援助"}
    city = bearer("officer", department="hrss", district="510600")
    assert [one["title"] for one in await eventually(lambda: box(world, city, recipient=open_))] == ["投诉举报已登记"]
    assert await box(world, city, recipient=worker) == []


async def test_what_is_uncertain_is_decided_on_without_its_words(world: World) -> None:
    worker, city = new_id(), bearer("officer", department="hrss", district="510600")
    await world.notifier.publish(changed(ReporterTold, worker_id=worker), changed(CaseOpened, worker_id=worker))
    own = await eventually(lambda: two_of(world, bearer("worker", worker_id=worker)))
    for one in own:
        await collection_of(Delivery).update_one(
            {"_id": one["id"]}, {"$set": {"state": "uncertain", "waits_for": None}}
        )
    listed = (await world.notifier.http.get("/v1/uncertain-deliveries?limit=500", headers=city)).json()["items"]
    shown = {one["id"]: one for one in listed}
    for one in own:
        private = one["title"] == "保密事项有新进展"
        row = shown[one["id"]]
        hidden = (True, None, None) if private else (False, one["title"], worker)
        assert (row["private"], row["title"], row["recipient"]) == hidden
        assert row["kind"] == "worker"
        assert not {"text", "recipient_name", "phone", "email", "template"} & row.keys()
        left = await world.notifier.http.post(
            f"/v1/deliveries/{one['id']}/resolution", json={"decision": "leave"}, headers=city
        )
        assert (left.status_code, left.json()["recipient"]) == (200, hidden[2]), left.text
        assert (worker in left.text) is not private


async def two_of(world: World, owner: dict[str, str]) -> list[dict[str, Any]] | None:
    found = await box(world, owner)
    return found if len(found) == 2 else None
