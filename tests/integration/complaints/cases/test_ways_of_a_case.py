"""How cases come in, whose hands they go through, and how they end before a decision."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx2
import pytest
import time_machine

from services.complaints.cases import filing_api, term_commands
from services.complaints.cases.documents import Case
from services.complaints.officers.documents import Officer, with_loads
from services.complaints.terms import commands as terms
from shared import clock
from shared.contracts.complaints import (
    CaseAssigned,
    CaseClosed,
    CaseJoiningAsked,
    CaseReopened,
    CaseReturned,
    CaseTransferred,
    CaseWithdrawn,
    ReporterInvolved,
    ReporterTold,
)
from shared.contracts.registry import EngagementCorrected, WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.course import HERE, TEXT, complaint, course, today
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

FOR_KIN: dict[str, Any] = {"name": "王测试", "phone": "13800000000", "relation": "配偶"}


async def load_of(subject: str) -> int:
    officer = await Officer.get(subject)
    assert officer is not None
    [person] = await with_loads([officer])
    return person.load


async def test_a_case_is_completed_once_while_its_term_stands(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await course(complaints, "w-complete", platform=None)
    before = await case.read(case.handler)
    assert before["proposed"] == "return"
    returned = await case.do("return", case.handler, {"missing_zh": "请写明被投诉单位。"})
    assert returned["due_on"] == f"{add_working_days(shanghai_date(clock.now()), 5).due}"
    assert (await case.read(case.worker))["history"][-1]["note"] == "请写明被投诉单位。"
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=7))
    completed = await case.do("completion", case.worker, {"text": "是这家平台。", "platform": PLATFORM})
    assert (completed["state"], completed["platform"]) == ("opened", PLATFORM)
    assert completed["accept_by"] > before["accept_by"]
    await case.do("return", case.handler, {"missing_zh": "再次"}, expect=409)
    told = [one for one in await complaints.told(CaseReturned) if one.case_id == case.case_id]
    assert len(told) == 1


async def test_a_case_is_transferred_to_the_body_that_is_named(complaints: Harness) -> None:
    case = await course(complaints, "w-elsewhere")
    load = await load_of("h-1")
    body = {"body_zh": "市场监督管理局", "reason_zh": "属于价格行为。"}
    moved = await case.do("transfer", case.handler, body)
    assert (moved["state"], moved["handler"]) == ("transferred", None)
    assert await load_of("h-1") == load - 1
    assert "市场监督管理局" in (await case.read(case.worker))["history"][-1]["note"]
    assert [one.case_id for one in await complaints.told(CaseTransferred)] == [case.case_id]
    await case.do("acceptance", case.handler, expect=409)


async def test_a_withdrawn_case_is_opened_again_with_its_history(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await course(complaints, "w-back")
    stranger = bearer("worker", worker_id="w-stranger")
    assert (await complaints.http.post(f"/v1/cases/{case.case_id}/withdrawal", headers=stranger)).status_code == 428
    await case.do("withdrawal", case.worker, {"reason": "已经支付"})
    reopened = await case.do("reopening", case.worker, {"reason": "又不支付了"})
    assert (reopened["state"], reopened["due_on"]) == ("opened", reopened["accept_by"])
    shown = await case.read(case.worker)
    assert [(one["move"], one["note"]) for one in shown["history"]] == [
        ("withdraw", "已经支付"),
        ("reopen", "又不支付了"),
    ]
    assert (await case.read(case.handler))["handler"] == "h-1"
    for fact in (CaseWithdrawn, CaseReopened):
        assert len([one for one in await complaints.told(fact) if one.case_id == case.case_id]) == 1
    await case.do("withdrawal", case.worker, {"reason": "已经支付"})
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=45))
    await case.do("reopening", case.worker, {"reason": "太晚"}, expect=409)


async def test_a_refusal_stays_on_file_once_a_case_is_reopened(complaints: Harness) -> None:
    """It may be contested for months after."""
    case = await course(complaints, "w-refused-once")
    await case.do("refusal", case.handler, {"reason_zh": "不属于劳动保障监察职权。", "ground": "not_inspection"})
    await case.do("reopening", case.worker, {"reason": "补充了材料"})
    for who in (case.worker, case.handler):
        history = [(one["move"], one["note"]) for one in (await case.read(who))["history"]]
        assert history == [("refuse", "不属于劳动保障监察职权。"), ("reopen", "补充了材料")]


async def test_nobody_takes_back_what_is_under_investigation(complaints: Harness) -> None:
    case = await course(complaints, "w-pressed")
    await case.do("acceptance", case.handler)
    refused = await case.do("withdrawal", case.worker, {"reason": "单位让我撤回"}, expect=409)
    assert refused["type"] == "/problems/under-investigation"
    assert (await case.read(case.handler))["state"] == "accepted"


async def test_by_the_code_one_reads_where_a_case_went(complaints: Harness) -> None:
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    headers = officer | {"Idempotency-Key": new_id()}
    taken = await complaints.http.post("/v1/cases/taken-down", json=complaint(**FOR_KIN), headers=headers)
    path = taken.headers["Location"]
    seen = {**officer, "If-Match": (await complaints.http.get(path, headers=officer)).headers["etag"]}
    body = {"body_zh": "市场监督管理局", "reason_zh": "属于价格行为。"}
    moved = await complaints.http.post(f"{path}/transfer", json=body, headers=seen)
    assert moved.status_code == 200, moved.text
    code = {name: taken.json()[name] for name in ("number", "code")}
    read = (await complaints.http.post("/v1/anonymous-reports/follow-up", json=code)).json()
    assert (read["state"], read["answer_zh"]) == ("transferred", "移送市场监督管理局：属于价格行为。")


async def test_what_is_in_arbitration_is_pointed_there(complaints: Harness) -> None:
    case = await course(complaints, "w-dispute", dispute="arbitration")
    assert (await case.read(case.handler))["proposed"] == "to_dispute"
    await case.do("refusal", case.handler, {"reason_zh": "已申请仲裁。", "ground": "to_dispute"})
    told = (await case.read(case.worker))["remedy_zh"]
    for remedy in ("劳动争议处理", "60日内申请行政复议", "6个月内提起行政诉讼"):
        assert remedy in told


async def test_a_case_is_handed_over_and_given_back(complaints: Harness) -> None:
    case = await course(complaints, "w-hands")
    await on_register("hrss", HERE, subject="h-2", duties=["handler"])
    second = bearer("officer", department="hrss", district=HERE, sub="h-2")
    await case.do("acceptance", second, expect=409)
    await case.do("assignment", second, {"officer": "h-2"}, expect=403)
    await case.do("assignment", case.handler, {"officer": "a-1"}, expect=409)
    assert (await case.do("assignment", case.handler, {"officer": "h-2"}))["handler"] == "h-2"
    await case.do("acceptance", second)
    given = await case.do("recusal", second, {"reason": "近亲属在该单位任职"})
    assert given["handler"] == "h-1"
    await case.do("assignment", case.approver, {"officer": "h-2"}, expect=409)
    for subject in ("h-3", "h-4"):
        await on_register("hrss", HERE, subject=subject, duties=["handler"])
    assert (await case.do("assignment", case.handler, {"officer": "h-3"}))["handler"] == "h-3"
    assert (await case.do("recusal", case.handler, {"reason": "近亲属在该单位任职"}))["handler"] == "h-3"
    told = [one.officer for one in await complaints.told(CaseAssigned) if one.case_id == case.case_id]
    assert told[-3:] == ["h-2", "h-1", "h-3"]
    for subject in ("h-2", "h-3", "h-4"):
        row = await Officer.get(subject)
        assert row is not None
        await row.delete()


async def test_who_stays_away_from_a_case_has_no_part_in_it(complaints: Harness) -> None:
    district = "510604"
    only = await on_register("hrss", district, subject="r-1", duties=["handler", "chief", "inspector"])
    case = await course(complaints, "w-recused", district=district)
    assert (await case.do("recusal", only, {"reason": "近亲属在该单位任职"}))["handler"] is None
    await case.do("acceptance", only, expect=403)
    next_ = await on_register("hrss", district, subject="r-0", duties=["handler"])
    assert (await case.do("recusal", next_, {"reason": "近亲属在该单位任职"}))["handler"] is None
    await case.do("acceptance", next_, expect=403)
    second = await on_register("hrss", district, subject="r-2", duties=["handler", "inspector"])
    await on_register("hrss", district, subject="r-3", duties=["inspector"])
    await case.do("acceptance", second)
    step = {"kind": "visit", "taken_on": today(), "officers": ["r-2", "r-1"], "record": "检查"}
    await case.do("steps", second, step, expect=422)
    await case.do("steps", second, step | {"officers": ["r-2", "r-3"]}, expect=201)
    await case.do("extension-request", second, {"reason": "案情复杂"})
    await case.do("extension-request/approval", only, expect=403)


async def test_what_is_over_comes_into_nobodys_hands_by_recusal(complaints: Harness) -> None:
    case = await course(complaints, "w-over")
    second = "h-5"
    await on_register("hrss", HERE, subject=second, duties=["handler"])
    await case.do("transfer", case.handler, {"body_zh": "市场监督管理局", "reason_zh": "属于价格行为。"})
    load = await load_of(second)
    assert (await case.do("recusal", case.handler, {"reason": "近亲属在该单位任职"}))["handler"] is None
    assert await load_of(second) == load
    row = await Officer.get(second)
    assert row is not None
    await row.delete()


async def test_who_has_an_interest_neither_reads_nor_gets_it(complaints: Harness) -> None:
    district = "510623"
    await on_register("hrss", district, subject="n-1", duties=["handler"])
    await on_register("hrss", district, subject="n-2", duties=["handler"])
    away = bearer("officer", department="hrss", district=district, sub="n-1")
    interest = {"enterprise": PLATFORM, "reason": "持有股份"}
    await complaints.http.post("/v1/officers/n-1/interests", json=interest, headers=away)
    case = await course(complaints, "w-interest", district=district)
    other = bearer("officer", department="hrss", district=district, sub="n-2")
    assert (await case.read(other))["handler"] == "n-2"
    assert (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=away)).status_code == 404
    listed = (await complaints.http.get("/v1/cases?limit=500", headers=away)).json()["items"]
    assert case.case_id not in {one["case_id"] for one in listed}


async def test_a_sensitive_case_is_for_its_circle_alone(complaints: Harness) -> None:
    district = "510683"
    plain = await on_register("hrss", district, subject="s-1", duties=["handler"])
    circle = await on_register("hrss", district, subject="s-2", duties=["handler"], circles=["discrimination"])
    case = await course(complaints, "w-sensitive", district=district, category="discrimination")
    assert (await case.read(circle))["handler"] == "s-2"
    assert (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=plain)).status_code == 404
    for who, shown in ((plain, False), (circle, True)):
        listed = (await complaints.http.get("/v1/cases?limit=500", headers=who)).json()["items"]
        assert (case.case_id in {one["case_id"] for one in listed}) is shown


async def test_nobody_off_the_register_reads_a_case(complaints: Harness) -> None:
    case = await course(complaints, "w-closed")
    stranger = bearer("officer", department="hrss", district=HERE, sub="nobody-knows")
    assert (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=stranger)).status_code == 403
    assert (await complaints.http.get("/v1/cases", headers=stranger)).status_code == 403


async def test_lists_show_what_is_mine_and_what_is_overdue(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await course(complaints, "w-late")

    async def listed(query: str) -> set[str]:
        answer = await complaints.http.get(f"/v1/cases?limit=500&{query}", headers=case.handler)
        return {one["case_id"] for one in answer.json()["items"]}

    assert case.case_id in await listed("mine=true")
    assert case.case_id in await listed(f"platform={PLATFORM}")
    assert case.case_id not in await listed("overdue=true")
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=20))
    assert case.case_id in await listed("overdue=true")


async def ask_to_join(
    complaints: Harness, number: str, worker: str, platform: str = PLATFORM, category: str = "late_pay"
) -> int:
    body = {"number": number, "platform": platform, "category": category}
    headers = complaints.headers("worker", worker_id=worker)
    return (await complaints.http.post("/v1/cases/joining", json=body, headers=headers)).status_code


async def test_who_knows_a_number_alone_joins_nothing(complaints: Harness) -> None:
    case = await course(complaints, "w-leader")
    number, path = (await case.read(case.worker))["number"], f"/v1/cases/{case.case_id}"
    assert await ask_to_join(complaints, number, "w-curious", platform=make_uscc("MA0000002")) == 404
    assert await ask_to_join(complaints, number, "w-curious", category="rest") == 404
    assert (await case.read(case.worker))["asking"] == []
    assert await ask_to_join(complaints, number, "w-curious") == 204
    asker = bearer("worker", worker_id="w-curious")
    assert (await complaints.http.get(path, headers=asker)).status_code == 404
    assert case.case_id not in (await complaints.http.get("/v1/cases", headers=asker)).text
    await case.do("joining", case.worker, {"worker_id": "w-nobody", "agrees": True}, expect=404)
    await case.do("joining", case.worker, {"worker_id": "w-curious", "agrees": False})
    assert (await complaints.http.get(path, headers=asker)).status_code == 404
    assert await ask_to_join(complaints, number, "w-curious") == 204
    await case.do("joining", case.worker, {"worker_id": "w-curious", "agrees": True})
    shown = await case.read(asker)
    assert (shown["people"], shown["asking"]) == (2, [])
    told = [one for one in await complaints.told(CaseJoiningAsked) if one.case_id == case.case_id]
    assert [one.worker_id for one in told] == ["w-leader"] * 2
    assert not [one for one in told if "w-curious" in str(one)]


async def test_people_join_a_case_and_choose_who_speaks(complaints: Harness) -> None:
    case = await course(complaints, "w-first")
    number = (await case.read(case.worker))["number"]
    others = [f"w-joined-{n}" for n in range(4)]
    for other in others:
        assert await ask_to_join(complaints, number, other) == 204
    assert (await case.read(case.worker))["asking"] == others
    for other in others[:3]:
        await case.do("joining", case.worker, {"worker_id": other, "agrees": True})
    await case.do("members", case.handler, {"worker_id": others[3]})
    assert (await case.read(case.worker))["asking"] == []
    shown = await case.read(bearer("worker", worker_id=others[0]))
    assert (shown["people"], shown["worker_id"]) == (5, None)
    member = bearer("worker", worker_id=others[0])
    await case.do("withdrawal", member, {"reason": "不告了"}, expect=403)
    await case.do("representatives", case.worker, {"workers": ["w-nobody"]}, expect=422, method="PUT")
    await case.do("representatives", case.worker, {"workers": [others[0]]}, method="PUT")
    await case.do("withdrawal", member, {"reason": "均已解决", "others_agree": True})
    await case.read(bearer("worker", worker_id=others[3]))


async def parts_told(complaints: Harness, *workers: str) -> list[tuple[str, bool]]:
    told = [one for one in await complaints.told(ReporterInvolved) if one.worker_id in workers]
    assert len({(one.worker_id, one.part_id) for one in told}) == len({one.worker_id for one in told})
    return sorted((one.worker_id, one.open) for one in told)


async def test_everybody_in_a_case_is_kept_until_it_is_over(complaints: Harness) -> None:
    case = await course(complaints, "w-kept-0")
    everybody = ("w-kept-0", "w-kept-1", "w-kept-2")
    assert await parts_told(complaints, *everybody) == []  # who filed it is named by the events on the case
    await case.do("members", case.handler, {"worker_id": "w-kept-1"})
    await case.do("members", case.handler, {"worker_id": "w-kept-1"})
    await case.do("members", case.handler, {"worker_id": "w-kept-2"})
    assert await parts_told(complaints, *everybody) == [("w-kept-1", True), ("w-kept-2", True)]
    await case.do("withdrawal", case.worker, {"reason": "均已解决", "others_agree": True})
    over = [("w-kept-1", False), ("w-kept-1", True), ("w-kept-2", False), ("w-kept-2", True)]
    assert await parts_told(complaints, *everybody) == over


async def test_who_reports_in_confidence_is_kept_unnamed(complaints: Harness) -> None:
    case = await course(complaints, "w-kept-3", confidential=True)
    assert await parts_told(complaints, "w-kept-3") == [("w-kept-3", True)]
    await case.do("withdrawal", case.worker, {"reason": "已经解决"})
    assert await parts_told(complaints, "w-kept-3") == [("w-kept-3", False), ("w-kept-3", True)]
    [part_id] = {one.part_id for one in await complaints.told(ReporterInvolved) if one.worker_id == "w-kept-3"}
    assert case.case_id != part_id


async def test_nobody_joins_a_confidential_case_by_its_number(complaints: Harness) -> None:
    case = await course(complaints, "w-hidden", confidential=True)
    number = (await case.read(case.worker))["number"]
    assert await ask_to_join(complaints, number, "w-guess") == 404


async def test_duplicates_are_shown_as_own_or_counted(complaints: Harness) -> None:
    case = await course(complaints, "w-twin", category="holiday_pay")
    path = f"/v1/cases/likely-duplicates?platform={PLATFORM}&category=holiday_pay"
    own = (await complaints.http.get(path, headers=case.worker)).json()
    assert ([one["case_id"] for one in own["own"]], own["others"]) == ([case.case_id], "0")
    theirs = await complaints.http.get(path, headers=bearer("worker", worker_id="w-else"))
    assert (theirs.json()["own"], theirs.json()["others"]) == ([], "1-4")
    assert case.case_id not in theirs.text
    second = await course(complaints, "w-twin-2", category="holiday_pay")
    await second.do("links", second.handler, {"case_id": case.case_id})
    assert (await case.read(case.handler))["links"] == [second.case_id]
    assert (await second.read(second.handler))["links"] == [case.case_id]
    assert (await second.read(second.worker))["links"] == []


async def test_a_call_is_handed_over_with_its_own_term(complaints: Harness) -> None:
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    hotline = {"line": "12345", "number": "DY2026-1", "called_at": clock.now().isoformat()}
    body = complaint(hotline=hotline, name="王测试", phone="13800000000")
    headers = officer | {"Idempotency-Key": new_id()}
    receipt = (await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)).json()
    case = await Case.find_one(Case.number == receipt["number"])
    assert case is not None
    assert case.reporter.channel == "hotline"
    rows = await transact(lambda tx: terms.terms_of("case", case.id, tx))
    assert {(one.step, one.due) for one in rows} == {
        (step, add_working_days(shanghai_date(clock.now()), 5).due) for step in ("accept", "hotline")
    }
    assert "13800000000" not in str(await collection_of(Case).find_one({"_id": case.id}))


async def test_a_call_is_taken_down_once_for_each_enterprise(complaints: Harness) -> None:
    """Also where two officers do so at the same moment."""
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    hotline = {"line": "12345", "number": "DY2026-4", "called_at": clock.now().isoformat()}

    async def take_down(**more: Any) -> httpx2.Response:
        body = complaint(hotline=hotline, name="王测试") | more
        headers = officer | {"Idempotency-Key": new_id()}
        return await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)

    both = await asyncio.gather(take_down(), take_down())
    [first], [second] = ([one for one in both if one.status_code == status] for status in (201, 409))
    again = await take_down()
    for refused in (second, again):
        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (409, "/problems/taken-down-already")
        assert problem["case_number"] == first.json()["number"]
    assert (await take_down(platform=None)).status_code == 201
    hotline["number"] = " ｄｙ2026-4"  # the same, written otherwise
    assert (await take_down()).status_code == 409
    hotline["line"] = "12333"
    assert (await take_down()).status_code == 201


async def test_a_hotline_hears_what_came_of_its_calls(complaints: Harness) -> None:
    """State, outcome and days, the newest first; of what is in confidence only whether it is dealt with; of who called nothing."""
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])

    async def take_down(number: str, **more: Any) -> httpx2.Response:
        call = {"line": "12351", "number": number, "called_at": clock.now().isoformat()}
        body = complaint(hotline=call, name="王测试", phone="13800000007", **more)
        headers = officer | {"Idempotency-Key": new_id()}
        return await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)

    async def heard(who: dict[str, str] = officer, **more: str) -> list[dict[str, Any]]:
        asked = {"line": "12351", **more}
        answer = await complaints.http.get("/v1/hotline-cases", params=asked, headers=who)
        assert "王测试" not in answer.text
        assert "13800000007" not in answer.text
        return list(answer.json()["items"])

    openly, kept = await take_down("GH-1"), await take_down("GH-2", confidential=True)
    second, first = await heard()
    due = f"{add_working_days(shanghai_date(clock.now()), 5).due}"
    assert (first["call_number"], first["number"], first["state"]) == ("GH-1", openly.json()["number"], "opened")
    assert (first["dealt_with"], first["accept_by"], first["answer_by"]) == (False, due, due)
    told = {name for name, value in second.items() if value is not None}
    assert (told, second["dealt_with"]) == ({"line", "call_number", "called_at", "dealt_with"}, False)
    for one in (openly, kept):
        path = one.headers["Location"]
        seen = {**officer, "If-Match": (await complaints.http.get(path, headers=officer)).headers["etag"]}
        refusal = {"reason_zh": "不属于监察职权。", "ground": "not_inspection"}
        refused = await complaints.http.post(
            f"{path}/refusal", json=refusal, headers={**seen, "Idempotency-Key": new_id()}
        )
        assert refused.status_code == 200, refused.text
    second, first = await heard()
    assert (first["state"], first["ground"], first["dealt_with"]) == ("refused", "not_inspection", True)
    assert (second["state"], second["ground"], second["ended_on"], second["dealt_with"]) == (None, None, None, True)
    assert [one["call_number"] for one in await heard(number="GH-2")] == ["GH-2"]
    elsewhere = await on_register("hrss", "510604", subject="h-far", duties=["handler"])
    assert await heard(elsewhere) == []


async def test_a_case_in_confidence_is_not_named_by_its_call(complaints: Harness) -> None:
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    hotline = {"line": "12345", "number": "DY2026-6", "called_at": clock.now().isoformat()}
    body = complaint(hotline=hotline, name="王测试", confidential=True)
    taken = [
        await complaints.http.post("/v1/cases/taken-down", json=body, headers=officer | {"Idempotency-Key": new_id()})
        for _ in range(2)
    ]
    assert [one.status_code for one in taken] == [201, 409]
    assert taken[0].json()["number"] not in taken[1].text


async def test_a_code_ends_with_the_data_of_whose_it_is(complaints: Harness) -> None:
    filing_api._limiter.cache_clear()
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    headers = officer | {"Idempotency-Key": new_id()}
    body = complaint(**FOR_KIN) | {"worker_id": "w-forgotten"}
    taken = (await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)).json()
    code = {name: taken[name] for name in ("number", "code")}
    assert (await complaints.http.post("/v1/anonymous-reports/follow-up", json=code)).status_code == 200
    await complaints.publish(WorkerErased(worker_id="w-forgotten"))
    await complaints.settled()
    for step, more in (("follow-up", {}), ("withdrawal", {"reason": "不投诉了"})):
        answer = await complaints.http.post(f"/v1/anonymous-reports/{step}", json=code | more)
        assert answer.status_code == 404


async def test_who_has_no_token_completes_by_the_code(complaints: Harness) -> None:
    """A caller's complaint that names no enterprise is to be completed, and nobody else can."""
    filing_api._limiter.cache_clear()
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    hotline = {"line": "12345", "number": "DY2026-3", "called_at": clock.now().isoformat()}
    body = complaint(hotline=hotline, name="王测试", phone="13800000000", platform=None)
    headers = officer | {"Idempotency-Key": new_id()}
    taken = await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)
    path, code = taken.headers["Location"], {name: taken.json()[name] for name in ("number", "code")}
    missing = {"text": "是送外卖的那家平台，六月起一直没有发钱。", "platform": PLATFORM}
    complete = "/v1/anonymous-reports/completion"
    early = await complaints.http.post(complete, json=code | missing)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/case-state")
    seen = {**officer, "If-Match": (await complaints.http.get(path, headers=officer)).headers["etag"]}
    returned = await complaints.http.post(f"{path}/return", json={"missing_zh": "请写明被投诉单位。"}, headers=seen)
    assert returned.status_code == 200, returned.text
    assert (await complaints.http.post(complete, json=code | missing | {"code": "x"})).status_code == 404
    completed = await complaints.http.post(complete, json=code | missing)
    assert (completed.status_code, completed.json()["state"]) == (200, "opened")
    shown = (await complaints.http.get(path, headers=officer)).json()
    assert (shown["platform"], shown["history"][-1]["by"]) == (PLATFORM, "reporter")
    assert shown["history"][-1]["note"] == missing["text"]
    row = await Case.find_one(Case.number == code["number"])
    assert row is not None
    assert missing["text"] in row.own_words
    headers = officer | {"Idempotency-Key": new_id()}
    again = await complaints.http.post("/v1/cases/taken-down", json=body | {"platform": PLATFORM}, headers=headers)
    assert (again.status_code, again.json()["case_number"]) == (409, code["number"])


async def test_who_has_no_token_does_with_a_case_what_others_do(complaints: Harness) -> None:
    """By its code: asks for confidence, withdraws, has it opened again, and says how content they are."""
    filing_api._limiter.cache_clear()
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    hotline = {"line": "12345", "number": "DY2026-5", "called_at": clock.now().isoformat()}
    headers = officer | {"Idempotency-Key": new_id()}
    body = complaint(hotline=hotline, name="王测试")
    taken = await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)
    path, code = taken.headers["Location"], {name: taken.json()[name] for name in ("number", "code")}

    async def ask(step: str, **more: Any) -> tuple[int, str]:
        answer = await complaints.http.post(f"/v1/anonymous-reports/{step}", json=code | more)
        return answer.status_code, answer.json().get("state") or answer.json()["type"].rpartition("/")[2]

    assert await ask("confidence") == (200, "opened")
    assert await ask("confidence") == (409, "confidential-already")
    assert await ask("satisfaction", grade=4) == (409, "not-closed")
    assert await ask("withdrawal", reason="已经发了", code="x") == (404, "not-found")
    assert await ask("withdrawal", reason="已经发了") == (200, "withdrawn")
    assert (await ask("withdrawal", reason="已经发了"))[0] == 409
    assert await ask("reopening", reason="又拖欠了") == (200, "opened")
    shown = (await complaints.http.get(path, headers=officer)).json()
    assert [(one["move"], one["by"]) for one in shown["history"][-3:]] == [
        (move, "reporter") for move in ("keep_confidential", "withdraw", "reopen")
    ]


async def test_nobody_complains_without_a_name(complaints: Harness) -> None:
    """A report needs none (劳动保障监察条例 art. 9)."""
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    filed = {}
    for kind in ("complaint", "report"):
        headers = officer | {"Idempotency-Key": new_id()}
        body = complaint(kind=kind, name=" ")
        answer = await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)
        filed[kind] = (answer.status_code, answer.json().get("type"))
    assert filed == {"complaint": (422, "/problems/complaint-nameless"), "report": (201, None)}


async def test_next_of_kin_follow_a_case_by_its_code(complaints: Harness) -> None:
    filing_api._limiter.cache_clear()
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    headers = officer | {"Idempotency-Key": new_id()}
    answer = await complaints.http.post("/v1/cases/taken-down", json=complaint(**FOR_KIN), headers=headers)
    receipt = {name: answer.json()[name] for name in ("number", "code")}
    found = await complaints.http.post("/v1/anonymous-reports/follow-up", json=receipt)
    assert found.json()["state"] == "opened"
    wrong = await complaints.http.post("/v1/anonymous-reports/follow-up", json=receipt | {"code": "x"})
    assert wrong.status_code == 404


async def test_an_anonymous_report_leads_back_by_its_code_alone(complaints: Harness) -> None:
    filing_api._limiter.cache_clear()
    body = complaint()
    receipt = (await complaints.http.post("/v1/anonymous-reports", json=body)).json()
    case = await Case.find_one(Case.number == receipt["number"])
    assert case is not None
    assert (case.worker_id, case.reporter.name, case.kind) == (None, None, "report")
    assert receipt["code"] not in str(await collection_of(Case).find_one({"_id": case.id}))
    code = {name: receipt[name] for name in ("number", "code")}
    found = await complaints.http.post("/v1/anonymous-reports/follow-up", json=code)
    assert found.json()["reply_zh"].startswith("已登记")
    statuses = [
        (await complaints.http.post("/v1/anonymous-reports/follow-up", json=code)).status_code for _ in range(20)
    ]
    assert (statuses[0], statuses[-1]) == (200, 429)
    filing_api._limiter.cache_clear()


async def test_the_district_is_that_of_the_work_where_none_is_given(complaints: Harness) -> None:
    told = engagement(EngagementCorrected, "w-place", "R-place")
    await complaints.publish(told)
    await complaints.settled()
    headers = complaints.headers("worker", worker_id="w-place")
    filed = await complaints.http.post("/v1/cases", json=complaint(district=None), headers=headers)
    assert filed.json()["district"] == told.district
    headers = complaints.headers("worker", worker_id="w-unknown")
    nowhere = await complaints.http.post("/v1/cases", json=complaint(district=None), headers=headers)
    assert (nowhere.status_code, nowhere.json()["type"]) == (422, "/problems/district-missing")


async def test_an_erased_person_is_gone_from_their_cases(complaints: Harness) -> None:
    case = await course(complaints, "w-erased")
    await complaints.publish(WorkerErased(worker_id="w-erased"))

    async def gone() -> bool:
        return (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=case.worker)).status_code == 404

    await eventually(gone)
    left = await case.read(case.handler)
    assert left["worker_id"] is None
    assert TEXT not in left["text"]


async def test_a_published_year_moves_the_terms_of_cases(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    at = dt.datetime(2026, 12, 28, 2, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    case = await course(complaints, "w-year")
    before = await case.read(case.worker)
    assert (before["accept_by"], before["provisional"]) == ("2027-01-04", True)
    monkeypatch.setattr(calendar, "_YEARS", calendar._YEARS | {2027})
    monkeypatch.setattr(calendar, "_OFF", calendar._OFF | {dt.date(2027, 1, 1)})
    monkeypatch.setattr(calendar, "VERSION", "2027-test")
    await terms.recalculate()
    await term_commands.copy_terms()
    after = await case.read(case.worker)
    assert (after["accept_by"], after["due_on"], after["provisional"]) == ("2027-01-05", "2027-01-05", False)


async def test_a_published_year_moves_the_day_of_every_state(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while something is to be completed, and once it is to be decided."""
    at = dt.datetime(2026, 12, 28, 2, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    returned, concluded = await course(complaints, "w-year-back"), await course(complaints, "w-year-end")
    await returned.do("return", returned.handler, {"missing_zh": "请补充时间。"})
    await concluded.investigated()

    async def shown() -> list[tuple[str, bool]]:
        found = [await one.read(one.handler) for one in (returned, concluded)]
        return [(one["due_on"], one["provisional"]) for one in found]

    assert await shown() == [("2027-01-04", True), ("2027-01-18", True)]
    monkeypatch.setattr(calendar, "_YEARS", calendar._YEARS | {2027})
    monkeypatch.setattr(calendar, "_OFF", calendar._OFF | {dt.date(2027, 1, 1)})
    monkeypatch.setattr(calendar, "VERSION", "2027-test")
    await terms.recalculate()
    await term_commands.copy_terms()
    assert await shown() == [("2027-01-05", False), ("2027-01-19", False)]


async def test_a_decision_that_is_late_shows_as_missed(complaints: Harness) -> None:
    late, decided = await course(complaints, "w-late"), await course(complaints, "w-in-time")
    for case in (late, decided):
        await case.investigated()
    answer = {"outcome": "withdrawn", "grounds_zh": "账目相符", "letter_zh": "未发现违法行为"}
    await decided.do("decisions", decided.handler, answer, expect=201)
    await decided.do("decisions/approval", decided.approver)

    async def missed(*wanted: list[str]) -> bool:
        rows = [await Case.get(one.case_id) for one in (late, decided)]
        return [row.missed for row in rows if row is not None] == [*wanted]

    over = clock.now() + dt.timedelta(days=60)
    with time_machine.travel(over, tick=True):
        await eventually(lambda: missed(["decide"], []))
        await complaints.settled()
        assert await missed(["decide"], [])


async def test_who_gave_a_case_back_takes_no_part_in_it(complaints: Harness) -> None:
    case = await course(complaints, "w-recused")
    await on_register("hrss", HERE, subject="h-3", duties=["handler", "approver", "chief"])
    third = bearer("officer", department="hrss", district=HERE, sub="h-3")
    before, load = (await case.read(case.handler))["handler"], await load_of("h-1")
    assert before == "h-1"
    given = await case.do("recusal", third, {"reason": "近亲属在该单位任职"})
    assert (given["handler"], await load_of("h-1")) == ("h-1", load)
    await case.do("recusal", case.handler, {"reason": "持有股份"})
    for who in (third, case.handler):
        for step in ("acceptance", "steps", "decisions/approval", "disclosures", "assignment"):
            body = {"reason": "核实", "officer": "a-1"}
            step_body = {"kind": "visit", "taken_on": today(), "officers": ["h-1", "a-1"], "record": "检查"}
            await case.do(step, who, step_body if step == "steps" else body, expect=403)
    row = await Officer.get("h-3")
    assert row is not None
    await row.delete()


async def test_who_stays_away_from_a_case_reads_no_more_of_it(complaints: Harness) -> None:
    case = await course(complaints, "w-unread", confidential=True)
    other = await course(complaints, "w-linked")
    away = await on_register("hrss", HERE, subject="h-8", duties=["handler"])
    await other.do("links", other.handler, {"case_id": case.case_id})
    await case.read(away)
    await case.do("recusal", away, {"reason": "近亲属在该单位任职"})
    for part in ("", "/evidence", "/steps", "/terms", "/disclosures", "/recusal-requests"):
        answer = await complaints.http.get(f"/v1/cases/{case.case_id}{part}", headers=away)
        assert (answer.status_code, TEXT[:10] in answer.text) == (403, False), part
    listed = (await complaints.http.get("/v1/cases?limit=500", headers=away)).json()["items"]
    assert (case.case_id in str(listed), other.case_id in str(listed)) == (False, True)
    assert (await other.read(away))["links"] == []
    row = await Officer.get("h-8")
    assert row is not None
    await row.delete()


async def test_what_is_over_is_given_into_no_hands(complaints: Harness) -> None:
    case = await course(complaints, "w-over")
    await case.do("refusal", case.handler, {"reason_zh": "不属于劳动保障监察范围。"})
    load = await load_of("h-1")
    await case.do("assignment", case.approver, {"officer": "h-1"}, expect=409)
    await case.do("recusal", case.handler, {"reason": "持有股份"})
    assert (await case.read(case.approver))["handler"] is None
    assert await load_of("h-1") == load


async def test_confidence_shows_in_no_count_and_no_number(complaints: Harness) -> None:
    filing_api._limiter.cache_clear()
    await course(complaints, "w-quiet", category="unlawful_fee", confidential=True)
    receipt = (await complaints.http.post("/v1/anonymous-reports", json=complaint(category="unlawful_fee"))).json()
    spy = complaints.headers("worker", worker_id="w-spy")
    path = f"/v1/cases/likely-duplicates?platform={PLATFORM}&category=unlawful_fee"
    assert (await complaints.http.get(path, headers=spy)).json()["others"] == "0"
    assert await ask_to_join(complaints, receipt["number"], "w-spy", category="unlawful_fee") == 404


async def test_two_records_of_one_person_are_one_in_a_case(complaints: Harness) -> None:
    case = await course(complaints, "w-one")
    await case.do("members", case.handler, {"worker_id": "w-other"})
    for kept, merged in (("w-one", "w-other"), ("w-other", "w-one"), ("w-one", "w-other")):
        await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))

        async def moved(kept: str = kept) -> bool:
            row = await Case.get(case.case_id)
            assert row is not None
            return row.people == [kept]

        await eventually(moved)


@pytest.mark.parametrize("called_at", ["1900-01-01T00:00:00Z", "2099-12-31T23:59:59Z"])
async def test_a_call_comes_after_what_it_is_about(complaints: Harness, called_at: str) -> None:
    officer = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    body = complaint(hotline={"line": "12345", "number": "DY2026-2", "called_at": called_at})
    headers = officer | {"Idempotency-Key": new_id()}
    answer = await complaints.http.post("/v1/cases/taken-down", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/called-when")


@pytest.mark.parametrize("decided", [False, True])
async def test_who_asks_for_confidence_later_has_it(complaints: Harness, decided: bool) -> None:
    """劳动保障监察条例 art. 9: from then on no event names them, the officer does not read who they are, and their record is kept."""
    worker = f"w-{new_id()}"
    case = await course(complaints, worker)
    await case.do("acceptance", case.handler)
    if decided:
        await case.looked_into()
        await case.served()
    assert (await case.read(case.handler))["worker_id"] == worker
    shown = await case.do("confidence", case.worker)
    assert shown["confidential"] is True
    assert (await case.read(case.worker))["worker_id"] == worker
    assert (await case.read(case.handler))["worker_id"] is None
    assert (await case.read(case.handler))["history"][-1]["move"] == "keep_confidential"
    assert (await case.read(case.worker))["history"][-1]["by"] is None
    if not decided:
        await case.looked_into()
        await case.served()
    await case.do("closing", case.handler)
    [closed] = [one for one in await complaints.told(CaseClosed) if one.case_id == case.case_id]
    assert closed.worker_id is None
    news = [one.news for one in await complaints.told(ReporterTold) if one.worker_id == worker]
    assert news == (["closed"] if decided else ["decided", "closed"])
    parts = [one.open for one in await complaints.told(ReporterInvolved) if one.worker_id == worker]
    assert parts == [True, False]


async def test_confidence_of_a_case_that_is_over_opens_nothing(complaints: Harness) -> None:
    worker = f"w-{new_id()}"
    case = await course(complaints, worker)
    await case.do("withdrawal", case.worker, {"reason": "已经解决"})
    await case.do("confidence", case.worker)
    assert [one for one in await complaints.told(ReporterInvolved) if one.worker_id == worker] == []
    await case.do("reopening", case.worker, {"reason": "又拖欠了"})
    [reopened] = [one for one in await complaints.told(CaseReopened) if one.case_id == case.case_id]
    assert reopened.worker_id is None
    assert [one.open for one in await complaints.told(ReporterInvolved) if one.worker_id == worker] == [True]
