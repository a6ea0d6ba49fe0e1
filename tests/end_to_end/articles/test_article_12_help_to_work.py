"""十二 开展就业创业指导: the hard to employ are recognised, and subsidised for what they really paid."""

from __future__ import annotations

from typing import Any

from shared import clock
from shared.policy.calendar import month_of, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

PATH = "/v1/subsidy-applications"
HERE = "510603"


async def step(city: City, who: str, key: str, name: str, body: Any = None) -> dict[str, Any]:
    return dict(await city.step(who, "subsidies", f"{PATH}/{key}", name, body))


async def test_the_hard_to_employ_are_recognised_and_subsidised(city: City) -> None:
    """Until they are employed: then the recognition ends, and the subsidy from that month on."""
    platform, employer, id_number = new_platform(), new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", id_number))
    worker_id = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    me = f"worker:{worker_id}"

    async def known() -> dict[str, Any] | None:
        found: dict[str, Any] = await city.get(me, "subsidies", "/v1/workers/me/known-facts")
        return found if found["born_on"] and found["employment"] == "flexible" else None

    await eventually(known, 40)
    body = {"kind": "recognition", "name": "试样", "district": HERE, "stated": {"category": "disabled"}}
    filed = await city.post(me, "subsidies", PATH, body)
    key = filed["application_id"]
    await step(city, "officer", key, "acceptance")
    await step(city, "officer", key, "review", {"approve": True, "judged": ["evidence", "not_employed"]})
    done = await step(city, f"officer@{HERE}", key, "confirmation", {"to_head": False})
    assert done["state"] == "approved"
    [recognition] = (await city.get(me, "subsidies", "/v1/recognitions"))["items"]
    assert (recognition["state"], recognition["category"]) == ("recognised", "disabled")

    today, month = shanghai_date(clock.now()), month_of(clock.now())
    paid = {
        "kind": "contribution", "number": f"paid-{key}", "id_number": id_number, "insurance": "pension", "month": month,
        "base": "4000.00", "employer_amount": "0.00", "worker_amount": "800.00", "payer": None,
        "paid_on": f"{today}", "reversed": False, "changed_at": clock.now().isoformat(),
    }  # fmt: skip
    await city.post("provincial", "insurance", "/v1/province/notices", {"items": [paid]})
    asked = {"group": "hard_to_employ", "first": month, "last": month, "pledge": "true"}

    async def estimated() -> list[dict[str, Any]]:
        found = await city.get(me, "subsidies", "/v1/flexible-subsidy-estimate", params=asked)
        return list(found["parts"])

    async def counted() -> bool:
        return [(part["paid"], part["left_out"]) for part in await estimated()] == [("800.00", None)]

    await eventually(counted, 40)
    since = today.replace(day=1).isoformat()
    job = engagement(employer, "staff-1", id_number, relation="employment", started_on=since)
    await city.push(employer, profile(employer), job | {"time": clock.now().isoformat()})

    async def lost() -> bool:
        [found] = (await city.get(me, "subsidies", "/v1/recognitions"))["items"]
        return (found["state"], found["ending"]) == ("ended", "employed")

    await eventually(lost, 40)
    assert [part["left_out"] for part in await estimated()] == ["recognised"]
