"""九 强化职业伤害保障: courier outlets first, on the work-injury scheme with their own base and rate."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually


async def test_a_listed_outlets_couriers_are_insured(city: City) -> None:
    """What the month costs is calculated."""
    platform, outlet, firm = new_platform(), new_platform(), new_platform()
    listed = {"uscc": outlet, "name": "旌阳一部", "district": "510603", "filing": "terminal_only", "insurer": firm}
    pushed = {"outlets": [listed]}
    await city.post("officer", "insurance", "/v1/outlet-lists?month=2026-10", pushed, expect=403)
    for _ in range(2):
        await city.post("officer@510600/post", "insurance", "/v1/outlet-lists?month=2026-10", pushed)
    terms: dict[str, Any] = {"industry": "courier", "partner_uscc": outlet}
    await city.push(
        platform,
        profile(platform, industries=["courier"]),
        engagement(platform, "courier-1", new_id_number(), **terms),
        engagement(platform, "courier-2", new_id_number(), relation="employment", **terms),
    )
    couriers = [await city.engagement_of(platform, ref) for ref in ("courier-1", "courier-2")]

    second = couriers[1]["engagement_id"]

    async def employed_by_both() -> bool:
        found = await city.get("officer@510603", "insurance", "/v1/enrolments?limit=500")
        return any(one["enrolment_id"] == second and one["unit"] == firm for one in found["items"])

    await eventually(employed_by_both, 40)
    for employer, since in ((outlet, "2026-09-01"), (firm, "2026-10-01")):
        path = f"/v1/enrolments/{second}/declarations"
        await city.post(f"platform:{employer}", "insurance", path, {"starts_on": since})

    async def insured() -> bool:
        listed = await city.get(f"platform:{platform}", "insurance", "/v1/enrolments")
        return len([one for one in listed["items"] if one["confirmed_on"]]) == 2

    await eventually(insured, 40)
    covers = [
        await city.get("officer@510603", "insurance", f"/v1/enrolments/{one['engagement_id']}") for one in couriers
    ]
    through, employed = ([(one["basis"], one["unit"], one["starts_on"]) for one in it["segments"]] for it in covers)
    assert through == [("outlet", firm, "2026-10-01")], "no other scheme takes couriers in"
    # whoever employs is insured in full already, and not moved; the firm is the employer of a filed outlet's people
    assert employed == [("employer", outlet, "2026-09-01"), ("employer", firm, "2026-10-01")]

    path = f"/v1/outlets/{outlet}/contributions"
    drawn = await city.post("officer@510603", "insurance", path, {"month": "2026-10"})
    assert (drawn["state"], drawn["people"]) == ("waiting", 1)
    wage = {"average_wage": "8000.00", "source": "德阳市2025年全口径城镇单位就业人员平均工资公告"}
    entered = await city.call(
        "officer@510603", "insurance", "PUT", f"{path}/2026-10/average-wage", json=wage, headers={"if-match": '"1"'}
    )
    assert (entered["state"], entered["amount"], entered["worker_amount"]) == ("drawn", "32.00", "0.00")
    own = await city.get(f"platform:{firm}", "insurance", f"{path}?month=2026-10")
    assert own["amount"] == "32.00"
