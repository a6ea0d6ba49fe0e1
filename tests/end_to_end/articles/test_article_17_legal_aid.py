"""十七 完善工会维权服务机制: who cannot pay for a lawyer is given one, and hears of each step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

DISTRICT = "510604"
CENTRE = f"officer@{DISTRICT}/justice"


async def centre_with_lawyers(city: City) -> None:
    """The legal aid centre, with one who knows of accidents and one who knows of pay."""
    duties = ["chief", "approver", "handler"]
    entry = {"name": "经办员", "department": "justice", "district": DISTRICT, "duties": duties}
    path = f"/v1/officers/officer:test-{DISTRICT}-justice"
    await city.call("operator:test", "complaints", "PUT", path, json=entry)
    for lawyer, fields in (("e2e-injury", ["injury"]), ("e2e-pay", ["pay"])):
        body = {"name": "律师", "firm": "德阳某律师事务所", "body": "centre", "districts": [DISTRICT], "fields": fields}
        await city.call(CENTRE, "complaints", "PUT", f"/v1/lawyers/{lawyer}", json=body)


async def test_aid_goes_from_the_application_to_what_was_won(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "aided", new_id_number(), district=DISTRICT))
    worker_id = (await city.engagement_of(platform, "aided"))["worker_id"]
    rider, today = f"worker:{worker_id}", str(shanghai_date(dt.datetime.now(dt.UTC)))
    await centre_with_lawyers(city)
    body = {
        "body": "centre",
        "subject": "pay",
        "form": "mediation_or_arbitration",
        "text": "平台拖欠我三个月的配送费，请求法律援助。",
        "district": DISTRICT,
        "ground": "migrant_pay_or_injury",
    }
    applied = await city.post(rider, "complaints", "/v1/legal-aid", body)
    assert (applied["state"], applied["grant_proposed"]) == ("submitted", True)
    path = f"/v1/legal-aid/{applied['legal_aid_id']}"
    for stranger in (f"platform:{platform}", "union:others", "officer@510603"):
        await city.get(stranger, "complaints", path, expect=403)

    await city.step(CENTRE, "complaints", path, "grant")
    assigned = await city.step(CENTRE, "complaints", path, "assignment", {})
    assert assigned["lawyers"] == ["e2e-pay"]
    await city.step(
        CENTRE, "complaints", path, "steps", {"on": today, "kind": "met", "note": "会见当事人，代为申请仲裁"}
    )
    won = {"outcome": "won", "recovered": "5400.00"}
    finished = await city.step(CENTRE, "complaints", path, "outcome", won)
    assert (finished["state"], finished["recovered"]) == ("finished", "5400.00")
    assert [one["note"] for one in (await city.get(rider, "complaints", path))["steps"]] == ["会见当事人，代为申请仲裁"]

    async def told() -> set[str] | None:
        messages: list[dict[str, Any]] = (await city.get(rider, "notifier", "/v1/deliveries?limit=500"))["items"]
        texts = " ".join(one["text"] for one in messages if applied["number"] in one["text"])
        found = {word for word in ("已收到", "已获准", "已指派", "已办结") if word in texts}
        return found if len(found) == 4 else None

    assert await eventually(told, 60)
