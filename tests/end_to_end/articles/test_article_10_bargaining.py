"""十 健全民主协商制度: from a demand for consultation to pay that is held against what was agreed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import SHANGHAI, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually

UNION = "union:deyang"


def vote(held_on: dt.date, **changes: Any) -> dict[str, Any]:
    """A congress of twenty votes on a draft (劳动合同法 art. 51)."""
    numbers = {"entitled": 20, "present": 18, "in_favour": 16, "against": 1}
    held = {"body": "congress", "held_on": str(held_on), "minutes_sha256": "5e" * 32}
    return held | numbers | changes


async def agreed(city: City, platform: str, today: dt.date) -> dict[str, Any]:
    """A collective contract on 26 yuan an hour and a tenth for waiting, in force."""
    await city.union_of("德阳市新就业形态工会", UNION)
    demand = {
        "level": "enterprise",
        "side": "union",
        "workers_side": "德阳市新就业形态工会",
        "platforms": [platform],
        "district": "510603",
        "subjects": ["pay", "piece_rates", "hours"],
        "demand": "就劳动报酬、计件单价和工作时间开展集体协商",
    }
    asked = await city.post(UNION, "registry", "/v1/consultations", demand)
    await city.post(
        f"platform:{platform}",
        "registry",
        f"/v1/consultations/{asked['consultation_id']}/answers",
        {"takes_part": True, "text": "同意协商"},
        headers={"if-match": "1"},
    )
    await strangers_stay_out(city, asked["consultation_id"])
    contract = await city.post(
        UNION,
        "registry",
        "/v1/collective-contracts",
        {
            "consultation_id": asked["consultation_id"],
            "number": f"德集合-{platform}",
            "signed_on": str(today - dt.timedelta(50)),
            "valid_from": str(today - dt.timedelta(60)),
            "valid_to": str(today + dt.timedelta(300)),
            "terms": {
                "hourly_pay": "26.00",
                "waiting_percent": "10",
                "clauses": [
                    {"subject": "piece_rates", "amount": "4.50", "unit": "order"},
                    {"subject": "algorithms", "text": "派单规则变更提前七日公示"},
                ],
            },
        },
    )
    path = f"/v1/collective-contracts/{contract['contract_id']}"
    received = {"received_on": str(today - dt.timedelta(45))}
    filing, votes = f"{path}/filing", f"{path}/votes"
    await city.post("officer@510603", "registry", filing, received, headers={"if-match": "1"}, expect=409)
    lost = vote(today - dt.timedelta(56), in_favour=9)
    draft = await city.post(UNION, "registry", votes, lost, headers={"if-match": "1"})
    assert (draft["state"], draft["votes"][0]["passed"]) == ("draft", False)
    passed = await city.post(UNION, "registry", votes, vote(today - dt.timedelta(55)), headers={"if-match": "2"})
    assert passed["state"] == "passed"
    await city.post("officer@510603", "registry", filing, received, headers={"if-match": "3"})

    async def in_force() -> dict[str, Any] | None:
        found: dict[str, Any] = await city.get("officer@510603", "registry", path)
        return found if found["state"] == "in_force" else None

    await eventually(in_force)
    # now it is open to everybody whom it binds
    found: dict[str, Any] = await city.get("worker:anybody", "registry", path)
    return found


async def strangers_stay_out(city: City, consultation_id: str) -> None:
    """A union of another place neither reads nor closes a consultation, nor signs what came of it."""
    other = "union:zhongjiang"
    body = {"name": "中江县快递工会", "district": "510623", "officers": [other], "scope": {"districts": ["510623"]}}
    known = (await city.get("officer", "registry", "/v1/unions?limit=500"))["items"]
    if body["name"] not in {one["name"] for one in known}:
        await city.post("officer@510600/union", "registry", "/v1/unions", body)
    path = f"/v1/consultations/{consultation_id}"
    await city.get(other, "registry", path, expect=404)
    failed = {"outcome": "failed", "summary": "破裂"}
    await city.post(other, "registry", f"{path}/closing", failed, headers={"if-match": "2"}, expect=403)


async def test_pay_below_what_was_agreed_gives_a_lead(city: City) -> None:
    """The lead names the contract."""
    platform, today = new_platform(), shanghai_date(dt.datetime.now(dt.UTC))
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    contract = await agreed(city, platform, today)
    assert contract["terms"][0]["hourly_pay"] == "26.00"
    rate, rule = contract["terms"][0]["clauses"]
    assert (rate["amount"], rate["unit"], rule["text"]) == ("4.50", "order", "派单规则变更提前七日公示")
    await city.settled("registry", "complaints")
    day = today - dt.timedelta(2)
    begins = dt.datetime.combine(day, dt.time(8), SHANGHAI)
    ends = begins + dt.timedelta(hours=10)
    work = order(platform, f"{platform}-1", "rider-1", begins.isoformat(), ends.isoformat())
    # ten hours of orders count as eleven: 286 yuan are due; 250 are well above the minimum wage
    paid = {
        "settlement_id": f"{platform}-1",
        "worker_ref": "rider-1",
        "period_start": str(day),
        "period_end": str(day),
        "orders": 1,
        "gross": "250.00",
        "deductions": [],
        "net": "250.00",
        "due_on": str(day),
        "paid_on": str(day),
    }
    await city.push(platform, work, event("settlement.paid", ends.isoformat(), paid, platform))

    async def raised() -> dict[str, Any] | None:
        leads = (await city.get("officer@510603", "complaints", f"/v1/leads?limit=500&platform={platform}"))["items"]
        return next((lead for lead in leads if lead["kind"] == "pay_below_hourly_minimum"), None)

    lead = await eventually(raised, 40)
    [part] = lead["finding"]["parts"]
    assert (part["collective_contract_id"], part["minimum"]) == (contract["contract_id"], "26.00")
    assert lead["finding"]["shortfall"] == "36.00"


async def test_pay_below_the_minimum_wage_cannot_be_agreed(city: City) -> None:
    platform, today = new_platform(), shanghai_date(dt.datetime.now(dt.UTC))
    demand = {
        "level": "industry",
        "side": "representatives",
        "workers_side": "骑手代表",
        "industry": "freight",
        "district": "510681",
        "subjects": ["pay"],
        "demand": "就劳动报酬开展协商",
    }
    await city.union_of("德阳市新就业形态工会", UNION)
    asked = await city.post(UNION, "registry", "/v1/consultations", demand)
    path = f"/v1/consultations/{asked['consultation_id']}/answers"
    yes = {"takes_part": True, "text": "行业协会同意"}
    await city.post(f"platform:{platform}", "registry", path, yes, headers={"if-match": "1"}, expect=403)
    await city.post("officer@510681", "registry", path, yes, headers={"if-match": "1"})
    text = {
        "consultation_id": asked["consultation_id"],
        "number": f"德集合-{platform}",
        "signed_on": str(today),
        "valid_from": str(today),
        "valid_to": str(today + dt.timedelta(365)),
        "terms": {"hourly_pay": "20.00"},
    }
    refused = await city.post(UNION, "registry", "/v1/collective-contracts", text, expect=422)
    assert refused["type"] == "/problems/pay-below-minimum"
    good = text | {"terms": {"hourly_pay": "24.00", "longest_daily_minutes": 600}}
    drafted = await city.post(UNION, "registry", "/v1/collective-contracts", good)
    assert drafted["state"] == "draft"
