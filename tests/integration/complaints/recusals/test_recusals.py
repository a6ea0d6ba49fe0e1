from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.complaints.cases.documents import Case as CaseRow
from services.complaints.recusals.documents import RecusalRequest
from services.complaints.terms.documents import Term
from shared.contracts.complaints import RecusalDecided, ReporterTold
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.records import find
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.course import HERE, TEXT, course
from tests.integration.complaints.disputes.matters import opened
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register

REASON = "承办人与该单位负责人系近亲属。"


async def ask(complaints: Harness, path: str, who: dict[str, str], *, expect: int = 201, **body: Any) -> dict[str, Any]:
    headers = {**who, "Idempotency-Key": new_id()}
    answer = await complaints.http.post(f"{path}/recusal-requests", json={"reason": REASON, **body}, headers=headers)
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def decide(
    complaints: Harness, path: str, request_id: str, who: dict[str, str], *, agrees: bool, expect: int = 200
) -> dict[str, Any]:
    body = {"agrees": agrees, "reason": "经查属实" if agrees else "经查无利害关系"}
    answer = await complaints.http.post(f"{path}/recusal-requests/{request_id}/decision", json=body, headers=who)
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def read(complaints: Harness, path: str, who: dict[str, str]) -> list[dict[str, Any]]:
    return list((await complaints.http.get(f"{path}/recusal-requests", headers=who)).json()["items"])


async def test_who_complains_has_the_officer_in_charge_replaced(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal")
    await on_register("hrss", HERE, subject="h-9", duties=["handler"])
    await case.do("acceptance", case.handler)
    path = f"/v1/cases/{case.case_id}"
    asked = await ask(complaints, path, case.worker)
    assert (asked["state"], asked["officer"]) == ("asked", None)
    await ask(complaints, path, case.worker, expect=409)
    step = {"kind": "visit", "taken_on": "2026-01-01", "officers": ["h-1", "a-1"], "record": "检查"}
    await case.do("steps", case.handler, step, expect=201)  # the investigation goes on (行政处罚法 art. 43)
    await decide(complaints, path, asked["request_id"], case.handler, agrees=False, expect=403)
    await decide(complaints, path, asked["request_id"], case.approver, agrees=True)
    [own] = await read(complaints, path, case.worker)
    assert (own["state"], own["answer"], own["decided_by"]) == ("agreed", "经查属实", None)
    assert (await case.read(case.approver))["handler"] == "h-9"
    open_ = [one for one in await find(Term, {"matter_id": case.case_id}) if one.open]
    assert {(one.officer, *one.away) for one in open_} == {("h-9", "h-1")}
    await case.do("inquiry", case.handler, {"question_zh": "请说明"}, expect=403)
    told = [one for one in await complaints.told(RecusalDecided) if one.request_id == asked["request_id"]]
    assert [(one.worker_id, one.uscc, one.outcome) for one in told] == [("w-recusal", None, "agreed")]


async def test_an_enterprise_asks_of_whose_card_it_saw(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-firm")
    await case.do("acceptance", case.handler)
    inquiry = await case.do("inquiry", case.handler, {"question_zh": "请说明近三个月的报酬支付情况。"})
    path = f"/v1/platform-cases/{inquiry['inquiry_id']}"
    await ask(complaints, path, case.platform, certificate="510600-9999", expect=404)
    asked = await ask(complaints, path, case.platform, certificate="510600-0001")
    assert await read(complaints, f"/v1/cases/{case.case_id}", case.worker) == []
    [waiting] = await read(complaints, f"/v1/cases/{case.case_id}", case.approver)
    assert (waiting["officer"], waiting["reason"]) == ("h-1", REASON)
    await decide(complaints, f"/v1/cases/{case.case_id}", asked["request_id"], case.approver, agrees=False)
    [own] = await read(complaints, path, case.platform)
    assert (own["state"], own["answer"]) == ("refused", "经查无利害关系")
    assert (await case.read(case.handler))["handler"] == "h-1"
    told = [one for one in await complaints.told(RecusalDecided) if one.request_id == asked["request_id"]]
    assert [(one.worker_id, one.uscc) for one in told] == [(None, PLATFORM)]
    by_another = {"$set": {"enterprise": "91510600MA00000099"}}
    await collection_of(RecusalRequest).update_one({"_id": asked["request_id"]}, by_another)
    assert await read(complaints, path, case.platform) == []


async def test_nobody_decides_on_their_own_recusal(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-own")
    chief = await on_register("hrss", HERE, subject="a-1")
    await case.do("acceptance", case.handler)
    keeper = await on_register("hrss", HERE, subject="h-c", duties=["handler", "chief"])
    await case.do("assignment", chief, {"officer": "h-c"})
    path = f"/v1/cases/{case.case_id}"
    asked = await ask(complaints, path, case.worker)
    await decide(complaints, path, asked["request_id"], keeper, agrees=False, expect=403)
    await decide(complaints, path, asked["request_id"], chief, agrees=False)


async def test_who_is_recused_of_a_case_that_is_over_stays_away(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-over")
    path = f"/v1/cases/{case.case_id}"
    asked = await ask(complaints, path, case.worker)
    await case.do("withdrawal", case.worker, {"reason": "已私下解决"})
    await decide(complaints, path, asked["request_id"], case.approver, agrees=True)
    kept = await CaseRow.of(case.case_id)
    assert kept is not None
    assert (kept.state, kept.away) == ("withdrawn", ["h-1"])


async def test_a_confidential_reporter_hears_without_the_case(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-conf", confidential=True)
    path = f"/v1/cases/{case.case_id}"
    asked = await ask(complaints, path, case.worker)
    await decide(complaints, path, asked["request_id"], case.approver, agrees=False)
    told = [one for one in await complaints.told(RecusalDecided) if one.request_id == asked["request_id"]]
    assert [one.worker_id for one in told] == [None]
    news = [one.news for one in await complaints.told(ReporterTold) if one.worker_id == "w-recusal-conf"]
    assert news == ["opened", "recusal_decided"]


async def test_an_arbitrator_stands_back_until_it_is_decided(complaints: Harness) -> None:
    office = await on_register("hrss", "510681", subject="hrss-1")
    chief = await on_register("hrss", "510681", subject="hrss-2")
    matter = await opened(complaints)
    path = f"/v1/disputes/{matter.id}"
    assert await matter.step(matter.platform, "answer") == 200
    await ask(complaints, path, matter.worker, expect=409)
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(office, "accept") == 200
    asked = await ask(complaints, path, matter.platform)
    assert await matter.step(office, "serve") == 409
    assert await matter.step(chief, "serve") == 200
    await decide(complaints, path, asked["request_id"], office, agrees=False, expect=403)
    await decide(complaints, path, asked["request_id"], chief, agrees=True)
    assert await matter.step(office, "name_panel") == 403
    assert await matter.step(chief, "name_panel") == 200
    assert await read(complaints, path, matter.worker) == []
    assert [one["state"] for one in await read(complaints, path, matter.platform)] == ["agreed"]


async def test_who_mediated_is_not_who_arbitrates(complaints: Harness) -> None:
    union = await on_register("union", "510681", subject="union-1")
    office = await on_register("hrss", "510681", subject="hrss-1")
    chief = await on_register("hrss", "510681", subject="hrss-2")
    matter = await opened(complaints)
    path = f"/v1/disputes/{matter.id}"
    assert await matter.step(matter.worker, "mediate", forum="union") == 200
    assert await matter.step(union, "fail") == 200
    assert await matter.step(matter.worker, "apply") == 200
    asked = await ask(complaints, path, matter.worker)
    body = {"agrees": True, "reason": "经查属实", "officer": "hrss-1"}
    decision = f"{path}/recusal-requests/{asked['request_id']}/decision"
    told = await complaints.http.post(decision, json=body, headers=chief)
    assert (told.status_code, told.json()["officer"]) == (200, "hrss-1")
    assert await matter.step(office, "accept") == 403
    assert await matter.step(chief, "accept") == 200


async def test_an_arbitrator_stands_back_while_one_side_waits(complaints: Harness) -> None:
    office = await on_register("hrss", "510681", subject="hrss-1")
    chief = await on_register("hrss", "510681", subject="hrss-2")
    matter = await opened(complaints)
    path = f"/v1/disputes/{matter.id}"
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(office, "accept") == 200
    first, second = [await ask(complaints, path, side) for side in (matter.platform, matter.worker)]
    await decide(complaints, path, first["request_id"], chief, agrees=False)
    assert await matter.step(office, "serve") == 409
    await decide(complaints, path, second["request_id"], chief, agrees=False)
    assert await matter.step(office, "serve") == 200


async def test_what_an_erased_person_asked_is_erased(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-gone")
    asked = await ask(complaints, f"/v1/cases/{case.case_id}", case.worker)
    row = await collection_of(RecusalRequest).find_one({"_id": asked["request_id"]})
    assert "近亲属" not in str(row)
    await complaints.publish(WorkerErased(worker_id="w-recusal-gone"))

    async def gone() -> bool:
        [left] = await read(complaints, f"/v1/cases/{case.case_id}", case.handler)
        return "近亲属" not in left["reason"]

    await eventually(gone)


async def test_no_answer_to_an_enterprise_tells_who_reports(complaints: Harness) -> None:
    case = await course(complaints, "w-recusal-kept", confidential=True)
    handler = (await case.read(case.approver))["handler"]
    case = replace(case, handler=bearer("officer", department="hrss", district=HERE, sub=handler))
    await case.do("acceptance", case.handler)
    inquiry = await case.do("inquiry", case.handler, {"question_zh": "请说明近三个月的报酬支付情况。"})
    path = f"/v1/cases/{case.case_id}"
    asked = await ask(complaints, f"/v1/platform-cases/{inquiry['inquiry_id']}", case.platform)
    said = {"agrees": False, "reason": f"投诉人反映：{TEXT}"}
    decision = f"{path}/recusal-requests/{asked['request_id']}/decision"
    told = await complaints.http.post(decision, json=said, headers=case.approver)
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (409, "would-tell-reporter")
    await decide(complaints, path, asked["request_id"], case.approver, agrees=False)
