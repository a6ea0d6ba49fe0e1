"""Routine and special inspections: who is sent, what is found, heard and published."""

from __future__ import annotations

import os
from typing import Any

from services.complaints.cases.documents import Case
from services.complaints.inspections.documents import Inspection
from services.complaints.officers.documents import Interest, Officer, encrypted_reason
from services.complaints.terms.documents import Term
from shared.contracts.complaints import InspectionCalledOff, InspectionPublished
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.course import complaint
from tests.integration.complaints.inspections.conftest import SetClock
from tests.integration.complaints.inspections.fleet import NOW, enterprises, inspector, inspectors
from tests.integration.complaints.inspections.test_draws import announced
from tests.integration.complaints.staff import on_register

HERE = "510682"
SPECIAL = {"kind": "special", "source": None, "known_from": None}


async def sent(complaints: Harness, number: int, **changes: Any) -> dict[str, Any]:
    """An inspection of an enterprise within a special campaign, by two inspectors of its own."""
    campaign = await announced(complaints, HERE, **SPECIAL)
    people = await inspectors(HERE, 2, prefix=f"v{number}")
    (enterprise,) = await enterprises(HERE, [number])
    body = {"campaign_id": campaign["campaign_id"], "enterprise": enterprise, "inspectors": people, **changes}
    headers = complaints.headers("officer", department="hrss", district=HERE)
    answer = await complaints.http.post("/v1/inspection-tasks", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def post(complaints: Harness, task: dict[str, Any], path: str, headers: dict[str, str], json: Any = None) -> Any:
    return await complaints.http.post(
        f"/v1/inspection-tasks/{task['inspection_id']}/{path}", json=json, headers=headers
    )


def findings(task: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = [{"item": one, "verdict": "violation", "note": "工资表三个月未付", **more} for one in task["items"]]
    return {"visited_on": "2026-11-02", "present": task["inspectors"], "findings": found}


async def test_a_result_is_heard_and_published_by_another(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 800)
    own = inspector(task["inspectors"][0], HERE)
    photo = {"file": ("现场.png", b"\x89PNG\r\n\x1a\n" + os.urandom(2000), "image/png")}
    path = f"/v1/inspection-tasks/{task['inspection_id']}/evidence"
    key = complaints.headers("officer", department="hrss", district=HERE, sub=task["inspectors"][0])
    kept = await complaints.http.post(path, files=photo, data={"about": "工资公示栏"}, headers=key)
    assert kept.status_code == 201, kept.text
    evidence_id = kept.json()["evidence_id"]
    assert (await complaints.http.get(f"{path}/{evidence_id}", headers=own)).content == photo["file"][1]
    assert [one.action for one in await AuditEntry.find({"about": evidence_id}).to_list()] == ["evidence.read"]
    unknown = await post(complaints, task, "findings", own, findings(task, evidence=["nothing"]))
    assert unknown.status_code == 404
    found = await post(complaints, task, "findings", own, findings(task, evidence=[evidence_id]))
    assert found.status_code == 200, found.text
    assert found.json()["publish_by"] == str(add_working_days(shanghai_date(NOW), 20).due)
    assert (found.json()["outcome"], len(found.json()["findings"])) == ("violations", 4)

    enterprise = complaints.headers("platform", uscc=task["enterprise"])
    heard = await post(complaints, task, "statement", enterprise, {"statement": "已补发，凭证附后"})
    assert heard.json()["statement"] == "已补发，凭证附后"
    row = await collection_of(Inspection).find_one({"_id": task["inspection_id"]})
    assert "凭证" not in str(row)
    assert "工资表" not in str(row)

    await on_register("hrss", HERE, subject=task["inspectors"][1])
    assert (await post(complaints, task, "publication", own)).status_code == 403
    chief = await on_register("hrss", HERE)
    open_ = await post(complaints, task, "publication", chief)
    assert (open_.status_code, open_.json()["items"]) == (409, sorted(task["items"]))
    left = {"items": task["items"], "reason": "已当场改正"}
    assert (await post(complaints, task, "without-order", own, left)).status_code == 403
    followed = (await post(complaints, task, "without-order", chief, left)).json()["followed"]
    assert [(one["reason"], one["directive_id"]) for one in followed] == [("已当场改正", None)]
    assert "改正" not in str(await collection_of(Inspection).find_one({"_id": task["inspection_id"]}))
    published = await post(complaints, task, "publication", chief)
    assert published.status_code == 200, published.text
    listed = await complaints.http.get("/v1/inspections", params={"enterprise": task["enterprise"]})
    (shown,) = listed.json()["items"]
    assert (shown["outcome"], shown["heard"], shown["enterprise_name"]) == ("violations", True, "测试800")
    assert not [word for word in ("工资表", "凭证", *task["inspectors"], "note", "inspectors") if word in listed.text]
    told = [one for one in await complaints.told(InspectionPublished) if one.inspection_id == task["inspection_id"]]
    assert [one.uscc for one in told] == [task["enterprise"]]
    terms = {one.step: one.state for one in await Term.find({"matter_id": task["inspection_id"]}).to_list()}
    assert terms == {"visit": "met", "publish": "met"}
    assert (await post(complaints, task, "statement", enterprise, {"statement": "又及"})).status_code == 409


async def test_findings_show_nothing_of_who_reported(complaints: Harness, set_clock: SetClock) -> None:
    words = "我是城南站点的夜班骑手，站长扣了我三百元"
    filed = complaint(kind="report", text=words, district=HERE, occurred_on="2026-11-01")
    headers = complaints.headers("worker", worker_id="w-inspected")
    case = (await complaints.http.post("/v1/cases", json=filed, headers=headers)).json()
    task = await sent(complaints, 805, origin={"kind": "case", "id": case["case_id"]})
    own = inspector(task["inspectors"][0], HERE)
    told = await post(complaints, task, "findings", own, findings(task, note=f"据反映，{words}"))
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (409, "would-tell-reporter")
    assert (await post(complaints, task, "findings", own, findings(task))).status_code == 200
    again = await sent(complaints, 807, origin={"kind": "inspection", "id": task["inspection_id"]})
    own = inspector(again["inspectors"][0], HERE)
    told = await post(complaints, again, "findings", own, findings(again, note=f"据反映，{words}"))
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (409, "would-tell-reporter")


async def test_a_sensitive_case_sends_nobody_outside_its_circle(complaints: Harness, set_clock: SetClock) -> None:
    filed = complaint(category="discrimination", district=HERE, occurred_on="2026-11-01")
    headers = complaints.headers("worker", worker_id="w-circle")
    case = (await complaints.http.post("/v1/cases", json=filed, headers=headers)).json()
    task = await sent(complaints, 806)
    body = {name: task[name] for name in ("campaign_id", "enterprise", "inspectors")}
    body["origin"] = {"kind": "case", "id": case["case_id"]}
    outside = complaints.headers("officer", department="hrss", district=HERE)
    assert (await complaints.http.post("/v1/inspection-tasks", json=body, headers=outside)).status_code == 404


async def test_an_inspection_of_a_sensitive_case_keeps_its_circle(complaints: Harness, set_clock: SetClock) -> None:
    filed = complaint(category="discrimination", district=HERE, occurred_on="2026-11-01")
    reporter = complaints.headers("worker", worker_id="w-kept")
    case = (await complaints.http.post("/v1/cases", json=filed, headers=reporter)).json()
    plain = await sent(complaints, 808)
    chief = await on_register("hrss", HERE, subject="v-chief", circles=["discrimination"])
    outside = await on_register("hrss", HERE)
    body = {name: plain[name] for name in ("campaign_id", "enterprise", "inspectors")}
    body["origin"] = {"kind": "case", "id": case["case_id"]}

    async def send() -> Any:
        key = complaints.headers("officer", department="hrss", district=HERE) | chief
        return await complaints.http.post("/v1/inspection-tasks", json=body, headers=key)

    strangers = await send()
    assert (strangers.status_code, strangers.json()["type"].rpartition("/")[2]) == (409, "not-an-inspector")
    inside = [
        await on_register("hrss", HERE, subject=f"v-inside-{one}", circles=["discrimination"]) for one in range(2)
    ]
    body["inspectors"] = ["v-inside-0", "v-inside-1"]
    answer = await send()
    assert answer.status_code == 201, answer.text
    task = answer.json()
    again = body | {"origin": {"kind": "inspection", "id": task["inspection_id"]}}
    key = complaints.headers("officer", department="hrss", district=HERE)
    assert (await complaints.http.post("/v1/inspection-tasks", json=again, headers=key)).status_code == 404

    path = f"/v1/inspection-tasks/{task['inspection_id']}"
    for who, sees in ((outside, False), (inside[0], True)):
        for read in (path, f"{path}/evidence"):
            assert (await complaints.http.get(read, headers=who)).status_code == (200 if sees else 404)
        listed = await complaints.http.get("/v1/inspection-tasks", headers=who)
        assert (task["inspection_id"] in listed.text) is sees
        found = await post(complaints, task, "findings", who, findings(task))
        assert found.status_code == (200 if sees else 404), found.text
    assert (await post(complaints, task, "publication", outside)).status_code == 404
    left = {"items": task["items"], "reason": "已当场改正"}
    assert (await post(complaints, task, "without-order", chief, left)).status_code == 200
    assert (await post(complaints, task, "publication", chief)).status_code == 200
    public = await complaints.http.get("/v1/inspections", params={"enterprise": task["enterprise"]})
    assert [one["inspection_id"] for one in public.json()["items"]] == [task["inspection_id"]]
    assert case["case_id"] not in public.text


async def test_who_stays_away_from_a_case_does_not_inspect(complaints: Harness, set_clock: SetClock) -> None:
    filed = complaint(district=HERE, occurred_on="2026-11-01")
    reporter = complaints.headers("worker", worker_id="w-away")
    case = (await complaints.http.post("/v1/cases", json=filed, headers=reporter)).json()
    task = await sent(complaints, 809, origin={"kind": "case", "id": case["case_id"]})
    away, here = task["inspectors"]
    approver = await on_register("hrss", HERE, subject="approver-away")
    await collection_of(Case).update_one({"_id": case["case_id"]}, {"$set": {"away": [away, "approver-away"]}})
    body = {name: task[name] for name in ("campaign_id", "enterprise", "inspectors", "origin")}
    key = complaints.headers("officer", department="hrss", district=HERE)
    assert (await complaints.http.post("/v1/inspection-tasks", json=body, headers=key)).status_code == 409
    assert (await post(complaints, task, "findings", inspector(away, HERE), findings(task))).status_code == 403
    assert (await complaints.http.post("/v1/inspection-tasks", json=body, headers=key | approver)).status_code == 403
    both = await post(complaints, task, "findings", inspector(here, HERE), findings(task))
    assert (both.status_code, both.json()["type"].rpartition("/")[2]) == (409, "inspector-away")
    chief = await on_register("hrss", HERE)
    replaced = await post(complaints, task, "replacement", chief, {"inspector": away, "reason": "应当回避"})
    assert replaced.status_code == 200, replaced.text
    visited = await post(complaints, task, "findings", inspector(here, HERE), findings(replaced.json()))
    assert visited.status_code == 200, visited.text


async def test_inspectors_do_not_publish_their_own(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 801)
    officer = await Officer.of(task["inspectors"][0])
    assert officer is not None
    officer.duties = ["inspector", "approver"]
    await transact(officer.put)
    own = inspector(task["inspectors"][0], HERE)
    assert (await post(complaints, task, "findings", own, findings(task))).status_code == 200
    answer = await post(complaints, task, "publication", own)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "own-inspection")


async def test_one_inspector_alone_is_not_enough(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 802)
    own = inspector(task["inspectors"][0], HERE)
    alone = findings(task) | {"present": task["inspectors"][:1]}
    assert (await post(complaints, task, "findings", own, alone)).status_code == 422
    future = findings(task) | {"visited_on": "2026-11-03"}
    assert (await post(complaints, task, "findings", own, future)).status_code == 422
    other = await on_register("hrss", HERE)
    assert (await post(complaints, task, "findings", other, findings(task))).status_code == 403


async def test_who_has_an_interest_is_not_sent(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 803)
    officer = await Officer.of(task["inspectors"][0])
    assert officer is not None
    officer.interests = [Interest(enterprise=task["enterprise"], reason=encrypted_reason(officer.id, "股东"))]
    await transact(officer.put)
    body = {name: task[name] for name in ("campaign_id", "enterprise", "inspectors")}
    headers = complaints.headers("officer", department="hrss", district=HERE)
    again = await complaints.http.post("/v1/inspection-tasks", json=body, headers=headers)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "not-an-inspector")
    assert (await post(complaints, task, "findings", inspector(officer.id, HERE), findings(task))).status_code == 403
    other = inspector(task["inspectors"][1], HERE)
    beside = await post(complaints, task, "findings", other, findings(task))
    assert (beside.status_code, beside.json()["type"].rpartition("/")[2]) == (409, "inspector-away")


async def test_a_visit_that_cannot_be_made_is_public_too(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 804)
    chief = await on_register("hrss", HERE)
    campaign = f"/v1/inspection-campaigns/{task['campaign_id']}"
    assert (await complaints.http.post(f"{campaign}/closing", headers=chief)).status_code == 409
    off = await post(complaints, task, "calling-off", chief, {"cause": "untraceable"})
    assert off.json()["state"] == "called_off"
    (shown,) = (await complaints.http.get("/v1/inspections", params={"enterprise": task["enterprise"]})).json()["items"]
    assert (shown["cause"], shown["findings"], shown["published_on"]) == ("untraceable", [], None)
    told = [one for one in await complaints.told(InspectionCalledOff) if one.inspection_id == task["inspection_id"]]
    assert len(told) == 1
    assert (await complaints.http.post(f"{campaign}/closing", headers=chief)).json()["state"] == "closed"
    read = await complaints.http.get(campaign)
    assert read.json()["state"] == "closed"
    task_read = await complaints.http.get(f"/v1/inspection-tasks/{task['inspection_id']}", headers=chief)
    assert task_read.json()["cause"] == "untraceable"


async def test_what_the_enterprise_said_is_not_written_over(complaints: Harness, set_clock: SetClock) -> None:
    task = await sent(complaints, 877)
    own = inspector(task["inspectors"][0], HERE)
    assert (await post(complaints, task, "findings", own, findings(task))).status_code == 200
    enterprise = complaints.headers("platform", uscc=task["enterprise"])
    assert (await post(complaints, task, "statement", enterprise, {"statement": "不属实"})).status_code == 200
    heard = await post(complaints, task, "statement", own, {"statement": "无异议"})
    assert heard.json()["statement"] == "不属实\n\n无异议"
    more = [await post(complaints, task, "statement", enterprise, {"statement": "𠮷" * 5000}) for _ in range(11)]
    assert {one.status_code for one in more} == {200, 409}
