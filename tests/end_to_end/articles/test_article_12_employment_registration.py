"""十二 开展就业创业指导: those who work through platforms are registered as employed or in flexible employment."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually


def ended(platform: str, worker_ref: str, day: str) -> dict[str, Any]:
    data = {"worker_ref": worker_ref, "ended_on": day, "reason": "本人离职"}
    return event("engagement.ended", f"{day}T20:00:00+08:00", data, platform)


async def test_work_through_platforms_is_registered_with_its_form(city: City) -> None:
    """The certificate is one for all platforms."""
    one, other, person = new_platform(), new_platform(), new_id_number()
    await city.push(one, profile(one), engagement(one, "a", person))
    worker_id = (await city.engagement_of(one, "a"))["worker_id"]

    async def own() -> dict[str, Any]:
        found: dict[str, Any] = await city.get(f"worker:{worker_id}", "registry", "/v1/workers/me/employment")
        return found

    first = await own()
    [registration] = first["registrations"]
    assert (registration["starts_on"], registration["ends_on"]) == ("2026-09-01", None)
    assert registration["forms"] == [{"since": "2026-09-01", "form": "flexible"}]
    assert registration["district"] == "510603"

    employed = engagement(other, "b", person, relation="employment", started_on="2026-09-10", district="510681")
    await city.push(other, profile(other), employed, ended(other, "b", "2026-10-15"))
    await city.push(one, ended(one, "a", "2026-09-30"))

    async def over() -> dict[str, Any] | None:
        found = await own()
        return found if found["registrations"][0]["ends_on"] == "2026-10-15" else None

    last = await eventually(over, 40)
    assert last["certificate_number"] == first["certificate_number"]
    [registration] = last["registrations"]
    assert registration["forms"] == [
        {"since": "2026-09-01", "form": "flexible"},
        {"since": "2026-09-10", "form": "employed"},
    ]
    path = f"/v1/workers/{worker_id}/employment"
    assert await city.get("officer@510681", "registry", path) == last
    await city.call("officer@510682", "registry", "GET", path, expect=404)


async def test_unemployment_is_registered_and_ended_by_work(city: City) -> None:
    """By the worker's own word; subsidies hears of both, and anybody can check the certificate."""
    platform, next_platform, person = new_platform(), new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, "a", person), ended(platform, "a", "2026-09-20"))

    async def left() -> dict[str, Any] | None:
        found = await city.engagement_of(platform, "a")
        return found if found["state"] == "ended" else None

    worker_id = (await eventually(left, 40))["worker_id"]
    me = f"worker:{worker_id}"
    said = {"district": "510603", "cause": "left_employer", "unemployed_since": "2026-09-21", "seeks_work": True}
    registered = await city.post(me, "registry", "/v1/workers/me/unemployment", said, expect=201)
    assert registered["registrations"][0]["state"] == "registered"

    async def unemployed() -> str | None:
        found = await city.get(me, "subsidies", "/v1/workers/me/known-facts")
        return found["unemployed_on"]  # type: ignore[no-any-return]

    assert await eventually(unemployed, 40) == registered["registrations"][0]["registered_on"]
    certificate = await city.get(me, "registry", "/v1/workers/me/employment-certificate")
    asked = {"number": certificate["certificate_number"], "name": certificate["name"], "stands": "unemployed"}
    check = f"{city.urls['registry']}/v1/employment-certificates/verification"
    assert (await city.http.get(check, params=asked)).json()["valid"] is True

    await city.push(next_platform, profile(next_platform), engagement(next_platform, "b", person))

    async def over() -> dict[str, Any] | None:
        [found] = (await city.get(me, "registry", "/v1/workers/me/unemployment"))["registrations"]
        return found if found["state"] == "ended" else None

    assert (await eventually(over, 40))["ending"] == "employed"
    assert (await city.http.get(check, params=asked)).json()["valid"] is False
    assert (await city.http.get(check, params=asked | {"stands": "flexible"})).json()["valid"] is True

    async def forgotten() -> bool:
        return await unemployed() is None

    await eventually(forgotten, 40)
