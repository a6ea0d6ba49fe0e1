"""十四 完善职业技能提升: who has learnt a trade is subsidised for it once, by two officers and before everybody's eyes."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually

PATH = "/v1/subsidy-applications"
HERE = "510603"
COURSE = "网约配送员（四级）"


async def step(city: City, who: str, key: str, name: str, body: Any = None) -> dict[str, Any]:
    return dict(await city.step(who, "subsidies", f"{PATH}/{key}", name, body))


async def apply(city: City, me: str) -> dict[str, Any]:
    body = {
        "kind": "training",
        "name": "王测试",
        "district": HERE,
        "stated": {"course": COURSE, "completed_on": "2026-09-10", "public_pension": False},
        "account": {"holder": "王测试", "number": "6222020000000001234"},
    }
    return dict(await city.post(me, "subsidies", PATH, body))


async def test_a_training_is_subsidised_once_and_publicly(city: City) -> None:
    platform, person = new_platform(), new_id_number()
    data = {
        "worker_ref": "rider-14", "course": COURSE, "hours": 24, "completed_on": "2026-09-10", "certificate_number": None,
    }  # fmt: skip
    trained = event("training.completed", "2026-09-10T18:00:00+08:00", data, platform)
    await city.push(platform, profile(platform), engagement(platform, "rider-14", person), trained)
    me = f"worker:{(await city.engagement_of(platform, 'rider-14'))['worker_id']}"

    async def certified() -> bool:
        known = await city.get(me, "subsidies", "/v1/workers/me/known-facts")
        found = await city.get(me, "subsidies", "/v1/certificates")
        return known["born_on"] is not None and [one["course"] for one in found["items"]] == [COURSE]

    await eventually(certified, 40)
    filed = await apply(city, me)
    key = filed["application_id"]
    proposal = filed["proposal"]
    assert (proposal["met"], proposal["amount"]) == (True, None)
    assert {one["document"] for one in proposal["grounds"]} == {"川人社规〔2025〕11号"}
    await step(city, "officer", key, "acceptance")
    await step(city, "officer", key, "review", {"approve": True, "amount": "800.00"})
    signed = await step(city, f"officer@{HERE}", key, "confirmation", {"to_head": False})
    assert signed["state"] == "notice"
    notices = await city.get(me, "subsidies", "/v1/subsidy-notices")
    (notice,) = [one for one in notices["items"] if one["application_id"] == key]
    assert (notice["name"], notice["amount"], notice["until"]) == ("王**", "800.00", signed["notice_until"])


async def test_whoever_learnt_nothing_is_refused_with_grounds(city: City) -> None:
    platform, person = new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, "rider-15", person))
    me = f"worker:{(await city.engagement_of(platform, 'rider-15'))['worker_id']}"

    async def known() -> bool:
        return (await city.get(me, "subsidies", "/v1/workers/me/known-facts"))["born_on"] is not None

    await eventually(known, 40)
    key = (await apply(city, me))["application_id"]
    await step(city, "officer", key, "acceptance")
    await step(city, "officer", key, "review", {"approve": False, "against": ["certificate"]})
    await step(city, f"officer@{HERE}", key, "confirmation", {})
    told = await city.get(me, "subsidies", f"{PATH}/{key}")
    assert (told["state"], [one["code"] for one in told["grounds"]]) == ("refused", ["certificate"])
    assert told["grounds"][0]["text"]
    assert (told["review_by"], told["sue_by"]) == (None, None)
    letter = {"way": "direct", "on": told["decided_on"], "evidence": "送达回证第1号"}
    await step(city, "officer", key, "services", letter)
    served = await city.get(me, "subsidies", f"{PATH}/{key}")
    assert served["review_by"] < served["sue_by"]
