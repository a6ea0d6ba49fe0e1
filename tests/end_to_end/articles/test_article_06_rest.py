"""六 合理确定休息: whoever works too long over two platforms is told to rest, so are the platforms, and an officer sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, order, profile
from tests.harness import eventually

PHONE, DESKS = "13900000061", ("13700000061", "13700000062")


async def texts_to(city: City, phone: str, words: str) -> list[str]:
    found = (await city.http.get(f"{city.urls['sms']}/sandbox/messages", params={"phone": phone})).json()
    return [one["text"] for one in found if words in one["text"]]


async def test_too_long_over_two_platforms_is_told_while_it_helps(city: City) -> None:
    one, other, person = new_platform(), new_platform(), new_id_number()
    for platform, desk in zip((one, other), DESKS, strict=True):
        await city.push(platform, profile(platform, contact_phone=desk))
        await city.push(platform, engagement(platform, "rider-rest", person, phone=PHONE))
        await city.engagement_of(platform, "rider-rest")
    await city.settled("registry", "complaints", "notifier")
    now = dt.datetime.now(dt.UTC)
    begin, end = (now - dt.timedelta(hours=4, minutes=5)).isoformat(), now.isoformat()
    # neither platform's own orders are long enough; what overlaps counts once, and both go on until now at whatever hour
    middle, late = (now - dt.timedelta(hours=2)).isoformat(), (now - dt.timedelta(seconds=30)).isoformat()
    await city.push(other, order(other, "REST-1", "rider-rest", middle, end))
    await city.push(
        one, order(one, "REST-2", "rider-rest", late, end), order(one, "REST-3", "rider-rest", begin, middle)
    )

    async def heard() -> list[str] | None:
        worker = await texts_to(city, PHONE, "连续工作时间已达上限")
        desks = [await texts_to(city, desk, "rider-rest") for desk in DESKS]
        return worker if worker and all(desks) else None

    assert len(await eventually(heard, 40)) == 1

    async def seen() -> list[dict[str, Any]] | None:
        leads = (await city.get("officer", "complaints", "/v1/leads?limit=500"))["items"]
        mine = [lead for lead in leads if lead["kind"] == "rest_exceeded" and lead["worker_ref"] == "rider-rest"]
        return mine if len(mine) == 2 else None

    leads = await eventually(seen, 40)
    assert {lead["platform"] for lead in leads} == {one, other}
    assert {lead["finding"]["worked_seconds"] for lead in leads} == {4 * 3600 + 300}
