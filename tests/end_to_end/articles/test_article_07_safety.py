"""七 切实保障劳动安全: no safety training, no work."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
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
    assert courses["validity_months"] is None  # nobody has published one, so that a training does not lapse
