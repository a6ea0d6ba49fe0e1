"""People of a district and trade whom a broadcast may concern, and officers who send one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.notifier.broadcasts.documents import Standing
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import bearer, eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

TEXT = "暴雨橙色预警：请立即停止接单，到安全处避雨，切勿涉水。"


def officer(name: str, department: str = "hrss", district: str = "510600") -> dict[str, str]:
    return bearer("officer", sub=f"officer:{name}", department=department, district=district) | {
        "Idempotency-Key": new_id()
    }


async def engaged(world: World, people: Sequence[Person], **changes: Any) -> None:
    """Make people known, who work since lately."""
    await world.notifier.publish(*(one.registered() for one in people))
    await world.notifier.publish(*(one.engaged(**changes) for one in people))

    async def known() -> bool:
        ids = [one.engagement_id for one in people]
        kept = await Standing.find({"_id": {"$in": ids}}).count()
        contacts = storage().collection("contacts")
        return (
            kept
            == await contacts.count_documents({"_id": {"$in": [f"worker:{one.worker_id}" for one in people]}})
            == len(ids)
        )

    await eventually(known, 60)


async def ask(world: World, method: str, path: str, headers: dict[str, str], **options: Any) -> dict[str, Any]:
    answer = await world.notifier.http.request(method, f"/v1/broadcasts{path}", headers=headers, **options)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json() | {"etag": answer.headers.get("etag", "")}
    return found


async def written(world: World, **changes: Any) -> dict[str, Any]:
    """A draft, whose text is filed with the gateway."""
    body = {
        "kind": "weather",
        "title": "暴雨预警",
        "text": TEXT,
        "template": f"SMS_{new_id().replace('-', '')}",
    } | changes
    (await world.sms.put(f"/sandbox/templates/{body['template']}", content=body["text"])).raise_for_status()
    return await ask(world, "POST", "", officer("writes"), json=body)


async def proposed(world: World, **changes: Any) -> dict[str, Any]:
    draft = await written(world, **changes)
    return await ask(world, "POST", f"/{draft['id']}/proposal", officer("writes") | {"If-Match": draft["etag"]})


async def approved(world: World, **changes: Any) -> str:
    """The id of a broadcast that has begun."""
    asked = await proposed(world, **changes)
    await ask(world, "POST", f"/{asked['id']}/approval", officer("approves") | {"If-Match": asked["etag"]})
    return str(asked["id"])


async def comes_to(world: World, broadcast_id: str, *states: str, seconds: float = 60) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        now = await ask(world, "GET", f"/{broadcast_id}", officer("looks"))
        return now if now["state"] in states else None

    return await eventually(look, seconds)
