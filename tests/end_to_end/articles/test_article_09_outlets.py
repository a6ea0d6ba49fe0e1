"""九 强化职业伤害保障: courier outlets first, on the work-injury scheme with their own base and rate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import SHANGHAI
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


FORM = {"district": "510603", "place": "旌阳区某路口", "description": "电动车侧翻", "severity": "serious"}


async def step(city: City, caller: str, claim_id: str, name: str, body: Any = None, **request: Any) -> Any:
    """Take a step with a claim as it stands now."""
    return await city.step(caller, "insurance", f"/v1/claims/{claim_id}", name, body, **request)


async def hurt_courier(city: City, outlet: str, insurer: str) -> tuple[str, str]:
    """A courier of a listed outlet, insured through it, and the claim that they report; ids of both."""
    platform = new_platform()
    listed = {"uscc": outlet, "name": "旌阳二部", "district": "510603", "filing": "terminal_only", "insurer": insurer}
    await city.post("officer@510600/post", "insurance", "/v1/outlet-lists?month=2026-09", {"outlets": [listed]})
    terms: dict[str, Any] = {"industry": "courier", "partner_uscc": outlet}
    await city.push(
        platform,
        profile(platform, industries=["courier"]),
        engagement(platform, "courier-1", new_id_number(), **terms),
    )
    worker = f"worker:{(await city.engagement_of(platform, 'courier-1'))['worker_id']}"

    async def insured() -> bool:
        covers = await city.get(worker, "insurance", "/v1/workers/me/cover")
        return [one["basis"] for one in covers] == ["outlet"]

    await eventually(insured, 40)
    now = dt.datetime.now(SHANGHAI)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    form = {"occurred_at": max(today, now - dt.timedelta(hours=3)).isoformat(), **FORM}
    claim = await city.call(worker, "insurance", "POST", "/v1/claims", data=form)
    assert (claim["scheme"], claim["outlet"]) == ("work_injury", {"uscc": outlet, "insurer": insurer})
    return worker, claim["claim_id"]


async def recognised(city: City, insurer: str, claim_id: str) -> None:
    """The insurer applies as the unit, and the injury is recognised as a work injury."""
    unit, officer = f"platform:{insurer}", "officer@510603"
    lacking = (await step(city, unit, claim_id, "applications", {}))["missing_papers"]
    await step(city, unit, claim_id, "papers", {"papers": lacking})
    await step(city, officer, claim_id, "acceptance", {})
    decision = {"recognised": True, "reasons": ["work_time_place_cause"], "text": "投递途中侧翻，事实清楚。"}
    assert (await step(city, officer, claim_id, "decisions", decision))["recognised"] is True


async def billed(city: City, outlet: str) -> dict[str, Any]:
    """The outlet's bill for September, one person at 8000 yuan."""
    path = f"/v1/outlets/{outlet}/contributions"
    await city.post("officer@510603", "insurance", path, {"month": "2026-09"})
    wage = {"average_wage": "8000.00", "source": "德阳市2025年全口径城镇单位就业人员平均工资公告"}
    seen = {"if-match": await city.etag("officer@510603", "insurance", f"{path}?month=2026-09")}
    await city.call("officer@510603", "insurance", "PUT", f"{path}/2026-09/average-wage", json=wage, headers=seen)
    bill: dict[str, Any] = await city.get("officer@510603", "insurance", f"/v1/outlets/{outlet}/bills/2026-09")
    return bill


async def test_a_hurt_courier_is_paid_by_the_work_injury_fund(city: City) -> None:
    """From the statement, its bill and payment, to the benefit that the fund pays."""
    outlet, insurer = new_platform(), new_platform()
    worker, claim_id = await hurt_courier(city, outlet, insurer)
    bill = await billed(city, outlet)
    assert (bill["amount"], bill["status"], bill["due_on"]) == ("32.00", "issued", "2026-10-15")
    listed = await city.get(f"platform:{insurer}", "insurance", "/v1/outlet-bills")
    assert [one["bill_id"] for one in listed["items"]] == [bill["bill_id"]]
    payment = {"payment_id": f"pay-{outlet}", "amount": "32.00", "paid_on": "2026-10-14"}
    pay = f"/v1/outlets/{outlet}/bills/2026-09/payments"
    assert (await city.post("officer@510603", "insurance", pay, payment))["status"] == "paid"
    await recognised(city, insurer, claim_id)
    asked = {"kind": "medical", "invoices": [{"amount": "1200.00"}], "account": "6217000012345678901"}
    granted = await city.post("officer@510603", "insurance", f"/v1/claims/{claim_id}/benefits", asked)
    assert (granted["payer"], granted["amount"], granted["scheme"]) == ("fund", "1200.00", "work_injury")

    async def paid() -> Any:
        [mine] = await city.get(worker, "insurance", "/v1/workers/me/benefits")
        return mine if mine["state"] == "paid" else None

    assert (await eventually(paid, 60))["payments"][0]["source"] == "fund"


async def test_with_an_overdue_bill_the_insurer_pays_the_benefit(city: City) -> None:
    """社会保险法 art. 41; after the arrears are made up the fund pays what arises anew (工伤保险条例 art. 62)."""
    outlet, insurer = new_platform(), new_platform()
    _, claim_id = await hurt_courier(city, outlet, insurer)
    await billed(city, outlet)
    await recognised(city, insurer, claim_id)
    asked = {"kind": "medical", "invoices": [{"amount": "500.00"}], "account": "6217000012345678901"}
    path = f"/v1/claims/{claim_id}/benefits"
    granted = await city.post("officer@510603", "insurance", path, asked)
    assert (granted["payer"], granted["partner"]) == ("partner", insurer)
    today = dt.datetime.now(SHANGHAI).date().isoformat()
    payment = {"payment_id": f"pay-{outlet}", "amount": "32.00", "paid_on": today}
    await city.post("officer@510603", "insurance", f"/v1/outlets/{outlet}/bills/2026-09/payments", payment)
    later = asked | {"invoices": [{"amount": "700.00"}]}
    assert (await city.post("officer@510603", "insurance", path, later))["payer"] == "fund"
