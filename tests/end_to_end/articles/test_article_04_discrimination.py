"""四 落实平等就业权利: who is treated unequally complains in confidence, to officers of a circle of their own."""

from __future__ import annotations

import datetime as dt

from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

DISTRICT = "510604"
INSIDE, BESIDE = f"officer@{DISTRICT}", f"officer@{DISTRICT}/transport"
TEXT = "站点因我是女性不派夜间高价单，站长当着全组的面这样说。"


async def test_a_complaint_of_discrimination_is_for_its_circle(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "unequal", new_id_number(), district=DISTRICT))
    worker_id = (await city.engagement_of(platform, "unequal"))["worker_id"]
    rider, today = f"worker:{worker_id}", str(shanghai_date(dt.datetime.now(dt.UTC)))
    for who, department, circles in (
        (f"test-{DISTRICT}", "hrss", ["discrimination"]),
        (f"test-{DISTRICT}-transport", "transport", []),
    ):
        entry = {"name": "经办员", "department": department, "district": DISTRICT, "circles": circles}
        entry |= {"duties": ["chief", "approver", "handler", "inspector"], "certificate": "川-0001"}
        await city.call("operator:test", "complaints", "PUT", f"/v1/officers/officer:{who}", json=entry)

    complaint = {
        "platform": platform,
        "category": "discrimination",
        "text": TEXT,
        "occurred_on": today,
        "district": DISTRICT,
    }
    filed = await city.post(rider, "complaints", "/v1/cases", complaint | {"confidential": True})
    assert (filed["district"], filed["lead_department"]) == (DISTRICT, "hrss")
    path = f"/v1/cases/{filed['case_id']}"
    assert (await city.get(INSIDE, "complaints", path))["worker_id"] is None  # in confidence, also here
    await city.get(BESIDE, "complaints", path, expect=404)
    await city.get(f"platform:{platform}", "complaints", path, expect=403)
    await city.step(INSIDE, "complaints", path, "acceptance")
    too_much = {"question_zh": f"有人反映{TEXT[:14]}，请说明。"}
    await city.step(INSIDE, "complaints", path, "inquiry", too_much, expect=409)
    asked = await city.step(INSIDE, "complaints", path, "inquiry", {"question_zh": "请说明夜间派单的规则和依据。"})
    own = f"/v1/platform-cases/{asked['inquiry_id']}"
    seen = await city.get(f"platform:{platform}", "complaints", own)
    answer = {"text": "按距离和评分派单。"}
    await city.post(f"platform:{platform}", "complaints", f"{own}/answers", answer)

    async def told() -> list[str] | None:
        messages = (await city.get(rider, "notifier", "/v1/deliveries?limit=500"))["items"]
        texts = [one["text"] for one in messages if "保密事项" in one["text"]]
        return texts if any("已受理" in text for text in texts) else None

    texts = await eventually(told, 60)
    shown = f"{seen}{texts}"
    assert [one for one in (worker_id, filed["case_id"], filed["number"], TEXT[:8]) if one in shown] == []
