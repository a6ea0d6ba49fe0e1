"""十四 完善职业技能提升: from the filing of a body to a certificate that everybody may verify."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import SHANGHAI, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually

RIDER = {"code": "4-02-07-10", "name": "网约配送员", "levels": ["junior"]}
PROGRAMMES = "/v1/training-programmes"


async def on_file(city: City, body: str, kind: str, today: dt.date) -> None:
    """Let a body file, and an officer put it on file."""
    asked = {
        "kind": kind,
        "name": "德阳市骑手职业培训学校",
        "district": "510603",
        "address": "天山南路一段 1 号",
        "phone": "13800138000",
        "occupations": [RIDER],
    }
    filing = await city.post(f"provider:{body}", "subsidies", "/v1/training-provider-filings", asked)
    path = f"/v1/training-provider-filings/{filing['filing_id']}/acceptance"
    days = {"valid_from": str(today - dt.timedelta(30)), "valid_to": str(today + dt.timedelta(300))}
    await city.post("officer@510603", "subsidies", path, days, headers={"if-match": "1"})


async def programme_of(city: City, school: str, evaluator: str, today: dt.date) -> str:
    """A published programme of this day, whose two sessions were held in its first two seconds."""
    midnight = dt.datetime.combine(today, dt.time(), SHANGHAI)
    begins = [midnight + dt.timedelta(seconds=number) for number in range(3)]
    asked = {
        "kind": "training_body",
        "title": "网约配送员初级班",
        "industry": "instant_delivery",
        "occupation": RIDER["code"],
        "level": "junior",
        "hours": 8,
        "capacity": 1,
        "mode": "mixed",
        "address": "天山南路一段 1 号",
        "district": "510603",
        "starts_on": str(today),
        "ends_on": str(today),
        "enrol_until": str(today),
        "sessions": [
            {"code": f"s{n}", "starts_at": begins[n].isoformat(), "ends_at": begins[n + 1].isoformat(), "hours": 4}
            for n in range(2)
        ],
        "evaluator": evaluator,
    }
    opened = await city.post(f"provider:{school}", "subsidies", "/v1/training-programme-filings", asked)
    path = f"/v1/training-programme-filings/{opened['programme_id']}/publication"
    await city.post("officer@510603", "subsidies", path, headers={"if-match": "1"})
    return str(opened["programme_id"])


async def test_a_rider_is_trained_examined_and_certified(city: City) -> None:
    platform, school, evaluator = new_platform(), new_platform(), new_platform()
    today = shanghai_date(dt.datetime.now(dt.UTC))
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-14", new_id_number()),
        engagement(platform, "rider-15", new_id_number(), name="李测试", phone="13900000002"),
    )
    riders = [(await city.engagement_of(platform, ref))["worker_id"] for ref in ("rider-14", "rider-15")]
    await on_file(city, school, "training_body", today)
    await on_file(city, evaluator, "evaluation_body", today)
    programme = f"{PROGRAMMES}/{await programme_of(city, school, evaluator, today)}"
    await city.settled("registry", "subsidies")

    first = await city.post(f"worker:{riders[0]}", "subsidies", f"{programme}/enrolments")
    assert first["state"] == "enrolled"
    listed = {"workers": [{"worker_ref": "rider-15"}, {"worker_ref": "rider-14"}], "agreed": True}
    rows = (await city.post(f"platform:{platform}", "subsidies", f"{programme}/enrolment-lists", listed))["rows"]
    assert [row["answer"] for row in rows] == ["waiting", "enrolled_already"]

    enrolment = first["enrolment_id"]
    attended = {"rows": [{"enrolment_id": enrolment, "session": code} for code in ("s1", "s0", "s1")]}
    told = await city.post(f"provider:{school}", "subsidies", f"{programme}/attendance", attended)
    assert [row["answer"] for row in told["rows"]] == ["counted", "counted", "reported_already"]
    again = await city.post("provincial", "subsidies", f"{programme}/attendance", attended)
    assert {row["answer"] for row in again["rows"]} == {"reported_already"}
    read = await city.get(f"worker:{riders[0]}", "subsidies", f"/v1/training-enrolments/{enrolment}")
    assert read["hours"] == 8
    completed = await city.post(
        f"provider:{school}", "subsidies", f"{programme}/completions", {"enrolments": [enrolment]}
    )
    assert [row["answer"] for row in completed["rows"]] == ["completed"]
    result = {"enrolment_id": enrolment, "taken_on": str(today), "passed": True, "grade": "good"}
    examined = await city.post(
        f"provider:{evaluator}", "subsidies", f"{programme}/examination-results", {"results": [result]}
    )
    assert [row["answer"] for row in examined["rows"]] == ["recorded"]

    # the platform tells of the same training too: it stays one certificate
    course = {
        "worker_ref": "rider-14",
        "course": "网约配送员（五级）",
        "hours": 8,
        "completed_on": str(today),
        "certificate_number": None,
    }
    now = dt.datetime.now(SHANGHAI).isoformat()
    await city.push(platform, event("training.completed", now, course, platform))
    await city.settled("registry", "subsidies")
    [certificate] = (await city.get(f"worker:{riders[0]}", "subsidies", "/v1/certificates"))["items"]
    assert (certificate["platform"], certificate["provider"], certificate["evaluator"]) == (platform, school, evaluator)

    async def verified(name: str) -> Any:
        query = {"number": certificate["number"], "name": name}
        answer = await city.http.get(f"{city.urls['subsidies']}/v1/certificates/verification", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert await verified("王测试") == {
        "result": "valid",
        "course": "网约配送员初级班",
        "level": "junior",
        "completed_on": str(today),
    }
    assert (await verified("李测试"))["result"] == "not_valid"
    message = certificate["number"]

    async def heard() -> bool:
        messages = (await city.get(f"worker:{riders[0]}", "notifier", "/v1/deliveries?limit=500"))["items"]
        return any(message in one["text"] for one in messages)

    await eventually(heard, 60)
    path = f"/v1/certificates/{certificate['certificate_id']}"
    revocation = {"reason": "考核组织不规范"}
    await city.step(f"provider:{evaluator}", "subsidies", path, "revocation", revocation)
    assert (await verified("王测试"))["result"] == "revoked"
