"""A broadcast as officers make it, and what phones get of it."""

from __future__ import annotations

import uuid
from typing import Any

from tests.end_to_end.articles.city import City
from tests.harness import eventually


async def audience(city: City, officer: str, body: dict[str, Any], people: int) -> dict[str, Any]:
    """A draft, once so many people are known whom it concerns."""
    draft: dict[str, Any] = await city.post(officer, "notifier", "/v1/broadcasts", body)

    async def known() -> bool:
        preview = await city.get(officer, "notifier", f"/v1/broadcasts/{draft['id']}/preview")
        return (len(preview["examples"]), preview["people"]) == (people, people)

    await eventually(known, 90)
    return draft


async def send(city: City, draft: dict[str, Any], writer: str, approver: str) -> dict[str, Any]:
    """What has become of a broadcast that is proposed by one officer and approved by another, once it is finished."""
    path = f"/v1/broadcasts/{draft['id']}"
    await city.http.put(f"{city.urls['sms']}/sandbox/templates/{draft['template']}", content=draft["text"])
    await city.post(writer, "notifier", f"{path}/proposal", headers={"If-Match": '"1"'})
    await city.post(writer, "notifier", f"{path}/approval", headers={"If-Match": '"2"'}, expect=409)
    await city.post(approver, "notifier", f"{path}/approval", headers={"If-Match": '"2"'})

    async def finished() -> dict[str, Any] | None:
        now: dict[str, Any] = await city.get(writer, "notifier", path)
        return now if now["state"] == "finished" else None

    return await eventually(finished, 120)


async def texts(city: City, template: str) -> list[str]:
    """What the gateway sent of a template, in order."""
    messages = (await city.http.get(f"{city.urls['sms']}/sandbox/messages")).json()
    return [one["text"] for one in messages if one["template"] == template]


def new_template() -> str:
    return f"SMS_{uuid.uuid4().hex}"
