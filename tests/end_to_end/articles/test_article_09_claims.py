"""九 强化职业伤害保障: an accident during an order, from the report to the decision, the assessment and what it leads to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy import calendar
from shared.policy.calendar import SHANGHAI
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.articles.test_article_08_enrolment import declare, owed
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually

PAPERS = ["disability_application_form", "informed_consent", "diagnosis"]
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
MINUTE = dt.timedelta(minutes=1)


async def step(city: City, caller: str, claim_id: str, name: str, body: Any = None, **request: Any) -> Any:
    """Take a step with a claim as it stands now."""
    path = f"/v1/claims/{claim_id}"
    token = await city._token(caller)
    seen = await city.http.get(city.urls["insurance"] + path, headers={"authorization": f"Bearer {token}"})
    headers = {"If-Match": seen.headers["etag"]}
    return await city.call(caller, "insurance", "POST", f"{path}/{name}", json=body, headers=headers, **request)


async def engage(city: City, platform: str, at: dt.datetime) -> str:
    """A rider with an order under way at that moment; the worker's id, once the platform has been heard."""
    begun, done = (at - 10 * MINUTE).isoformat(), (at + 10 * MINUTE).isoformat()
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-1", new_id_number()),
        order(platform, "order-1", "rider-1", begun, done),
    )
    return str((await city.engagement_of(platform, "rider-1"))["worker_id"])


async def report(city: City, worker: str, at: dt.datetime, *photos: bytes) -> Any:
    form = {
        "occurred_at": at.isoformat(),
        "district": "510603",
        "place": "旌阳区某路口",
        "description": "电动车侧翻",
        "severity": "serious",
    }
    files = [("photos", (f"{number}.jpg", photo, "image/jpeg")) for number, photo in enumerate(photos)]
    return await city.call(worker, "insurance", "POST", "/v1/claims", data=form, files=files)


async def covered(city: City, worker: str, claim_id: str) -> Any:
    """The claim, once its order is known."""

    async def look() -> Any:
        claim = await city.get(worker, "insurance", f"/v1/claims/{claim_id}")
        return claim if claim["cover"] == "covered" else None

    return await eventually(look, 40)


async def reported(city: City, platform: str, at: dt.datetime) -> tuple[str, Any]:
    """A worker, and the claim that they report with a photo as soon as insurance knows of their engagement."""
    worker = f"worker:{await engage(city, platform, at)}"

    async def insured() -> bool:
        return bool(await city.get(worker, "insurance", "/v1/workers/me/cover"))

    async def charged() -> bool:
        figures = await city.get(f"platform:{platform}", "insurance", f"/v1/orders?platform={platform}&month={month}")
        return bool(figures["items"])

    month = calendar.month_of(at)
    await eventually(insured, 40)
    await eventually(charged, 40)
    return worker, await report(city, worker, at, JPEG)


def service(letter: str, party: str, on: dt.date) -> dict[str, Any]:
    """A letter that was handed to a party."""
    return {"letter": letter, "party": party, "way": "direct", "on": str(on), "evidence": "送达回证〔2026〕7号"}


async def pay_lump_sum(city: City, worker: str, claim_id: str, amount: str) -> None:
    """Grant the lump sum of a grade, entered by an officer where a figure that it needs is not known, until the fund has paid it."""
    asked = {"kind": "disability_lump", "own_wage": "5000.00", "account": "6217000012345678901"}
    granted = await city.post("officer", "insurance", f"/v1/claims/{claim_id}/benefits", asked)
    assert (granted["payer"], granted["kind"]) == ("fund", "disability_lump")
    path = f"/v1/benefits/{granted['benefit_id']}"
    if granted["state"] == "open":
        body = {"amount": amount, "reason": "按核定基数计发", "document": "核定书〔2026〕1号"}
        await city.step("officer", "insurance", path, "amount", body, method="PUT")

    async def paid() -> bool:
        mine = await city.get(worker, "insurance", "/v1/workers/me/benefits")
        return [one["state"] for one in mine if one["kind"] == "disability_lump"] == ["paid"]

    await eventually(paid, 60)


async def test_a_dispatched_workers_injury_is_led_to_its_lump_sum(city: City) -> None:
    """From the accident through recognition, service on each party, assessment and who bears it, to the money.

    The dispatch agency applies and contests before it is in default; an officer decides what no record says.
    """
    platform, agency = new_platform(), new_platform()
    today = calendar.shanghai_date(dt.datetime.now(dt.UTC))
    at = dt.datetime.now(SHANGHAI) - dt.timedelta(days=2)
    contract = {"kind": "contract", "number": "派1", "signed_on": str(today - dt.timedelta(days=4))}
    began = str(today - dt.timedelta(days=4))
    employed = engagement(
        platform, "rider-1", new_id_number(),
        relation="employment", agreement=contract, partner_uscc=agency, dispatched=True, started_on=began,
    )  # fmt: skip
    await city.push(platform, profile(platform), employed)
    worker = f"worker:{(await city.engagement_of(platform, 'rider-1'))['worker_id']}"
    await declare(city, agency, (await owed(city, agency))["enrolment_id"], began)

    async def confirmed() -> bool:
        covers = await city.get(worker, "insurance", "/v1/workers/me/cover")
        return bool(covers) and covers[0]["province"] == "accepted"

    await eventually(confirmed, 60)
    claim_id, us, bureau = (await report(city, worker, at, JPEG))["claim_id"], f"platform:{agency}", "officer@510603"
    papers = ["recognition_application_form", "labour_relation_proof", "diagnosis"]
    await step(city, us, claim_id, "term-extensions", {"reason": "职工尚在抢救"})
    asked = await city.get(bureau, "insurance", f"/v1/claims/{claim_id}")
    until = str(dt.date.fromisoformat(asked["platform_apply_by"]) + dt.timedelta(days=30))
    more = await step(city, bureau, claim_id, "term-extension-decisions", {"until": until, "ground": "情况特殊"})
    assert (more["scheme"], more["platform_apply_by"]) == ("work_injury", until)

    await step(city, us, claim_id, "applications", {"papers": papers})
    await step(city, bureau, claim_id, "acceptance", {})
    decision = {"recognised": True, "reasons": ["work_time_place_cause"], "text": "工作时间送餐途中侧翻。"}
    await step(city, bureau, claim_id, "decisions", decision)
    for party in ("worker", "platform", "partner"):
        await step(city, bureau, claim_id, "services", service("decision", party, today))
    appealed = await step(city, us, claim_id, "appeals", {"way": "review"})
    assert [(one["party"], one["late"]) for one in appealed["appeals"]] == [("partner", False)]
    await step(city, bureau, claim_id, "appeal-outcomes", {"outcome": "upheld", "ended_on": str(today)})
    received = await step(city, bureau, claim_id, "services", service("review", "partner", today))
    assert received["due"]["appeal"] == str(calendar.add_days(today, 15).due)

    await step(city, worker, claim_id, "assessment-requests", {"kind": "first"})
    await step(city, bureau, claim_id, "assessments", {"grade": 9, "experts": 3})
    await step(city, bureau, claim_id, "services", service("assessment", "worker", today))
    path = f"/v1/claims/{claim_id}/liability"
    found = await city.get("officer", "insurance", path)
    assert (found["state"], found["reason"], found["late_from"]) == ("unclear", "registered_after", None)
    lump = {"kind": "disability_lump", "own_wage": "5000.00", "account": "6217000012345678901"}
    await city.post("officer", "insurance", f"/v1/claims/{claim_id}/benefits", lump, expect=422)
    headers = {"If-Match": await city.etag("officer", "insurance", path)}
    insured = {"insured": True, "ground": "用工之日起30日内登记，视为依法参保"}
    await city.call("officer", "insurance", "PUT", path, json=insured, headers=headers)
    await pay_lump_sum(city, worker, claim_id, "45000.00")


async def test_an_accident_during_an_order_is_led_to_its_end(city: City) -> None:
    platform, at = new_platform(), dt.datetime.now(SHANGHAI) - dt.timedelta(hours=3)
    worker, claim = await reported(city, platform, at)
    claim_id, us = claim["claim_id"], f"platform:{platform}"
    claim = await covered(city, worker, claim_id)
    assert (claim["platform"], claim["order_id"], claim["scheme"]) == (platform, "order-1", "occupational_injury")

    applied = await step(city, us, claim_id, "applications", {"papers": PAPERS})
    assert (applied["missing_papers"], applied["description"]) == (["invoice"], None)
    await step(city, "officer@510603", claim_id, "supplements", {})
    paper = {"data": {"paper": "invoice"}, "files": [("files", ("invoice.jpg", JPEG, "image/jpeg"))]}
    assert (await step(city, worker, claim_id, "photos", **paper))["state"] == "applied"
    await step(city, us, claim_id, "acceptance", {}, expect=403)
    accepted = await step(city, "officer@510603", claim_id, "acceptance", {})
    today = calendar.shanghai_date(dt.datetime.now(dt.UTC))
    assert accepted["due"] == {"decide": str(calendar.add_working_days(today, 30).due)}

    decision = {"recognised": True, "reasons": ["order_accident"], "text": "送餐途中侧翻，事实清楚。"}
    decided = await step(city, "officer@510603", claim_id, "decisions", decision)
    assert (decided["recognised"], decided["due"]) == (True, {})
    served = await step(city, "officer@510603", claim_id, "services", service("decision", "worker", today))
    assert served["due"] == {"appeal": str(calendar.add_days(today, 60).due)}
    await step(city, us, claim_id, "services", service("decision", "platform", today), expect=403)
    await step(city, worker, claim_id, "assessment-requests", {"kind": "first"})
    assessed = await step(city, "officer", claim_id, "assessments", {"grade": 9, "experts": 3})
    assert assessed["assessments"][0]["grade"] == 9
    await step(city, "officer@510603", claim_id, "services", service("assessment", "worker", today))
    mine = await city.get(worker, "insurance", f"/v1/claims/{claim_id}")
    assert mine["assessments"][0]["again_by"] == str(calendar.add_days(today, 15).due)
    theirs = await city.get(us, "insurance", f"/v1/claims/{claim_id}")
    assert (theirs["decisions"][0]["review_by"], theirs["assessments"][0]["again_by"]) == (None, None)
    await pay_lump_sum(city, worker, claim_id, "7.00")

    number = decided["decisions"][0]["number"]
    shown = await city.get(worker, "insurance", f"/v1/claims/{claim_id}/decisions/{number}")
    assert (shown["title"], shown["reasons"][0]["code"]) == ("职业伤害确认结论书", "order_accident")
    history = await city.get(worker, "insurance", f"/v1/claims/{claim_id}/history")
    assert [one["event"] for one in history] == [
        "reported", "apply", "ask_papers", "papers_given", "complete_papers", "accept", "recognise", "served",
        "request_assessment", "assess", "served",
    ]  # fmt: skip


async def test_the_platforms_report_of_the_same_accident_is_merged(city: City) -> None:
    platform, at = new_platform(), dt.datetime.now(SHANGHAI) - dt.timedelta(hours=3)
    worker, own = await reported(city, platform, at)
    incident = {
        "incident_id": "accident-1",
        "worker_ref": "rider-1",
        "order_id": "order-1",
        "occurred_at": (at + MINUTE).isoformat(),
        "district": "510603",
        "place": "旌阳区某路口",
        "description": "骑手侧翻",
        "severity": "serious",
    }
    await city.push(platform, event("incident.reported", at.isoformat(), incident, platform))

    async def found() -> Any:
        claim = await city.get("officer", "insurance", f"/v1/claims/{own['claim_id']}")
        return claim["twins"]

    [twin] = await eventually(found, 40)
    merged = await step(city, "officer", twin, "merger", {"claim_id": own["claim_id"]})
    assert (merged["state"], merged["merged_into"]) == ("duplicate", own["claim_id"])
    told = await city.get(worker, "insurance", f"/v1/claims/{own['claim_id']}")
    assert (told["state"], told["description"]) == ("reported", "电动车侧翻")
