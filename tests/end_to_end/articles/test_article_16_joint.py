"""十六 健全部门协同治理机制: several departments enforce jointly, and come to one result."""

from __future__ import annotations

import datetime as dt

from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile

DISTRICT = "510682"
LEAD, TRANSPORT = f"officer@{DISTRICT}", f"officer@{DISTRICT}/transport"


async def test_two_departments_come_to_one_result(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "joint", new_id_number(), district=DISTRICT))
    worker = (await city.engagement_of(platform, "joint"))["worker_id"]
    today = shanghai_date(dt.datetime.now(dt.UTC))
    for subject, department in (("officer:test-510682", "hrss"), ("officer:test-510682-transport", "transport")):
        duties = ["chief", "approver", "handler"]
        entry = {"name": "经办员", "department": department, "district": DISTRICT, "duties": duties}
        await city.call("operator:test", "complaints", "PUT", f"/v1/officers/{subject}", json=entry)
    complaint = {
        "platform": platform,
        "category": "late_pay",
        "text": "拖欠运费",
        "district": DISTRICT,
        "occurred_on": str(today),
    }
    case = await city.post(f"worker:{worker}", "complaints", "/v1/cases", complaint)
    due = str(today + dt.timedelta(days=10))
    body = {
        "article": "5",
        "enterprise": platform,
        "district": DISTRICT,
        "subject": "拖欠运费联合检查",
        "origin": {"kind": "case", "id": case["case_id"]},
        "parts": [{"department": one, "demand": "核查", "due_on": due} for one in ("hrss", "transport")],
    }
    task = await city.post(LEAD, "complaints", "/v1/joint-tasks", body)
    path = f"/v1/joint-tasks/{task['joint_id']}"
    early = {"outcome": "corrected", "result": "已补发"}
    await city.call(LEAD, "complaints", "POST", f"{path}/conclusion", json=early, expect=409)
    await city.post(TRANSPORT, "complaints", f"{path}/parts/transport/answer", {"answer": "许可有效"})
    await city.post(LEAD, "complaints", f"{path}/parts/hrss/answer", {"answer": "已补发"})
    await city.call(TRANSPORT, "complaints", "POST", f"{path}/conclusion", json=early, expect=403)
    concluded = await city.post(LEAD, "complaints", f"{path}/conclusion", early)
    assert (concluded["state"], [part["missed"] for part in concluded["parts"]]) == ("concluded", [False, False])
    seen = await city.get(TRANSPORT, "complaints", path)
    assert seen["result"] == "已补发"
    for stranger in (f"platform:{platform}", f"worker:{worker}"):
        await city.call(stranger, "complaints", "GET", path, expect=403)
