"""十一 强化信息登记管理: every fact on a worker in one place, with its source, and each reader sees their part."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Awaitable
from typing import Any

from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually


async def test_what_all_services_know_of_a_worker_is_one_timeline(city: City) -> None:
    platform = new_platform()
    noon, half_past = "2026-09-02T12:00:00+08:00", "2026-09-02T12:30:00+08:00"
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-1", new_id_number()),
        order(platform, "o-1", "rider-1", noon, half_past),
        event(
            "incident.reported",
            half_past,
            {
                "incident_id": "i-1",
                "worker_ref": "rider-1",
                "order_id": "o-1",
                "occurred_at": "2026-09-02T12:10:00+08:00",
                "district": "510603",
                "place": "某路口",
                "description": "摔倒受伤",
                "severity": "minor",
            },
            platform,
        ),
        event(
            "training.completed",
            half_past,
            {
                "worker_ref": "rider-1",
                "course": "网约配送员",
                "hours": 24,
                "completed_on": "2026-09-02",
                "certificate_number": None,
            },
            platform,
        ),
    )
    worker = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    today = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    complaint = {
        "platform": platform,
        "text": "平台拖欠我半个月的配送费。",
        "district": "510603",
        "occurred_on": f"{today}",
    }
    await city.post(f"worker:{worker}", "complaints", "/v1/cases", complaint, expect=201)

    async def dossier(caller: str, path: str = f"/v1/workers/{worker}/dossier") -> dict[str, Any]:
        found: dict[str, Any] = await city.get(caller, "registry", path)
        return found

    async def sections(caller: str) -> set[str]:
        return {fact["section"] for fact in (await dossier(caller))["items"]}

    whole = {"person", "footing", "employment", "enrolment", "claims", "training", "cases", "messages"}
    await eventually(lambda: _covers(sections(f"worker:{worker}"), whole), 60)
    facts = (await dossier(f"worker:{worker}"))["items"]
    assert {"/services/registry", "/services/insurance", "/services/complaints", "/services/subsidies"} <= {
        fact["source"] for fact in facts
    }
    assert "摔倒" not in str(facts)
    assert "13900000001" not in str(facts)
    assert {"claims", "footing"} <= await sections(f"platform:{platform}")
    assert "cases" not in await sections(f"platform:{platform}")
    assert "cases" in await sections("officer@510603")
    await city.get("officer@510681", "registry", f"/v1/workers/{worker}/dossier", expect=404)
    taken = await city.get(f"worker:{worker}", "registry", "/v1/workers/me/dossier/export?format=csv")
    titles = {row[2] for row in csv.reader(io.StringIO(taken.decode("utf-8-sig")))}
    assert {"事项", "用工登记", "参保", "事故报案", "投诉举报登记"} <= titles


async def test_a_union_reads_what_its_member_shares(city: City) -> None:
    platform, union = new_platform(), "union:readers"
    await city.push(platform, profile(platform), engagement(platform, "rider-2", new_id_number()))
    found = await city.engagement_of(platform, "rider-2")
    rider, dossier = f"worker:{found['worker_id']}", f"/v1/workers/{found['worker_id']}/dossier"
    union_id = await city.union_of("德阳市读档工会", union)
    applied = await city.post(rider, "registry", "/v1/memberships", {"union_id": union_id})
    path = f"/v1/memberships/{applied['membership_id']}"
    await city.post(union, "registry", f"{path}/acceptance", {}, headers={"if-match": "1"})
    assert (await city.get(union, "registry", dossier))["items"] == []
    engaged = f"/v1/engagements/{found['engagement_id']}"
    await city.get(union, "registry", engaged, expect=404)
    shared = {"sections": ["footing"]}
    await city.call(rider, "registry", "PUT", f"{path}/sharing", json=shared, headers={"if-match": "2"})

    async def sections() -> set[str]:
        return {fact["section"] for fact in (await city.get(union, "registry", dossier))["items"]}

    await eventually(lambda: _covers(sections(), {"footing"}), 40)
    assert await sections() == {"footing"}
    await city.get(union, "registry", engaged)
    await city.get(union, "registry", f"{engaged}/safety", expect=404)  # not shared
    await city.call(rider, "registry", "PUT", f"{path}/sharing", json={"sections": []}, headers={"if-match": "3"})
    await city.get(union, "registry", engaged, expect=404)


async def _covers(found: Awaitable[set[str]], wanted: set[str]) -> bool:
    return wanted <= await found
