"""A double-random campaign from its announcement to its published result, as a stranger sees it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from services.complaints.inspections.documents import Draw, Inspection
from services.complaints.officers.documents import Interest, Officer, encrypted_reason
from shared.contracts.complaints import CampaignAnnounced, InspectionDrawn, InspectionFound
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.inspections.conftest import SetClock
from tests.integration.complaints.inspections.fleet import NOW, enterprises, inspector, inspectors
from tests.integration.complaints.staff import on_register

BEACON = "03 08 14 21 27 33 + 09"
IN_ORDER = "3 8 9 14 21 27 33"
LATER = NOW + dt.timedelta(days=2)


def plan(district: str, **changes: Any) -> dict[str, Any]:
    body = {
        "kind": "double_random",
        "title": "劳动报酬双随机抽查",
        "articles": ["5", "7"],
        "district": district,
        "starts_on": "2026-11-02",
        "ends_on": "2026-12-31",
        "source": "双色球 2026127 期",
        "known_from": (NOW + dt.timedelta(days=1)).isoformat(),
    }
    return body | changes


async def announced(complaints: Harness, district: str, **changes: Any) -> dict[str, Any]:
    headers = complaints.headers("officer", department="hrss", district=district) | await on_register("hrss", district)
    answer = await complaints.http.post("/v1/inspection-campaigns", json=plan(district, **changes), headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def drawn(complaints: Harness, district: str, set_clock: SetClock) -> dict[str, Any]:
    """A campaign whose draw was held."""
    campaign = await announced(complaints, district)
    set_clock(LATER)
    path = f"/v1/inspection-campaigns/{campaign['campaign_id']}/draw"
    answer = await complaints.http.post(path, json={"beacon": BEACON}, headers=await on_register("hrss", district))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def the_draw(complaints: Harness, campaign: dict[str, Any]) -> dict[str, Any]:
    """What is published, without a token."""
    answer = await complaints.http.get(f"/v1/inspection-campaigns/{campaign['campaign_id']}/draw")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def tasks_of(complaints: Harness, campaign: dict[str, Any]) -> list[dict[str, Any]]:
    query = {"campaign_id": campaign["campaign_id"], "limit": "500"}
    headers = await on_register("hrss", campaign["district"])
    return list((await complaints.http.get("/v1/inspection-tasks", params=query, headers=headers)).json()["items"])


async def visit(complaints: Harness, task: dict[str, Any], *, violated: tuple[str, ...] = ()) -> dict[str, Any]:
    findings = [
        {"item": item, "verdict": "violation" if item in violated else "compliant", "note": "现场查看"}
        for item in task["items"]
    ]
    body = {"visited_on": "2026-11-04", "present": task["inspectors"], "findings": findings}
    headers = inspector(task["inspectors"][0], task["district"])
    path = f"/v1/inspection-tasks/{task['inspection_id']}/findings"
    answer = await complaints.http.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def verified(file: Path, *more: str) -> tuple[int, str]:
    """What the program says of a file to somebody who has nothing else: no database, no keys, no setting."""
    command = (sys.executable, "-m", "services.complaints", "draw", "--verify", str(file), *more)
    process = await asyncio.create_subprocess_exec(*command, env={}, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_a_stranger_draws_the_same(complaints: Harness, set_clock: SetClock, tmp_path: Path) -> None:
    district = "510623"
    await inspectors(district, 4)
    await enterprises(district, range(100, 130))
    await enterprises(district, [130], standing="ended")
    campaign = await announced(complaints, district)
    before = await the_draw(complaints, campaign)
    assert (before["beacon"], before["secret"], before["result"]) == (None, None, None)
    assert [(one["name"], one["count"], one["take"]) for one in before["lists"]["strata"]] == [
        ("high", 0, 0),
        ("medium", 0, 0),
        ("low", 30, 3),
    ]
    assert [one["reason"] for one in before["lists"]["left_out"]] == ["ended"]
    told = [fact for fact in await complaints.told(CampaignAnnounced) if fact.campaign_id == campaign["campaign_id"]]
    assert [(fact.lists_digest, fact.commitment, fact.enterprises) for fact in told] == [
        (before["lists_digest"], before["commitment"], 30)
    ]
    kept = tmp_path / "announced.json"
    kept.write_text(json.dumps(before))
    assert (await verified(kept))[0] == 2

    set_clock(LATER)
    path = f"/v1/inspection-campaigns/{campaign['campaign_id']}/draw"
    officer = await on_register("hrss", district)
    assert (await complaints.http.post(path, json={"beacon": BEACON}, headers=officer)).status_code == 200
    assert (await complaints.http.post(path, json={"beacon": "another"}, headers=officer)).status_code == 409
    tasks = await tasks_of(complaints, campaign)
    assert len(tasks) == 3
    assert all(len(set(task["inspectors"])) == 2 for task in tasks)
    hidden = await the_draw(complaints, campaign)
    assert (hidden["beacon"], hidden["secret"], hidden["result"]) == (IN_ORDER, None, None)

    for task in tasks[:-1]:
        await visit(complaints, task)
    assert (await the_draw(complaints, campaign))["result"] is None
    await visit(complaints, tasks[-1])
    after = await the_draw(complaints, campaign)
    assert {one["enterprise"] for one in after["result"]} == {task["enterprise"] for task in tasks}
    file = tmp_path / "published.json"
    file.write_text(json.dumps(after))
    status, said = await verified(file, "--announced", str(kept))
    assert (status, said.splitlines()[-1]) == (0, "the same: 3 of 30 enterprises")


async def test_the_program_finds_what_was_tampered_with(
    complaints: Harness, set_clock: SetClock, tmp_path: Path
) -> None:
    district = "510603"
    await inspectors(district, 3, prefix="t")
    await enterprises(district, range(200, 212))
    campaign = await drawn(complaints, district, set_clock)
    for task in await tasks_of(complaints, campaign):
        await visit(complaints, task)
    honest = await the_draw(complaints, campaign)
    file = tmp_path / "draw.json"

    async def says(change: Any) -> str:
        other = json.loads(json.dumps(honest))
        change(other)
        file.write_text(json.dumps(other))
        status, said = await verified(file)
        assert status == 1
        return said

    drawn_ones = {one["enterprise"] for one in honest["result"]}
    spared = next(one["id"] for one in honest["lists"]["enterprises"] if one["id"] not in drawn_ones)
    assert "result 1, enterprise" in await says(lambda other: other["result"][0].update(enterprise=spared))
    assert "lists_digest" in await says(lambda other: other["lists"]["enterprises"].pop())
    assert "commitment" in await says(lambda other: other.update(secret="00" * 32))
    assert "result" in await says(lambda other: other.update(beacon="01 02"))
    file.write_text("{}")
    assert (await verified(file))[0] == 2


async def test_nobody_was_visited_before_they_were_drawn(complaints: Harness, set_clock: SetClock) -> None:
    district = "510603"
    await inspectors(district, 3, prefix="before")
    await enterprises(district, [250])
    campaign = await drawn(complaints, district, set_clock)
    task = (await tasks_of(complaints, campaign))[0]
    findings = [{"item": item, "verdict": "compliant"} for item in task["items"]]
    body = {"visited_on": "2026-11-02", "present": task["inspectors"], "findings": findings}
    path = f"/v1/inspection-tasks/{task['inspection_id']}/findings"
    headers = inspector(task["inspectors"][0], district)
    answer = await complaints.http.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "visit-day")
    await visit(complaints, task)


async def test_nobody_hears_of_a_visit_before_it(complaints: Harness, set_clock: SetClock) -> None:
    """Neither the public nor the enterprise, over HTTP; the events that reach platforms come after it."""
    district = "510604"
    await inspectors(district, 3)
    await enterprises(district, range(300, 303))
    campaign = await drawn(complaints, district, set_clock)
    (task,) = await tasks_of(complaints, campaign)
    path = f"/v1/inspection-tasks/{task['inspection_id']}"
    own = complaints.headers("platform", uscc=task["enterprise"])
    assert (await complaints.http.get(path, headers=own)).status_code == 404
    assert task["inspection_id"] not in (await complaints.http.get("/v1/inspections")).text
    row = await collection_of(Draw).find_one({"_id": campaign["campaign_id"]})
    assert row is not None
    await visit(complaints, task, violated=("minimum_wage",))
    seen = await complaints.http.get(path, headers=own)
    assert seen.status_code == 200
    assert "inspectors" not in seen.json()
    assert "origin" not in seen.json()
    secret = (await the_draw(complaints, campaign))["secret"]
    assert secret not in str(row)
    told = [fact.uscc for fact in await complaints.told(InspectionDrawn) if fact.inspection_id == task["inspection_id"]]
    assert told == [task["enterprise"]]
    found = [fact for fact in await complaints.told(InspectionFound) if fact.inspection_id == task["inspection_id"]]
    assert [(fact.outcome, fact.violated) for fact in found] == [("violations", ("minimum_wage",))]


async def test_what_strata_rest_on_is_opened_to_officers(complaints: Harness, set_clock: SetClock) -> None:
    district = "510682"
    await inspectors(district, 3)
    (busy, *_) = await enterprises(district, range(400, 404))
    for number in range(2):
        inspection = Inspection(
            number=f"n-{number}",
            campaign_id="c-earlier",
            kind="special",
            enterprise=busy,
            department="hrss",
            district=district,
            items=["minimum_wage"],
            inspectors=["i-x"],
            by_lot=False,
            state="published",
            visit_by=NOW.date(),
            visited_on=NOW.date() - dt.timedelta(days=30 + number),
            outcome="violations",
            violated=["minimum_wage"],
        )
        await transact(inspection.put)
    campaign = await announced(complaints, district)
    published = await the_draw(complaints, campaign)
    strata = {one["id"]: one["stratum"] for one in published["lists"]["enterprises"]}
    assert strata[busy] == "high"
    assert sorted(strata.values()) == ["high", "low", "low", "low"]
    assert published["arithmetic"] is None
    path = f"/v1/inspection-campaigns/{campaign['campaign_id']}/arithmetic"
    opened = await complaints.http.get(path, headers=await on_register("hrss", district))
    counted = {one["id"]: (one["counts"], one["points"]) for one in opened.json()["arithmetic"]}
    assert counted[busy] == ({"leads": 0, "violations": 2, "listed": 0}, 6)
    assert not all(one["verified"] for one in opened.json()["used"])
    own = complaints.headers("platform", uscc=busy)
    assert (await complaints.http.get(path, headers=own)).status_code == 404


async def test_who_has_an_interest_is_not_sent_there(complaints: Harness, set_clock: SetClock) -> None:
    district = "510681"
    people = await inspectors(district, 4)
    codes = await enterprises(district, range(500, 503))

    async def stay_away(subjects: list[str]) -> None:
        for subject in subjects:
            officer = await Officer.of(subject)
            assert officer is not None
            reason = encrypted_reason(subject, "近亲属任职")
            officer.interests = [Interest(enterprise=one, reason=reason) for one in codes]
            await transact(officer.put)

    await stay_away(people[:1])
    campaign = await drawn(complaints, district, set_clock)
    (task,) = await tasks_of(complaints, campaign)
    listed = (await the_draw(complaints, campaign))["lists"]["inspectors"]
    assert sorted(len(one["stays_away_from"]) for one in listed if one["stays_away_from"]) == [3]
    assert not [one for one in listed if one["id"] in people]
    assert people[0] not in task["inspectors"]

    leaving = next(one for one in task["inspectors"] if one in people)
    path = f"/v1/inspection-tasks/{task['inspection_id']}/replacement"
    own = await on_register("hrss", district)
    steered = await complaints.http.post(path, json={"inspector": leaving, "reason": "另有安排"}, headers=own)
    assert (steered.status_code, steered.json()["type"].rpartition("/")[2]) == (409, "drawn-stays")
    await stay_away([leaving])
    answer = await complaints.http.post(path, json={"inspector": leaving, "reason": "近亲属任职"}, headers=own)
    assert answer.status_code == 200, answer.text
    assert leaving not in answer.json()["inspectors"]
    assert people[0] not in answer.json()["inspectors"]
    assert len(set(answer.json()["inspectors"])) == 2


async def test_too_few_inspectors_are_said_before_the_draw(complaints: Harness, set_clock: SetClock) -> None:
    district = "510683"
    await enterprises(district, [600])
    headers = complaints.headers("officer", department="hrss", district=district)
    await on_register("hrss", district, duties=["approver"])
    answer = await complaints.http.post("/v1/inspection-campaigns", json=plan(district), headers=headers)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-few-inspectors")


@pytest.mark.parametrize(
    "changes",
    [
        {"known_from": (NOW - dt.timedelta(hours=1)).isoformat()},
        {"known_from": "2027-02-01T00:00:00Z"},
        {"source": None},
        {"ends_on": "2026-11-01"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "9998-12-31", "known_from": "2026-11-03T00:00:00Z"},
        {"articles": ["18"]},
    ],
    ids=[
        "known already",
        "after the campaign",
        "no public draw",
        "ends before",
        "never ends",
        "ends too late",
        "not on the checklist",
    ],
)
async def test_a_campaign_that_cannot_be_is_not_announced(
    complaints: Harness, set_clock: SetClock, changes: dict[str, Any]
) -> None:
    await on_register("hrss", "510603")
    headers = complaints.headers("officer", department="hrss", district="510603")
    answer = await complaints.http.post("/v1/inspection-campaigns", json=plan("510603", **changes), headers=headers)
    assert answer.status_code == 422, answer.text


async def test_a_campaign_is_cancelled_before_the_draw_only(complaints: Harness, set_clock: SetClock) -> None:
    district = "510603"
    await inspectors(district, 3)
    await enterprises(district, [700])
    first, second = await announced(complaints, district), await announced(complaints, district)
    officer = await on_register("hrss", district)
    body = {"reason": "名单有误"}
    path = f"/v1/inspection-campaigns/{first['campaign_id']}"
    early = await complaints.http.post(f"{path}/draw", json={"beacon": BEACON}, headers=officer)
    assert early.status_code == 409
    cancelled = await complaints.http.post(
        f"/v1/inspection-campaigns/{first['campaign_id']}/cancellation", json=body, headers=officer
    )
    assert cancelled.json()["state"] == "cancelled"
    set_clock(LATER)
    late = await complaints.http.post(
        f"/v1/inspection-campaigns/{second['campaign_id']}/cancellation", json=body, headers=officer
    )
    assert late.status_code == 409
