"""A draft minimum wage and draft limits of rest are tried on recorded settlements and days of work; no lead changes."""

from __future__ import annotations

from typing import Any

import pytest

from services.complaints.leads.documents import Lead
from services.complaints.trials import commands
from shared.contracts.registry import EngagementCorrected
from tests.harness import Harness, eventually
from tests.integration.complaints.facts import SOURCE, engagement, order, settlement

HIGHER = 'minimum_wage.hourly: [{value: "60.00", from: 2027-01-01, scope: {place: "510600"}}]'
SHORTER = "rest.daily_max_hours: [{value: 3, from: 2027-01-01}]"


async def tried(complaints: Harness, draft: str) -> Any:
    headers = complaints.headers("officer", department="hrss", district="510600")
    body = {"month": "2026-09", "parameters": draft}
    asked = await complaints.http.post("/v1/trials", json=body, headers=headers)
    assert asked.status_code == 202, asked.text

    async def finished() -> Any:
        found = (await complaints.http.get(f"/v1/trials/{asked.json()['trial_id']}", headers=complaints.officer)).json()
        return found if found["state"] == "finished" else None

    return await eventually(finished, 40)


def of_kind(trial: Any, what: str, kind: str) -> Any:
    return next((one for one in trial["result"]["people"] if (one["what"], one["kind"]) == (what, kind)), None)


async def paid_enough(complaints: Harness, prefix: str, number: int) -> None:
    """Workers of whom each worked four hours and was paid 100 yuan for them, in two parts: enough by the law in force."""
    refs = [f"{prefix}{one}" for one in range(number)]
    told = [engagement(EngagementCorrected, f"w-{ref.lower()}", ref, relation="partial") for ref in refs]
    await complaints.publish(*told)
    facts = [fact for ref in refs for fact in (order(ref, 8, 4), settlement(ref, "90.00"), settlement(ref, "10.00"))]
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()


async def test_a_higher_minimum_shows_who_would_be_short(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six people short of 240 - 100 yuan each; no lead is raised."""
    monkeypatch.setattr(commands, "SETTLEMENTS_AT_ONCE", 4)
    await paid_enough(complaints, "TRY", 6)
    before = await Lead.find_all().count()
    trial = await tried(complaints, HIGHER)
    short = of_kind(trial, "short_of", "pay_below_hourly_minimum")
    assert (short["count"], short["before"], short["after"]) == (6, "0", "840.00")
    [table] = [one for one in trial["result"]["by_district"] if one["what"] == "short_of"]
    assert [(line["district"], line["cells"][0]) for line in table["lines"]] == [("510681", 6)]
    assert await Lead.find_all().count() == before


async def test_a_shorter_day_shows_how_far_work_went_beyond(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six days of four hours against three: sixty minutes each."""
    monkeypatch.setattr(commands, "DAYS_AT_ONCE", 4)
    await paid_enough(complaints, "DAY", 6)
    trial = await tried(complaints, SHORTER)
    beyond = of_kind(trial, "minutes_beyond", "daily_hours_exceeded")
    assert beyond["before"] == "0"
    assert float(beyond["after"]) == beyond["count"] * 60


async def test_a_bad_draft_is_refused_with_the_reason(complaints: Harness) -> None:
    headers = complaints.headers("officer", department="hrss", district="510600")
    body = {"month": "2026-09", "parameters": "minimum_wage.hourly: [{value: viel, from: 2027-01-01}]"}
    answer = await complaints.http.post("/v1/trials", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/draft-refused")
    assert "应为数字" in answer.text


async def test_only_the_citys_labour_bureau_tries_drafts(complaints: Harness) -> None:
    for department, district in (("hrss", "510681"), ("union", "510600")):
        headers = complaints.headers("officer", department=department, district=district)
        body = {"month": "2026-09", "parameters": HIGHER}
        assert (await complaints.http.post("/v1/trials", json=body, headers=headers)).status_code == 403
