"""十七 完善工会维权服务机制: workers of platforms join a union, and leave it, as they choose."""

from __future__ import annotations

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

UNION = "union:couriers"


async def test_a_rider_joins_a_union_and_leaves_it(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-17", new_id_number()))
    rider = f"worker:{(await city.engagement_of(platform, 'rider-17'))['worker_id']}"
    union_id = await city.union_of("德阳市快递行业工会", UNION)
    offered = (await city.get(rider, "registry", "/v1/unions?district=510600"))["items"]
    assert union_id in {item["union_id"] for item in offered}

    applied = await city.post(rider, "registry", "/v1/memberships", {"union_id": union_id})
    path = f"/v1/memberships/{applied['membership_id']}"
    await city.post("union:others", "registry", f"{path}/acceptance", {}, headers={"if-match": "1"}, expect=404)
    member = await city.post(UNION, "registry", f"{path}/acceptance", {}, headers={"if-match": "1"})
    assert member["state"] == "member"
    members = await city.get(UNION, "registry", f"/v1/memberships?union_id={union_id}&state=member")
    assert [f"worker:{item['worker_id']}" for item in members["items"]] == [rider]
    await city.call("officer", "registry", "GET", path, expect=403)  # whether somebody is a member is theirs to say
    left = await city.post(rider, "registry", f"{path}/leaving", {}, headers={"if-match": "2"})
    assert left["state"] == "left"


async def test_a_union_takes_down_who_joined_on_paper(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-18", new_id_number()))
    worker_id = (await city.engagement_of(platform, "rider-18"))["worker_id"]
    union_id = await city.union_of("德阳市货运行业工会", UNION)
    body = {"worker_id": worker_id, "since": "2026-09-01"}
    members = f"/v1/unions/{union_id}/members"
    await city.post("union:others", "registry", members, body, expect=403)
    asked = await city.post(UNION, "registry", members, body)
    await city.get(UNION, "registry", f"/v1/workers/{worker_id}/dossier", expect=404)  # before the worker's own word

    async def told() -> bool:
        messages = (await city.get(f"worker:{worker_id}", "notifier", "/v1/deliveries?limit=500"))["items"]
        return any("德阳市货运行业工会" in message["text"] for message in messages)

    await eventually(told, 60)
    path = f"/v1/memberships/{asked['membership_id']}/confirmation"
    await city.post(f"worker:{worker_id}", "registry", path, headers={"if-match": "1"})
    assert (await city.get(UNION, "registry", f"/v1/workers/{worker_id}/dossier"))["items"] == []
    own = (await city.get(f"worker:{worker_id}", "registry", "/v1/memberships"))["items"]
    assert [item["periods"] for item in own] == [[{"since": "2026-09-01", "until": None}]]


async def test_a_platforms_claim_makes_nobody_a_member(city: City) -> None:
    """The worker is asked, and declines; the platform learns nothing of it."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-19", new_id_number()))
    rider = f"worker:{(await city.engagement_of(platform, 'rider-19'))['worker_id']}"
    union_id = await city.union_of("德阳市网约车行业工会", UNION)
    claim = {"worker_id": rider.removeprefix("worker:")}
    path = f"/v1/unions/{union_id}/member-claims"
    await city.post(f"platform:{new_platform()}", "registry", path, claim, expect=404)
    await city.post(f"platform:{platform}", "registry", path, claim, expect=202)
    members = f"/v1/memberships?union_id={union_id}&state=member"
    assert rider.removeprefix("worker:") not in str(await city.get(UNION, "registry", members))
    [asked] = (await city.get(rider, "registry", "/v1/memberships"))["items"]
    own = f"/v1/memberships/{asked['membership_id']}"
    declined = await city.post(rider, "registry", f"{own}/declining", headers={"if-match": "1"})
    assert declined["state"] == "declined"
    await city.post(f"platform:{platform}", "registry", path, claim, expect=202)
    assert (await city.get(rider, "registry", own))["state"] == "declined"
