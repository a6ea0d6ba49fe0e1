from __future__ import annotations

import asyncio

import pytest

from services.complaints.cases import filing_api
from services.complaints.cases.documents import Case
from services.complaints.decisions.documents import Decision
from services.complaints.investigations import commands
from services.complaints.investigations.documents import Inquiry, InvestigationStep
from shared import clock
from shared.contracts.complaints import (
    CaseAnswered,
    CaseAssigned,
    CaseClosed,
    CaseDecided,
    CaseExtended,
    InquiryDecided,
    InquiryOpened,
)
from shared.ids import new_id
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.course import HERE, complaint, course, today
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc


async def test_a_case_is_investigated_decided_served_and_closed(complaints: Harness) -> None:
    case = await course(complaints)
    assert (await case.read(case.handler))["handler"] == "h-1"
    inquiry_id = await case.decided()
    theirs = await complaints.http.get(f"/v1/platform-cases/{inquiry_id}/decision", headers=case.platform)
    assert theirs.json()["text"] == "责令十日内支付所欠报酬。"
    assert theirs.json()["review_by"] > today()
    own = await complaints.http.get(f"/v1/cases/{case.case_id}/decision", headers=case.worker)
    assert (own.json()["text"], own.json()["outcome"]) == ("拖欠属实。", "order")
    remedies = ("review_by", "sue_by")
    assert [own.json()[one] for one in remedies] == [theirs.json()[one] for one in remedies]
    await case.do("satisfaction", case.worker, {"grade": 5}, expect=409)
    closed = await case.do("closing", case.handler)
    assert (closed["state"], closed["handler"]) == ("closed", None)
    await case.do("satisfaction", case.worker, {"grade": 4, "opinion": "比较满意"})
    await case.do("satisfaction", case.worker, {"grade": 1}, expect=409)
    assert ((await case.read(case.worker))["grade"], (await case.read(case.worker))["opinion"]) == (4, "比较满意")
    for fact in (CaseAssigned, CaseAnswered, CaseDecided, CaseClosed):
        assert len([one for one in await complaints.told(fact) if one.case_id == case.case_id]) == 1, fact
    for told in (InquiryOpened, InquiryDecided):
        assert len([one for one in await complaints.told(told) if one.inquiry_id == inquiry_id]) == 1, told
    terms = await complaints.http.get(f"/v1/cases/{case.case_id}/terms", headers=case.handler)
    assert {(one["step"], one["state"]) for one in terms.json()} == {
        ("accept", "met"), ("investigate", "met"), ("answer", "met"), ("decide", "met")
    }  # fmt: skip


async def test_who_has_no_token_reads_the_decision_by_the_code(complaints: Harness) -> None:
    """What was taken down from a hotline: the code is read out to whoever called."""
    case = await course(complaints, "w-unused")
    body = complaint(name="李测试", hotline={"line": "12345", "number": "1", "called_at": f"{clock.now().isoformat()}"})
    headers = {**case.handler, "Idempotency-Key": new_id()}
    receipt = (await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)).json()
    code = {name: receipt[name] for name in ("number", "code")}
    listed = (await complaints.http.get("/v1/cases?limit=500", headers=case.handler)).json()["items"]
    case.case_id = next(one["case_id"] for one in listed if one["number"] == receipt["number"])
    path = "/v1/anonymous-reports/decision"
    assert (await complaints.http.post(path, json=code)).status_code == 404
    await case.investigated()
    proposal = {"outcome": "order", "grounds_zh": "拖欠属实。", "letter_zh": "责令支付。"}
    await case.do("decisions", case.handler, proposal, expect=201)
    assert (await complaints.http.post(path, json=code)).status_code == 404
    await case.do("decisions/approval", case.approver)
    assert (await complaints.http.post(path, json=code)).status_code == 404, (
        "who took it down serves nothing by reading"
    )
    served = await case.do("decision/service", case.handler, {"side": "reporter", "served_on": today()})
    assert (await complaints.http.post(path, json=code)).status_code == 404, "who took it down never reads it"
    code["code"] = served["code"]
    follow_up = await complaints.http.post("/v1/anonymous-reports/follow-up", json=code)
    assert follow_up.status_code == 404
    assert (await complaints.http.post(path, json=code | {"code": "x" * 32})).status_code == 404
    read = (await complaints.http.post(path, json=code)).json()
    assert (read["text"], read["outcome"], read["review_by"] > today()) == ("拖欠属实。", "order", True)
    await case.do("decision/service", case.handler, {"side": "enterprise", "served_on": today()})
    await case.do("closing", case.handler)
    assert (await complaints.http.post(path, json=code)).json()["review_by"] == read["review_by"]
    filing_api._limiter.cache_clear()
    rated = {name: receipt[name] for name in ("number", "code")} | {"grade": 4, "opinion": "处理及时"}
    answers = [await complaints.http.post("/v1/anonymous-reports/satisfaction", json=rated) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409]
    shown = await case.read(case.handler)
    assert (shown["grade"], shown["opinion"]) == (4, "处理及时")


async def test_an_anonymous_decision_is_served_by_being_read(complaints: Harness) -> None:
    case = await course(complaints, "w-unused-too")
    receipt = (await complaints.http.post("/v1/anonymous-reports", json=complaint())).json()
    listed = (await complaints.http.get("/v1/cases?limit=500", headers=case.handler)).json()["items"]
    case.case_id = next(one["case_id"] for one in listed if one["number"] == receipt["number"])
    await case.investigated()
    await case.do(
        "decisions", case.handler, {"outcome": "order", "grounds_zh": "属实。", "letter_zh": "责令支付。"}, expect=201
    )
    await case.do("decisions/approval", case.approver)
    code = {name: receipt[name] for name in ("number", "code")}
    assert (await complaints.http.post("/v1/anonymous-reports/decision", json=code)).json()["text"] == "属实。"
    await case.do("decision/service", case.handler, {"side": "reporter", "served_on": today()}, expect=409)


async def test_nothing_that_people_wrote_is_readable_in_a_row(complaints: Harness) -> None:
    case = await course(complaints, "w-rows")
    await case.decided()
    for document in (Case, Decision, Inquiry, InvestigationStep):
        rows = str(await collection_of(document).find({}).to_list(None))
        for text in ("拖欠属实", "责令十日内", "已按期支付", "账册已复制", "近三个月", "配送费"):
            assert text not in rows, document


async def test_nobody_reads_a_decision_before_it_is_served(complaints: Harness) -> None:
    case = await course(complaints, "w-unserved")
    inquiry_id = await case.investigated()
    own, theirs = f"/v1/cases/{case.case_id}/decision", f"/v1/platform-cases/{inquiry_id}/decision"

    async def reads() -> list[int]:
        parties = ((own, case.worker), (theirs, case.platform))
        return [(await complaints.http.get(path, headers=who)).status_code for path, who in parties]

    proposal = {"outcome": "order", "grounds_zh": "拖欠属实。", "letter_zh": "责令支付。"}
    await case.do("decisions", case.handler, proposal, expect=201)
    await case.do("decisions/approval", case.approver)
    assert await reads() == [404, 404]
    await case.do("decision/service", case.handler, {"side": "reporter", "served_on": today()})
    assert await reads() == [200, 404]
    await case.do("decision/service", case.handler, {"side": "enterprise", "served_on": today()})
    assert await reads() == [200, 200]


async def test_nobody_approves_what_they_proposed(complaints: Harness) -> None:
    case = await course(complaints, "w-own")
    await case.investigated()
    proposal = {"outcome": "guidance", "grounds_zh": "事实", "letter_zh": "约谈"}
    await case.do("decisions", case.handler, proposal, expect=201)
    await case.do("decisions/approval", case.handler, expect=403)
    await case.do("decisions/sending-back", case.approver, {"reason": "证据不足"})
    listed = await complaints.http.get(f"/v1/cases/{case.case_id}/decisions", headers=case.handler)
    assert [(one["state"], one["note"]) for one in listed.json()["items"]] == [("sent_back", "证据不足")]
    await case.do("decisions", case.handler, proposal, expect=201)
    assert (await case.do("decisions/approval", case.approver))["state"] == "decided"
    await case.do("closing", case.handler, expect=409)


async def test_one_inspector_or_an_unheard_enterprise_ends_nothing(complaints: Harness) -> None:
    case = await course(complaints, "w-alone")
    await case.do("acceptance", case.handler)
    alone = {"kind": "visit", "taken_on": today(), "officers": ["h-1"], "record": "检查"}
    await case.do("steps", case.handler, alone, expect=422)
    await case.do("conclusion", case.handler, expect=409)
    await case.do("steps", case.handler, alone | {"officers": ["h-1", "a-1"]}, expect=201)
    await case.do("conclusion", case.handler, expect=409)
    early = {"outcome": "order", "grounds_zh": "事实", "letter_zh": "责令"}
    await case.do("decisions", case.handler, early, expect=409)


async def test_an_investigation_is_prolonged_once_by_the_chief(complaints: Harness) -> None:
    case = await course(complaints, "w-longer")
    await case.do("acceptance", case.handler)
    await case.do("extension-request", case.handler, {"reason": "案情复杂"})
    await case.do("extension-request/approval", case.handler, expect=403)
    plain = await on_register("hrss", HERE, subject="a-2", duties=["approver"])
    for answer in ("approval", "refusal"):
        await case.do(f"extension-request/{answer}", plain, expect=403)
    longer = await case.do("extension-request/approval", case.approver)
    due = add_working_days(shanghai_date(clock.now()), 90).due
    assert longer["decide_by"] == f"{due}"
    told = [one.decide_by for one in await complaints.told(CaseExtended) if one.case_id == case.case_id]
    assert told == [due]
    await case.do("extension-request", case.handler, {"reason": "再次"})
    await case.do("extension-request/approval", case.approver, expect=409)
    await case.do("extension-request/refusal", case.approver)


async def test_an_enterprise_reads_and_answers_its_own_alone(complaints: Harness) -> None:
    case = await course(complaints, "w-answer")
    await case.investigated()
    stranger = complaints.headers("platform", uscc="91510600MA0000001X")
    inquiry = (await complaints.http.get(f"/v1/cases/{case.case_id}/inquiry", headers=case.handler)).json()
    path = f"/v1/platform-cases/{inquiry['inquiry_id']}"
    assert [one["text"] for one in inquiry["answers"]] == ["我单位已按期支付。"]
    assert (await complaints.http.get(path, headers=stranger)).status_code == 404
    late = await complaints.http.post(f"{path}/answers", json={"text": "不是我"}, headers=stranger)
    assert late.status_code == 404
    listed = (await complaints.http.get("/v1/platform-cases?limit=500", headers=case.platform)).json()["items"]
    assert {one["platform"] for one in listed} == {PLATFORM}


@pytest.mark.parametrize("step", ["decisions", "extension-request"])
async def test_of_two_proposals_at_once_one_is_open(complaints: Harness, step: str) -> None:
    """Else an approver who read one would approve the other."""
    case = await course(complaints, f"w-twice-{step}")
    if step == "decisions":
        await case.investigated()
    else:
        await case.do("acceptance", case.handler)
    path = f"/v1/cases/{case.case_id}"
    read = (await complaints.http.get(path, headers=case.approver)).headers["etag"]
    headers = case.handler | {"If-Match": read}
    bodies: list[dict[str, str]] = [{"outcome": "guidance", "grounds_zh": text, "letter_zh": text} for text in "甲乙丙"]
    if step == "extension-request":
        bodies = [{"reason": text} for text in "甲乙丙"]
    answers = await asyncio.gather(
        *(complaints.http.post(f"{path}/{step}", json=one, headers=headers) for one in bodies)
    )
    assert sorted(one.status_code for one in answers)[1:] == [412, 412]
    stale = await complaints.http.post(f"{path}/{step}/approval", headers=case.approver | {"If-Match": read})
    assert stale.status_code == 412
    await case.do(f"{step}/approval", case.approver)


async def test_what_was_asked_before_a_case_was_reopened_is_over(complaints: Harness) -> None:
    case = await course(complaints, "w-stale")
    await case.do("acceptance", case.handler)
    await case.do("extension-request", case.handler, {"reason": "账册尚未送达"})
    inquiry_id = await case.looked_into()
    await case.served()
    await case.do("closing", case.handler)
    await case.do("reopening", case.worker, {"reason": "未履行"})
    await case.do("extension-request/refusal", case.approver, expect=409)
    await case.do("acceptance", case.handler)
    await case.do("extension-request/approval", case.approver, expect=404)
    await case.do("extension-request", case.handler, {"reason": "需再次取证"})
    late = await complaints.http.post(
        f"/v1/platform-cases/{inquiry_id}/evidence",
        data={"about": "账册"},
        files={"file": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png")},
        headers=case.platform | {"Idempotency-Key": new_id()},
    )
    assert (late.status_code, late.json()["type"]) == (409, "/problems/inquiry-over")


async def test_officers_read_what_was_answered_before_a_reopening(complaints: Harness) -> None:
    case = await course(complaints, "w-answered-twice")
    first = await case.decided()
    await case.do("closing", case.handler)
    await case.do("reopening", case.worker, {"reason": "未履行"})
    second = await case.investigated()
    listed = (await complaints.http.get(f"/v1/cases/{case.case_id}/inquiries", headers=case.handler)).json()["items"]
    answers = {one["inquiry_id"]: [said["text"] for said in one["answers"]] for one in listed}
    assert answers == {one: ["我单位已按期支付。"] for one in (first, second)}


async def test_a_case_that_was_reopened_is_rated_again(complaints: Harness) -> None:
    case = await course(complaints, "w-rates-twice")
    await case.decided()
    await case.do("closing", case.handler)
    await case.do("satisfaction", case.worker, {"grade": 1, "opinion": "仍未支付"})
    await case.do("reopening", case.worker, {"reason": "未履行"})
    assert (await case.read(case.worker))["grade"] is None
    await case.decided()
    await case.do("closing", case.handler)
    await case.do("satisfaction", case.worker, {"grade": 5})
    assert (await case.read(case.worker))["grade"] == 5
    kept = await Case.of(case.case_id)
    assert kept is not None
    assert [one.grade for one in kept.earlier_ratings] == [1]


async def test_a_case_stays_about_whom_it_investigated(complaints: Harness) -> None:
    """Another enterprise would read what the first one asked and handed in."""
    case = await course(complaints, "w-swap")
    await case.decided()
    await case.do("closing", case.handler)
    await case.do("reopening", case.worker, {"reason": "未履行"})
    await case.do("return", case.handler, {"missing_zh": "请写明情况。"})
    other = {"text": "是另一家平台。", "platform": make_uscc("MA0000778")}
    assert (await case.do("completion", case.worker, other, expect=409))["type"] == "/problems/enterprise-fixed"
    completed = await case.do("completion", case.worker, other | {"platform": PLATFORM})
    assert completed["platform"] == PLATFORM


async def test_answers_to_an_inquiry_have_an_end(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST_ANSWERS", 1)
    case = await course(complaints, "w-flood")
    inquiry_id = await case.investigated()
    answer = await complaints.http.post(
        f"/v1/platform-cases/{inquiry_id}/answers",
        json={"text": "补充"},
        headers=case.platform | {"Idempotency-Key": new_id()},
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/answers-full")
