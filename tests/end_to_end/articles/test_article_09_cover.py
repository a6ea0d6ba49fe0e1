"""九 强化职业伤害保障: commercial policies beside the cover are on file, and who is left out is seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.contracts.insurance import PolicyGapFound
from shared.policy.calendar import SHANGHAI
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually


def day(count: int) -> str:
    return str(dt.datetime.now(SHANGHAI).date() + dt.timedelta(days=count))


def policy(first: int, last: int, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "personal_accident",
        "insurer": "试样保险",
        "number": f"保{new_id_number()}",
        "valid_from": day(first),
        "valid_to": day(last),
        "worker_refs": ["rider-1"],
        "sum_insured": "600000.00",
    } | changes


async def test_a_platform_files_its_policies_and_all_see_their_cover(city: City) -> None:
    platform = new_platform()
    us = f"platform:{platform}"
    riders = [engagement(platform, f"rider-{number}", new_id_number()) for number in (1, 2)]
    await city.push(platform, profile(platform), *riders)
    await city.post(us, "insurance", "/v1/policies", policy(-30, 10))

    async def both() -> dict[str, Any] | None:
        [kind] = await city.get(us, "insurance", "/v1/policy-coverage")
        return kind if kind["engaged"] == 2 else None

    found = await eventually(both, 40)
    assert found["uninsured"] == 1
    assert found["gaps"] == [{"since": day(11), "until": None}]

    await city.post(us, "insurance", "/v1/policies", policy(13, 300, worker_refs=None, insured=2))
    [seen] = await city.get("officer", "insurance", f"/v1/policy-coverage?platform={platform}")
    assert seen["gaps"] == [{"since": day(11), "until": day(12)}, {"since": day(301), "until": None}]

    workers = [(await city.engagement_of(platform, f"rider-{number}"))["worker_id"] for number in (1, 2)]
    named, counted = [await city.get(f"worker:{one}", "insurance", "/v1/workers/me/policies") for one in workers]
    assert [(one["in_force"], one["by_name"]) for one in named] == [(True, True), (False, False)]
    assert [(one["in_force"], one["by_name"]) for one in counted] == [(False, False)]


async def test_a_gap_between_policies_becomes_a_lead(city: City) -> None:
    """From the platform's push and its policies to what the department looks into."""
    platform = new_platform()
    us, since = f"platform:{platform}", dt.date.fromisoformat(day(-3))
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    await city.engagement_of(platform, "rider-1")
    await city.post(us, "insurance", "/v1/policies", policy(-300, -4))

    async def engaged() -> dict[str, Any] | None:
        [kind] = await city.get(us, "insurance", "/v1/policy-coverage")
        return kind if kind["engaged"] == 1 else None

    seen = await eventually(engaged, 40)
    assert seen["gaps"] == [{"since": str(since), "until": None}]
    path = f"/v1/leads?kind=policy_gap&platform={platform}"
    assert (await city.get("officer", "complaints", path))["items"] == []

    gap = {"platform": platform, "kind": "personal_accident", "persons": seen["engaged"], "begun": True}
    await city.tell("insurance", PolicyGapFound(**gap, since=since, until=None))
    lead = await city.lead("policy_gap", platform, "officer", since=str(since))
    found = [lead["finding"][name] for name in ("policy", "until", "days", "persons")]
    assert found == ["personal_accident", None, None, 1]
    assert (lead["state"], [one["code"] for one in lead["to_judge"]]) == ("raised", ["not_a_duty"])

    await city.post(us, "insurance", "/v1/policies", policy(0, 300))
    closed = await city.lead("policy_gap", platform, "officer", since=str(since), until=day(-1))
    assert (closed["lead_id"], closed["finding"]["days"]) == (lead["lead_id"], 3)

    await city.post(us, "insurance", "/v1/policies", policy(-3, -1))

    async def withdrawn() -> bool:
        return bool((await city.get("officer", "complaints", f"/v1/leads/{lead['lead_id']}"))["state"] == "withdrawn")

    await eventually(withdrawn, 40)
