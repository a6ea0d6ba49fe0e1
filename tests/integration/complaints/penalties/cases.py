"""Cases that a penalty arises from."""

from __future__ import annotations

from tests.harness import Harness, bearer
from tests.integration.complaints.course import Course as Case
from tests.integration.complaints.penalties.course import HERE, OFFICERS, officer, today


async def case_of(
    complaints: Harness, uscc: str, worker: str, *, confidential: bool = True, concluded: bool = True
) -> Case:
    """A case, in confidence where not said otherwise, that the office has concluded, after it heard the enterprise."""
    complaint = {
        "platform": uscc,
        "category": "rest",
        "text": "连续三个月每天要求加班到夜里十一点不付加班费",
        "district": HERE,
        "occurred_on": today(),
        "confidential": confidential,
    }
    headers = complaints.headers("worker", worker_id=worker)
    opened = await complaints.http.post("/v1/cases", json=complaint, headers=headers)
    assert opened.status_code == 201, opened.text
    case_id = str(opened.json()["case_id"])
    read = await complaints.http.get(f"/v1/cases/{case_id}", headers=officer("p-first"))
    handler = str(read.json()["handler"])
    approver = next(one for one in OFFICERS if one != handler)
    worker_, platform = bearer("worker", worker_id=worker), bearer("platform", uscc=uscc)
    case = Case(complaints, case_id, worker_, officer(handler), officer(approver), platform)
    await case.do("acceptance", case.handler)
    step = {"kind": "visit", "taken_on": today(), "officers": ["p-first", "p-second"], "record": "现场检查"}
    await case.do("steps", case.handler, step, expect=201)
    asked = await case.do("inquiry", case.handler, {"question_zh": "请说明工时情况。"})
    answered = await complaints.http.post(
        f"/v1/platform-cases/{asked['inquiry_id']}/answers",
        json={"text": "已依法安排。"},
        headers=complaints.headers("platform", uscc=uscc),
    )
    assert answered.status_code == 201, answered.text
    if concluded:
        await case.do("conclusion", case.handler)
    return case
