"""三 落实用工主体责任: the platform advances what its partner firm fails to pay, and recourse is followed to its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.contracts.insurance import AdvanceDue
from shared.policy.calendar import SHANGHAI, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually

NOW = dt.datetime.now
PAPERS = ["recognition_application_form", "labour_relation_proof", "diagnosis"]


async def injured(city: City, platform: str, partner: str) -> dict[str, Any]:
    """The claim of a worker whom a partner firm employs, once insurance knows of both."""
    agreement = {"kind": "contract", "number": "合1", "signed_on": "2026-09-01"}
    employed = engagement(
        platform, "rider-1", new_id_number(), relation="employment", agreement=agreement, partner_uscc=partner
    )
    await city.push(platform, profile(platform), employed)
    at = NOW(SHANGHAI) - dt.timedelta(days=2)
    incident = {
        "incident_id": "accident-1",
        "worker_ref": "rider-1",
        "order_id": None,
        "occurred_at": at.isoformat(),
        "district": "510603",
        "place": "旌阳区某路口",
        "description": "电动车侧翻",
        "severity": "serious",
    }
    worker = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    await eventually(lambda: city.get(f"worker:{worker}", "insurance", "/v1/workers/me/cover"), 40)
    await city.push(platform, event("incident.reported", at.isoformat(), incident, platform))

    async def known() -> dict[str, Any] | None:
        claims = (await city.get(f"platform:{platform}", "insurance", "/v1/claims"))["items"]
        return claims[0] if claims and claims[0]["cover"] == "other_scheme" else None

    return await eventually(known, 40)


async def recognise(city: City, claim_id: str) -> None:
    """Lead a claim from its application to the recognition of the injury."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("applications", {"papers": PAPERS}),
        ("acceptance", {"simple": True}),
        ("decisions", {"recognised": True, "reasons": ["work_time_place_cause"], "text": "工作时间因工作原因受伤"}),
    ]
    for step, body in steps:
        await changed(city, "officer", f"/v1/claims/{claim_id}", step, body, method="POST")


async def changed(city: City, caller: str, path: str, step: str, body: dict[str, Any], *, method: str = "PUT") -> Any:
    """The answer to a change of what was read just before."""
    seen = await city.http.get(
        city.urls["insurance"] + path, headers={"authorization": f"Bearer {await city._token(caller)}"}
    )
    headers = {"If-Match": seen.headers["etag"]}
    return await city.call(caller, "insurance", method, f"{path}/{step}", json=body, headers=headers)


async def test_the_platform_advances_in_its_partners_place(city: City) -> None:
    """It gets back what the partner can repay."""
    platform, partner = new_platform(), new_platform()
    claim = await injured(city, platform, partner)
    await recognise(city, claim["claim_id"])
    pay = {"kind": "suspended_pay", "pay": "6000.00"}
    granted = await city.post("officer", "insurance", f"/v1/claims/{claim['claim_id']}/benefits", pay)
    assert (granted["payer"], granted["partner"], granted["amount"]) == ("partner", partner, "6000.00")
    path, us = f"/v1/benefits/{granted['benefit_id']}", f"platform:{platform}"
    today = str(NOW(SHANGHAI).date())
    advanced = {"amount": "6000.00", "on": today}
    await city.post(us, "insurance", f"{path}/advance", advanced, expect=409)

    await changed(city, "officer", path, "default", {"reason": "合作企业已失联"})
    [due] = (await city.get(us, "insurance", "/v1/advances?state=due"))["items"]
    assert (due["benefit_id"], due["partner"], due["amount"]) == (granted["benefit_id"], partner, "6000.00")

    async def lead(outstanding: str) -> dict[str, Any] | None:
        items = (await city.get("officer", "complaints", f"/v1/leads?kind=partner_default&platform={partner}"))["items"]
        found: dict[str, Any] | None = items[0] if items else None
        return found if found and found["finding"]["outstanding"] == outstanding else None

    shown = await eventually(lambda: lead("6000.00"), 40)
    assert (shown["finding"]["advanced_by"], shown["finding"]["advanced_on"]) == (platform, None)
    assert (shown["finding"]["amount"], shown["finding"]["recovered"]) == ("6000.00", None)
    assert [one["code"] for one in shown["to_judge"]] == ["partner_disputes", "payment_under_way"]
    await city.post(us, "insurance", f"{path}/advance", advanced)
    mine = await city.get(f"worker:{claim['worker_id']}", "insurance", "/v1/workers/me/benefits")
    assert [(one["kind"], one["paid"], one["payments"][0]["source"]) for one in mine] == [
        ("suspended_pay", "6000.00", "platform")
    ]

    recourse = f"/v1/advances/{due['advance_id']}"
    await city.post(us, "insurance", f"{recourse}/instalments", {"amount": "2000.00", "on": today})
    await city.post(us, "insurance", f"{recourse}/instalments", {"amount": "4000.01", "on": today}, expect=422)
    ended = await city.post("officer", "insurance", f"{recourse}/closing", {"reason": "合作企业已注销，无可执行财产"})
    assert (ended["recourse"]["state"], ended["recourse"]["repaid"]) == ("partly_recovered", "2000.00")
    left = await eventually(lambda: lead("4000.00"), 40)
    assert (left["state"], left["finding"]["advanced_on"]) == ("raised", today)


async def test_a_platform_that_does_not_advance_in_time_is_seen(city: City) -> None:
    """Until it pays: from its own push of the accident to the lead, and to the lead's withdrawal."""
    platform, partner = new_platform(), new_platform()
    claim = await injured(city, platform, partner)
    await recognise(city, claim["claim_id"])
    pay = {"kind": "suspended_pay", "pay": "6000.00"}
    granted = await city.post("officer", "insurance", f"/v1/claims/{claim['claim_id']}/benefits", pay)
    path, us = f"/v1/benefits/{granted['benefit_id']}", f"platform:{platform}"
    await changed(city, "officer", path, "default", {"reason": "合作企业已失联"})
    [due] = (await city.get(us, "insurance", "/v1/advances?state=due"))["items"]
    await city.lead("partner_default", partner, "officer", advance_id=due["advance_id"])
    path_of_leads = f"/v1/leads?kind=advance_unpaid&platform={platform}"
    assert (await city.get("officer", "complaints", path_of_leads))["items"] == []

    today = shanghai_date(clock.now())
    late = today - dt.timedelta(days=4)
    kept = {name: due[name] for name in ("advance_id", "benefit_id", "claim_id", "platform", "partner", "amount")}
    await city.tell("insurance", AdvanceDue(**kept, worker_id=claim["worker_id"], due_on=late))
    lead = await city.lead("advance_unpaid", platform, "officer", due_on=str(late))
    found = [lead["finding"][name] for name in ("advance_id", "claim_id", "partner", "amount", "days_late")]
    assert found == [due["advance_id"], claim["claim_id"], partner, "6000.00", 4]
    assert (lead["state"], [one["code"] for one in lead["to_judge"]]) == ("raised", ["payment_under_way"])
    assert "advance.days" in [one["key"] for one in lead["used"]]

    await city.post(us, "insurance", f"{path}/advance", {"amount": "6000.00", "on": str(today)})

    async def withdrawn() -> bool:
        seen = await city.get("officer", "complaints", f"/v1/leads/{lead['lead_id']}")
        return bool(seen["state"] == "withdrawn")

    await eventually(withdrawn, 40)
