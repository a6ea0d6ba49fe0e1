"""A broadcast from its draft to everybody's message: whom it reaches, who approves it, and how it rests and ends."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from services.notifier.broadcasts import sending
from services.notifier.broadcasts.documents import Standing
from services.notifier.deliveries.documents import Delivery
from services.notifier.providers import commands as providers
from services.notifier.recipients.documents import Contact, contact_id
from shared import clock
from shared.contracts.notifier import BroadcastFinished, BroadcastPaused
from shared.contracts.registry import WorkerErased
from shared.policy.calendar import SHANGHAI, shanghai_date
from shared.policy.parameters import parameters
from shared.storage.audit import AuditEntry
from tests.harness import eventually
from tests.integration.notifier.broadcasts import city
from tests.integration.notifier.broadcasts.city import approved, ask, comes_to, engaged, officer, proposed, written
from tests.integration.notifier.conftest import World
from tests.integration.notifier.deliveries.test_faults import register_device
from tests.integration.notifier.people import DAY, Person


async def test_everybody_whom_it_concerns_hears_it_once(world: World) -> None:
    """People of the district and trade; one of them works for two platforms, one has the app. Others hear nothing."""
    here, elsewhere, courier, left = Person(), Person(), Person(), Person()
    twice, with_app = Person(), Person()
    again = Person(worker_id=twice.worker_id)
    await engaged(world, [here, twice, with_app], district="510604")
    await engaged(world, [elsewhere], district="510623")
    await engaged(world, [courier], district="510604", industry="courier")
    await engaged(world, [left], district="510604", ended_on=DAY)
    await world.notifier.publish(again.engaged(district="510604"))
    await register_device(world, with_app, "device-in-the-rain")
    await world.notifier.settled()
    draft = await written(world, districts=["510604"], industries=["instant_delivery"])
    preview = await ask(world, "GET", f"/{draft['id']}/preview", officer("looks"))
    assert (preview["people"], preview["sms"], len(preview["examples"])) == (3, 3, 3)
    assert preview["examples"][0]["name"] == "张**"
    assert {one["phone"] for one in preview["examples"]} == {
        f"{one.phone[:3]}****{one.phone[-4:]}" for one in (here, twice, with_app)
    }
    asked = await ask(world, "POST", f"/{draft['id']}/proposal", officer("writes") | {"If-Match": draft["etag"]})
    await ask(world, "POST", f"/{asked['id']}/approval", officer("approves") | {"If-Match": asked["etag"]})
    ended = await comes_to(world, draft["id"], "finished")
    assert (ended["listed"], ended["given"], ended["unreachable"]) == (3, 3, 0)
    await world.notifier.settled()
    said = [f"【德阳人社】{city.TEXT}"]
    assert [await world.texts(one.phone) for one in (here, twice)] == [said, said]
    assert [await world.texts(one.phone) for one in (elsewhere, courier, left, again, with_app)] == [[]] * 5
    [push] = await world.pushes("device-in-the-rain")
    assert (push["title"], push["body"]) == ("暴雨预警", city.TEXT)
    [told] = [fact for fact in await world.notifier.told(BroadcastFinished) if fact.broadcast_id == draft["id"]]
    assert (told.outcome, told.given, told.failed) == ("finished", 3, 0)
    rows = await ask(world, "GET", f"/{draft['id']}/rows", officer("looks"), params={"state": "delivered"})
    assert {row["worker_id"] for row in rows["items"]} == {one.worker_id for one in (here, twice, with_app)}
    [read] = await world.deliveries(here.worker_id)
    assert (read["title"], read["text"]) == ("暴雨预警", city.TEXT)


async def test_whose_work_began_long_ago_is_told_again(world: World) -> None:
    """An older word than what is known changes nothing."""
    long_ago, moved = Person(), Person()
    await engaged(world, [moved], district="510681", industry="other", version=2)
    await world.notifier.publish(long_ago.restated(district="510683", industry="other"))
    await world.notifier.publish(moved.restated(district="510683", industry="other"))
    await world.notifier.settled()
    found = await Standing.find({"_id": {"$in": [long_ago.engagement_id, moved.engagement_id]}}).to_list()
    assert {one.worker_id: one.district for one in found} == {long_ago.worker_id: "510683", moved.worker_id: "510681"}


async def test_only_a_second_officer_approves(world: World) -> None:
    asked = await proposed(world, districts=["510681"])
    path = f"/v1/broadcasts/{asked['id']}/approval"
    refused = await world.notifier.http.post(path, headers=officer("writes") | {"If-Match": asked["etag"]})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "second-officer-needed")
    unread = await world.notifier.http.post(path, headers=officer("approves") | {"If-Match": '"1"'})
    assert unread.status_code == 412
    returned = await ask(world, "POST", f"/{asked['id']}/return", officer("approves") | {"If-Match": asked["etag"]})
    body = {"kind": "weather", "title": "暴雨预警", "text": "改过的正文。", "template": "SMS_CHANGED"}
    etag = {"If-Match": returned["etag"]}
    changed = await ask(world, "PUT", f"/{asked['id']}", officer("changes") | etag, json=body)
    assert changed["districts"] == sorted(changed["districts"])
    assert len(changed["districts"]) == 6
    again = await ask(world, "POST", f"/{asked['id']}/proposal", officer("writes") | {"If-Match": changed["etag"]})
    etag = {"If-Match": again["etag"]}
    refused = await world.notifier.http.post(path, headers=officer("changes") | etag)
    assert refused.status_code == 409
    assert await Delivery.find({"broadcast": asked["id"]}).count() == 0
    stopped = await ask(world, "POST", f"/{asked['id']}/stop", officer("writes"))
    assert stopped["state"] == "stopped"
    assert [fact for fact in await world.notifier.told(BroadcastFinished) if fact.broadcast_id == asked["id"]] == []


async def test_of_all_who_approve_at_once_one_does(world: World) -> None:
    """And never the author, however often and under whatever token."""
    asked = await proposed(world, districts=["510681"], industries=["ride_hailing"])
    path, seen = f"/v1/broadcasts/{asked['id']}/approval", {"If-Match": asked["etag"]}
    names = ["first", "second", "third", "writes", "writes"]
    answers = await asyncio.gather(*(world.notifier.http.post(path, headers=officer(one) | seen) for one in names))
    codes = [answer.status_code for answer in answers]
    assert sorted(codes[:3]) in ([200, 409, 409], [200, 409, 412], [200, 412, 412])
    assert set(codes[3:]) <= {409, 412}
    ended = await comes_to(world, asked["id"], "finished")
    approvals = await AuditEntry.find({"about": asked["id"], "action": "broadcast.approved"}).to_list()
    assert (len(approvals), ended["listed"]) == (1, 0)


async def test_nobody_approves_beyond_the_own_district(world: World) -> None:
    """What a city's officer has written anew goes further than who approves for a district."""
    body = {"kind": "weather", "title": "预警", "text": "正文", "template": "SMS_1", "industries": ["other"]}
    mine = await ask(world, "POST", "", officer("here", district="510603"), json=body)
    etag = {"If-Match": mine["etag"]}
    wider = await ask(world, "PUT", f"/{mine['id']}", officer("city") | etag, json=body)
    assert len(wider["districts"]) == 6
    asked = await ask(world, "POST", f"/{mine['id']}/proposal", officer("city") | {"If-Match": wider["etag"]})
    path, seen = f"/v1/broadcasts/{mine['id']}/approval", {"If-Match": asked["etag"]}
    answer = await world.notifier.http.post(path, headers=officer("there", district="510603") | seen)
    assert answer.status_code == 403
    await ask(world, "POST", f"/{mine['id']}/approval", officer("approves") | seen)


async def test_an_officer_reaches_only_the_own_district(world: World) -> None:
    body = {"kind": "weather", "title": "预警", "text": "正文", "template": "SMS_1", "districts": ["510681"]}
    here = officer("here", district="510603")
    answer = await world.notifier.http.post("/v1/broadcasts", headers=here, json=body)
    assert answer.status_code == 403
    mine = await ask(world, "POST", "", officer("here", district="510603"), json=body | {"districts": []})
    assert mine["districts"] == ["510603"]
    other = await world.notifier.http.get(f"/v1/broadcasts/{mine['id']}", headers=officer("x", department="union"))
    assert other.status_code == 404


async def test_one_that_rests_sends_nothing_until_it_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped in the end, and whoever has no message by then gets none."""
    slow(monkeypatch, per_second=5)
    people = [Person() for _ in range(60)]
    await engaged(world, people, district="510682")
    broadcast_id = await approved(world, districts=["510682"])
    await comes_to(world, broadcast_id, "sending")
    rests = await ask(world, "POST", f"/{broadcast_id}/pause", officer("rests"))
    assert (rests["state"], rests["paused_for"]) == ("paused", "officer")
    await world.notifier.settled()
    sent = await Delivery.find({"broadcast": broadcast_id, "state": {"$ne": "listed"}}).count()
    assert sent < 30
    moved = await ask(world, "POST", f"/{broadcast_id}/resumption", officer("rests"))
    assert moved["state"] == "preparing"

    async def goes_on() -> bool:
        return await Delivery.find({"broadcast": broadcast_id, "state": {"$ne": "listed"}}).count() > sent

    await eventually(goes_on)
    await ask(world, "POST", f"/{broadcast_id}/stop", officer("rests"))
    await world.notifier.settled()
    now = await ask(world, "GET", f"/{broadcast_id}", officer("looks"))
    assert now["rows"]["listed"] > 0
    assert now["rows"]["listed"] + now["given"] == 60
    texts = [len(await world.texts(one.phone)) for one in people]
    assert sorted(set(texts)) == [0, 1]
    assert sum(texts) == now["given"]
    actions = [entry.action for entry in await AuditEntry.find({"about": broadcast_id}).sort("_id").to_list()]
    assert actions == ["broadcast.approved", "broadcast.paused", "broadcast.resumed", "broadcast.stopped"]


async def test_a_row_that_was_lost_is_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slow(monkeypatch, per_second=2)
    people = [Person() for _ in range(12)]
    await engaged(world, people, district="510683", industry="freight")
    broadcast_id = await approved(world, districts=["510683"], industries=["freight"])
    await comes_to(world, broadcast_id, "sending")
    [lost] = await Delivery.find({"broadcast": broadcast_id, "state": "listed"}).sort("-_id").limit(1).to_list()
    await lost.delete()
    slow(monkeypatch, per_second=80)
    ended = await comes_to(world, broadcast_id, "finished")
    await world.notifier.settled()
    assert ended["given"] == 12
    assert [len(await world.texts(one.phone)) for one in people] == [1] * 12


async def test_whoever_was_erased_meanwhile_hears_nothing(world: World) -> None:
    stays, leaves = Person(), Person()
    await engaged(world, [stays, leaves], district="510623", industry="courier")
    await world.notifier.publish(WorkerErased(worker_id=leaves.worker_id))

    async def forgotten() -> bool:
        return await Contact.get(contact_id("worker", leaves.worker_id)) is None

    await eventually(forgotten)
    ended = await comes_to(world, await approved(world, districts=["510623"], industries=["courier"]), "finished")
    assert (ended["given"], ended["unreachable"], ended["rows"]["withdrawn"]) == (1, 1, 1)


async def test_too_many_failures_pause_it_and_tell_the_desk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slow(monkeypatch, per_second=20, minimum=10)
    desk = {"name": "劳动监察值班", "phone": "13700000009"}
    path = "/v1/duty-desks/hrss/510600"
    assert (await world.notifier.http.put(path, json=desk, headers=world.notifier.officer)).is_success
    people = [Person() for _ in range(200)]
    await engaged(world, people, district="510603", industry="freight")
    await world.behave(world.sms, refuse_next=1000)
    broadcast_id = await approved(world, districts=["510603"], industries=["freight"])
    paused = await comes_to(world, broadcast_id, "paused")
    assert paused["paused_for"] == "failures"
    assert paused["rows"]["listed"] > 0
    [told] = [fact for fact in await world.notifier.told(BroadcastPaused) if fact.broadcast_id == broadcast_id]
    assert told.failed * 10 >= told.given

    async def desk_knows() -> bool:
        return any("群发消息因失败过多已自动暂停" in text for text in await world.texts(desk["phone"]))

    await eventually(desk_knows)
    await world.behave(world.sms)
    await ask(world, "POST", f"/{broadcast_id}/resumption", officer("rests"))
    slow(monkeypatch, per_second=200)
    ended = await comes_to(world, broadcast_id, "finished")
    assert ended["given"] == 200
    assert [len(await world.texts(one.phone)) for one in people] == [1] * 200


async def test_at_night_only_urgent_weather_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The night is that of the broadcasts alone: a desk that hears of their end must not wait for the morning."""
    slow(monkeypatch, per_second=80, quiet=True)
    monkeypatch.setattr(sending, "settings", Night())
    person = Person()
    await engaged(world, [person], district="510683", industry="courier")
    where = {"districts": ["510683"], "industries": ["courier"]}
    waits = await approved(world, kind="legal_education", **where)
    await comes_to(world, waits, "sending")
    await comes_to(world, await approved(world, urgent=True, **where), "finished")
    assert await Delivery.find({"broadcast": waits, "state": "listed"}).count() == 1
    monkeypatch.undo()
    slow(monkeypatch, per_second=80)
    await ask(world, "POST", f"/{waits}/pause", officer("rests"))
    await ask(world, "POST", f"/{waits}/resumption", officer("rests"))
    await comes_to(world, waits, "finished")
    await world.notifier.settled()
    assert len(await world.texts(person.phone)) == 2


async def test_it_goes_by_the_provider_that_has_its_text(world: World) -> None:
    """And what it does not send does not count against the other."""
    world.go_by(0)
    people = [Person() for _ in range(12)]
    await engaged(world, people, district="510604", industry="courier")
    await comes_to(world, await approved(world, districts=["510604"], industries=["courier"]), "finished")
    await world.notifier.settled()
    assert [await world.asked(one.phone) for one in people] == [["aliyun"]] * 12
    assert providers.rest_of("tencent") == 0


async def test_one_whose_text_nobody_has_pauses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slow(monkeypatch, per_second=20, minimum=3)
    state = providers.opened()
    monkeypatch.setattr(state, "providers", {"tencent": state.providers["tencent"]})
    people = [Person() for _ in range(5)]
    await engaged(world, people, district="510604", industry="freight")
    broadcast_id = await approved(world, districts=["510604"], industries=["freight"])
    ended = await comes_to(world, broadcast_id, "paused", "finished")
    await world.notifier.settled()
    rows = await ask(world, "GET", f"/{broadcast_id}/rows", officer("looks"), params={"state": "failed"})
    assert ended["state"] == "paused"
    assert {row["reason"] for row in rows["items"]} == {"TEMPLATE_NOT_FILED"}
    assert providers.rest_of("tencent") == 0


class Night:
    """Settings with quiet hours."""

    def has_quiet_hours(self) -> bool:
        return True


def slow(patch: pytest.MonkeyPatch, per_second: int, minimum: int = 50, quiet: bool = False) -> None:
    """Another rate and another minimum than the law's, and quiet hours that are on now, or over."""
    now = clock.now().astimezone(SHANGHAI)
    law = parameters.on(shanghai_date(now))
    hours = [now - dt.timedelta(minutes=5), now + dt.timedelta(minutes=5)]
    own = {"notifications.broadcast_per_second": per_second, "notifications.broadcast_bounce_minimum": minimum}

    class Rules:
        def number(self, key: str) -> int:
            return own.get(key) or law.number(key)

        def texts(self, key: str, entry: str | None = None) -> tuple[str, ...]:
            return law.texts(key, entry)

        def table(self, key: str) -> dict[str, str]:
            begin, end = hours if quiet else (hours[1], hours[1])
            return {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}

    patch.setattr(sending, "law", Rules)
