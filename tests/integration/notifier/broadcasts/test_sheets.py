"""A broadcast to the people of a sheet; what workers do not want to hear of; records that are merged while one is sent."""

from __future__ import annotations

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients.documents import Contact
from services.notifier.sheets.documents import SheetRow
from services.notifier.sheets.rules import PHONE, WORKER
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.broadcasts import city
from tests.integration.notifier.broadcasts.city import approved, ask, comes_to, engaged, officer, written
from tests.integration.notifier.broadcasts.test_broadcasts import slow
from tests.integration.notifier.conftest import World
from tests.integration.notifier.deliveries.test_faults import register_device
from tests.integration.notifier.people import Person

UNKNOWN = "13611112222"


async def sent_in(world: World, draft: dict[str, Any], *lines: str) -> dict[str, Any]:
    content = "\n".join(lines).encode("gb18030")
    headers = officer("writes") | {"If-Match": draft["etag"]}
    return await ask(world, "POST", f"/{draft['id']}/sheet", headers, content=content)


async def begun(world: World, draft: dict[str, Any]) -> str:
    asked = await ask(world, "POST", f"/{draft['id']}/proposal", officer("writes") | {"If-Match": draft["etag"]})
    await ask(world, "POST", f"/{asked['id']}/approval", officer("approves") | {"If-Match": asked["etag"]})
    return str(asked["id"])


async def prefer(world: World, person: Person, **body: Any) -> None:
    headers = world.notifier.headers("worker", worker_id=person.worker_id) | {"If-Match": '"0"'}
    assert (await world.notifier.http.put("/v1/preferences", json=body, headers=headers)).is_success


async def test_everybody_whom_a_sheet_names_hears_it_once(world: World) -> None:
    """By phone, by id, and somebody whom nobody knows; bad cells and whoever is named twice are told."""
    by_phone, by_id, left_out = Person(), Person(), Person()
    await engaged(world, [by_phone, by_id, left_out])
    await register_device(world, by_phone, "device-of-a-sheet")
    text = "请于${day}前到服务窗口办理。"
    draft = await written(world, kind="publicity", text=text)
    sheet = await sent_in(
        world,
        draft,
        f"{PHONE},{WORKER},day",
        f"{by_phone.phone},,九月一日",
        f",{by_id.worker_id},九月二日",
        f"{UNKNOWN},,九月三日",
        f",{by_phone.worker_id},九月四日",
        "1.36E+10,,九月五日",
        f",{new_id()},九月六日",
    )
    assert (sheet["sheet_people"], sheet["sheet_faults"]) == (3, 3)
    faults = await ask(world, "GET", f"/{draft['id']}/sheet-faults", officer("looks"), params={"limit": "2"})
    assert [one["cell"] for one in faults["items"]] == ["B5", "A6"]
    assert faults["items"][0]["en"] == "B5: the same person as in A2, counted once"
    assert faults["next"] is not None
    path = f"/v1/broadcasts/{draft['id']}/sheet-faults/table"
    table = await world.notifier.http.get(path, headers=officer("looks"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(table.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["单元格", "B5", "A6", "B7"]
    preview = await ask(world, "GET", f"/{draft['id']}/preview", officer("looks"))
    assert preview["people"] == 3
    assert f"{UNKNOWN[:3]}****{UNKNOWN[-4:]}" in {one["phone"] for one in preview["examples"]}
    assert UNKNOWN not in str(await storage().collection("broadcast_sheet_rows").find({}).to_list(None))
    ended = await comes_to(world, await begun(world, sheet), "finished")
    await world.notifier.settled()
    assert (ended["listed"], ended["given"], ended["unreachable"]) == (3, 3, 0)
    assert [one["body"] for one in await world.pushes("device-of-a-sheet")] == [text.replace("${day}", "九月一日")]
    assert await world.texts(by_id.phone) == ["【德阳人社】" + text.replace("${day}", "九月二日")]
    assert await world.texts(UNKNOWN) == ["【德阳人社】" + text.replace("${day}", "九月三日")]
    assert [await world.texts(one.phone) for one in (by_phone, left_out)] == [[], []]

    async def phone_is_forgotten() -> bool:
        rows = await Delivery.find({"broadcast": draft["id"], "recipient": {"$regex": "^phone:"}}).to_list()
        return [(row.state, row.address) for row in rows] == [("delivered", None)]

    await eventually(phone_is_forgotten)


async def test_a_text_with_places_needs_a_sheet(world: World) -> None:
    draft = await written(world, text="请于${day}前办理。")
    headers = officer("writes") | {"If-Match": draft["etag"]}
    refused = await world.notifier.http.post(f"/v1/broadcasts/{draft['id']}/proposal", headers=headers)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "sheet-needed")
    lacks = await world.notifier.http.post(
        f"/v1/broadcasts/{draft['id']}/sheet", headers=headers, content=f"{PHONE}\n{UNKNOWN}\n".encode()
    )
    assert (lacks.status_code, lacks.json()["type"].rpartition("/")[2]) == (422, "sheet-columns")
    form = await world.notifier.http.get(f"/v1/broadcasts/{draft['id']}/sheet-template", headers=officer("writes"))
    [columns] = CalamineWorkbook.from_filelike(io.BytesIO(form.content)).get_sheet_by_index(0).to_python()
    assert columns == [PHONE, WORKER, "day"]


async def test_a_lost_row_of_a_sheet_is_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slow(monkeypatch, per_second=2)
    phones = [f"1362222{number:04d}" for number in range(12)]
    broadcast_id = await begun(world, await sent_in(world, await written(world), PHONE, *phones))
    await comes_to(world, broadcast_id, "sending")
    [lost] = await Delivery.find({"broadcast": broadcast_id, "state": "listed"}).sort("-_id").limit(1).to_list()
    await lost.delete()
    slow(monkeypatch, per_second=80)
    ended = await comes_to(world, broadcast_id, "finished")
    await world.notifier.settled()
    assert (ended["listed"], ended["given"]) == (12, 12)
    assert [len(await world.texts(phone)) for phone in phones] == [1] * 12


async def test_another_text_or_sheet_takes_the_place_of_one(world: World) -> None:
    draft = await written(world)
    first = await sent_in(world, draft, PHONE, "13611110001")
    second = await sent_in(world, first, PHONE, "13611110002", "13611110003")
    assert (second["sheet_people"], first["sheet"] != second["sheet"]) == (2, True)
    unread = await world.notifier.http.post(
        f"/v1/broadcasts/{draft['id']}/sheet", headers=officer("writes") | {"If-Match": first["etag"]}, content=PHONE
    )
    assert unread.status_code == 412
    await SheetRow.find({"_id": {"$regex": f"^{second['sheet']}"}}).limit(1).delete()
    etag = {"If-Match": second["etag"]}
    gone = await world.notifier.http.post(f"/v1/broadcasts/{draft['id']}/proposal", headers=officer("writes") | etag)
    assert gone.json()["type"].rpartition("/")[2] == "sheet-gone"
    body = {"kind": "weather", "title": "预警", "text": "请于${day}前办理。", "template": "SMS_CHANGED"}
    changed = await ask(world, "PUT", f"/{draft['id']}", officer("writes") | etag, json=body)
    assert (changed["sheet"], changed["sheet_people"]) == (None, 0)


@pytest.mark.parametrize(("kind", "comes"), [("publicity", False), ("legal_education", False), ("weather", True)])
async def test_publicity_can_be_switched_off_but_no_warning(world: World, kind: str, comes: bool) -> None:
    person = Person()
    await engaged(world, [person])
    await prefer(world, person, no_publicity=True)
    draft = await written(world, kind=kind)
    broadcast_id = await begun(world, await sent_in(world, draft, WORKER, person.worker_id))
    ended = await comes_to(world, broadcast_id, "finished")
    await world.notifier.settled()
    assert (ended["given"], ended["declined"], ended["unreachable"]) == (int(comes), int(not comes), 0)
    assert len(await world.texts(person.phone)) == comes


async def test_prompts_to_rest_come_only_through_the_app(world: World) -> None:
    with_app, without = Person(), Person()
    await engaged(world, [with_app, without])
    await register_device(world, with_app, "device-that-rests")
    for person in (with_app, without):
        await prefer(world, person, channel="sms", rest_in_app=True)
    draft = await written(world, kind="rest")
    sheet = await sent_in(world, draft, WORKER, with_app.worker_id, without.worker_id)
    await world.behave(world.push, refuse_next=1)
    ended = await comes_to(world, await begun(world, sheet), "finished")
    await world.notifier.settled()
    assert (ended["given"], ended["declined"]) == (1, 1)
    assert [await world.texts(one.phone) for one in (with_app, without)] == [[], []]


async def test_whose_records_are_merged_meanwhile_hears_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pair before either has the message, one after the earlier record had it."""
    slow(monkeypatch, per_second=1)
    told, *others, early = [Person() for _ in range(10)]  # in this order they have their turn
    kept, later = Person(), Person()
    await engaged(world, [told, *others, early], district="510683", industry="other")
    await world.notifier.publish(kept.registered(early.phone), later.registered(told.phone))
    broadcast_id = await approved(world, districts=["510683"], industries=["other"])

    async def one_has_it() -> bool:
        return len(await world.texts(told.phone)) == 1

    await eventually(one_has_it)
    await ask(world, "POST", f"/{broadcast_id}/pause", officer("rests"))
    await world.notifier.settled()
    had = {
        row.recipient for row in await Delivery.find({"broadcast": broadcast_id, "state": {"$ne": "listed"}}).to_list()
    }
    pairs = [(early, kept), (told, later)]
    merged = [WorkerMerged(worker_id=new.worker_id, merged_worker_id=old.worker_id) for old, new in pairs]
    await world.notifier.publish(*merged)
    await world.notifier.publish(
        *(old.engaged(district="510683", industry="other", worker_id=new.worker_id, version=2) for old, new in pairs)
    )

    async def known() -> bool:
        ids = [f"worker:{old.worker_id}" for old, _ in pairs]
        return await Contact.find({"_id": {"$in": ids}, "merged_into": {"$ne": None}}).count() == 2

    await eventually(known)
    await world.notifier.settled()
    slow(monkeypatch, per_second=80)
    await ask(world, "POST", f"/{broadcast_id}/resumption", officer("rests"))
    ended = await comes_to(world, broadcast_id, "finished")
    await world.notifier.settled()
    assert told.worker_id in had
    assert early.worker_id not in had
    assert [len(await world.texts(old.phone)) for old, _ in pairs] == [1, 1]
    assert [await world.texts(one.phone) for one in others] == [[f"【德阳人社】{city.TEXT}"]] * 8
    assert ended["given"] == 10
