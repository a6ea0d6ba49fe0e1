"""一 加强用工督促指导: who is inspected, and by whom, is drawn by lot, and whoever wishes draws again."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import Any

from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

DISTRICT = "510681"
CHIEF = "officer"
INSPECTORS = {f"officer@{DISTRICT}": "officer:test-510681", f"officer@{DISTRICT}/hrss": "officer:test-510681-hrss"}


async def register(city: City) -> None:
    """Put two inspectors of the district on the register."""

    async def put(by: str, subject: str, district: str, duties: list[str], certificate: str | None) -> None:
        path = f"/v1/officers/{subject}"
        body = {"name": "检查员", "department": "hrss", "district": district, "duties": duties}
        await city.call(by, "complaints", "PUT", path, json=body | {"certificate": certificate})

    for number, subject in enumerate(INSPECTORS.values()):
        await put(CHIEF, subject, DISTRICT, ["inspector"], f"川510681-00{number}")


async def in_public(city: City, path: str) -> dict[str, Any]:
    """What anybody reads, without a token."""
    answer = await city.http.get(f"{city.urls['complaints']}{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_draw_that_anybody_repeats_leads_to_a_result(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "drawn", new_id_number(), district=DISTRICT))
    await city.engagement_of(platform, "drawn")
    await city.settled("registry", "complaints")
    await register(city)
    now, today = dt.datetime.now(dt.UTC), shanghai_date(dt.datetime.now(dt.UTC))
    body = {
        "kind": "double_random",
        "title": "平台用工双随机抽查",
        "articles": ["2", "7"],
        "district": DISTRICT,
        "starts_on": str(today),
        "ends_on": str(today + dt.timedelta(days=60)),
        "source": "双色球下一期开奖号码",
        "known_from": (now + dt.timedelta(seconds=3)).isoformat(),
    }
    campaign = (await city.post(CHIEF, "complaints", "/v1/inspection-campaigns", body))["campaign_id"]
    path = f"/v1/inspection-campaigns/{campaign}"
    listed = await in_public(city, f"{path}/draw")
    assert platform in [one["id"] for one in listed["lists"]["enterprises"]]

    async def held() -> Any:
        beacon = {"beacon": "03 08 14 21 27 33 + 09"}
        url = f"{city.urls['complaints']}{path}"
        state = (await city.http.get(url)).json()["state"]
        if state == "announced" and dt.datetime.now(dt.UTC) > now + dt.timedelta(seconds=3):
            await city.post(CHIEF, "complaints", f"{path}/draw", beacon)
        return state == "running"

    await eventually(held)
    found = await city.get(CHIEF, "complaints", f"/v1/inspection-tasks?campaign_id={campaign}&limit=500")
    tasks = found["items"]
    assert tasks
    inspector, other = INSPECTORS
    for task in tasks:
        task_path = f"/v1/inspection-tasks/{task['inspection_id']}"
        own = f"platform:{task['enterprise']}"
        await city.call(own, "complaints", "GET", task_path, expect=404)
        findings = [{"item": item, "verdict": "compliant"} for item in task["items"]]
        visited = {"visited_on": str(today), "present": list(INSPECTORS.values()), "findings": findings}
        await city.post(inspector, "complaints", f"{task_path}/findings", visited)
        await city.call(other, "complaints", "POST", f"{task_path}/publication", expect=403)
        await city.post(own, "complaints", f"{task_path}/statement", {"statement": "无异议"})
        await city.post(CHIEF, "complaints", f"{task_path}/publication")

    command = (sys.executable, "-m", "services.complaints", "draw", "--verify")
    verify = await asyncio.create_subprocess_exec(
        *command, f"{city.urls['complaints']}{path}/draw", env={}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await verify.communicate()
    assert verify.returncode == 0, said.decode()
    assert f"the same: {len(tasks)} of" in said.decode()

    results = await in_public(city, f"/v1/inspections?enterprise={tasks[0]['enterprise']}")
    assert [one["outcome"] for one in results["items"]] == ["compliant"]
