"""四 落实平等就业权利: whoever likes works through several platforms at once, and none of them can bar it."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually


async def test_one_person_works_through_several_platforms(city: City) -> None:
    """Each platform sees and ends its own engagement only."""
    one, other, third = new_platform(), new_platform(), new_platform()
    person = new_id_number()
    await city.push(one, profile(one), engagement(one, "a", person))
    await city.push(other, profile(other), engagement(other, "b", person, industry="courier"))
    await city.push(third, profile(third), engagement(third, "c", person, relation="employment"))
    found = [await city.engagement_of(*known) for known in ((one, "a"), (other, "b"), (third, "c"))]
    assert len({item["worker_id"] for item in found}) == 1
    assert [item["state"] for item in found] == ["active"] * 3

    left = {"worker_ref": "a", "ended_on": "2026-09-20", "reason": "在其他平台接单"}
    await city.push(one, event("engagement.ended", "2026-09-20T20:00:00+08:00", left, one))
    worker = f"worker:{found[0]['worker_id']}"

    async def own_record() -> dict[str, str] | None:
        record: dict[str, Any] = await city.get(worker, "registry", "/v1/workers/me")
        states = {item["platform"]: item["state"] for item in record["engagements"]}
        return states if states[one] == "ended" else None

    assert await eventually(own_record, 40) == {one: "ended", other: "active", third: "active"}
    seen = await city.get(f"platform:{one}", "registry", "/v1/engagements")
    assert {item["platform"] for item in seen["items"]} == {one}
    await city.call(f"platform:{one}", "registry", "GET", f"/v1/engagements/{found[1]['engagement_id']}", expect=404)

    await city.push(one, engagement(one, "a", person, started_on="2026-10-05"))

    async def again() -> dict[str, Any] | None:
        latest = await city.engagement_of(one, "a")
        return latest if latest["started_on"] == "2026-10-05" else None

    begun = await eventually(again, 40)
    detail = await city.get(worker, "registry", f"/v1/engagements/{begun['engagement_id']}")
    assert (detail["state"], detail["restarts"]) == ("active", found[0]["engagement_id"])


async def test_flexible_work_of_ones_own_goes_beside_platforms(city: City) -> None:
    """Nobody has to give up one for the other: all of it is one registration of employment."""
    platform, person = new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, "d", person, started_on="2026-09-05"))
    found = await city.engagement_of(platform, "d")
    me = f"worker:{found['worker_id']}"
    work = {"district": "510681", "starts_on": "2026-09-01"}
    view = await city.post(me, "registry", "/v1/workers/me/employment/works", work, expect=201)
    [registration] = view["registrations"]
    assert (registration["starts_on"], registration["ends_on"]) == ("2026-09-01", None)
    assert (await city.engagement_of(platform, "d"))["state"] == "active"
    left = {"worker_ref": "d", "ended_on": "2026-09-20", "reason": "本人离职"}
    await city.push(platform, event("engagement.ended", "2026-09-20T20:00:00+08:00", left, platform))

    async def ended() -> bool:
        return bool((await city.engagement_of(platform, "d"))["state"] == "ended")

    await eventually(ended, 40)
    [registration] = (await city.get(me, "registry", "/v1/workers/me/employment"))["registrations"]
    assert registration["ends_on"] is None
