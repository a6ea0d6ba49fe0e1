"""Nothing that the enterprise can see shows who reports in confidence (劳动保障监察条例 art. 9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import yaml

from services.complaints.cases.documents import Case
from services.complaints.cases.migrations import REPORTS
from services.complaints.disclosures.documents import Disclosure
from services.notifier.notices.rows import places_of
from services.notifier.notices.table import ROWS
from shared.contracts.complaints import CASE, INQUIRY, CaseOpened, ReporterTold
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of, storage
from shared.storage.migrations import next_batch
from tests.harness import Harness
from tests.integration.complaints.course import TEXT, course, today

ROOT = Path(__file__).parents[4]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def hand_in(case: Any, path: str, who: dict[str, str], name: str) -> str:
    answer = await case.complaints.http.post(
        f"{path}/evidence",
        data={"about": name},
        files={"file": (f"{name}.png", PNG, "image/png")},
        headers={**who, "Idempotency-Key": new_id()},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence_id"])


async def test_the_enterprise_finds_nothing_of_a_reporter(complaints: Harness) -> None:
    case = await course(complaints, "w-secret", confidential=True)
    row = await Case.get(case.case_id)
    assert row is not None
    ours = await hand_in(case, f"/v1/cases/{case.case_id}", case.worker, "举报人的工牌")
    await case.do(f"evidence/{ours}/showing", case.handler, {"party": "enterprise"}, expect=409)
    await case.do("acceptance", case.handler)
    step = {"kind": "visit", "taken_on": today(), "officers": ["h-1", "a-1"], "record": "检查"}
    await case.do("steps", case.handler, step, expect=201)
    told_too_much = {"question_zh": f"有人反映{TEXT[:14]}，请说明。"}
    refused = await case.do("inquiry", case.handler, told_too_much, expect=409)
    assert refused["type"] == "/problems/would-tell-reporter"
    asked = await case.do("inquiry", case.handler, {"question_zh": "请说明近三个月的报酬支付情况。"})
    path = f"/v1/platform-cases/{asked['inquiry_id']}"
    headers = {**case.platform, "Idempotency-Key": new_id()}
    await complaints.http.post(f"{path}/answers", json={"text": "已支付"}, headers=headers)
    await case.do("conclusion", case.handler)
    proposal = {"outcome": "order", "grounds_zh": "属实", "letter_zh": f"据查，{TEXT}"}
    await case.do("decisions", case.handler, proposal, expect=409)
    await case.do("decisions", case.handler, proposal | {"letter_zh": "责令改正。"}, expect=201)
    await case.do("decisions/approval", case.approver)
    for side in ("reporter", "enterprise"):
        await case.do("decision/service", case.handler, {"side": side, "served_on": today()})

    seen = []
    for part in ("", "/decision", "/evidence"):
        answer = await complaints.http.get(f"{path}{part}", headers=case.platform)
        assert answer.status_code == 200
        seen.append(answer.text + str(answer.headers))
    seen.append((await complaints.http.get("/v1/platform-cases?limit=500", headers=case.platform)).text)
    for blocked in (f"/v1/cases/{case.case_id}", "/v1/cases", f"{path}/evidence/{ours}/content"):
        assert (await complaints.http.get(blocked, headers=case.platform)).status_code in (403, 404)
    events = await storage().collection("outbox").find({"topic": INQUIRY.name}).to_list(None)
    own = [row for row in events if json.loads(row["data"])["inquiry_id"] == asked["inquiry_id"]]
    assert len(own) == 2
    seen += [f"{one['key']}{one['data'].decode()}" for one in own]
    filed_at = row.created_at.astimezone(SHANGHAI)
    told = ["w-secret", case.case_id, row.number, "举报人的工牌", TEXT[:10], ours, f"{filed_at:%H:%M}"]
    for text in seen:
        assert [one for one in told if one in text] == []


async def test_events_on_a_confidential_case_name_no_reporter(complaints: Harness) -> None:
    case = await course(complaints, "w-silent", confidential=True)
    await case.decided()
    await case.do("closing", case.handler)
    rows = await storage().collection("outbox").find({"topic": CASE.name}).to_list(None)
    own = [json.loads(row["data"]) for row in rows if json.loads(row["data"])["case_id"] == case.case_id]
    assert len(own) >= 6
    assert {one["worker_id"] for one in own} == {None}
    news = [one.news for one in await complaints.told(ReporterTold) if one.worker_id == "w-silent"]
    assert news == ["opened", "accepted", "decided", "closed"]
    open_case = await course(complaints, "w-open")
    assert [one.worker_id for one in await complaints.told(CaseOpened) if one.case_id == open_case.case_id] == [
        "w-open"
    ]


def test_enterprises_hear_of_cases_by_inquiries_alone() -> None:
    hooks = yaml.safe_load((ROOT / "services/notifier/webhooks/events.yaml").read_text("utf-8"))["sent"]
    told = {one["event"]: one["fields"] for one in hooks}
    told |= {
        row.event: sorted(places_of(row.text))
        for row in ROWS.values()
        if row.to in ("platform", "platforms", "enterprise")
    }
    of_cases = {name for name in told if name.startswith(("complaints.case.", "complaints.reporter."))}
    assert of_cases == set()
    inquiries = {name for name in told if name.startswith("complaints.inquiry.")}
    assert len(inquiries) == 3
    fields = {field for name in inquiries for field in told[name]}
    assert fields <= {"inquiry_id", "category", "district", "answer_by", "outcome", "reason"}
    assert "worker_id" in msgspec.structs.asdict(ReporterTold(worker_id="w", news="opened"))


async def test_who_reported_is_read_once_with_a_second_officer(complaints: Harness) -> None:
    case = await course(complaints, "w-sealed", confidential=True)
    assert (await case.read(case.handler))["worker_id"] is None
    assert (await case.read(case.worker))["worker_id"] == "w-sealed"
    await case.do("reporter", case.handler, expect=403)
    asked = await case.do("disclosures", case.handler, {"reason": "需要核实考勤"}, expect=201)
    row = await collection_of(Disclosure).find_one({"_id": asked["disclosure_id"]})
    assert "核实考勤" not in str(row)
    await case.do(f"disclosures/{asked['disclosure_id']}/approval", case.handler, expect=403)
    await case.do("reporter", case.handler, expect=403)
    await case.do(f"disclosures/{asked['disclosure_id']}/approval", case.approver)
    assert (await case.do("reporter", case.handler))["worker_id"] == "w-sealed"
    await case.do("reporter", case.handler, expect=403)
    entries = [one.action for one in await AuditEntry.find({"about": case.case_id}).to_list()]
    assert entries == ["reporter.disclosure_asked", "reporter.disclosure_approved", "reporter.read"]


async def test_a_refused_disclosure_shows_nothing(complaints: Harness) -> None:
    case = await course(complaints, "w-kept", confidential=True)
    asked = await case.do("disclosures", case.handler, {"reason": "想知道是谁"}, expect=201)
    await case.do(f"disclosures/{asked['disclosure_id']}/refusal", case.approver)
    await case.do("reporter", case.handler, expect=403)
    listed = await complaints.http.get(f"/v1/cases/{case.case_id}/disclosures", headers=case.approver)
    assert [(one["state"], one["reason"]) for one in listed.json()["items"]] == [("refused", "想知道是谁")]


async def test_a_case_that_is_not_confidential_needs_no_disclosure(complaints: Harness) -> None:
    case = await course(complaints, "w-plain")
    assert (await case.read(case.handler))["worker_id"] == "w-plain"
    await case.do("disclosures", case.handler, {"reason": "核实"}, expect=409)
    assert (await case.do("reporter", case.handler))["worker_id"] == "w-plain"


async def test_a_report_is_in_confidence_though_nobody_asked(complaints: Harness) -> None:
    case = await course(complaints, "w-informs", kind="report")
    for who in (case.handler, case.approver):
        shown = await case.read(who)
        assert (shown["confidential"], shown["worker_id"]) == (True, None)
    opened = [one for one in await complaints.told(CaseOpened) if one.case_id == case.case_id]
    assert [one.worker_id for one in opened] == [None]
    await case.do("reporter", case.handler, expect=403)
    await case.do("acceptance", case.handler)
    await case.do("inquiry", case.handler, {"question_zh": f"有人反映{TEXT[:14]}，请说明。"}, expect=409)


async def test_what_a_reporter_added_is_not_told_either(complaints: Harness) -> None:
    case = await course(complaints, "w-adds", confidential=True)
    await case.do("return", case.handler, {"missing_zh": "请补充时间。"})
    added = "六月十二日晚上我在城南站点被扣了三百元"
    await case.do("completion", case.worker, {"text": added})
    await case.do("acceptance", case.handler)
    told_too_much = {"question_zh": f"据反映，{added}，请说明。"}
    refused = await case.do("inquiry", case.handler, told_too_much, expect=409)
    assert refused["type"] == "/problems/would-tell-reporter"


async def test_who_made_a_report_of_old_is_sealed_to_officers(complaints: Harness) -> None:
    """Reports were sealed only where somebody asked for it; a complaint that nobody sealed stays as it is."""
    shown = {}
    cases = {kind: await course(complaints, f"w-old-{kind}", kind=kind) for kind in ("report", "complaint")}
    stored = {"_id": {"$in": [case.case_id for case in cases.values()]}}
    await collection_of(Case).update_many(stored, {"$set": {"confidential": False}})
    for kind, case in cases.items():
        assert (await case.read(case.handler))["worker_id"] == f"w-old-{kind}"
    assert await next_batch(REPORTS, None) is not None
    for kind, case in cases.items():
        shown[kind] = (await case.read(case.handler))["worker_id"]
    assert shown == {"report": None, "complaint": "w-old-complaint"}
