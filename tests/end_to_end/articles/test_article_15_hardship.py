"""十五 提升城市综合服务: the union helps in hardship and refers to counselling; nobody else learns of either."""

from __future__ import annotations

from typing import Any

from shared import clock
from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

HERE = "510603"
OFFICE = f"officer@{HERE}/union"


async def test_the_union_looks_at_a_hardship_and_the_bureau_does_not(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    me = f"worker:{(await city.engagement_of(platform, 'rider-1'))['worker_id']}"

    async def known() -> bool:
        facts = await city.get(me, "subsidies", "/v1/workers/me/known-facts")
        return bool(facts["born_on"] and facts["employment"])

    await eventually(known, 40)
    await city.settled("registry", "insurance", "subsidies")
    stated = {"happened": [{"circumstance": "illness", "since": "2026-09-01"}], "words": "家人住院"}
    account = {"holder": "试样", "number": "6222020000000001234", "bank": "试银行"}
    body = {"kind": "hardship", "name": "试样", "district": HERE, "stated": stated, "account": account}
    key = (await city.post(me, "subsidies", "/v1/subsidy-applications", body))["application_id"]
    await city.call("officer", "subsidies", "GET", f"/v1/subsidy-applications/{key}", expect=404)

    path = f"/v1/hardship-applications/{key}/visits"
    found = {
        "visited_on": f"{shanghai_date(clock.now())}",
        "companion": "officer:companion",
        "found": {"illness": True},
        "note": "属实",
    }
    await city.post("officer", "subsidies", path, found, expect=403)
    await city.post(OFFICE, "subsidies", path, found)
    application = await city.get(OFFICE, "subsidies", f"/v1/subsidy-applications/{key}")
    assert application["state"] == "submitted"
    accepted = await city.step(OFFICE, "subsidies", f"/v1/subsidy-applications/{key}", "acceptance")
    assert accepted["proposal"]["amount"] is None  # people set it, never the machine


async def test_counselling_is_between_a_person_and_their_union(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    me = f"worker:{(await city.engagement_of(platform, 'rider-1'))['worker_id']}"
    path = "/v1/counselling-referrals"
    asked = await city.post(me, "subsidies", path, {"district": HERE, "words": "想找人聊聊"})
    one = f"{path}/{asked['referral_id']}"
    assert (await city.get(OFFICE, "subsidies", one))["words"] is None
    for stranger, status in (("officer", 403), ("union:other", 404)):
        await city.call(stranger, "subsidies", "GET", one, expect=status)

    async def do(who: str, step: str, body: Any = None) -> None:
        await city.step(who, "subsidies", one, step, body)

    await do(OFFICE, "assignment", {"union": "union:helper"})
    assert (await city.get("union:helper", "subsidies", one))["words"] == "想找人聊聊"
    await do("union:helper", "acceptance")
    await do("union:helper", "end", {"note": "已谈"})
    assert (await city.get(me, "subsidies", one))["note"] == "已谈"
