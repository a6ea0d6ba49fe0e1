"""七 切实保障劳动安全: no safety training, no work."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually


async def test_whoever_is_not_trained_may_not_work_until_they_are(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number(), safety_training=None))
    assert (await city.engagement_of(platform, "rider-1"))["state"] == "blocked"
    training = {
        "worker_ref": "rider-1",
        "course": "road-safety",
        "hours": 4,
        "completed_on": "2026-09-02",
        "certificate_number": None,
    }
    await city.push(platform, event("training.completed", "2026-09-02T18:00:00+08:00", training, platform))

    async def active() -> dict[str, Any] | None:
        found = await city.engagement_of(platform, "rider-1")
        return found if found["state"] == "active" else None

    await eventually(active)


async def test_everyone_concerned_reads_what_safety_requires(city: City) -> None:
    """And what is on file."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-2", new_id_number(), safety_training=None))
    found = await city.engagement_of(platform, "rider-2")
    path = f"/v1/engagements/{found['engagement_id']}/safety"
    for caller in ("officer@510603", f"platform:{platform}", f"worker:{found['worker_id']}"):
        seen = await city.get(caller, "registry", path)
        assert (seen["required"], seen["may_work"], seen["state"]) == (True, False, "none")
    await city.call("officer@510681", "registry", "GET", path, expect=404)
    await city.call(f"platform:{new_platform()}", "registry", "GET", path, expect=404)
    courses = await city.get(f"worker:{found['worker_id']}", "registry", "/v1/safety-courses?industry=instant_delivery")
    assert courses["required"]
    assert courses["validity_months"] is None  # nobody has published one: an officer decides
    assert "delivery-safety*" in courses["courses"]


async def test_each_trade_has_its_courses_and_an_officer_the_rest(city: City) -> None:
    """A course of another trade opens no gate; one that no catalogue has waits for an officer of the safety authority."""
    platform, officer = new_platform(), "officer@510600/emergency"
    trained = {"course": "freight-safety", "completed_on": "2026-09-01"}
    own = {"worker_ref": "rider-4", "course": f"{platform}-新人课", "hours": 4, "completed_on": "2026-09-01"}
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-3", new_id_number(), safety_training=trained),
        engagement(platform, "rider-4", new_id_number(), safety_training=None),
        event("training.completed", "2026-09-02T18:00:00+08:00", own | {"certificate_number": None}, platform),
    )
    assert (await city.engagement_of(platform, "rider-3"))["state"] == "blocked"

    async def reported() -> list[dict[str, Any]]:
        path = f"/v1/reported-courses?state=open&platform={platform}"
        return list((await city.get(officer, "registry", path))["items"])

    [course] = await eventually(reported, 40)
    assert (await city.engagement_of(platform, "rider-4"))["state"] == "blocked"
    path = f"/v1/reported-courses/{course['course_id']}"
    word = {"opens": ["instant_delivery"], "validity_months": 120, "reason": "培训大纲符合岗位要求"}
    seen = {"if-match": await city.etag(officer, "registry", path)}
    await city.post("officer@510603/emergency", "registry", f"{path}/decision", word, headers=seen, expect=403)
    await city.post(officer, "registry", f"{path}/decision", word, headers=seen)

    async def active() -> bool:
        return bool((await city.engagement_of(platform, "rider-4"))["state"] == "active")

    await eventually(active, 40)


async def test_work_before_the_training_is_found_and_told(city: City) -> None:
    """The platform is told at once; that the training came later takes nothing back."""
    platform = new_platform()
    ride = order(platform, f"{platform}-1", "rider-5", "2026-09-04T12:00:00+08:00", "2026-09-04T12:30:00+08:00")
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-5", new_id_number(), safety_training=None),
        ride,
    )
    lead = await city.lead("work_while_blocked", platform)
    assert (lead["finding"]["days"], lead["finding"]["first_on"]) == (1, "2026-09-04")

    async def told() -> bool:
        messages = (await city.get(f"platform:{platform}", "notifier", "/v1/deliveries?limit=500"))["items"]
        return any("未经安全培训仍有订单" in one["text"] for one in messages)

    await eventually(told, 60)
    late = {"worker_ref": "rider-5", "course": "road-safety", "hours": 4, "completed_on": "2026-09-10"}
    training = event("training.completed", "2026-09-10T18:00:00+08:00", late | {"certificate_number": None}, platform)
    await city.push(platform, training)

    async def active() -> bool:
        return bool((await city.engagement_of(platform, "rider-5"))["state"] == "active")

    await eventually(active, 40)
    await city.settled("registry", "complaints")
    found = await city.get("officer@510603", "complaints", f"/v1/leads/{lead['lead_id']}")
    assert (found["state"], found["holds"]) == ("raised", True)
